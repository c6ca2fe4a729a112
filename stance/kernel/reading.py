"""How a block reads pieces: prepared by the block itself, then cut into words or runs of characters.

Everything that makes a term of a text happens inside one piece, so it is done by Python's own ``str`` and ``re``,
once for each different piece; no rule of Unicode is written down a second time here.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import ReadingBlock
from stance.kernel.texts import TextBuffer
from stance.normalise import clean


def prepared(block: ReadingBlock, lines: str) -> str:
    """Pieces, a line each, cleaned, lower-cased and stripped as the block wants them."""
    return block.prepare(clean(lines))


class WordReader:
    """Finds the words of pieces as a block does; made once, as the settings of a block are checked when it is made."""

    def __init__(self, block: ReadingBlock) -> None:
        self._block = replace(block, token_pattern=block.token_pattern + r"|\n")

    def __call__(self, lines: str) -> TextBuffer:
        """The words of each piece, a line each, as a text of words; all are read at once, ends of lines being words."""
        return TextBuffer.of_lines(" ".join(self._block.tokenize()(prepared(self._block, lines))))


def characters_of(block: ReadingBlock, lines: str) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The characters of all pieces with spaces around them, and the ends of pieces; the last character ends the line.

    Stripping accents may leave spaces inside a piece; these are doubled, so that each run has its own two.
    """
    padded = " " + prepared(block, lines).replace(" ", "  ").replace("\n", " \n ")
    codes = np.frombuffer(padded.encode("utf-32-le"), np.uint32).copy()
    return codes, np.concatenate([[0], np.flatnonzero(codes == ord("\n")) + 1])
