"""What the kernel needs to know of a TF-IDF block."""

from collections.abc import Callable
from typing import Any, ClassVar, Literal, Protocol, TypeAlias

Accents: TypeAlias = Literal["unicode", "ascii"] | None


class ReadingBlock(Protocol):
    """Settings that decide which terms a text has; a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def field(self) -> str:
        """Name of the texts it reads."""

    @property
    def analyzer(self) -> Literal["word", "char_wb", "char"]:
        """What n-grams are made of."""

    @property
    def ngram_range(self) -> tuple[int, int]:
        """The least and the greatest n."""

    @property
    def lowercase(self) -> bool:
        """Whether letters are made small."""

    @property
    def strip_accents(self) -> Accents:
        """How marks are taken off letters."""

    @property
    def token_pattern(self) -> str:
        """Regular expression of a word."""

    @property
    def stop_words(self) -> tuple[str, ...]:
        """Words left out."""

    @property
    def stems(self) -> str | None:
        """Language whose stems stand for words."""

    def prepare(self, text: str) -> str:
        """A clean text lower-cased and stripped of accents."""

    def tokenize(self) -> Callable[[str], list[str]]:
        """The function from a prepared text to its words."""


class WeighingBlock(ReadingBlock, Protocol):
    """And settings that decide what a term weighs."""

    @property
    def binary(self) -> bool:
        """Whether only presence counts."""

    @property
    def sublinear_tf(self) -> bool:
        """Whether a term frequency is 1 + its logarithm."""

    @property
    def norm(self) -> Literal["l1", "l2"] | None:
        """The norm that is 1 for each text."""

    @property
    def weight(self) -> float:
        """Factor on all values."""
