"""Tallies: what each article adds to some metrics, so that any resample of articles is a sum."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance import metrics
from stance.intervals.bounds import effective_number

if TYPE_CHECKING:
    from scipy.sparse import csr_array

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Metric = Callable[[FloatArray], FloatArray]

# Levels of a score in resamples, over all classes; the areas of all statements are exact. With 1,000 levels a
# class the areas of a resample of 10,000 statements are off by at most 0.0003, the bounds by at most 0.0001.
_N_LEVELS = 3000
_MIN_LEVELS = 100

RELIABILITY = "reliability."
"""What the names of the bins of the reliability curve begin with; their numbers follow."""


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
    n_articles : array of shape (n_metrics,)
        Effective number of the articles that bear on each metric.
    estimates : array of shape (n_metrics,)
        The metrics of all articles.
    """

    names: tuple[str, ...]
    sums: "csr_array"
    metrics: Metric
    n_articles: FloatArray
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

    sums = article_sums(articles, y_true * n_classes + y_predicted, 1.0, n_classes**2)
    return tally_of(("metric",), sums, of_cells, effective_number(np.bincount(articles)[:, None]))


def all_tallies(
    y_true: IntArray,
    y_predicted: IntArray,
    probabilities: FloatArray | None,
    articles: IntArray,
    classes: tuple[str, ...],
) -> Iterator[Tally]:
    """Tallies of all metrics that can be had, with or without probabilities, one after the other."""
    yield class_tally(y_true, y_predicted, articles, classes)
    if probabilities is not None:
        yield loss_tally(y_true, probabilities, articles)
        yield ece_tally(y_true, probabilities, articles)
        yield ranking_tally(y_true, probabilities, articles, classes)


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
    sums = article_sums(articles, y_true * k + y_predicted, 1.0, k * k)
    true, predicted = (article_sums(articles, y, 1.0, k) for y in (y_true, y_predicted))
    sizes = (sums.sum(axis=1)[:, None].repeat(4, axis=1), predicted, true, true + predicted)
    return tally_of(names, sums, of_cells, np.concatenate([effective_number(size) for size in sizes]))


def loss_tally(y_true: IntArray, probabilities: FloatArray, articles: IntArray) -> Tally:
    """The tally of log loss and Brier score."""
    losses = (metrics.log_losses(y_true, probabilities), metrics.brier_scores(y_true, probabilities))
    n = len(y_true)
    values = np.concatenate([np.ones(n), *losses])
    sums = article_sums(np.tile(articles, 3), np.repeat([0, 1, 2], n), values, 3)
    n_articles = effective_number(np.bincount(articles)).repeat(2)
    return tally_of(("log_loss", "brier"), sums, lambda s: s[..., 1:] / s[..., :1], n_articles)


def ece_tally(y_true: IntArray, probabilities: FloatArray, articles: IntArray) -> Tally:
    """The tally of the expected calibration error, and of the share of right predictions in each bin."""
    bin_of, values = metrics.reliability_tallies(y_true, probabilities)
    columns = (3 * bin_of[:, None] + np.arange(3)).ravel()
    sums = article_sums(np.repeat(articles, 3), columns, values.ravel(), 3 * metrics.N_BINS)

    def of_bins(sums: FloatArray) -> FloatArray:
        bins = sums.reshape(*sums.shape[:-1], metrics.N_BINS, 3)
        return np.concatenate([metrics.ece(bins)[..., None], metrics.shares_right(bins)], axis=-1)

    names = ("ece", *(f"{RELIABILITY}{k}" for k in range(metrics.N_BINS)))
    sizes = (np.bincount(articles)[:, None], article_sums(articles, bin_of, 1.0, metrics.N_BINS))
    return tally_of(names, sums, of_bins, np.concatenate([effective_number(size) for size in sizes]))


def ranking_tally(
    y_true: IntArray, probabilities: FloatArray, articles: IntArray, classes: tuple[str, ...]
) -> Tally:
    """The tally of the areas under the ROC and precision-recall curves of each class, and of their means."""
    k = len(classes)
    truth = y_true[:, None] == np.arange(k)
    exact = np.stack([_areas(*metrics.by_threshold(truth[:, c], probabilities[:, c])[:2]) for c in range(k)])
    n_levels = min(max(_MIN_LEVELS, _N_LEVELS // k), len(y_true))
    levels = np.stack([_levels(probabilities[:, c], n_levels) for c in range(k)], axis=1)
    columns = (2 * np.arange(k) + ~truth) * n_levels + levels
    sums = article_sums(np.repeat(articles, k), columns.ravel(), 1.0, 2 * k * n_levels)

    def areas_of(counts: FloatArray) -> FloatArray:
        return _areas(*np.moveaxis(counts.reshape(*counts.shape[:-1], k, 2, n_levels), -2, 0))

    correction = exact - areas_of(np.asarray(sums.sum(axis=0)))

    def of_levels(counts: FloatArray) -> FloatArray:
        areas = np.clip(areas_of(counts) + correction, 0, 1)
        means = metrics.mean_of_known(np.swapaxes(areas, -1, -2))
        return np.concatenate([means, areas.reshape(*areas.shape[:-2], 2 * k)], axis=-1)

    parts = ("roc_auc", "average_precision")
    names = (*parts, *(f"per_class.{name}.{part}" for name in classes for part in parts))
    n_articles = effective_number(article_sums(articles, y_true, 1.0, k))
    rarest = n_articles[n_articles > 0].min()
    return tally_of(names, sums, of_levels, np.repeat([rarest, *n_articles], 2))


def _levels(scores: FloatArray, n_levels: int) -> IntArray:
    """The level of each score, 0 for the highest; one for each distinct score where these are few."""
    level = np.unique(-scores, return_inverse=True)[1]
    if level.max() < n_levels:
        return np.asarray(level)
    return np.asarray(np.searchsorted(np.sort(level), level) * n_levels // len(level))


def _areas(hits: NDArray[np.number], alarms: NDArray[np.number]) -> FloatArray:
    return np.stack([metrics.roc_auc(hits, alarms), metrics.average_precision(hits, alarms)], axis=-1)


def tally_of(names: tuple[str, ...], sums: "csr_array", of: Metric, n_articles: FloatArray) -> Tally:
    """A tally with its estimates; parameters as in :class:`Tally`."""
    return Tally(names, sums, of, n_articles, of(np.asarray(sums.sum(axis=0), dtype=np.float64)))


def article_sums(articles: IntArray, columns: IntArray, values: ArrayLike, n_columns: int) -> "csr_array":
    """Sums of ``values`` by article and column, shape (n_articles, n_columns)."""
    from scipy.sparse import coo_array

    weights = np.broadcast_to(np.asarray(values, dtype=np.float64), articles.shape)
    shape = (int(articles.max()) + 1, n_columns)
    return coo_array((weights, (articles, columns)), shape=shape).tocsr()
