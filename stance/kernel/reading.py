"""How a block reads pieces: prepared by the block itself, then cut into words or runs of characters.

Everything that makes a term of a text happens inside one piece, so it is done by Python's own ``str`` and ``re``,
once for each different piece; no rule of Unicode is written down a second time here.
"""

from collections.abc import Callable
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from stance.kernel.texts import TextBuffer, as_arrow
from stance.normalise import clean


class ReadingBlock(Protocol):
    """What the kernel needs to know of a TF-IDF block (see ``stance.features.Block``)."""

    @property
    def field(self) -> str: ...
    @property
    def analyzer(self) -> Literal["word", "char_wb", "char"]: ...
    @property
    def ngram_range(self) -> tuple[int, int]: ...
    @property
    def strip_accents(self) -> Literal["unicode", "ascii"] | None: ...
    @property
    def token_pattern(self) -> str: ...
    @property
    def binary(self) -> bool: ...
    @property
    def use_idf(self) -> bool: ...
    @property
    def smooth_idf(self) -> bool: ...
    @property
    def sublinear_tf(self) -> bool: ...
    @property
    def norm(self) -> Literal["l1", "l2"] | None: ...
    @property
    def weight(self) -> float: ...
    @property
    def min_df(self) -> int | float: ...
    @property
    def max_df(self) -> int | float: ...
    @property
    def max_features(self) -> int | None: ...
    def prepare(self, text: str) -> str: ...
    def tokenize(self) -> Callable[[str], list[str]]: ...


def prepared(block: ReadingBlock, pieces: list[str]) -> list[str]:
    """Each piece cleaned, lower-cased and stripped as the block wants it."""
    return block.prepare(clean("\n".join(pieces))).split("\n")


def words_of(block: ReadingBlock, pieces: list[str]) -> TextBuffer:
    """The words of each piece, as a text of words."""
    tokenize = block.tokenize()
    return TextBuffer.of(as_arrow([" ".join(tokenize(piece)) for piece in prepared(block, pieces)]))


def characters_of(block: ReadingBlock, pieces: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The runs of characters of all pieces, each with a space before and after it, and the end of each piece.

    A piece is one run, unless stripping accents has left a space in it, or cleaning nothing of it.
    """
    padded = ["".join(f" {run} " for run in piece.split()) for piece in prepared(block, pieces)]
    ends = np.zeros(len(padded) + 1, np.int64)
    np.cumsum([len(piece) for piece in padded], out=ends[1:])
    return np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32).copy(), ends
