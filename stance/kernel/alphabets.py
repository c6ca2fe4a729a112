"""Characters that a block reads alike wherever they stand, found by having the block itself read each of them.

Lower-casing, NFC, the stripping of accents and what a word is are asked of Python's own ``str``, ``unicodedata`` and
``re``, character by character: no rule of Unicode is written down a second time.
"""

import re
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import Accents, ReadingBlock
from stance.kernel.runs import runs_of
from stance.normalise import clean, joins

Alphabet = NDArray[np.uint32]
"""An entry for each code point below ``N_CODES``; 0 where the character alone does not say how it is read."""

N_CODES = 0x2100
"""Below are the letters of all writing but East Asian, and punctuation; they are read in some 10 ms."""
IN_WORD = 1 << 31
N_BYTES = 24
"""In an entry of a word alphabet: the place of the number of bytes, which stand below."""


def character_alphabet(block: ReadingBlock) -> Alphabet:
    """The code point that each character becomes."""
    return _alphabets(type(block), block.lowercase, block.strip_accents)[0]


def word_alphabet(block: ReadingBlock) -> tuple[Alphabet, int]:
    """The bytes that each character becomes, their number and whether it is in a word; and the least length of a word.

    Characters that make words other than runs of word characters are left out: all, if the block has other words,
    leaves some out or takes their stems.
    """
    becomes, entries = _alphabets(type(block), block.lowercase, block.strip_accents)
    runs = runs_of(block.token_pattern)
    if runs is None or block.stop_words or block.stems is not None:
        return np.zeros_like(entries), 1
    return np.where(np.isin(becomes, [*map(ord, runs.without)]), 0, entries).astype(np.uint32), runs.least


@cache
def _alphabets(
    kind: Callable[..., ReadingBlock], lowercase: bool, strip_accents: Accents
) -> tuple[Alphabet, Alphabet]:
    """The code points and the entries of words for all blocks with these settings."""
    characters, words = np.zeros(N_CODES, np.uint32), np.zeros(N_CODES, np.uint32)
    for character, read in read_alike(kind(lowercase=lowercase, strip_accents=strip_accents)).items():
        code, in_word = read.encode(), re.match(r"\w", read) is not None
        characters[ord(character)] = ord(read)
        words[ord(character)] = int.from_bytes(code, "little") | len(code) << N_BYTES | in_word * IN_WORD
    return characters, words


def read_alike(block: ReadingBlock) -> dict[str, str]:
    """What a block makes of each character that it reads alike in every piece, one for one.

    Left out is what becomes nothing, a space or several characters (İ), what is read otherwise behind a letter (Σ),
    and what may join the character before it.
    """
    every = [chr(code) for code in range(1, N_CODES) if not chr(code).isspace()]
    alone = prepared(block, "\n".join(every)).split("\n")
    behind = prepared(block, "a" + "\na".join(every)).split("\n")
    return {
        character: read
        for character, read, read_behind in zip(every, alone, behind, strict=True)
        if len(read) == 1 and read != " " and read_behind == "a" + read and not joins(character)
    }


def prepared(block: ReadingBlock, lines: str) -> str:
    """Pieces, a line each, cleaned, lower-cased and stripped as the block wants them."""
    return block.prepare(clean(lines))
