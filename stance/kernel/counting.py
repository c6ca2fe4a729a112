"""Counting terms for training: the matrix of scikit-learn's vectorisers, with their columns in their order."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import ReadingBlock
from stance.kernel.characters import character_trie
from stance.kernel.compiled import compiled
from stance.kernel.ngrams import ngrams_of_characters, ngrams_of_words
from stance.kernel.pieces import NumberedTexts, Pieces
from stance.kernel.reading import CharacterReader, WordReader
from stance.kernel.scan import Bytes
from stance.kernel.slots import Int, U
from stance.kernel.spelling import spell_characters, spell_words
from stance.kernel.texts import TextBuffer, Texts, as_arrow
from stance.kernel.tries import UNKNOWN, Nodes, Trie, room_of
from stance.kernel.words import word_trie

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]
Offsets = NDArray[np.int64]


def count_block(texts: Texts, block: ReadingBlock, min_df: int = 1) -> "tuple[csr_array, list[str]]":
    """How often each term of a block occurs in each text, and the terms, sorted.

    Parameters
    ----------
    texts : list of str or Arrow array, clean or not
    block : Block
        One that ``supports`` accepts.
    min_df : int
        Terms that occur in fewer texts are left out.

    Returns
    -------
    counts : sparse array of float64 of shape (n_texts, n_terms), indices sorted
    terms : list of str of length n_terms
    """
    from scipy.sparse import csr_array

    lines, numbered = _pieces_of(texts, block)
    words = Pieces()
    if block.analyzer == "word":
        found = words.number(WordReader(block)(lines))
        lists = NodeLists(found.numbers.astype(np.uint32), found.ends)
        counted, trie = _count(numbered, lists, Trie.empty(len(words)), block, grows=True)
    else:
        lists, trie = _list_characters(block, lines, Trie.empty(), grows=True)
        counted, trie = _count(numbered, lists, trie, block, grows=True)
    frequencies = np.bincount(counted.nodes, minlength=int(trie.counts[0]))
    nodes = np.flatnonzero(frequencies >= max(min_df, 1))
    if not len(nodes):
        return csr_array((len(numbered.ends) - 1, 0)), []
    paths = trie.paths(nodes)
    order, terms = (
        spell_words(paths, words.lines().tobytes().decode().split("\n")[:-1])
        if block.analyzer == "word"
        else spell_characters(paths)
    )
    columns = np.full(len(frequencies), -1, np.int32)
    columns[nodes[order]] = np.arange(len(terms), dtype=np.int32)
    return _matrix(counted, columns, len(terms)), terms


def count_terms(texts: Texts, block: ReadingBlock, terms: Sequence[str]) -> "csr_array":
    """How often each of some given terms occurs in each text, as in ``count_block``."""
    lines, numbered = _pieces_of(texts, block)
    columns = np.arange(len(terms), dtype=np.uint32)
    if block.analyzer == "word":
        words, nodes, trie = word_trie(terms, columns)
        found = words.find(WordReader(block)(lines))
        lists = NodeLists(nodes[found.numbers], found.ends)
    else:
        lists, trie = _list_characters(
            block, lines, character_trie(terms, columns), grows=False, n_features=len(terms)
        )
    counted, _ = _count(numbered, lists, trie, block, grows=False, n_features=len(terms))
    return _matrix(counted, columns.astype(np.int32), len(terms))


class NodeLists(NamedTuple):
    """Words, or n-grams of characters, of each piece; those of piece p are ``nodes[ends[p] : ends[p + 1]]``."""

    nodes: Nodes
    ends: Offsets


class Counted(NamedTuple):
    """The different nodes of each text and how often they occur, in the layout of a CSR matrix."""

    nodes: Nodes
    counts: Floats
    ends: Offsets


def _pieces_of(texts: Texts, block: ReadingBlock) -> tuple[Bytes, NumberedTexts]:
    pieces = Pieces(to_ascii=block.strip_accents == "ascii")
    numbered = pieces.number(TextBuffer.of(as_arrow(texts)))
    return pieces.lines(), numbered


def _list_characters(
    block: ReadingBlock, lines: Bytes, trie: Trie, *, grows: bool, n_features: int = int(UNKNOWN)
) -> tuple[NodeLists, Trie]:
    """The n-grams of each piece, a line each; if the trie grows, all of them."""
    codes, ends = CharacterReader(block)(lines)
    low, high = block.ngram_range
    lists = NodeLists(np.empty(len(codes) * (high - low + 1) + 1, np.uint32), np.zeros(len(ends), np.int64))
    done: Int = 0
    while (
        done := list_characters_from(done, codes, ends, trie, grows, (low, high), n_features, lists)
    ) < len(ends) - 1:
        trie = trie.with_room(int(ends[done + 1] - ends[done]) * high)
    return lists, trie


@compiled
def list_characters_from(
    piece: Int,
    codes: Nodes,
    ends: Offsets,
    trie: Trie,
    grows: bool,
    n_range: tuple[int, int],
    n_features: Int,
    lists: NodeLists,
) -> Int:
    """List the n-grams of pieces from one on; returns the piece for which the trie has no room, or n_pieces."""
    while piece < len(ends) - 1:
        start, end = ends[piece], ends[piece + 1] - 1
        if grows and room_of(trie) < (end - start) * n_range[1]:
            return piece
        first = lists.ends[piece]
        n = ngrams_of_characters(trie, grows, codes, start, end, n_range, n_features, lists.nodes[first:])
        lists.ends[piece + 1] = first + n
        piece += 1
    return piece


def _count(
    pieces: NumberedTexts,
    lists: NodeLists,
    trie: Trie,
    block: ReadingBlock,
    *,
    grows: bool,
    n_features: int = int(UNKNOWN),
) -> tuple[Counted, Trie]:
    """The terms of each text; if the trie grows, all n-grams of words."""
    (low, high), by_words = block.ngram_range, block.analyzer == "word"
    n_texts = len(pieces.ends) - 1
    n_entries = np.concatenate([[0], np.cumsum(np.diff(lists.ends)[pieces.numbers])])[pieces.ends]
    factor = high - low + 1 if by_words else 1
    counted = Counted(
        np.empty(n_entries[-1] * factor, np.uint32),
        np.empty(n_entries[-1] * factor),
        np.zeros(n_texts + 1, np.int64),
    )
    most = int(np.diff(n_entries).max(initial=0))
    done: Int = 0
    while (
        done := count_from(done, pieces, lists, trie, grows, by_words, (low, high), n_features, most, counted)
    ) < n_texts:
        trie = trie.with_room(max(most * high, int(trie.counts[0])))
    n = counted.ends[-1]
    return Counted(counted.nodes[:n], counted.counts[:n], counted.ends), trie


@compiled
def count_from(
    text: Int,
    pieces: NumberedTexts,
    lists: NodeLists,
    trie: Trie,
    grows: bool,
    by_words: bool,
    n_range: tuple[int, int],
    n_features: Int,
    most: Int,
    counted: Counted,
) -> Int:
    """Count the terms of texts from one on; returns the text for which the trie has no room, or n_texts."""
    numbers, listed, list_ends = pieces.numbers, lists.nodes, lists.ends
    entries = np.empty(most, np.uint32)
    found = np.empty(most * (n_range[1] - n_range[0] + 1) + 1, np.uint32)
    occurrences = np.zeros(max(len(trie.parents), trie.counts[0]) + 1, np.int32)
    while text < len(pieces.ends) - 1:
        n = U(0)
        for i in range(pieces.ends[text], pieces.ends[text + 1]):
            for j in range(list_ends[numbers[i]], list_ends[numbers[i] + 1]):
                entries[n] = listed[U(j)]
                n += U(1)
        nodes = entries
        if by_words:
            if grows and room_of(trie) < np.int64(n) * n_range[1]:
                return text
            n = U(ngrams_of_words(trie, grows, entries, np.int64(n), n_range, n_features, found))
            nodes = found
        end = counted.ends[text]
        for i in range(np.int64(n)):
            node = nodes[U(i)]
            if occurrences[node] == 0:
                counted.nodes[end] = node
                end += 1
            occurrences[node] += 1
        for i in range(counted.ends[text], end):
            counted.counts[i] = occurrences[counted.nodes[i]]
            occurrences[counted.nodes[i]] = 0
        counted.ends[text + 1] = end
        text += 1
    return text


def _matrix(counted: Counted, columns: Numbers, n_terms: int) -> "csr_array":
    """Counts as a sparse array of the nodes that have a column, columns in order within each row."""
    from scipy.sparse import csr_array

    indices = columns[counted.nodes]
    kept = indices >= 0
    ends = np.concatenate([[0], np.cumsum(kept)])[counted.ends]
    size = np.int32 if ends[-1] < 2**31 else np.int64
    shape = len(counted.ends) - 1, n_terms
    counts = csr_array((counted.counts[kept], indices[kept].astype(size), ends.astype(size)), shape=shape)
    return counts.tocsc().tocsr()  # sorts the indices of all rows in one pass
