"""Tuning by article-grouped folds: terms counted once a feature setting, not once a trial."""

import itertools
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import numpy as np
from annotated_types import Ge, MinLen
from numpy.typing import NDArray

from stance.calibration import FittedCalibration
from stance.classifier import Decisions, LinearSVC
from stance.errors import ConfigError
from stance.fit import Fit
from stance.metrics import accuracy, confusion, log_loss, macro_f1
from stance.progress import Advance, bar
from stance.settings import replace_setting

__all__ = ["NoSearch", "Grid", "Random"]

Setting = Mapping[str, Any]
Space = Mapping[str, Annotated[Sequence[Any], MinLen(1)]]
Metric = Literal["macro_f1", "accuracy", "log_loss"]
Share = tuple[int, list[int]]
"""A fold, and the settings that one worker tries on it."""
SEARCHED = ("features", "classifier")

SEARCH_TOL = 1e-2
"""Stop of LinearSVC while searching: 2.4 times as fast as 1e-4, mean scores within 0.001 (experiments/speed)."""
WORKERS_PAY_S = 10.0
"""A search that takes longer than this ends sooner with workers, whose start takes some three seconds (experiments/speed)."""


@dataclass(frozen=True)
class Trial:
    """One setting with its score on each fold (higher is better)."""

    setting: Setting
    scores: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over folds."""
        return float(np.mean(self.scores))


@dataclass(frozen=True)
class SearchResult:
    """The fit with the best setting, and every trial in the order they were tried."""

    fit: Fit
    trials: tuple[Trial, ...]

    def best(self) -> Trial | None:
        """The trial with the highest mean; the first of equals."""
        return max(self.trials, key=lambda trial: trial.mean, default=None)


@dataclass(frozen=True, kw_only=True)
class NoSearch:
    """Keep the settings as they are."""

    def __call__(self, fit: Fit, rows: NDArray[np.int64]) -> SearchResult:
        """The same fit."""
        return SearchResult(fit, ())


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Every combination of the values given.

    Parameters
    ----------
    space : mapping
        Values to try for each key, for instance ``classifier.C: [0.1, 1, 10]`` or
        ``features.blocks.word.min_df: [1, 2, 5]``.
    workers : int
        Processes at most; they share the counts, and the settings of each fold. A search of some seconds, which
        ends before they have started, is done without.
    """

    space: Space
    n_folds: Annotated[int, Ge(2)] = 5
    metric: Metric = "macro_f1"
    workers: Annotated[int, Ge(1)] = 1

    def __call__(self, fit: Fit, rows: NDArray[np.int64]) -> SearchResult:
        """The best setting by mean score over folds of ``rows``."""
        keys, values = list(self.space), list(self.space.values())
        settings = [dict(zip(keys, chosen, strict=True)) for chosen in itertools.product(*values)]
        return _search(fit, rows, settings, self)


@dataclass(frozen=True, kw_only=True)
class Random:
    """Some combinations drawn at random, without repetition.

    References
    ----------
    Bergstra and Bengio (2012), Random search for hyper-parameter optimization, JMLR 13.
    """

    space: Space
    n_trials: Annotated[int, Ge(1)] = 20
    n_folds: Annotated[int, Ge(2)] = 5
    metric: Metric = "macro_f1"
    workers: Annotated[int, Ge(1)] = 1

    def __call__(self, fit: Fit, rows: NDArray[np.int64]) -> SearchResult:
        """The best of the settings drawn, by mean score over folds of ``rows``."""
        keys, values = list(self.space), list(self.space.values())
        n_settings = int(np.prod([len(v) for v in values]))
        drawn = np.random.default_rng(fit.seed).choice(
            n_settings, min(self.n_trials, n_settings), replace=False
        )
        positions = np.unravel_index(drawn, [len(v) for v in values])
        settings = [
            {key: values[k][int(positions[k][trial])] for k, key in enumerate(keys)}
            for trial in range(len(drawn))
        ]
        return _search(fit, rows, settings, self)


Search = NoSearch | Grid | Random


def _search(
    fit: Fit, rows: NDArray[np.int64], settings: list[dict[str, Any]], how: Grid | Random
) -> SearchResult:
    """Try settings, grouped by what they say of features so that terms are counted once a group."""
    from stance.split import deal_folds

    fits = [apply_setting(fit, setting) for setting in settings]  # every value is checked before any work
    folds = deal_folds(
        fit.data.y[rows], fit.data.units[rows], n_folds=how.n_folds, seed=fit.seed, where="search"
    )
    with bar(len(settings) * how.n_folds, "searching") as advance:
        scores = _scores(fits, settings, rows, folds, how, advance)
    trials = tuple(Trial(s, tuple(row)) for s, row in zip(settings, scores.tolist(), strict=True))
    best = max(range(len(trials)), key=lambda i: trials[i].mean)
    return SearchResult(fits[best], trials)


