"""Labels that are likely wrong: confident learning on probabilities of statements that the model has not seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.metrics import confusion

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LabelErrors:
    """Which labels are likely wrong, and what stands against them.

    Parameters
    ----------
    likely : array of shape (n_statements,)
        The statement is confidently of another class than its label.
    suggested : array of shape (n_statements,)
        Number of the class that it is confidently of; the label where there is none.
    self_confidence : array of shape (n_statements,)
        Probability of the label; the lower, the more likely the label is wrong.
    share : float
        Estimated share of wrong labels among all; it needs no list to be right one by one.
    """

    likely: BoolArray
    suggested: IntArray
    self_confidence: FloatArray
    share: float

    def ranked(self) -> IntArray:
        """The statements with likely errors, least self-confidence first."""
        rows = np.flatnonzero(self.likely)
        return rows[np.argsort(self.self_confidence[rows], kind="stable")]


def find_label_errors(y: IntArray, probabilities: FloatArray) -> LabelErrors:
    """Likely errors among labels, by the confident joint of given and suggested classes.

    Parameters
    ----------
    y : array of shape (n_statements,)
        Labels as class numbers.
    probabilities : array of shape (n_statements, n_classes)
        From models that were not fitted on the statement.

    References
    ----------
    Northcutt, Jiang and Chuang (2021), Confident learning: estimating uncertainty in dataset labels, JAIR 70,
    equations 1 to 3.

    Examples
    --------
    >>> found = find_label_errors(np.array([0, 0, 0, 1, 1]), np.array([[.9, .1], [.8, .2], [.1, .9], [.2, .8], [.3, .7]]))
    >>> found.ranked().tolist(), found.suggested.tolist()
    ([2], [0, 0, 1, 1, 1])
    """
    confident = probabilities >= _thresholds(y, probabilities)
    is_confident = confident.any(axis=1)
    best = np.where(confident, probabilities, -1.0).argmax(axis=1)
    suggested = np.where(is_confident, best, y)
    joint = confusion(y[is_confident], best[is_confident], probabilities.shape[1])
    own = probabilities[np.arange(len(y)), y]
    return LabelErrors(suggested != y, suggested, own, _share_of_errors(joint, y))


def _share_of_errors(joint: IntArray, y: IntArray) -> float:
    """The share off the diagonal of the joint, each row made to count as often as its label does."""
    counts, confident = np.bincount(y, minlength=len(joint)), joint.sum(axis=1)
    wrong = (confident - np.diagonal(joint)) / np.maximum(confident, 1)
    return float(wrong @ counts / max(len(y), 1))


def _thresholds(y: IntArray, probabilities: FloatArray) -> FloatArray:
    """Mean probability of each class among the statements with its label; above 1 for a class without any."""
    counts = np.bincount(y, minlength=probabilities.shape[1])
    sums = np.bincount(y, weights=probabilities[np.arange(len(y)), y], minlength=probabilities.shape[1])
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
