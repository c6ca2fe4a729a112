"""The different pieces of texts, numbered in order of their appearance.

Everything a feature block knows of a piece (its words, its characters) is looked up once, when the piece is new.
Pieces shorter than eight bytes are their own key in the hash table; of longer ones the bytes are compared,
so that no two pieces are ever taken for one. The factor of the hash is drawn at random for each table:
nobody can write texts whose pieces all fall into one place. It has no effect on any number.
"""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

import secrets
from dataclasses import dataclass
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
from stance.kernel.texts import PADDING, TextBuffer

PieceNumbers = NDArray[np.int32]
Offsets = NDArray[np.int64]

NEW_LINE = np.uint8(ord("\n"))


@dataclass(frozen=True)
class NumberedTexts:
    """Texts as the numbers of their pieces.

    Parameters
    ----------
    numbers : array of shape (n_pieces,)
        -1 is a piece that is not known yet.
    ends : array of shape (n_texts + 1,)
        The pieces of text t are ``numbers[ends[t] : ends[t + 1]]``.
    """

    texts: TextBuffer
    numbers: PieceNumbers
    ends: NDArray[np.int64]
    n_unknown: int


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

    def find(self, texts: TextBuffer) -> NumberedTexts:
        """The numbers of pieces that are known; several threads may ask at once."""
        numbers = np.empty((int(texts.starts[-1] - texts.starts[0]) + len(texts)) // 2, np.int32)
        ends = np.zeros(len(texts) + 1, np.int64)
        n_unknown = find_pieces(
            texts.data, texts.starts, self.table, self.to_ascii, self._factor, _room(texts), numbers, ends
        )
        return NumberedTexts(texts, numbers[: ends[-1]], ends, int(n_unknown))

    def add(self, found: NumberedTexts) -> None:
        """Give the unknown pieces of these texts numbers."""
        texts = found.texts
        text: Int = 0
        while found.n_unknown and text < len(texts):
            text = add_pieces(
                texts.data,
                texts.starts,
                self.table,
                self.to_ascii,
                self._factor,
                _room(texts),
                found.numbers,
                found.ends,
                text,
            )
            if text < len(texts):
                self._grow(*(int(ends[text + 1] - ends[text]) for ends in (found.ends, texts.starts)))

    def number(self, texts: TextBuffer) -> NumberedTexts:
        """The numbers of all pieces, new ones included."""
        found = self.find(texts)
        self.add(found)
        return found

    def lines(self, start: int = 0) -> str:
        """The pieces, a line each, from a byte of the lines on."""
        return self.table.lines[start : self.n_line_bytes].tobytes().decode()

    def _grow(self, n_pieces: int, n_bytes: int) -> None:
        slots, lines, counts = self.table
        n, n_line_bytes = counts.tolist()
        self.table = PieceTable(
            with_room(slots, n + n_pieces, self._factor),
            grown(lines, n_line_bytes + n_pieces + n_bytes + PADDING),
            counts,
        )


def _room(texts: TextBuffer) -> tuple[Offsets, Words]:
    """Room for the bounds and the keys of the pieces of one text."""
    most = int(np.diff(texts.starts).max(initial=0)) // 2 + 1
    return np.empty(2 * most, np.int64), np.empty(most, np.uint64)


@compiled
def find_pieces(
    texts: Bytes,
    starts: Offsets,
    table: PieceTable,
    to_ascii: bool,
    factor: np.uint64,
    room: tuple[Offsets, Words],
    numbers: PieceNumbers,
    ends: Offsets,
) -> Int:
    """Write the number of each piece of each text, or -1; returns how many are unknown."""
    slots, lines = table.slots, table.lines  # taken out of the tuple once, not at each use: that costs more
    bounds, keys = room
    total, n_unknown = U(0), 0
    for text in range(len(starts) - 1):
        n = bounds_of_pieces(texts, starts[text], starts[text + 1], to_ascii, bounds)
        for i in range(n):
            key = key_of(texts, bounds[U(2 * i)], bounds[U(2 * i + 1)], factor)
            keys[U(i)] = key
            prefetch(slots, np.int64(slot_of(slots, key, factor) << U(1)))
        for i in range(n):
            number = _number_of(
                texts, bounds[U(2 * i)], bounds[U(2 * i + 1)], keys[U(i)], slots, lines, factor
            )
            numbers[total] = number
            total += U(1)
            n_unknown += number < 0
        ends[text + 1] = np.int64(total)
    return n_unknown


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


@compiled
def add_pieces(
    texts: Bytes,
    starts: Offsets,
    table: PieceTable,
    to_ascii: bool,
    factor: np.uint64,
    room: tuple[Offsets, Words],
    numbers: PieceNumbers,
    ends: Offsets,
    text: Int,
) -> Int:
    """Number the unknown pieces from a text on; returns the text for which there is no room, or n_texts."""
    slots, lines, counts, bounds = table.slots, table.lines, table.counts, room[0]
    while text < len(starts) - 1:
        first, end = ends[text], ends[text + 1]
        n_unknown = 0
        for i in range(first, end):
            n_unknown += numbers[i] < 0
        if n_unknown:
            n_bytes = starts[text + 1] - starts[text]
            if (
                end - first > (len(slots) >> 2) - counts[0]
                or end - first + n_bytes + PADDING > len(lines) - counts[1]
            ):
                return text
            bounds_of_pieces(texts, starts[text], starts[text + 1], to_ascii, bounds)
            for i in range(first, end):
                if numbers[i] < 0:
                    bound = 2 * (i - first)
                    numbers[i] = _added(texts, bounds[bound], bounds[bound + 1], slots, lines, counts, factor)
        text += 1
    return text


@inlined
def _added(
    texts: Bytes, start: Int, end: Int, slots: Words, lines: Bytes, counts: Offsets, factor: np.uint64
) -> Int:
    key = key_of(texts, start, end, factor)
    known = _number_of(texts, start, end, key, slots, lines, factor)
    if known >= 0:
        return known
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
