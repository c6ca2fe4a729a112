"""Is one run better than another: paired differences on the same statements, with whole articles as units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.errors import ConfigError, DataError, nearest
from stance.intervals.bounds import CONFIDENCE, percentile_bounds
from stance.intervals.resampling import N_RESAMPLES, article_weights, check_any, numbered
from stance.intervals.tallies import Tally, all_tallies
from stance.metrics import class_numbers

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Two differences that are equal but for the last bits count as equal in a permutation test.
_SLACK = 1e-12


class Predicted(NamedTuple):
    """What one run says of some statements.

    Parameters
    ----------
    y : array of shape (n_statements,)
        Predicted classes, by name or number.
    probabilities : array of shape (n_statements, n_classes) or None
    """

    y: ArrayLike
    probabilities: FloatArray | None = None

    def at(self, rows: BoolArray) -> "Predicted":
        """The same run on some of the statements."""
        return Predicted(
            np.asarray(self.y)[rows], None if self.probabilities is None else self.probabilities[rows]
        )


@dataclass(frozen=True)
class Difference:
    """A metric of ``first`` minus that of ``second``.

    Parameters
    ----------
    lower, upper : float
        Paired bootstrap interval by article.
    p_value : float
        Approximate randomisation of whole articles, two-sided.
    p_holm : float
        The same, corrected for all differences it was tested with.
    """

    first: str
    second: str
    metric: str
    estimate: float
    lower: float
    upper: float
    p_value: float
    p_holm: float


def compare_runs(
    y_true: ArrayLike,
    runs: Mapping[str, Predicted],
    classes: Sequence[str],
    articles: ArrayLike,
    *,
    metric: str = "macro_f1",
    reference: str | None = None,
    seed: int,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
) -> tuple[Difference, ...]:
    """Differences between runs on the same statements, corrected for their number.

    Parameters
    ----------
    y_true : array of shape (n_statements,)
        Classes by name or number.
    articles : array of shape (n_statements,)
    metric : str
        Path of a metric in the intervals of :func:`stance.intervals.measure`, such as ``macro_f1``,
        ``per_class.tense.f1`` or ``brier``.
    reference : str or None
        The run that each other one is compared with; by default all pairs are compared.

    Raises
    ------
    DataError
        For fewer than two runs, or an unknown reference.
    ConfigError
        For an unknown metric.

    References
    ----------
    Noreen (1989), Computer-intensive methods for testing hypotheses, on approximate randomisation. Holm
    (1979), A simple sequentially rejective multiple test procedure.
    """
    names = list(runs)
    _check_names(names, reference)
    pairs = [(n, reference) for n in names if n != reference] if reference else _all_pairs(names)
    compared = partial(
        paired_difference, metric=metric, seed=seed, n_resamples=n_resamples, confidence=confidence
    )
    found = [compared(y_true, runs[a], runs[b], classes, articles, names=(a, b)) for a, b in pairs]
    return _corrected(found)


def compare_slices(
    y_true: ArrayLike,
    first: Predicted,
    second: Predicted,
    classes: Sequence[str],
    articles: ArrayLike,
    slices: Mapping[str, BoolArray],
    *,
    metric: str = "macro_f1",
    seed: int,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
    names: tuple[str, str] = ("first", "second"),
) -> dict[str, Difference]:
    """The difference of two runs on each slice of the statements, corrected for the number of slices.

    Parameters
    ----------
    slices : mapping
        For each slice, which statements it holds: boolean array of shape (n_statements,).
    """
    y, article = np.asarray(y_true), np.asarray(articles)
    compared = partial(
        paired_difference, metric=metric, seed=seed, n_resamples=n_resamples, confidence=confidence
    )
    found = [
        compared(y[rows], first.at(rows), second.at(rows), classes, article[rows], names=names)
        for rows in slices.values()
    ]
    return dict(zip(slices, _corrected(found), strict=True))


def paired_difference(
    y_true: ArrayLike,
    first: Predicted,
    second: Predicted,
    classes: Sequence[str],
    articles: ArrayLike,
    *,
    metric: str = "macro_f1",
    seed: int,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
    names: tuple[str, str] = ("first", "second"),
) -> Difference:
    """The difference of a metric between two runs, with interval and p-value; parameters as above.

    The interval resamples articles, the same for both runs. The test swaps the predictions of the two runs
    on whole articles at random: as likely as not, where neither is better.
    """
    y, article = class_numbers(y_true, classes), numbered(articles)
    check_any(y)
    tally, place = _both(y, first, second, tuple(classes), article, metric)
    n_articles = int(article.max()) + 1

    def differences(ours: FloatArray, theirs: FloatArray) -> FloatArray:
        """How often each side holds each article of the first run, and of the second."""
        one, other = np.concatenate([ours, theirs]), np.concatenate([theirs, ours])
        return (tally.replicates(one) - tally.replicates(other))[:, place]

    estimate = float(differences(np.ones((n_articles, 1)), np.zeros((n_articles, 1)))[0])
    resampled, swapped = [], []
    rng = np.random.default_rng([seed, 1])
    width = tally.sums.shape[1]
    for weights in article_weights(n_articles, n_resamples=n_resamples, seed=seed, width=width):
        resampled.append(differences(weights, np.zeros_like(weights)))
        kept = rng.integers(0, 2, size=weights.shape).astype(np.float64)
        swapped.append(differences(kept, 1 - kept))
    # Half of the effective number, for the tally holds each article twice.
    effective = float(tally.n_articles[place]) / 2
    bounds = percentile_bounds(np.concatenate(resampled), n_articles=effective, confidence=confidence)
    smaller = np.abs(np.concatenate(swapped)) < abs(estimate) - _SLACK
    p_value = float((1 + n_resamples - smaller.sum()) / (1 + n_resamples))
    return Difference(*names, metric, estimate, *bounds, p_value, p_value)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected so that the chance of any false finding among them stays below the level.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scand. J. Statistics 6(2), 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    scaled = np.asarray(p_values)[order] * np.arange(len(order), 0, -1)
    corrected = np.empty(len(order))
    corrected[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return [float(value) for value in corrected]


def _all_pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Each run with each that stands before it, as the first is what others are compared with."""
    return [(second, first) for first, second in combinations(names, 2)]


