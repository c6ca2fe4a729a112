"""Scoring with character n-grams inside words."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import WeighingBlock
from stance.kernel.compiled import compiled
from stance.kernel.ngrams import ngrams_of_characters
from stance.kernel.pieces import NumberedTexts
from stance.kernel.reading import CharacterReader
from stance.kernel.scan import Bytes
from stance.kernel.slots import U, grown, prefetch
from stance.kernel.tries import Nodes, Trie, trie_of
from stance.kernel.weighing import (
    AHEAD,
    LAST_MARK,
    Floats,
    Seen,
    Weights,
    add_decisions,
    add_repeats,
    most_entries,
)

Numbers = NDArray[np.int32]
Offsets = NDArray[np.int64]


def character_trie(terms: Sequence[str], places: Nodes) -> Trie:
    """The trie of terms; term i is to be the node ``places[i]``."""
    symbols = np.frombuffer("".join(terms).encode("utf-32-le"), np.uint32).copy()
    ends = np.zeros(len(terms) + 1, np.int64)
    np.cumsum([len(term) for term in terms], out=ends[1:])
    return trie_of(symbols, ends, places, len(terms), rooted=True)


class CharacterLists(NamedTuple):
    """The known n-grams of each piece.

    features : those of piece p are ``features[ends[2 * p] : ends[2 * p + 2]]``; from ``ends[2 * p + 1]`` on stand
        those that have occurred in the piece before
    sums : array of shape (n_pieces, 1 + n_rows), what its different n-grams add up to
    """

    features: Nodes
    ends: Numbers
    sums: Floats
    counts: Offsets


class CharacterScorer:
    """A block of character n-grams inside words."""

    def __init__(self, block: WeighingBlock, terms: Sequence[str], places: Nodes, weights: Weights) -> None:
        self._read, self._n_range, self._weights = CharacterReader(block), block.ngram_range, weights
        self._trie = character_trie(terms, places)
        self.forget()

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces."""
        return sum(array.nbytes for array in self._lists)

    def forget(self) -> None:
        """Drop what is known of pieces."""
        self._lists = CharacterLists(
            np.zeros(1, np.uint32),
            np.zeros(1, np.int32),
            np.zeros((1, self._weights.rows.shape[1])),
            np.zeros(1, np.int64),
        )

    def learn(self, lines: Bytes) -> None:
        """Look up the n-grams of new pieces, a line each."""
        codes, ends = self._read(lines)
        low, high = self._n_range
        features, list_ends, sums, counts = self._lists
        n_pieces, n_new = int(counts[0]), len(ends) - 1
        n = int(list_ends[2 * n_pieces])
        lists = CharacterLists(
            grown(features, n + len(codes) * (high - low + 1)),
            grown(list_ends, 2 * (n_pieces + n_new) + 1),
            grown(sums, n_pieces + n_new),
            counts,
        )
        most = int(np.diff(ends).max()) * (high - low + 1) + 1
        room = np.empty((2, most + 1), np.uint32), np.zeros(len(self._weights.rows), np.int32)
        list_characters(codes, ends, self._trie, self._n_range, self._weights, room, lists)
        self._lists = lists

    def add_scores(self, texts: NumberedTexts, decisions: Floats, n_known: Offsets) -> None:
        """Add the block's decision values and numbers of known terms."""
        most = int(most_entries(texts.numbers, texts.ends, self._lists.ends, 2))
        repeats, seen = np.empty(most + 1, np.uint32), Seen.of(self._weights)
        score_characters(
            texts.numbers, texts.ends, self._lists, self._weights, repeats, seen, decisions, n_known
        )


@compiled
def list_characters(
    codes: Nodes,
    ends: Offsets,
    trie: Trie,
    n_range: tuple[int, int],
    weights: Weights,
    room: tuple[Nodes, Numbers],
    lists: CharacterLists,
) -> None:
    """Write the known n-grams of new pieces, and what they add up to."""
    features, list_ends, sums, rows = lists.features, lists.ends, lists.sums, weights.rows
    n_features, found, repeats, seen_in = len(rows), room[0][0], room[0][1], room[1]
    for piece in range(len(ends) - 1):
        number = lists.counts[0]
        n = ngrams_of_characters(
            trie, False, codes, ends[piece], ends[piece + 1] - 1, n_range, n_features, found
        )
        position, n_repeats = list_ends[2 * number], 0
        for i in range(n):
            feature = found[U(i)]
            if seen_in[feature] == piece + 1:
                repeats[n_repeats] = feature
                n_repeats += 1
            else:
                seen_in[feature] = piece + 1
                features[position] = feature
                position += 1
                for r in range(rows.shape[1]):
                    sums[number, r] += rows[feature, r]
        list_ends[2 * number + 1] = position
        for i in range(n_repeats):
            features[position + i] = repeats[i]
        list_ends[2 * number + 2] = position + n_repeats
        lists.counts[0] += 1


@compiled
def score_characters(
    pieces: Numbers,
    text_ends: Offsets,
    lists: CharacterLists,
    weights: Weights,
    repeats: Nodes,
    seen: Seen,
    decisions: Floats,
    n_known: Offsets,
) -> None:
    """Add a block's decision values (n_texts, n_rows) and numbers of known terms."""
    features, ends, list_sums, rows = lists.features, lists.ends, lists.sums, weights.rows
    marks, counts, sums = seen
    for text in range(len(text_ends) - 1):
        mark = np.uint8(text % LAST_MARK + 1)
        if mark == 1:
            marks[:] = 0
        n, n_repeats = 0, U(0)
        sums[:] = 0.0
        for i in range(text_ends[text], text_ends[text + 1]):
            piece, later = U(pieces[i]), np.int64(pieces[min(i + AHEAD, len(pieces) - 1)])
            prefetch(features, np.int64(ends[2 * later]))
            prefetch(features, np.int64(ends[2 * later] + 16))
            prefetch(list_sums, later)
            prefetch(ends, 2 * np.int64(pieces[min(i + 2 * AHEAD, len(pieces) - 1)]))
            first = piece << U(1)
            start, middle, end = ends[first], ends[first + U(1)], ends[first + U(2)]
            for r in range(len(sums)):
                sums[r] += list_sums[piece, U(r)]
            counted = n_repeats
            for j in range(start, middle):
                feature = features[U(j)]
                repeats[n_repeats] = feature
                n_repeats += U(marks[feature] == mark)
                marks[feature] = mark
            for j in range(
                np.int64(counted), np.int64(n_repeats)
            ):  # in the sums of this piece, and of one before
                for r in range(len(sums)):
                    sums[r] -= rows[repeats[U(j)], U(r)]
            for j in range(middle, end):
                repeats[n_repeats] = features[U(j)]
                n_repeats += U(1)
            n += end - start
        add_repeats(weights, repeats, np.int64(n_repeats), counts, sums)
        add_decisions(weights, sums, decisions[text])
        n_known[text] += n - np.int64(n_repeats)
