"""Quality numbers: of predicted classes from their confusion counts, of probabilities from each statement.

Functions of counts take any leading axes, so that thousands of resamples are one call. A class that occurs
neither in the truth nor in the predictions has no precision, recall or F1 (``nan``) and is in no mean.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.errors import DataError

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

N_BINS = 15
"""Bins of equal width of the reliability curve, as in Guo et al. (2017), section 2."""


def class_numbers(labels: ArrayLike, classes: Sequence[str]) -> IntArray:
    """The number of each label in ``classes``; numbers stay as they are.

    Raises
    ------
    DataError
        For a label that is not among the classes, or a number outside their range.

    Examples
    --------
    >>> class_numbers(["tense", "cooperative"], ["cooperative", "tense"])
    array([1, 0])
    """
    values = np.asarray(labels)
    if np.issubdtype(values.dtype, np.integer):
        unknown = (values < 0) | (values >= len(classes))
        numbers = values.astype(np.int64)
    else:
        number = {name: i for i, name in enumerate(classes)}
        numbers = np.fromiter((number.get(label, -1) for label in values.tolist()), np.int64, values.size)
        unknown = numbers < 0
    if unknown.any():
        first = values[np.flatnonzero(unknown)[0]]
        raise DataError(
            f"metrics: label {first.item()!r} is not one of {list(classes)} ({unknown.sum()} such "
            f"statements). Correct the labels, or add the class."
        )
    return numbers


def confusion(y_true: IntArray, y_predicted: IntArray, n_classes: int) -> IntArray:
    """Counts of statements by true class (row) and predicted class (column).

    Parameters
    ----------
    y_true, y_predicted : array of shape (n_statements,)
        Class numbers from 0.

    Returns
    -------
    array of shape (n_classes, n_classes)

    Examples
    --------
    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    array([[1, 1],
           [0, 1]])
    """
    cells = np.bincount(y_true * n_classes + y_predicted, minlength=n_classes**2)
    return cells.reshape(n_classes, n_classes)


def accuracy(counts: NDArray[np.number]) -> FloatArray:
    """Share of statements with the right class, of counts of shape (..., n_classes, n_classes)."""
    return _ratio(_hits(counts).sum(axis=-1), counts.sum(axis=(-2, -1)))


def precision(counts: NDArray[np.number]) -> FloatArray:
    """Share of right statements among those predicted as each class, shape (..., n_classes).

    A class that occurs and is never predicted has precision 0.
    """
    predicted, occurs = counts.sum(axis=-2), counts.sum(axis=-1) > 0
    return np.where((predicted == 0) & occurs, 0.0, _ratio(_hits(counts), predicted))


def recall(counts: NDArray[np.number]) -> FloatArray:
    """Share of right statements among those of each class, shape (..., n_classes); nan where are none."""
    return _ratio(_hits(counts), counts.sum(axis=-1))


def f1(counts: NDArray[np.number]) -> FloatArray:
    """Harmonic mean of precision and recall of each class, shape (..., n_classes)."""
    return _ratio(2 * _hits(counts), counts.sum(axis=-1) + counts.sum(axis=-2))


def macro_f1(counts: NDArray[np.number]) -> FloatArray:
    """Mean F1 of the classes that occur or are predicted, of counts of shape (..., n_classes, n_classes)."""
    return mean_of_known(f1(counts))


def mean_f1(counts: NDArray[np.number], of: Sequence[int]) -> FloatArray:
    """Mean F1 of some classes, counted against all: SemEval's F_avg of favor and against.

    References
    ----------
    Mohammad et al. (2016), SemEval-2016 Task 6, section 5.

    Examples
    --------
    >>> float(mean_f1(np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0]]), of=[0, 1]).round(3))
    0.833
    """
    return mean_of_known(f1(counts)[..., list(of)])


def balanced_accuracy(counts: NDArray[np.number]) -> FloatArray:
    """Mean recall of the classes that occur, of counts of shape (..., n_classes, n_classes)."""
    return mean_of_known(recall(counts))


def mcc(counts: NDArray[np.number]) -> FloatArray:
    """Matthews correlation of true and predicted classes; 0 where one side has a single class.

    References
    ----------
    Gorodkin (2004), Comparing two K-category assignments by a K-category correlation coefficient.
    """
    counts = counts.astype(np.float64)
    true, predicted, n = counts.sum(axis=-1), counts.sum(axis=-2), counts.sum(axis=(-2, -1))
    covariance = _hits(counts).sum(axis=-1) * n - (true * predicted).sum(axis=-1)
    spread = (n**2 - (true**2).sum(axis=-1)) * (n**2 - (predicted**2).sum(axis=-1))
    return np.where(spread > 0, covariance / np.sqrt(np.where(spread > 0, spread, 1.0)), 0.0)


def log_losses(y_true: IntArray, probabilities: FloatArray) -> FloatArray:
    """Minus the logarithm of the probability of each statement's class, clipped away from 0 and 1."""
    tiny = np.finfo(probabilities.dtype).eps
    return -np.log(np.clip(probabilities[np.arange(len(y_true)), y_true], tiny, 1 - tiny))


