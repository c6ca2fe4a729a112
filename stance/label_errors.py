"""Labels that are likely wrong: confident learning on probabilities of statements that the model has not seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.intervals.bounds import Interval, effective_number, share_bounds
from stance.intervals.resampling import article_weights, numbered

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

N_RESAMPLES = 400
"""Fewer than elsewhere: who is confident is found anew in each, as bounds that took it as given covered 0.82."""


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
    """

    likely: BoolArray
    suggested: IntArray
    self_confidence: FloatArray

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
    suggested, is_confident = _suggestions(y, probabilities, np.ones(len(y)))
    suggested = np.where(is_confident, suggested, y)
    own = probabilities[np.arange(len(y)), y]
    return LabelErrors(np.asarray(suggested != y), suggested, own)


def share_of_errors(
    y: IntArray,
    probabilities: FloatArray,
    articles: ArrayLike,
    *,
    seed: int,
    n_resamples: int = N_RESAMPLES,
) -> Interval:
    """The estimated share of wrong labels among all, with its interval on resampled articles.

    It needs no list of errors to be right one by one: it is the share off the diagonal of the joint of labels and
    confident suggestions, each row made to count as often as its label does.

    Parameters
    ----------
    y : array of shape (n_statements,)
    probabilities : array of shape (n_statements, n_classes)
    articles : array of shape (n_statements,)

    References
    ----------
    Northcutt, Jiang and Chuang (2021), equation 3.
    """
    article = numbered(articles)
    sizes = np.bincount(article)
    batches = article_weights(len(sizes), n_resamples=n_resamples, seed=seed)
    estimate = _share(y, probabilities, np.ones(len(y)))
    replicates = [_share(y, probabilities, column[article]) for batch in batches for column in batch.T]
    n_articles = float(effective_number(sizes[:, None])[0])
    return Interval(estimate, *share_bounds(estimate, np.asarray(replicates), n_articles=n_articles))


def _suggestions(y: IntArray, probabilities: FloatArray, weights: FloatArray) -> tuple[IntArray, BoolArray]:
    """The class that each statement is most confidently of, and whether there is one."""
    confident = probabilities >= _thresholds(y, probabilities, weights)
    return np.where(confident, probabilities, -1.0).argmax(axis=1), np.asarray(confident.any(axis=1))


def _share(y: IntArray, probabilities: FloatArray, weights: FloatArray) -> float:
    k = probabilities.shape[1]
    suggested, is_confident = _suggestions(y, probabilities, weights)
    joint = np.bincount(y * k + suggested, weights * is_confident, minlength=k * k).reshape(k, k)
    counts, confident = np.bincount(y, weights, minlength=k), joint.sum(axis=1)
    wrong = (confident - np.diagonal(joint)) / np.where(confident > 0, confident, 1.0)
    return float(wrong @ counts / max(counts.sum(), 1.0))


def _thresholds(y: IntArray, probabilities: FloatArray, weights: FloatArray) -> FloatArray:
    """Mean probability of each class among the statements with its label; above 1 for a class without any."""
    k = probabilities.shape[1]
    counts = np.bincount(y, weights, minlength=k)
    sums = np.bincount(y, weights * probabilities[np.arange(len(y)), y], minlength=k)
    return np.where(counts > 0, sums / np.where(counts > 0, counts, 1.0), np.inf)
