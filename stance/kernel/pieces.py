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
from stance.kernel.scan import LONG, Bytes, load, low_bytes, piece_from, spaces_in, width_of_space, window
from stance.kernel.slots import EMPTY, Int, U, Words, grown, new_slots, next_slot, slot_of, with_room
from stance.kernel.texts import TextBuffer

PieceNumbers = NDArray[np.int32]
Offsets = NDArray[np.int64]


@dataclass(frozen=True)
class NumberedTexts:
    """Texts as the numbers of their pieces.

    Parameters
    ----------
    numbers : array of shape (n_pieces,)
        Below 0, a piece that is not known yet: -1 - its first byte.
    ends : array of shape (n_texts + 1,)
        The pieces of text t are ``numbers[ends[t] : ends[t + 1]]``.
    """

    texts: TextBuffer
    numbers: PieceNumbers
    ends: NDArray[np.int64]
    n_unknown: int


class PieceTable(NamedTuple):
    """Arrays of the pieces, as compiled functions take them.

    slots : by its key, the number of each piece and, in the high half, the start of its record
    records : for each piece its number of bytes, then its bytes from a new word on
    starts : where the record of each piece starts
    counts : numbers of pieces and of words of records in use
    """

    slots: Words
    records: Words
    starts: Offsets
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
        self.table = PieceTable(
            new_slots(0), np.zeros(1, np.uint64), np.zeros(1, np.int64), np.zeros(2, np.int64)
        )

    def __len__(self) -> int:
        return int(self.table.counts[0])

    @property
    def n_bytes(self) -> int:
        """Memory of the table."""
        return sum(array.nbytes for array in self.table)

    def find(self, texts: TextBuffer) -> NumberedTexts:
        """The numbers of pieces that are known; several threads may ask at once."""
        numbers = np.empty((int(texts.starts[-1] - texts.starts[0]) + len(texts)) // 2, np.int32)
        ends = np.zeros(len(texts) + 1, np.int64)
        n_unknown = find_pieces(
            texts.data, texts.starts, self.table, self.to_ascii, self._factor, numbers, ends
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

    def lines(self, first: int = 0) -> str:
        """The pieces from a number on, a line each."""
        bounds = np.zeros(len(self) - first + 1, np.int64)
        np.cumsum(self.table.records[self.table.starts[first : len(self)]] + U(1), out=bounds[1:])
        joined = np.full(bounds[-1], ord("\n"), np.uint8)
        join_pieces(self.table, first, bounds, joined)
        return joined.tobytes().decode()

    def _grow(self, n_pieces: int, n_bytes: int) -> None:
        slots, records, starts, counts = self.table
        n, n_words = counts.tolist()
        self.table = PieceTable(
            with_room(slots, n + n_pieces, self._factor),
            grown(records, n_words + 2 * n_pieces + n_bytes // 8),
            grown(starts, n + n_pieces),
            counts,
        )


@compiled
def find_pieces(
    texts: Bytes,
    starts: Offsets,
    table: PieceTable,
    to_ascii: bool,
    factor: np.uint64,
    numbers: PieceNumbers,
    ends: Offsets,
) -> Int:
    """Write the number of each piece of each text, or -1 - its first byte; returns how many are unknown."""
    slots, records = (
        table.slots,
        table.records,
    )  # taken out of the tuple once, not at each use: that costs more
    total, n_unknown = 0, 0
    for text in range(len(starts) - 1):
        position, end = starts[text], starts[text + 1]
        while position < end:
            x = window(texts, position, end)
            flags = spaces_in(texts, position, end, x, to_ascii)
            if flags & U(0x80):
                position += width_of_space(texts, position, end, to_ascii)
                continue
            n_bytes, key = piece_from(texts, position, end, x, flags, to_ascii, factor)
            number = _number_of(texts, position, n_bytes, key, slots, records, factor)
            if number < 0:
                number = -1 - position
                n_unknown += 1
            numbers[total] = number
            total += 1
            position += n_bytes
        ends[text + 1] = total
    return n_unknown


@inlined
def _number_of(
    texts: Bytes, start: Int, n_bytes: Int, key: np.uint64, slots: Words, records: Words, factor: np.uint64
) -> Int:
    """The number of a piece, or -1."""
    slot = slot_of(slots, key, factor)
    found = slots[slot << U(1)]
    while found != EMPTY:
        if found == key:
            value = slots[(slot << U(1)) + U(1)]
            if key < LONG or _same(texts, start, n_bytes, records, value >> U(32)):
                return np.int64(value & U(0xFFFFFFFF))
        slot = next_slot(slots, slot)
        found = slots[slot << U(1)]
    return -1


@inlined
def _same(texts: Bytes, start: Int, n_bytes: Int, records: Words, record: np.uint64) -> bool:
    if records[record] != U(n_bytes):
        return False
    rest = n_bytes & 7
    for i in range(n_bytes >> 3):
        if records[record + U(i + 1)] != load(texts, start + 8 * i):
            return False
    last = load(texts, start + n_bytes - rest) & low_bytes(rest)
    return records[record + U((n_bytes >> 3) + 1)] == last


@compiled
def add_pieces(
    texts: Bytes,
    starts: Offsets,
    table: PieceTable,
    to_ascii: bool,
    factor: np.uint64,
    numbers: PieceNumbers,
    ends: Offsets,
    text: Int,
) -> Int:
    """Number the unknown pieces from a text on; returns the text for which there is no room, or n_texts."""
    slots, counts = table.slots, table.counts
    while text < len(starts) - 1:
        n_pieces, n_bytes = ends[text + 1] - ends[text], starts[text + 1] - starts[text]
        room = min(len(slots) >> 2, len(table.starts)) - counts[0]
        if n_pieces > room or 2 * n_pieces + n_bytes // 8 > len(table.records) - counts[1]:
            return text
        for i in range(ends[text], ends[text + 1]):
            if numbers[i] < 0:
                start = np.int64(-1 - numbers[i])
                numbers[i] = _added(texts, start, starts[text + 1], table, to_ascii, factor)
        text += 1
    return text


@inlined
def _added(texts: Bytes, start: Int, end: Int, table: PieceTable, to_ascii: bool, factor: np.uint64) -> Int:
    slots, records, counts = table.slots, table.records, table.counts
    x = window(texts, start, end)
    flags = spaces_in(texts, start, end, x, to_ascii)
    n_bytes, key = piece_from(texts, start, end, x, flags, to_ascii, factor)
    known = _number_of(texts, start, n_bytes, key, slots, records, factor)
    if known >= 0:
        return known
    slot = slot_of(slots, key, factor)
    while slots[slot << U(1)] != EMPTY:
        slot = next_slot(slots, slot)
    number, record = counts[0], counts[1]
    slots[slot << U(1)] = key
    slots[(slot << U(1)) + U(1)] = U(number) | (U(record) << U(32))
    table.starts[number] = record
    records[record] = U(n_bytes)
    rest = n_bytes & 7
    for i in range(n_bytes >> 3):
        records[record + 1 + i] = load(texts, start + 8 * i)
    records[record + 1 + (n_bytes >> 3)] = load(texts, start + n_bytes - rest) & low_bytes(rest)
    counts[0] += 1
    counts[1] += (n_bytes >> 3) + 2
    return number


@compiled
def join_pieces(table: PieceTable, first: Int, bounds: Offsets, joined: NDArray[np.uint8]) -> None:
    """Write the bytes of the pieces from a number on, each from its bound on."""
    for i in range(len(bounds) - 1):
        start = table.starts[first + i] + 1
        for j in range(bounds[i + 1] - bounds[i] - 1):
            joined[bounds[i] + j] = (table.records[start + (j >> 3)] >> (U(j & 7) << U(3))) & U(255)