def _scores(
    fits: list[Fit],
    settings: list[dict[str, Any]],
    rows: NDArray[np.int64],
    folds: NDArray[np.int64],
    how: Grid | Random,
    advance: Advance,
) -> NDArray[np.float64]:
    """The score of each setting on each fold; the fits keep their counts."""
    scores = np.zeros((len(settings), how.n_folds))
    n_left = scores.size
    for group in _by_features(settings):
        counted = fits[group[0]].counts
        for i in group:
            fits[i] = replace(fits[i], counted=counted)
        searched = {i: _while_searching(fits[i]) for i in group}
        for (k, part), fold_scores in _group_scores(searched, rows, folds, how, n_left):
            scores[part, k] = fold_scores
            advance(len(part))
        n_left -= len(group) * how.n_folds
    return scores


def _group_scores(
    fits: Mapping[int, Fit],
    rows: NDArray[np.int64],
    folds: NDArray[np.int64],
    how: Grid | Random,
    n_left: int,
) -> Iterator[tuple[Share, list[float]]]:
    """The scores of settings that share their counts, as they are done.

    The first share shows whether the ``n_left`` fits of the whole search take long enough for workers to pay.
    """

    def task(share: Share) -> tuple[list[Fit], NDArray[np.int64], NDArray[np.int64], Metric]:
        k, part = share
        return [fits[i] for i in part], rows[folds != k], rows[folds == k], how.metric

    start = time.perf_counter()
    first, *shares = _shares([*fits], how.n_folds, how.workers)
    yield first, _score_fold(*task(first))
    workers = how.workers
    if (time.perf_counter() - start) * (n_left / len(first[1]) - 1) < WORKERS_PAY_S:
        others = [i for i in fits if i not in first[1]]
        workers, shares = 1, [(0, others)] * bool(others) + _shares([*fits], how.n_folds, 1)[1:]
    yield from zip(shares, _run([task(share) for share in shares], workers), strict=True)


def _shares(group: list[int], n_folds: int, n_parts: int) -> list[Share]:
    """Each fold with each part of some settings."""
    parts = [part for first in range(n_parts) if (part := group[first::n_parts])]
    return [(k, part) for k in range(n_folds) for part in parts]


def _while_searching(fit: Fit) -> Fit:
    """The fit as folds need it: no texts and no terms, which would be sent to every worker; a looser stop of the solver.

    The looser stop ranks settings alike, at a fraction of the time.
    """
    data = replace(fit.data, texts=(), targets=None)
    fit = replace(fit, data=data, counted=fit.counts.without_terms())
    if isinstance(fit.classifier, LinearSVC):
        return replace(fit, classifier=replace(fit.classifier, tol=max(fit.classifier.tol, SEARCH_TOL)))
    return fit


def _by_features(settings: list[dict[str, Any]]) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for i, setting in enumerate(settings):
        said = {key: value for key, value in setting.items() if key.startswith("features.")}
        groups.setdefault(repr(sorted(said.items())), []).append(i)
    return list(groups.values())


def _run(tasks: list[Any], workers: int) -> Iterable[list[float]]:
    """The scores of each task, as they are done."""
    if workers == 1:
        return itertools.starmap(_score_fold, tasks)
    from joblib import Parallel, delayed

    found: Iterable[list[float]] = Parallel(n_jobs=workers, return_as="generator")(
        delayed(_score_fold)(*task) for task in tasks
    )
    return found


def _score_fold(
    fits: list[Fit], train: NDArray[np.int64], held_out: NDArray[np.int64], metric: Metric
) -> list[float]:
    """Scores of several classifiers on one fold; they share its feature matrices."""
    first = fits[0]
    fitted_on = first.fitted_on(train)
    kept = first.counts.keep(fitted_on)
    X, held_out_X = first.counts.matrix(fitted_on, kept), first.counts.matrix(held_out, kept)
    y, n_classes = first.data.y[held_out], len(first.data.classes)
    return [_score(fit.linear(X, train).decide(held_out_X), y, n_classes, metric) for fit in fits]


def _score(values: NDArray[np.float64], y: NDArray[np.int64], n_classes: int, metric: Metric) -> float:
    if metric == "log_loss":
        return -float(log_loss(y, FittedCalibration("none", {}).probabilities(values)))
    predicted = Decisions(values, np.zeros(0, dtype=np.int64)).per_class().argmax(axis=1)
    counts = confusion(y, predicted, n_classes)
    return float(macro_f1(counts) if metric == "macro_f1" else accuracy(counts))


def apply_setting(fit: Fit, setting: Setting) -> Fit:
    """The fit with some settings changed, each given by its configuration key."""
    for path, value in setting.items():
        root, _, rest = path.partition(".")
        if root not in SEARCHED or not rest:
            raise ConfigError(
                f"search.space: '{path}' cannot be searched; keys of {' and '.join(SEARCHED)} can, "
                "as classifier.C or features.blocks.word.min_df."
            )
        fit = replace(fit, **{root: replace_setting(getattr(fit, root), rest, value, root)})
    return fit