def log_loss(y_true: IntArray, probabilities: FloatArray) -> float:
    """Mean of :func:`log_losses`, in nats.

    Parameters
    ----------
    y_true : array of shape (n_statements,)
    probabilities : array of shape (n_statements, n_classes)
    """
    return float(log_losses(y_true, probabilities).mean())


def brier_scores(y_true: IntArray, probabilities: FloatArray) -> FloatArray:
    """Squared distance of each statement's probabilities from the truth, shape (n_statements,).

    The sum over classes from three classes on; with two classes half of it, which is the usual Brier score
    of one of them.
    """
    truth = np.eye(probabilities.shape[1])[y_true]
    squares = np.square(probabilities - truth).sum(axis=1)
    return np.asarray(squares / 2 if probabilities.shape[1] == 2 else squares)


def brier(y_true: IntArray, probabilities: FloatArray) -> float:
    """Mean of :func:`brier_scores`: 0 is best, 1 (two classes) or 2 worst."""
    return float(brier_scores(y_true, probabilities).mean())


class Reliability(NamedTuple):
    """Confidence against accuracy, arrays of shape (n_bins,); nan where a bin is empty."""

    lower: FloatArray
    upper: FloatArray
    n_statements: IntArray
    confidence: FloatArray
    accuracy: FloatArray


def reliability(y_true: IntArray, probabilities: FloatArray, n_bins: int = N_BINS) -> Reliability:
    """How often the most probable class is right, by how probable it is.

    Parameters
    ----------
    n_bins : int
        Bins of equal width, closed above.
    """
    bins = np.zeros((n_bins, 3))
    bin_of, values = reliability_tallies(y_true, probabilities, n_bins)
    np.add.at(bins, bin_of, values)
    edges = np.linspace(0, 1, n_bins + 1)
    n = bins[:, 0]
    return Reliability(
        edges[:-1], edges[1:], n.astype(np.int64), _ratio(bins[:, 1], n), _ratio(bins[:, 2], n)
    )


