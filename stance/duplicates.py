"""Copies: statements with the same words, or nearly, such as wire copy printed by several outlets."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.normalise import clean

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SIMILARITY = 0.8
"""Jaccard similarity of the word shingles from which two statements are copies of each other."""

# Bands of rows: a pair at similarity s meets with probability 1 - (1 - s^6)^24, which is 0.9993 at 0.8 and
# 0.02 at 0.3; what meets is verified exactly, so the bands decide on recall and time only.
_N_BANDS, _N_ROWS = 24, 6
# In a bucket of many equal band keys each text meets its next neighbours only, which still joins a cluster.
_MAX_NEIGHBOURS = 64
_PAIRS_PER_BATCH = 200_000
_WORD = re.compile(r"\w+")


def word_key(text: str) -> str:
    """The words of a text alone: two texts with one key are exact copies.

    Case, punctuation and spaces do not count; a text without a word is its own key.

    Examples
    --------
    >>> word_key("Paris  salue « l\\u2019accord » !")
    'paris salue l accord'
    """
    cleaned = clean(text).casefold()
    return " ".join(_WORD.findall(cleaned)) or cleaned.strip()


def clusters(texts: Iterable[str], *, similarity: float = SIMILARITY) -> IntArray:
    """The cluster of copies of each text, numbered in order of first appearance.

    Texts are linked when the Jaccard similarity of their shingles (the words and the pairs of
    neighbouring words, each counted once) reaches ``similarity``; a cluster is all that is linked, also
    through others. So one replaced word makes a copy from 14 words on, a shorter statement with another word
    is another statement. Which texts share a cluster does not depend on their order.

    Parameters
    ----------
    texts : iterable of length n_statements
    similarity : float
        A fraction in (0, 1]; 1 links exact copies only.

    Returns
    -------
    array of shape (n_statements,)

    References
    ----------
    Broder (1997), On the resemblance and containment of documents. Leskovec, Rajaraman and Ullman (2014),
    Mining of Massive Datasets, section 3.4 (bands).

    Examples
    --------
    >>> clusters(["Le ministre salue l'accord.", "Berlin proteste.", "LE MINISTRE SALUE L’ACCORD"])
    array([0, 1, 0])
    """
    keys = [word_key(text) for text in texts]
    distinct = sorted(set(keys))
    number = {key: i for i, key in enumerate(distinct)}
    rows = np.fromiter((number[key] for key in keys), dtype=np.int64, count=len(keys))
    return _in_order_of_appearance(_near_clusters(distinct, similarity)[rows])


def _near_clusters(keys: Sequence[str], similarity: float) -> IntArray:
    """The component of each of some distinct keys, linked at or above a similarity."""
    cluster = np.arange(len(keys))
    shingles, hashes = shingle_matrix(keys)
    filled = np.flatnonzero(np.diff(shingles.indptr))
    if similarity >= 1 or len(filled) < 2:
        return cluster
    links = np.empty((0, 2), dtype=np.int64)
    bands = _band_keys(hashes, shingles.indptr[filled])
    for band in range(_N_BANDS):
        pairs = filled[_neighbours(bands[band], bands[band - 1])]
        pairs = pairs[cluster[pairs[:, 0]] != cluster[pairs[:, 1]]]
        links = np.concatenate([links, *(b[_jaccard(shingles, b) >= similarity] for b in _batches(pairs))])
        cluster = _components(links, len(keys))
    return cluster


def shingle_matrix(keys: Sequence[str]) -> tuple[Any, NDArray[np.uint64]]:
    """A binary sparse matrix of texts by shingles, and the hash of the shingle of each of its entries.

    Parameters
    ----------
    keys : sequence of length n_texts
        From :func:`word_key`.
    """
    from scipy.sparse import csr_matrix

    words = [_WORD.findall(key) for key in keys]
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    singles = _word_hashes(list(chain.from_iterable(words)))
    rows = np.repeat(np.arange(len(keys)), lengths)
    neighbours = rows[1:] == rows[:-1]
    doubles = mixed(singles[:-1] * np.uint64(0x9E3779B97F4A7C15) + singles[1:])[neighbours]
    hashes, columns = np.unique(np.concatenate([singles, doubles]), return_inverse=True)
    rows = np.concatenate([rows, rows[1:][neighbours]])
    matrix = csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=(len(keys), len(hashes)))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix, hashes[matrix.indices]


def _word_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """A hash of each word that depends on the word alone, whatever the process or the other words."""
    digests = {word: hashlib.blake2b(word.encode(), digest_size=8).digest() for word in set(words)}
    return np.frombuffer(b"".join([digests[word] for word in words]), dtype="<u8").astype(np.uint64)


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes of integers (the finaliser of splitmix64; Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _band_keys(hashes: NDArray[np.uint64], starts: IntArray) -> NDArray[np.uint64]:
    """One key for each band and text, shape (n_bands, n_texts), from the minima of universal hashes."""
    rng = np.random.default_rng(0)
    keys = np.zeros((_N_BANDS, len(starts)), dtype=np.uint64)
    for band in range(_N_BANDS):
        for factor, shift in rng.integers(0, 2**63, size=(_N_ROWS, 2), dtype=np.uint64):
            minima = np.minimum.reduceat((hashes * (factor | np.uint64(1)) + shift) >> np.uint64(32), starts)
            keys[band] = mixed(keys[band] ^ minima)
    return keys


def _neighbours(keys: NDArray[np.uint64], tie_breaks: NDArray[np.uint64]) -> IntArray:
    """Pairs of texts with the same key of one band, shape (n_pairs, 2); those alike in a second one first."""
    order = np.lexsort((tie_breaks, keys))
    ranked = keys[order]
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for step in range(1, min(_MAX_NEIGHBOURS + 1, len(keys))):
        here = np.flatnonzero(ranked[step:] == ranked[:-step])
        if len(here) == 0:
            break
        pairs.append(np.column_stack([order[here], order[here + step]]))
    return np.concatenate(pairs)


def _jaccard(shingles: Any, pairs: IntArray) -> NDArray[np.float64]:
    sizes = np.diff(shingles.indptr)[pairs]
    shared = np.asarray(shingles[pairs[:, 0]].multiply(shingles[pairs[:, 1]]).sum(axis=1)).ravel()
    return np.asarray(shared / (sizes.sum(axis=1) - shared))


def _batches(pairs: IntArray) -> Iterator[IntArray]:
    return (pairs[i : i + _PAIRS_PER_BATCH] for i in range(0, len(pairs), _PAIRS_PER_BATCH))


def _components(links: IntArray, n_nodes: int) -> IntArray:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(links), dtype=np.int8)
    graph = coo_matrix((ones, (links[:, 0], links[:, 1])), shape=(n_nodes, n_nodes))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _in_order_of_appearance(codes: IntArray) -> IntArray:
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
