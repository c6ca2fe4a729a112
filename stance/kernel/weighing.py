"""From the terms of a text to its decision values: term frequency, idf, norm and weights in one pass.

The first occurrence of a term adds a row that is ready-made; what further occurrences change is added at the end.
"""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import WeighingBlock
from stance.kernel.compiled import compiled, inlined
from stance.kernel.slots import Int

Floats = NDArray[np.float64]
Offsets = NDArray[np.int64]

LISTED_FREQUENCIES = 256
LAST_MARK = 255
"""Terms are marked as seen by the number of the text, which starts again from 1 after this."""
AHEAD = 4
"""How many pieces ahead the cache is told to fetch what is known of them."""
NO_NORM, L1, L2 = 0, 1, 2
BINARY, SUBLINEAR, PLAIN = 0, 1, 2


class Weights(NamedTuple):
    """What the terms of a block weigh, as compiled functions take it.

    rows : array of shape (n_features, 1 + n_rows); what a term that occurs once adds to the text's squared length
        (L1: to its length) and, before the norm, to its decision values
    frequencies : term frequency by the number of occurrences
    """

    rows: Floats
    frequencies: Floats
    norm: int
    frequency: int

    @classmethod
    def of(cls, block: WeighingBlock, idf: Floats, coef: Floats) -> "Weights":
        """Weights of a block with idf of shape (n_features,) and coefficients (n_rows, n_features)."""
        norm = {None: NO_NORM, "l1": L1, "l2": L2}[block.norm]
        frequency = BINARY if block.binary else SUBLINEAR if block.sublinear_tf else PLAIN
        lengths = {NO_NORM: np.zeros_like(idf), L1: np.abs(idf), L2: idf**2}[norm]
        counts = np.maximum(np.arange(LISTED_FREQUENCIES, dtype=np.float64), 1)
        frequencies = {BINARY: np.ones_like(counts), SUBLINEAR: np.log(counts) + 1, PLAIN: counts}[frequency]
        rows = np.ascontiguousarray(np.vstack([lengths, block.weight * idf * coef]).T)
        return cls(rows, frequencies, norm, frequency)


class Seen(NamedTuple):
    """Which terms a text has had so far, how often, and what they add up to.

    marks : array of shape (n_features,), the number of the text in which each was last seen
    counts : array of shape (n_features,), 0 between texts
    sums : array of shape (1 + n_rows,)
    """

    marks: NDArray[np.uint8]
    counts: NDArray[np.int32]
    sums: Floats

    @classmethod
    def of(cls, weights: Weights) -> "Seen":
        """Nothing seen of the terms with these weights."""
        n_features, n_sums = weights.rows.shape
        return cls(np.zeros(n_features, np.uint8), np.zeros(n_features, np.int32), np.empty(n_sums))


@inlined
def _frequency(weights: Weights, frequencies: Floats, count: Int) -> Any:
    if count < len(frequencies):
        return frequencies[count]
    if weights.frequency == SUBLINEAR:
        return np.log(count) + 1.0
    return float(count) if weights.frequency == PLAIN else 1.0


@inlined
def add_repeats(
    weights: Weights, repeats: NDArray[np.uint32], n_repeats: Int, counts: NDArray[np.int32], sums: Floats
) -> None:
    """Add what further occurrences of terms change; the counts are 0 before and after."""
    rows, frequencies = weights.rows, weights.frequencies
    for i in range(n_repeats):
        counts[repeats[i]] += 1
    for i in range(n_repeats):
        feature = repeats[i]
        if counts[feature]:
            more = _frequency(weights, frequencies, counts[feature] + 1)
            counts[feature] = 0
            sums[0] += ((more * more if weights.norm == L2 else more) - 1.0) * rows[feature, 0]
            for r in range(1, len(sums)):
                sums[r] += (more - 1.0) * rows[feature, r]


@inlined
def add_decisions(weights: Weights, sums: Floats, decisions: Floats) -> None:
    """Add a block's share to the decision values of a text."""
    scale = 1.0
    if weights.norm != NO_NORM:
        scale = 0.0 if sums[0] == 0.0 else 1.0 / (np.sqrt(sums[0]) if weights.norm == L2 else sums[0])
    for r in range(len(decisions)):
        decisions[r] += scale * sums[r + 1]


@compiled
def most_entries(
    pieces: NDArray[np.int32], text_ends: Offsets, list_ends: NDArray[np.int32], step: Int
) -> Int:
    """The most entries that the lists of one text's pieces hold; a list is ``step`` ends long."""
    most = 0
    for text in range(len(text_ends) - 1):
        n = 0
        for i in range(text_ends[text], text_ends[text + 1]):
            n += list_ends[step * pieces[i] + step] - list_ends[step * pieces[i]]
        most = max(most, n)
    return most