def _corrected(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    corrected = holm([d.p_value for d in differences])
    return tuple(replace(d, p_holm=p) for d, p in zip(differences, corrected, strict=True))


def _both(
    y: IntArray, first: Predicted, second: Predicted, classes: tuple[str, ...], article: IntArray, metric: str
) -> tuple[Tally, int]:
    """The tally that has a metric, with the articles of the second run after those of the first."""
    predicted = np.concatenate([class_numbers(run.y, classes) for run in (first, second)])
    given = [run.probabilities for run in (first, second) if run.probabilities is not None]
    probabilities = np.concatenate(given) if len(given) == 2 else None
    articles = np.concatenate([article, article + article.max() + 1])
    known: list[str] = []
    for tally in all_tallies(np.tile(y, 2), predicted, probabilities, articles, classes):
        if metric in tally.names:
            return tally, tally.names.index(metric)
        known += tally.names
    raise ConfigError(
        f"metric is {metric!r}; these runs have {known[:12]} and more."
        f"{nearest(metric, known)} Choose one of them; those of probabilities need both runs to have some."
    )


def _check_names(names: Sequence[str], reference: str | None) -> None:
    if len(names) < 2:
        raise DataError(f"comparison: {len(names)} run was given; two or more are needed. Name another run.")
    if reference is not None and reference not in names:
        raise DataError(
            f"comparison: reference {reference!r} is not one of the runs {list(names)}."
            f"{nearest(reference, list(names))} Name one of them."
        )
