"""The different pieces of texts, numbered in order of their appearance.

Everything a feature block knows of a piece (its words, its characters) is looked up once, when the piece is new.
Pieces shorter than eight bytes are their own key in the hash table; of longer ones the bytes are compared,
so that no two pieces are ever taken for one. The factor of the hash is drawn at random for each table:
nobody can write texts whose pieces all fall into one place. It has no effect on any number.
"""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

import secrets
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.kernel.compiled import compiled, inlined
from stance.kernel.scan import LONG, Bytes, bounds_of_pieces, key_of, load
from stance.kernel.slots import (
    EMPTY,
    Int,
    U,
    Words,
    grown,
    new_slots,
    next_slot,
    prefetch,
    slot_of,
    with_room,
)
from stance.kernel.texts import NEW_LINE, PADDING, TextBuffer

PieceNumbers = NDArray[np.int32]
Offsets = NDArray[np.int64]


class NumberedTexts(NamedTuple):
    """Texts as the numbers of their pieces, as compiled functions take them.

    Parameters
    ----------
    numbers : array of shape (n_pieces,)
        -1 is a piece that is not known.
    ends : array of shape (n_texts + 1,)
        The pieces of text t are ``numbers[ends[t] : ends[t + 1]]``.
    """

    numbers: PieceNumbers
    ends: Offsets


class PieceTable(NamedTuple):
    """Arrays of the pieces, as compiled functions take them.

    slots : by its key, the number of each piece and, in the high half, where it starts in the lines
    lines : the bytes of each piece and a line feed, one after the other
    counts : numbers of pieces and of bytes of lines in use
    """

    slots: Words
    lines: Bytes
    counts: Offsets


class Pieces:
    """Numbers for the pieces of texts.

    Parameters
    ----------
    to_ascii : bool
        Texts will be reduced to ASCII: white space which that deletes does not end a piece.
    """

    def __init__(self, *, to_ascii: bool = False) -> None:
        self.to_ascii, self._factor = to_ascii, U(secrets.randbits(64) | 1)
        self.table = PieceTable(new_slots(0), np.zeros(PADDING, np.uint8), np.zeros(2, np.int64))

    def __len__(self) -> int:
        return int(self.table.counts[0])

    @property
    def n_bytes(self) -> int:
        """Memory of the table."""
        return sum(array.nbytes for array in self.table)

    @property
    def n_line_bytes(self) -> int:
        """Length of all lines."""
        return int(self.table.counts[1])

    def number(self, texts: TextBuffer) -> NumberedTexts:
        """The numbers of all pieces; new ones are given the next."""
        return self._number(texts, grows=True)

    def find(self, texts: TextBuffer) -> NumberedTexts:
        """The numbers of the pieces that are known."""
        return self._number(texts, grows=False)

    def _number(self, texts: TextBuffer, *, grows: bool) -> NumberedTexts:
        data, starts = texts.data, texts.starts
        numbers = np.empty((int(starts[-1] - starts[0]) + len(texts)) // 2, np.int32)
        ends = np.zeros(len(texts) + 1, np.int64)
        most = int(np.diff(starts).max(initial=0)) // 2 + 1
        room = np.empty(2 * most, np.int64), np.empty(most, np.uint64)  # for the pieces of one text
        text: Int = 0
        while (
            text := number_pieces(
                data, starts, self.table, self.to_ascii, self._factor, room, grows, numbers, ends, text
            )
        ) < len(texts):
            self._grow(int(starts[text + 1] - starts[text]))
        return NumberedTexts(numbers[: ends[-1]], ends)

    def lines(self, start: int = 0) -> Bytes:
        """The pieces, a line each, from a byte of the lines on."""
        return self.table.lines[start : self.n_line_bytes]

    def _grow(self, n_bytes: int) -> None:
        """Make room for the pieces of a text."""
        slots, lines, counts = self.table
        slots = with_room(slots, int(counts[0]) + n_bytes // 2 + 1, self._factor)
        lines = grown(lines, int(counts[1]) + 2 * n_bytes + PADDING)
        self.table = PieceTable(slots, lines, counts)


@compiled
def number_pieces(
    texts: Bytes,
    starts: Offsets,
    table: PieceTable,
    to_ascii: bool,
    factor: np.uint64,
    room: tuple[Offsets, Words],
    grows: bool,
    numbers: PieceNumbers,
    ends: Offsets,
    text: Int,
) -> Int:
    """Write the numbers of the pieces of each text from one on; an unknown piece is added if the table grows, else -1.

    Returns the text for whose pieces there is no room, or n_texts.
    """
    slots, lines, counts = table.slots, table.lines, table.counts  # once, not at each use: that costs more
    bounds, keys = room
    total = U(ends[text])
    while text < len(starts) - 1:
        n = bounds_of_pieces(texts, starts[text], starts[text + 1], to_ascii, bounds)
        if grows and (
            counts[0] + n > len(slots) >> 2
            or counts[1] + n + starts[text + 1] - starts[text] + PADDING > len(lines)
        ):
            return text
        for i in range(n):
            key = key_of(texts, bounds[U(2 * i)], bounds[U(2 * i + 1)], factor)
            keys[U(i)] = key
            prefetch(slots, np.int64(slot_of(slots, key, factor) << U(1)))
        for i in range(n):
            start, end, key = bounds[U(2 * i)], bounds[U(2 * i + 1)], keys[U(i)]
            number = _number_of(texts, start, end, key, slots, lines, factor)
            if number < 0 and grows:
                number = _add(texts, start, end, key, slots, lines, counts, factor)
            numbers[total] = number
            total += U(1)
        text += 1
        ends[text] = np.int64(total)
    return text


@inlined
def _number_of(
    texts: Bytes, start: Int, end: Int, key: np.uint64, slots: Words, lines: Bytes, factor: np.uint64
) -> Int:
    """The number of a piece, or -1."""
    slot = slot_of(slots, key, factor)
    found = slots[slot << U(1)]
    while found != EMPTY:
        if found == key:
            value = slots[(slot << U(1)) + U(1)]
            if key < LONG or _same(texts, start, end, lines, np.int64(value >> U(32))):
                return np.int64(value & U(0xFFFFFFFF))
        slot = next_slot(slots, slot)
        found = slots[slot << U(1)]
    return -1


@inlined
def _same(texts: Bytes, start: Int, end: Int, lines: Bytes, line: Int) -> bool:
    """Whether a piece of at least eight bytes is that of a line."""
    shift = line - start
    for i in range(start, end - 8, 8):
        if load(texts, i) != load(lines, i + shift):
            return False
    return load(texts, end - 8) == load(lines, end - 8 + shift) and lines[U(end + shift)] == NEW_LINE


@inlined
def _add(
    texts: Bytes,
    start: Int,
    end: Int,
    key: np.uint64,
    slots: Words,
    lines: Bytes,
    counts: Offsets,
    factor: np.uint64,
) -> Int:
    """Give a piece that is not known the next number."""
    slot = slot_of(slots, key, factor)
    while slots[slot << U(1)] != EMPTY:
        slot = next_slot(slots, slot)
    number, line = counts[0], counts[1]
    slots[slot << U(1)] = key
    slots[(slot << U(1)) + U(1)] = U(number) | (U(line) << U(32))
    for i in range(end - start):
        lines[line + i] = texts[start + i]
    lines[line + end - start] = NEW_LINE
    counts[0] += 1
    counts[1] += end - start + 1
    return number
