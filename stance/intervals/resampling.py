"""Resamples of whole articles, the same for all metrics of one set of statements."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.errors import DataError
from stance.intervals.bounds import CONFIDENCE, Interval, share_bounds
from stance.intervals.tallies import Metric, Tally, count_tally

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

N_RESAMPLES = 2000
_CELLS_PER_BATCH = 4_000_000


def bootstrap_interval(
    metric: Metric,
    y_true: IntArray,
    y_predicted: IntArray,
    *,
    articles: ArrayLike,
    confidence: float = CONFIDENCE,
    n_resamples: int = N_RESAMPLES,
    seed: int,
) -> Interval:
    """Bootstrap interval of a metric of confusion counts that resamples whole articles.

    Statements of one article share author, event and wording. Resampling single statements ignores that and
    gives intervals that are too short.

    Parameters
    ----------
    metric : callable
        From counts (..., n_classes, n_classes) to a metric from 0 to 1 (...), such as
        :func:`stance.metrics.macro_f1`.
    y_true, y_predicted : array of shape (n_statements,)
        Class numbers from 0.
    articles : array of shape (n_statements,)
        Article of each statement.
    confidence : float
        Coverage aimed at, a fraction in (0, 1).

    References
    ----------
    Field and Welsh (2007), Bootstrapping clustered data, JRSS B 69(3), 369-390.

    Examples
    --------
    >>> from stance.metrics import accuracy
    >>> y = np.tile([0, 1], 30)
    >>> predicted = np.where(np.arange(60) < 12, 0, y)
    >>> found = bootstrap_interval(accuracy, y, predicted, articles=np.arange(60) // 3, seed=1)
    >>> found.estimate, round(found.lower, 2), round(found.upper, 2)
    (0.9, 0.78, 0.98)
    """
    check_any(y_true)
    n_classes = int(max(y_true.max(), y_predicted.max())) + 1
    tally = count_tally(metric, y_true, y_predicted, numbered(articles), n_classes)
    replicates = resample([tally], n_resamples=n_resamples, seed=seed)[0][:, 0]
    estimate, n_articles = float(tally.estimates[0]), float(tally.n_articles[0])
    bounds = share_bounds(estimate, replicates, n_articles=n_articles, confidence=confidence)
    return Interval(estimate, *bounds)


def resample(tallies: Sequence[Tally], *, n_resamples: int, seed: int) -> list[FloatArray]:
    """Replicates of the metrics of each tally, shape (n_resamples, n_metrics), on the same resamples."""
    n_articles, width = tallies[0].sums.shape[0], max(tally.sums.shape[1] for tally in tallies)
    batches = article_weights(n_articles, n_resamples=n_resamples, seed=seed, width=width)
    found = [[tally.replicates(weights) for tally in tallies] for weights in batches]
    return [np.concatenate(replicates) for replicates in zip(*found, strict=True)]


def article_weights(n_articles: int, *, n_resamples: int, seed: int, width: int = 1) -> Iterator[FloatArray]:
    """How often each resample holds each article, in batches of shape (n_articles, n_in_batch).

    Parameters
    ----------
    width : int
        Columns of the widest tally; it bounds the memory of a batch.
    """
    rng = np.random.default_rng(seed)
    batch = max(1, _CELLS_PER_BATCH // max(n_articles, width))
    for start in range(0, n_resamples, batch):
        n = min(batch, n_resamples - start)
        cells = rng.integers(0, n_articles, size=(n_articles, n)) * n + np.arange(n)
        yield np.bincount(cells.ravel(), minlength=n_articles * n).reshape(n_articles, n).astype(np.float64)


def numbered(articles: ArrayLike) -> IntArray:
    """Numbers from 0, without gaps, for names or numbers of articles."""
    return np.asarray(np.unique(np.asarray(articles), return_inverse=True)[1], dtype=np.int64)


def check_any(y_true: IntArray) -> None:
    """Refuse an empty set of statements."""
    if len(y_true) == 0:
        raise DataError("metrics: there are no statements to measure. Check the input.")
