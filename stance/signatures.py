"""Signatures of texts: near copies are found again by them, and nothing of a text can be read from them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.duplicates import SIMILARITY, mixed, shingle_matrix, word_key

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Signatures = NDArray[np.uint32]

# One byte of each minimum is kept (b-bit minwise hashing): chance makes 1 in 256 alike, and each byte fits 1 in 256
# of all words. With 128 minima the similarity of real statements is off by 0.02 (root mean square), and one
# replaced, added or dropped word is found in 0.99 of statements of 14 words or more.
N_MINIMA = 128
_N_VALUES = 256
_BYTES_PER_BAND = 4
N_BANDS = N_MINIMA // _BYTES_PER_BAND
"""Numbers of 4 bytes in a signature, 128 bytes in all."""

# A pair at similarity s shares a band with probability 1 - (1 - s^4)^32: above 0.9999 at 0.8, 0.003 at 0.1.
_MAX_NEIGHBOURS = 64
_TEXTS_PER_BATCH = 4096
_PAIRS_PER_BATCH = 100_000


def signatures(texts: Sequence[str]) -> Signatures:
    """The signature of each text, shape (n_texts, 32); zeros for a text without a word.

    It depends on the words and pairs of words of the text alone, as :func:`stance.duplicates.clusters` sees
    them: 4 bytes a band, of one byte of each of 128 minima of hashes.

    References
    ----------
    Broder (1997), On the resemblance and containment of documents. Li and König (2010), b-bit minwise hashing,
    WWW.

    Examples
    --------
    >>> found = signatures(["Paris salue l'accord.", "PARIS SALUE L\\u2019ACCORD", "…"])
    >>> found.shape, bool((found[0] == found[1]).all()), int(found[2].sum())
    ((3, 32), True, 0)
    """
    batches = (texts[i : i + _TEXTS_PER_BATCH] for i in range(0, len(texts), _TEXTS_PER_BATCH))
    return np.concatenate([np.zeros((0, N_BANDS), np.uint32), *map(_signatures, batches)])


def _signatures(texts: Sequence[str]) -> Signatures:
    matrix, hashes = shingle_matrix([word_key(text) for text in texts])
    filled = np.flatnonzero(np.diff(matrix.indptr))
    minima = np.zeros((len(texts), N_MINIMA), dtype=np.uint8)
    factors = mixed(np.arange(1, N_MINIMA + 1, dtype=np.uint64)) | np.uint64(1)
    for k, (factor, shift) in enumerate(zip(factors, mixed(factors), strict=True)):
        if len(filled):
            found = np.minimum.reduceat((hashes * factor + shift) >> np.uint64(32), matrix.indptr[filled])
            minima[filled, k] = found.astype(np.uint8)
    return minima.view("<u4").astype(np.uint32)


def has_copy(found: Signatures, known: Signatures, *, similarity: float = SIMILARITY) -> BoolArray:
    """Which of some texts have a copy among others: estimated Jaccard similarity at or above a bound.

    Parameters
    ----------
    found, known : arrays of shape (n_texts, 32) and (n_others, 32)
        From :func:`signatures`.

    Returns
    -------
    array of shape (n_texts,)
    """
    is_copy = np.zeros(len(found), dtype=np.bool_)
    for band in range(N_BANDS):
        rows = np.flatnonzero(~is_copy & found.any(axis=1))
        ours, theirs = _neighbours(found[rows, band], known[:, band])
        for start in range(0, len(ours), _PAIRS_PER_BATCH):
            batch = slice(start, start + _PAIRS_PER_BATCH)
            pairs = rows[ours[batch]], theirs[batch]
            near = estimated_similarity(found[pairs[0]], known[pairs[1]]) >= similarity
            is_copy[pairs[0][near]] = True
    return is_copy


def estimated_similarity(first: Signatures, second: Signatures) -> NDArray[np.float64]:
    """The Jaccard similarity that signatures state, row by row."""
    alike = first.view(np.uint8) == second.view(np.uint8)
    return np.asarray((alike.mean(axis=1) - 1 / _N_VALUES) / (1 - 1 / _N_VALUES))


def _neighbours(keys: Signatures, among: Signatures) -> tuple[IntArray, IntArray]:
    """Pairs of places with equal keys, at most 64 for each of ``keys``."""
    order = np.argsort(among, kind="stable")
    first, last = (np.searchsorted(among[order], keys, side=side) for side in ("left", "right"))
    counts = np.minimum(last - first, _MAX_NEIGHBOURS)
    ours = np.repeat(np.arange(len(keys)), counts)
    steps = np.arange(len(ours)) - np.repeat(np.cumsum(counts) - counts, counts)
    return ours, order[first[ours] + steps]
