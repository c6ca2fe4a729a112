"""What more articles are worth: models of fewer articles, tested on the same statements."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.fit import Fit
from stance.intervals import Interval, count_tally, share_bounds
from stance.intervals.resampling import N_RESAMPLES, numbered, resample
from stance.intervals.tallies import Tally
from stance.learning_curve import MIN_SIZES, LearningCurve, fit_learning_curve
from stance.metrics import macro_f1
from stance.progress import steps
from stance.split import Parts
from stance.split.dealing import deal

logger = logging.getLogger(__name__)

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MAX_SIZES = 6
MIN_ARTICLES = 8
MIN_SCORES = 4
"""Fewer do not make a law."""
N_REPEATS, N_REPEATS_OF_FOLDS = 3, 2
"""Draws of each size where a single model tests, and where each of several folds has articles of its own."""


@dataclass(frozen=True)
class Point:
    """A size of training and what it gives, the mean of some draws of articles."""

    n_articles: int
    n_statements: int
    macro_f1: Interval


@dataclass(frozen=True)
class Growth:
    """Results at growing sizes, with the law through them.

    Parameters
    ----------
    points : tuple of Point
        The smallest first; the last is the model of all train articles.
    """

    points: tuple[Point, ...]
    law: LearningCurve

    def numbers(self) -> dict[str, Any]:
        """All of it as plain values."""
        points = [{**asdict(p), "macro_f1": p.macro_f1.plain()} for p in self.points]
        law = {**asdict(self.law)}
        bounds = {name: getattr(self.law, name).plain() for name in ("now", "doubled", "gain")}
        return {**law, **bounds, "points": points}


@dataclass(frozen=True)
class _Draw:
    n_articles: float
    n_statements: float
    predicted: IntArray


def grow(
    fits: Sequence[Fit], folds: Sequence[Parts], predicted: IntArray, articles: ArrayLike, *, seed: int
) -> Growth | None:
    """Results of models of fewer articles, or None where there are too few articles to tell.

    Each size is half of the next. Articles are drawn so that classes keep their shares, and whole, with all that
    share copied statements with them.

    Parameters
    ----------
    fits, folds : sequences of the same length
        How the model of each fold is fitted.
    predicted : array of shape (n_held_out,)
        What the models of all train articles say of the held-out rows, in the order of row numbers.
    articles : array of shape (n_statements,)
        Article of each row.
    """
    article = numbered(articles)
    held_out = np.sort(np.concatenate([fold.test for fold in folds]))
    n_all = float(np.mean([len(np.unique(article[fold.train])) for fold in folds]))
    shares = [0.5**k for k in range(MAX_SIZES) if n_all * 0.5**k >= MIN_ARTICLES][:0:-1]
    draws = [
        list(_draws(fits, folds, article, held_out, share, seed)) for share in steps(shares, "learning curve")
    ]
    whole = _Draw(n_all, float(np.mean([len(fold.train) for fold in folds])), predicted)
    sizes = [found for found in [*draws, [whole]] if found]
    if len(sizes) < MIN_SIZES or sum(map(len, sizes)) < MIN_SCORES:
        logger.warning("learning curve: %d train articles are too few for one; it is left out", n_all)
        return None
    y, n_classes = fits[0].data.y[held_out], len(fits[0].data.classes)
    tallies = [
        [count_tally(macro_f1, y, d.predicted, numbered(article[held_out]), n_classes) for d in found]
        for found in sizes
    ]
    replicates = [_replicates(found, seed) for found in tallies]
    points = [_point(*found) for found in zip(sizes, tallies, replicates, strict=True)]
    law = fit_learning_curve(
        [d.n_articles for found in sizes for d in found],
        [float(tally.estimates[0]) for found in tallies for tally in found],
        replicates=np.concatenate(replicates, axis=1),
        seed=seed,
    )
    return Growth(tuple(points), law)


def _draws(
    fits: Sequence[Fit],
    folds: Sequence[Parts],
    article: IntArray,
    held_out: IntArray,
    share: float,
    seed: int,
) -> Iterator[_Draw]:
    """Predictions of models of a share of the articles; draws that lack a class are left out."""
    for repeat in range(N_REPEATS if len(folds) == 1 else N_REPEATS_OF_FOLDS):
        predicted = np.zeros(len(article), dtype=np.int64)
        drawn = [_drawn(fit, fold, share, seed + repeat) for fit, fold in zip(fits, folds, strict=True)]
        if any(rows is None for rows in drawn):
            continue
        for fit, fold, rows in zip(fits, folds, drawn, strict=True):
            assert rows is not None
            predicted[fold.test] = predict(fit, rows, fold)
        sizes = [(len(np.unique(article[rows])), len(rows)) for rows in drawn if rows is not None]
        n_articles, n_statements = np.mean(sizes, axis=0).tolist()
        yield _Draw(n_articles, n_statements, predicted[held_out])


def _drawn(fit: Fit, fold: Parts, share: float, seed: int) -> IntArray | None:
    """Train rows of a share of the articles, or None where a class is missing among them."""
    y, units = fit.data.y[fold.train], fit.data.units[fold.train]
    rows = fold.train[deal(y, units, np.asarray([share, 1 - share]), seed=seed) == 0]
    return rows if len(np.unique(fit.data.y[rows])) == len(np.unique(y)) else None


def predict(fit: Fit, train: IntArray, fold: Parts) -> IntArray:
    """Classes of the test rows of a fold by a model of some of its train rows."""
    targets = None if fit.data.targets is None else [fit.data.targets[i] for i in fold.test]
    model = fit.model(train, fold.calibrate)
    return model.score([fit.data.texts[i] for i in fold.test], targets).predicted


def _replicates(tallies: Sequence[Tally], seed: int) -> FloatArray:
    """Scores of some draws on resampled test articles, shape (n_resamples, n_draws)."""
    return np.column_stack([found[:, 0] for found in resample(tallies, n_resamples=N_RESAMPLES, seed=seed)])


def _point(draws: Sequence[_Draw], tallies: Sequence[Tally], replicates: FloatArray) -> Point:
    """The mean of the draws, with its interval on resampled test articles."""
    estimate = float(np.mean([tally.estimates[0] for tally in tallies]))
    bounds = share_bounds(estimate, replicates.mean(axis=1), n_articles=float(tallies[0].n_articles[0]))
    n_articles, n_statements = (
        round(float(np.mean(values)))
        for values in ([d.n_articles for d in draws], [d.n_statements for d in draws])
    )
    return Point(n_articles, n_statements, Interval(estimate, *bounds))
