"""The n-grams of words and of characters, as nodes of a trie."""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

import numpy as np

from stance.kernel.compiled import inlined
from stance.kernel.slots import Int, U, Words, prefetch
from stance.kernel.tries import ROOT, UNKNOWN, Nodes, Trie, child, first_slot, reached

SPACE = np.uint32(32)


@inlined
def _following(slots: Words, trie: Trie, node: Int, symbol: Int, grows: bool) -> Int:
    return reached(trie, node, symbol) if grows else child(slots, node, symbol)


@inlined
def ngrams_of_words(
    trie: Trie,
    grows: bool,
    words: Nodes,
    n_words: Int,
    n_range: tuple[int, int],
    n_features: Int,
    found: Nodes,
) -> Int:
    """Write the nodes below ``n_features`` of the n-grams of a text's words; returns how many."""
    slots, n, (low, high) = trie.slots, U(0), n_range
    for i in range(n_words):
        node = words[U(i)]
        found[n] = node
        n += U(low == 1 and node < n_features)
        for length in range(2, min(high, n_words - i) + 1):
            node = _following(slots, trie, node, words[U(i + length - 1)], grows)
            if node == UNKNOWN:
                break
            found[n] = node
            n += U(length >= low and node < n_features)
    return np.int64(n)


@inlined
def known_ngrams_of_words(
    slots: Words,
    words: Nodes,
    n_words: Int,
    n_range: tuple[int, int],
    n_features: Int,
    pairs: Nodes,
    found: Nodes,
) -> Int:
    """Write the same for a trie that does not grow, which may be far larger than the cache.

    The slots of all pairs of words that some term has are fetched first, so that no read waits for another.
    """
    n, n_pairs, (low, high) = U(0), U(0), n_range
    for i in range(n_words):
        first, second = words[U(i)], words[U(i + 1)]
        found[n] = first
        n += U(low == 1 and first < n_features)
        prefetch(slots, np.int64(first_slot(slots, first, second) << U(1)))
        pairs[n_pairs] = i
        n_pairs += U((first != UNKNOWN) & (second != UNKNOWN) & (i + 1 < n_words) & (high > 1))
    for pair in range(np.int64(n_pairs)):
        start = np.int64(pairs[U(pair)])
        node = words[U(start)]
        for length in range(2, min(high, n_words - start) + 1):
            node = child(slots, node, words[U(start + length - 1)])
            found[n] = node
            n += U(length >= low and node < n_features)
            if node == UNKNOWN:
                break
    return np.int64(n)


@inlined
def ngrams_of_characters(
    trie: Trie,
    grows: bool,
    codes: Nodes,
    start: Int,
    end: Int,
    n_range: tuple[int, int],
    n_features: Int,
    found: Nodes,
) -> Int:
    """Write the nodes below ``n_features`` of the n-grams of characters between spaces; returns how many.

    A run shorter than every n counts once, whole, as in scikit-learn.
    """
    slots, n, (low, high) = trie.slots, U(0), n_range
    while start + 1 < end:
        if codes[U(start + 1)] == SPACE:
            start += 1
            continue
        stop = start + 2
        while codes[U(stop - 1)] != SPACE:
            stop += 1
        for i in range(start, stop):
            node = ROOT
            for length in range(1, min(high, stop - i) + 1):
                node = _following(slots, trie, node, codes[U(i + length - 1)], grows)
                if node == UNKNOWN:
                    break
                found[n] = node
                n += U((length >= low or length == stop - start) and node < n_features)
        start = stop
    return np.int64(n)
