"""Tallies: what each article adds to some metrics, so that any resample of articles is a sum."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance import metrics

if TYPE_CHECKING:
    from scipy.sparse import csr_array

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Metric = Callable[[FloatArray], FloatArray]

# Levels of a score in resamples; the areas of all statements are exact. Of 10,000 statements with 1,000 levels
# the areas of a resample are off by at most 0.0003, the bounds by at most 0.0001.
_N_LEVELS = 1000


@dataclass(frozen=True, eq=False)
class Tally:
    """Additive counts of each article, and the metrics of their sums.

    Parameters
    ----------
    names : tuple of str
        Dotted paths of the metrics.
    sums : sparse array of shape (n_articles, n_columns)
    metrics : callable
        From sums (..., n_columns) to metrics (..., n_metrics).
    sizes : array of shape (n_articles, n_metrics)
        Statements of each article that bear on each metric.
    estimates : array of shape (n_metrics,)
        The metrics of all articles.
    """

    names: tuple[str, ...]
    sums: "csr_array"
    metrics: Metric
    sizes: FloatArray
    estimates: FloatArray

    def replicates(self, weights: FloatArray) -> FloatArray:
        """Metrics of resamples, given how often each holds each article (n_articles, n_resamples)."""
        return self.metrics(np.asarray(self.sums.T @ weights).T)


def count_tally(
    metric: Metric, y_true: IntArray, y_predicted: IntArray, articles: IntArray, n_classes: int
) -> Tally:
    """The tally of one metric of confusion counts.

    Parameters
    ----------
    metric : callable
        From counts (..., n_classes, n_classes) to a metric (...).
    articles : array of shape (n_statements,)
        Numbers from 0, without gaps.
    """

    def of_cells(cells: FloatArray) -> FloatArray:
        return metric(cells.reshape(*cells.shape[:-1], n_classes, n_classes))[..., None]

    sums = _sums(articles, y_true * n_classes + y_predicted, 1.0, n_classes**2)
    sizes = np.bincount(articles).astype(np.float64)[:, None]
    return _tally(("metric",), sums, of_cells, sizes)


def class_tally(
    y_true: IntArray, y_predicted: IntArray, articles: IntArray, classes: tuple[str, ...]
) -> Tally:
    """The tally of all metrics of predicted classes."""
    k = len(classes)

    def of_cells(cells: FloatArray) -> FloatArray:
        counts = cells.reshape(*cells.shape[:-1], k, k)
        means = (metrics.macro_f1, metrics.accuracy, metrics.balanced_accuracy, metrics.mcc)
        of_classes = (metrics.precision, metrics.recall, metrics.f1)
        return np.concatenate(
            [np.stack([f(counts) for f in means], -1), *(f(counts) for f in of_classes)], -1
        )

    each = (f"per_class.{c}.{part}" for part in ("precision", "recall", "f1") for c in classes)
    names = ("macro_f1", "accuracy", "balanced_accuracy", "mcc", *each)
    sums = _sums(articles, y_true * k + y_predicted, 1.0, k * k)
    true, predicted = (_sums(articles, y, 1.0, k).toarray() for y in (y_true, y_predicted))
    all_statements = np.repeat(true.sum(axis=1, keepdims=True), 4, axis=1)
    sizes = np.concatenate([all_statements, predicted, true, true + predicted], axis=1)
    return _tally(names, sums, of_cells, sizes)


def loss_tally(y_true: IntArray, probabilities: FloatArray, articles: IntArray) -> Tally:
    """The tally of log loss and Brier score."""
    losses = (metrics.log_losses(y_true, probabilities), metrics.brier_scores(y_true, probabilities))
    n = len(y_true)
    values = np.concatenate([np.ones(n), *losses])
    sums = _sums(np.tile(articles, 3), np.repeat([0, 1, 2], n), values, 3)
    sizes = np.repeat(np.bincount(articles)[:, None], 2, axis=1).astype(np.float64)
    return _tally(("log_loss", "brier"), sums, lambda s: s[..., 1:] / s[..., :1], sizes)


def ece_tally(y_true: IntArray, probabilities: FloatArray, articles: IntArray) -> Tally:
    """The tally of the expected calibration error."""
    bin_of, values = metrics.reliability_tallies(y_true, probabilities)
    columns = (3 * bin_of[:, None] + np.arange(3)).ravel()
    sums = _sums(np.repeat(articles, 3), columns, values.ravel(), 3 * metrics.N_BINS)

    def of_bins(bins: FloatArray) -> FloatArray:
        return metrics.ece(bins.reshape(*bins.shape[:-1], metrics.N_BINS, 3))[..., None]

    return _tally(("ece",), sums, of_bins, np.bincount(articles).astype(np.float64)[:, None])


def ranking_tally(positive: NDArray[np.bool_], scores: FloatArray, articles: IntArray, name: str) -> Tally:
    """The tally of the areas under the ROC and the precision-recall curve of one class."""
    level = np.unique(-scores, return_inverse=True)[1]
    exact = _areas(*(np.bincount(level[c], minlength=level.max() + 1) for c in (positive, ~positive)))
    n_levels = min(_N_LEVELS, int(level.max()) + 1)
    ranks = np.searchsorted(np.sort(level), level)
    level = level if n_levels == level.max() + 1 else ranks * n_levels // len(level)
    sums = _sums(articles, level + np.where(positive, 0, n_levels), 1.0, 2 * n_levels)
    coarse = _areas(*np.split(np.asarray(sums.sum(axis=0)), [n_levels]))

    def of_levels(counts: FloatArray) -> FloatArray:
        return np.clip(_areas(counts[..., :n_levels], counts[..., n_levels:]) + (exact - coarse), 0, 1)

    sizes = np.repeat(np.bincount(articles, weights=positive)[:, None], 2, axis=1).astype(np.float64)
    names = (f"per_class.{name}.roc_auc", f"per_class.{name}.average_precision")
    return Tally(names, sums, of_levels, sizes, exact)


def _areas(hits: NDArray[np.number], alarms: NDArray[np.number]) -> FloatArray:
    return np.stack([metrics.roc_auc(hits, alarms), metrics.average_precision(hits, alarms)], axis=-1)


def _tally(names: tuple[str, ...], sums: "csr_array", of: Metric, sizes: FloatArray) -> Tally:
    return Tally(names, sums, of, sizes, of(np.asarray(sums.sum(axis=0), dtype=np.float64)))


def _sums(articles: IntArray, columns: IntArray, values: ArrayLike, n_columns: int) -> "csr_array":
    """Sums of ``values`` by article and column."""
    from scipy.sparse import coo_array

    weights = np.broadcast_to(np.asarray(values, dtype=np.float64), articles.shape)
    shape = (int(articles.max()) + 1, n_columns)
    return coo_array((weights, (articles, columns)), shape=shape).tocsr()
