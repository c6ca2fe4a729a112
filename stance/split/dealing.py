"""Dealing: units handed out to parts so that every class keeps its share in each of them."""

import numpy as np
from numpy.typing import NDArray

from stance.errors import SplitError

# Units of one kind that are kept back when equal units are dealt out, to even out the unequal ones. Dealing
# 1,000,000 statements without articles one by one takes 9 s, this 1 s.
_N_KEPT_BACK = 500

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def deal_folds(
    labels: IntArray, units: IntArray, *, n_folds: int, seed: int, where: str = "split"
) -> IntArray:
    """The fold of each statement, 0 to ``n_folds - 1``, with whole units and even shares of every class.

    Parameters
    ----------
    labels : array of shape (n_statements,)
        Class numbers from 0.
    units : array of shape (n_statements,)
        Unit of each statement, as given by :func:`whole_units` (of these statements, or of more).
    where : str
        The settings that ask for the folds, for the message.

    Raises
    ------
    SplitError
        Where there are fewer units than folds.

    Examples
    --------
    >>> folds = deal_folds(np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3]), n_folds=2, seed=1)
    >>> sorted(zip(folds.tolist(), [0, 0, 1, 1]))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    n_units = len(np.unique(units))
    if n_units < n_folds:
        raise SplitError(
            f"{where}: {n_units} articles that share no text cannot fill {n_folds} folds. "
            f"Set {where}.n_folds to {max(n_units, 2)} or less, or add articles."
        )
    return deal(labels, units, np.full(n_folds, 1 / n_folds), seed=seed)


def deal(labels: IntArray, units: IntArray, fractions: FloatArray, *, seed: int) -> IntArray:
    """The part of each statement, with whole units and each class at its fraction as far as they allow.

    Units with the same counts of classes are dealt out in proportion, in random order. What is left over
    goes, the largest unit first, to the part whose shares it brings nearest to their aims (chi-square).

    Parameters
    ----------
    fractions : array of shape (n_parts,)
        Share of each part, in sum 1.

    """
    counts, unit_of = _class_counts(labels, units)
    shuffled = np.random.default_rng(seed).permutation(len(counts))
    part = np.empty(len(counts), dtype=np.int64)
    part[shuffled] = _deal_alike(counts[shuffled], fractions)
    left = shuffled[part[shuffled] < 0]
    _deal_by_lack(part, counts, left, fractions)
    return part[unit_of]


def _class_counts(labels: IntArray, units: IntArray) -> tuple[IntArray, IntArray]:
    """Statements of each class in each unit, with a last column that counts the unit itself."""
    distinct, unit_of = np.unique(units, return_inverse=True)
    n_classes = int(labels.max()) + 1
    codes = unit_of * n_classes + labels
    counts = np.bincount(codes, minlength=len(distinct) * n_classes).reshape(len(distinct), n_classes)
    return np.column_stack([counts, np.ones(len(distinct), dtype=np.int64)]), unit_of


def _deal_alike(counts: IntArray, fractions: FloatArray) -> IntArray:
    """Parts of units, whole shares of units with equal counts; -1 for what is left over."""
    _, kind, n_alike = np.unique(counts, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(kind, kind="stable")
    rank = np.empty(len(counts), dtype=np.int64)
    rank[order] = np.arange(len(counts)) - np.repeat(np.cumsum(n_alike) - n_alike, n_alike)
    shares = np.floor(np.maximum(n_alike - _N_KEPT_BACK, 0)[:, None] * fractions).astype(np.int64)
    bounds = np.cumsum(shares, axis=1)[kind]
    part = (rank[:, None] >= bounds).sum(axis=1)
    return np.where(part < len(fractions), part, -1)


def _deal_by_lack(part: IntArray, counts: IntArray, left: IntArray, fractions: FloatArray) -> None:
    """Fill in the parts of the units ``left`` over, each where chi-square of the shares falls most."""
    totals = counts.sum(axis=0)
    weights = 1 / np.maximum(totals, 1)
    lack = np.outer(fractions, totals)
    dealt = part >= 0
    np.subtract.at(lack, part[dealt], counts[dealt])
    open_parts = np.flatnonzero(fractions > 0)
    sizes = counts[left].sum(axis=1)
    for unit in left[np.argsort(-sizes, kind="stable")]:
        relief = (lack[open_parts] - counts[unit] / 2) @ (weights * counts[unit]) / fractions[open_parts]
        part[unit] = open_parts[np.argmax(relief)]
        lack[part[unit]] -= counts[unit]
