"""Scoring with word n-grams."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import WeighingBlock
from stance.kernel.compiled import compiled
from stance.kernel.ngrams import known_ngrams_of_words
from stance.kernel.pieces import NumberedTexts, Pieces
from stance.kernel.reading import WordReader
from stance.kernel.scan import Bytes
from stance.kernel.slots import U, grown, prefetch
from stance.kernel.texts import TextBuffer
from stance.kernel.tries import UNKNOWN, Nodes, Trie, trie_of
from stance.kernel.weighing import LAST_MARK, Floats, Seen, Weights, add_decisions, add_repeats, most_entries

Numbers = NDArray[np.int32]
Offsets = NDArray[np.int64]


def word_trie(terms: Sequence[str], places: Nodes) -> tuple[Pieces, Nodes, Trie]:
    """The words of terms, the node of each word (the last entry: of an unknown one), and the trie of the terms.

    Term i is to be the node ``places[i]``.
    """
    words = Pieces()
    numbered = words.number(TextBuffer.of_lines("".join([term + "\n" for term in terms])))
    single = np.flatnonzero(np.diff(numbered.ends) == 1)
    nodes = np.full(len(words) + 1, UNKNOWN)
    nodes[numbered.numbers[numbered.ends[single]]] = places[single]
    others = np.flatnonzero(nodes[:-1] == UNKNOWN)
    nodes[others] = len(terms) + np.arange(len(others), dtype=np.uint32)
    return (
        words,
        nodes,
        trie_of(nodes[numbered.numbers], numbered.ends, places, len(terms) + len(others), rooted=False),
    )


class WordLists(NamedTuple):
    """The words of each piece; those of piece p are ``words[ends[p] : ends[p + 1]]``."""

    words: Nodes
    ends: Numbers


class WordScorer:
    """A block of word n-grams."""

    def __init__(self, block: WeighingBlock, terms: Sequence[str], places: Nodes, weights: Weights) -> None:
        self._read, self._n_range, self._weights = WordReader(block), block.ngram_range, weights
        self._words, self._nodes, self._trie = word_trie(terms, places)
        self.forget()

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces."""
        return sum(array.nbytes for array in self._lists)

    def forget(self) -> None:
        """Drop what is known of pieces."""
        self._n_pieces, self._lists = 0, WordLists(np.zeros(1, np.uint32), np.zeros(1, np.int32))

    def learn(self, lines: Bytes) -> None:
        """Look up the words of new pieces, a line each."""
        found = self._words.find(self._read(lines))
        n, n_pieces = int(self._lists.ends[self._n_pieces]), self._n_pieces + len(found.ends) - 1
        words = grown(self._lists.words, n + len(found.numbers) + 1)
        words[n : n + len(found.numbers)] = self._nodes[found.numbers]
        ends = grown(self._lists.ends, n_pieces + 1)
        ends[self._n_pieces : n_pieces + 1] = n + found.ends
        self._n_pieces, self._lists = n_pieces, WordLists(words, ends)

    def add_scores(self, texts: NumberedTexts, decisions: Floats, n_known: Offsets) -> None:
        """Add the block's decision values and numbers of known terms."""
        most = int(most_entries(texts.numbers, texts.ends, self._lists.ends, 1))
        low, high = self._n_range
        room = np.empty(
            (5, most * (high - low + 1) + 1), np.uint32
        )  # made here, as compiling this takes long
        score_words(
            texts.numbers,
            texts.ends,
            self._lists,
            self._trie,
            self._n_range,
            self._weights,
            room,
            Seen.of(self._weights),
            decisions,
            n_known,
        )


@compiled
def score_words(
    pieces: Numbers,
    text_ends: Offsets,
    lists: WordLists,
    trie: Trie,
    n_range: tuple[int, int],
    weights: Weights,
    room: Nodes,
    seen: Seen,
    decisions: Floats,
    n_known: Offsets,
) -> None:
    """Add a block's decision values (n_texts, n_rows) and numbers of known terms."""
    listed, ends, slots, rows = lists.words, lists.ends, trie.slots, weights.rows
    words, pairs, found, firsts, repeats = room[0], room[1], room[2], room[3], room[4]
    marks, counts, sums = seen
    n_features = len(rows)
    for text in range(len(text_ends) - 1):
        mark = np.uint8(text % LAST_MARK + 1)
        if mark == 1:
            marks[:] = 0
        n_words = U(0)
        for i in range(text_ends[text], text_ends[text + 1]):
            piece = U(pieces[i])
            start, end = ends[piece], ends[piece + U(1)]
            words[n_words] = listed[U(start)]  # whether there is one or not: what is foreseen takes no time
            for j in range(start + 1, end):
                words[n_words + U(j - start)] = listed[U(j)]
            n_words += U(end - start)
        n = known_ngrams_of_words(slots, words, np.int64(n_words), n_range, n_features, pairs, found)
        n_firsts, n_repeats = U(0), U(0)
        for i in range(n):
            feature = found[U(i)]
            prefetch(rows, np.int64(feature))
            again = marks[feature] == mark
            marks[feature] = mark
            firsts[n_firsts], repeats[n_repeats] = feature, feature
            n_firsts += U(not again)
            n_repeats += U(again)
        for r in range(len(sums)):
            total = 0.0
            for i in range(np.int64(n_firsts)):
                total += rows[firsts[U(i)], U(r)]
            sums[r] = total
        add_repeats(weights, repeats, np.int64(n_repeats), counts, sums)
        add_decisions(weights, sums, decisions[text])
        n_known[text] += np.int64(n_firsts)
