"""How a block reads pieces: as words, or as runs of characters.

Everything that makes a term of a text happens inside one piece, so each different piece is read once. Pieces of
characters that the block reads alike everywhere are read in compiled code, by an alphabet; all others by the block
itself, with Python's own ``str`` and ``re``.
"""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from stance.kernel.alphabets import (
    IN_WORD,
    N_BYTES,
    N_CODES,
    Alphabet,
    character_alphabet,
    prepared,
    word_alphabet,
)
from stance.kernel.blocks import ReadingBlock
from stance.kernel.compiled import compiled, inlined
from stance.kernel.scan import Bytes
from stance.kernel.slots import Int
from stance.kernel.texts import NEW_LINE, PADDING, TextBuffer

Codes = NDArray[np.uint32]
T = TypeVar("T", Bytes, Codes)
Offsets = NDArray[np.int64]

SPACE = ord(" ")


class WordReader:
    """Finds the words of pieces as a block does; made once, as the settings of a block are checked when it is made."""

    def __init__(self, block: ReadingBlock) -> None:
        self._block = replace(block, token_pattern=block.token_pattern + r"|\n")
        self._alphabet, self._least = word_alphabet(block)

    def __call__(self, lines: Bytes) -> TextBuffer:
        """The words of each piece, a line each, as a text of words."""
        others = self._read(_other_lines(lines, self._alphabet))
        n_bytes = len(lines) * 3 // 2 + len(others.data) + PADDING  # two bytes may become three
        words = TextBuffer(np.zeros(n_bytes, np.uint8), np.zeros(_n_lines(lines) + 1, np.int64))
        read_words(lines, self._alphabet, self._least, others.data, others.starts, words.data, words.starts)
        return words

    def _read(self, lines: str) -> TextBuffer:
        """The same by the block itself; all are read at once, ends of lines being words."""
        return TextBuffer.of_lines(" ".join(self._block.tokenize()(prepared(self._block, lines))))


class CharacterReader:
    """Lists the characters of pieces as a block reads them."""

    def __init__(self, block: ReadingBlock) -> None:
        self._block, self._alphabet = block, character_alphabet(block)

    def __call__(self, lines: Bytes) -> tuple[Codes, Offsets]:
        """The characters of all pieces with spaces around them, and the ends of pieces; the last ends the line."""
        others, other_ends = self._read(_other_lines(lines, self._alphabet))
        ends = np.zeros(_n_lines(lines) + 1, np.int64)
        codes = np.empty(len(lines) + 2 * len(ends) + len(others), np.uint32)
        read_characters(lines, self._alphabet, others, other_ends, codes, ends)
        return codes[: ends[-1]], ends

    def _read(self, lines: str) -> tuple[Codes, Offsets]:
        """The same by the block itself.

        Stripping accents may leave spaces inside a piece; these are doubled, so that each run has its own two.
        """
        padded = " " + prepared(self._block, lines).replace(" ", "  ").replace("\n", " \n ")
        codes = np.frombuffer(padded.encode("utf-32-le"), np.uint32)
        return codes, np.concatenate([[0], np.flatnonzero(codes == NEW_LINE) + 1])


def _n_lines(lines: Bytes) -> int:
    return int(np.count_nonzero(lines == NEW_LINE))


def _other_lines(lines: Bytes, alphabet: Alphabet) -> str:
    """Lines with a character that is not in the alphabet."""
    others = np.empty_like(lines)
    return others[: copy_other_lines(lines, alphabet, others)].tobytes().decode()


@inlined
def _code(lines: Bytes, position: Int) -> tuple[Int, Int]:
    """The code point that starts at a position, or 0 where it is not in any alphabet, and the number of its bytes."""
    first = np.int64(lines[position])
    if first < 0x80:
        return first, 1
    second = np.int64(lines[position + 1]) & 0x3F
    if first < 0xE0:
        return (first & 0x1F) << 6 | second, 2
    code = (first & 0x0F) << 12 | second << 6 | np.int64(lines[position + 2]) & 0x3F
    return (code if first < 0xF0 and code < N_CODES else 0), (3 if first < 0xF0 else 4)


@compiled
def copy_other_lines(lines: Bytes, alphabet: Alphabet, others: Bytes) -> Int:
    """Copy the lines with a character that is not in the alphabet; returns the number of bytes."""
    n, start, position, is_other = 0, 0, 0, False
    while position < len(lines):
        if lines[position] == NEW_LINE:
            position += 1
            if is_other:
                for i in range(start, position):
                    others[n] = lines[i]
                    n += 1
            start, is_other = position, False
        else:
            code, width = _code(lines, position)
            is_other |= alphabet[code] == 0
            position += width
    return n


@inlined
def _copy_line(others: T, bounds: Offsets, line: Int, written: T, start: Int) -> Int:
    """Write a line that was read by the block itself; returns where it ends."""
    n = start
    for i in range(bounds[line], bounds[line + 1]):
        written[n] = others[i]
        n += 1
    return n


@compiled
def read_words(
    lines: Bytes,
    alphabet: Alphabet,
    least: Int,
    others: Bytes,
    other_starts: Offsets,
    words: Bytes,
    starts: Offsets,
) -> None:
    """Write the words of each line, each with a space behind it; the words of other lines are given."""
    n: Int = 0
    line, other, position = 0, 0, 0
    while position < len(lines):
        word, n_in_word, is_other = n, 0, False
        at_end = False
        while not at_end:
            at_end = lines[position] == NEW_LINE
            code, width = _code(lines, position)
            entry = np.int64(alphabet[code])
            position += width
            is_other |= entry == 0 and not at_end
            if entry & IN_WORD:
                for i in range(3):
                    words[n + i] = np.uint8(entry >> (8 * i))
                n += (entry >> N_BYTES) & 3
                n_in_word += 1
            elif n_in_word:
                words[n] = SPACE
                n = word if n_in_word < least else n + 1
                word, n_in_word = n, 0
        if is_other:
            n = _copy_line(others, other_starts, other, words, starts[line])
            other += 1
        line += 1
        starts[line] = n


@compiled
def read_characters(
    lines: Bytes, alphabet: Alphabet, others: Codes, other_ends: Offsets, codes: Codes, ends: Offsets
) -> None:
    """Write the characters of each line between spaces, and a line feed; those of other lines are given."""
    n, line, other, position = 0, 0, 0, 0
    while position < len(lines):
        is_other = False
        codes[n] = SPACE
        n += 1
        while lines[position] != NEW_LINE:
            code, width = _code(lines, position)
            codes[n] = alphabet[code]
            is_other |= codes[n] == 0
            position += width
            n += 1
        codes[n], codes[n + 1] = SPACE, NEW_LINE
        n, position = n + 2, position + 1
        if is_other:
            n = _copy_line(others, other_ends, other, codes, ends[line])
            other += 1
        line += 1
        ends[line] = n
