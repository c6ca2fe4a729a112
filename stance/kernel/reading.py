"""How a block reads pieces: prepared by the block itself, then cut into words or runs of characters.

Everything that makes a term of a text happens inside one piece, so it is done by Python's own ``str`` and ``re``,
once for each different piece; no rule of Unicode is written down a second time here.
"""

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import ReadingBlock
from stance.kernel.texts import TextBuffer
from stance.normalise import clean


def prepared(block: ReadingBlock, pieces: list[str]) -> list[str]:
    """Each piece cleaned, lower-cased and stripped as the block wants it."""
    return block.prepare(clean("\n".join(pieces))).split("\n")


def words_of(block: ReadingBlock, pieces: list[str]) -> TextBuffer:
    """The words of each piece, as a text of words."""
    tokenize = block.tokenize()
    return TextBuffer.of_lines([" ".join(tokenize(piece)) for piece in prepared(block, pieces)])


def characters_of(block: ReadingBlock, pieces: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The runs of characters of all pieces, each with a space before and after it, and the end of each piece.

    A piece is one run, unless stripping accents has left a space in it, or cleaning nothing of it.
    """
    padded = ["".join(f" {run} " for run in piece.split()) for piece in prepared(block, pieces)]
    ends = np.zeros(len(padded) + 1, np.int64)
    np.cumsum([len(piece) for piece in padded], out=ends[1:])
    return np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32).copy(), ends