def reliability_tallies(
    y_true: IntArray, probabilities: FloatArray, n_bins: int = N_BINS
) -> tuple[IntArray, FloatArray]:
    """The bin of each statement, and what it adds there: 1, its confidence, 1 if right (n_statements, 3)."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == y_true
    bin_of = np.clip(np.ceil(confidence * n_bins).astype(np.int64) - 1, 0, n_bins - 1)
    return bin_of, np.column_stack([np.ones(len(y_true)), confidence, right])


def ece(bins: FloatArray) -> FloatArray:
    """Expected calibration error: mean gap between confidence and accuracy, weighted by statements.

    Parameters
    ----------
    bins : array of shape (..., n_bins, 3)
        Sums of :func:`reliability_tallies` in each bin.

    References
    ----------
    Guo et al. (2017), On calibration of modern neural networks, equation 3.
    """
    return _ratio(np.abs(bins[..., 1] - bins[..., 2]).sum(axis=-1), bins[..., 0].sum(axis=-1))


def shares_right(bins: FloatArray) -> FloatArray:
    """Share of right predictions in each bin, shape (..., n_bins), nan for empty ones; parameters as in :func:`ece`."""
    return _ratio(bins[..., 2], bins[..., 0])


class Curve(NamedTuple):
    """Points of a curve, from the strictest threshold to the loosest; arrays of shape (n_thresholds,)."""

    x: FloatArray
    y: FloatArray
    thresholds: FloatArray


def by_threshold(positive: BoolArray, scores: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Counts of positive and of other statements at each distinct score, the highest first."""
    thresholds, level = np.unique(-scores, return_inverse=True)
    n_levels = len(thresholds)
    counts = (np.bincount(level[chosen], minlength=n_levels) for chosen in (positive, ~positive))
    return *counts, -thresholds  # type: ignore[return-value]


def roc_curve(positive: BoolArray, scores: FloatArray) -> Curve:
    """False positive rate (x) and true positive rate (y) at each threshold, from (0, 0)."""
    hits, alarms, thresholds = by_threshold(positive, scores)
    x, y = (np.r_[0, np.cumsum(n)] / max(n.sum(), 1) for n in (alarms, hits))
    return Curve(x, y, np.r_[np.inf, thresholds])


def precision_recall_curve(positive: BoolArray, scores: FloatArray) -> Curve:
    """Recall (x) and precision (y) at each threshold."""
    hits, alarms, thresholds = by_threshold(positive, scores)
    found = np.cumsum(hits)
    return Curve(found / max(hits.sum(), 1), found / np.cumsum(hits + alarms), thresholds)


def roc_auc(hits: NDArray[np.number], alarms: NDArray[np.number]) -> FloatArray:
    """Chance that a positive statement scores above another one, ties counted half.

    Parameters
    ----------
    hits, alarms : array of shape (..., n_thresholds)
        Positive and other statements at each score, the highest first, as from :func:`by_threshold`.

    Examples
    --------
    >>> float(roc_auc(*by_threshold(np.array([True, False, True]), np.array([0.9, 0.4, 0.3]))[:2]))
    0.5
    """
    won = np.cumsum(hits, axis=-1) - hits / 2
    return _ratio((alarms * won).sum(axis=-1), hits.sum(axis=-1) * alarms.sum(axis=-1))


def average_precision(hits: NDArray[np.number], alarms: NDArray[np.number]) -> FloatArray:
    """Mean of the precision at each positive statement; parameters as in :func:`roc_auc`."""
    found = np.cumsum(hits, axis=-1)
    seen = np.cumsum(hits + alarms, axis=-1)
    return _ratio((hits * found / np.maximum(seen, 1)).sum(axis=-1), hits.sum(axis=-1))


def _hits(counts: NDArray[np.number]) -> NDArray[np.number]:
    return np.diagonal(counts, axis1=-2, axis2=-1)


def _ratio(above: ArrayLike, below: ArrayLike) -> FloatArray:
    """A quotient, nan where the lower number is 0."""
    above, below = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    undefined = np.full(np.broadcast(above, below).shape, np.nan)
    return np.asarray(np.divide(above, below, out=undefined, where=below != 0))


def mean_of_known(values: FloatArray) -> FloatArray:
    """Mean over the last axis without undefined values (nan); nan where all are."""
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))


def decimal(value: float | None, *, sign: bool = False) -> str:
    """A number with three decimals, or a dash for one that is not defined.

    Examples
    --------
    >>> decimal(0.5), decimal(None), decimal(0.25, sign=True)
    ('0.500', '–', '+0.250')
    """
    if value is None:
        return "–"
    return f"{value:+.3f}" if sign else f"{value:.3f}"
