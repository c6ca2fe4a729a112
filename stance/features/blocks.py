"""One TF-IDF block: its settings, and how a text becomes its terms."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le

from stance.errors import ConfigError
from stance.features.patterns import FRENCH_ENGLISH_TOKENS, check_token_pattern
from stance.fields import check_field
from stance.settings import ASKED

_WHITE_SPACES = re.compile(r"\s\s+")


@dataclass(frozen=True, kw_only=True)
class Block:
    """One TF-IDF vectoriser over one field, with scikit-learn's parameters and meaning.

    Parameters
    ----------
    field : str
        What it reads: ``text``, ``target``, or views made of them, joined by ``+`` (see ``stance.fields``).
    analyzer : str
        ``word``, ``char_wb`` (characters inside words) or ``char``.
    ngram_range : pair of int
    min_df, max_df : int or float
        A count of statements, or with a decimal point a fraction of them.
    max_features : int or None
        Keep the most frequent terms only.
    stems : str or None
        Snowball language, for instance ``french``.
    weight : float
        Factor on the block's values beside the other blocks.
    """

    field: str = dataclass_field(default="text", metadata=ASKED)
    analyzer: Literal["word", "char_wb", "char"] = "word"
    ngram_range: tuple[Annotated[int, Ge(1), Le(12)], Annotated[int, Ge(1), Le(12)]] = (1, 1)
    min_df: Annotated[int, Ge(1)] | Annotated[float, Gt(0), Le(1)] = 1
    max_df: Annotated[int, Ge(1)] | Annotated[float, Gt(0), Le(1)] = 1.0
    max_features: Annotated[int, Ge(1)] | None = None
    lowercase: bool = True
    strip_accents: Literal["unicode", "ascii"] | None = None
    token_pattern: str = FRENCH_ENGLISH_TOKENS
    stop_words: tuple[str, ...] = ()
    stems: str | None = None
    binary: bool = False
    use_idf: bool = True
    smooth_idf: bool = True
    sublinear_tf: bool = False
    norm: Literal["l1", "l2"] | None = "l2"
    weight: Annotated[float, Gt(0), Le(1000)] = 1.0

    def __post_init__(self) -> None:
        check_field(self.field)
        low, high = self.ngram_range
        if low > high:
            raise ConfigError(
                f"features: ngram_range is [{low}, {high}]; the first number must not exceed the second."
            )
        check_token_pattern(self.token_pattern)
        if self.stems is not None:
            _stemmer(self.stems)

    @property
    def has_known_pattern(self) -> bool:
        """Whether the tokens are those of a pattern that is known to find the words of texts."""
        return self.token_pattern in KNOWN_PATTERNS

    def analyze(self) -> Callable[[str], list[str]]:
        """The function from a clean text to its terms, one entry per occurrence."""
        if self.analyzer == "char_wb":
            return lambda text: _char_wb_ngrams(self.prepare(text), *self.ngram_range)
        if self.analyzer == "char":
            return lambda text: _char_ngrams(self.prepare(text), *self.ngram_range)
        tokenize = self.tokenize()
        return lambda text: _word_ngrams(tokenize(self.prepare(text)), *self.ngram_range)

    def prepare(self, text: str) -> str:
        """A clean text lower-cased and stripped of accents as the settings say."""
        if self.lowercase:
            text = text.lower()
        return strip_accents(text, self.strip_accents) if self.strip_accents else text

    def tokenize(self) -> Callable[[str], list[str]]:
        """The function from a prepared text to its tokens: pattern, stop words, stems."""
        find = re.compile(self.token_pattern).findall
        stop = frozenset(self.stop_words)
        if self.stems is None:
            return (lambda text: [t for t in find(text) if t not in stop]) if stop else find
        stem = _stemmer(self.stems)
        return lambda text: stem([t for t in find(text) if t not in stop])


KNOWN_PATTERNS = frozenset({FRENCH_ENGLISH_TOKENS, r"(?u)\b\w\w+\b", r"(?u)\b\w+\b", r"\w+"})


def strip_accents(text: str, how: Literal["unicode", "ascii"]) -> str:
    """Letters without their marks, as scikit-learn's two methods do it."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    if how == "ascii":
        return decomposed.encode("ascii", "ignore").decode("ascii")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _stemmer(language: str) -> Callable[[list[str]], list[str]]:
    import Stemmer

    if language not in Stemmer.algorithms():
        raise ConfigError(
            f"features: stems is '{language}'; one of {sorted(Stemmer.algorithms())} is needed."
        )
    stem: Callable[[list[str]], list[str]] = Stemmer.Stemmer(language).stemWords
    return stem


def _word_ngrams(tokens: list[str], low: int, high: int) -> list[str]:
    if low == high == 1:
        return tokens
    n_tokens = len(tokens)
    return [
        " ".join(tokens[i : i + n])
        for n in range(low, min(high, n_tokens) + 1)
        for i in range(n_tokens - n + 1)
    ]


def word_ngram_spans(block: Block, prepared: str) -> Iterator[tuple[str, int, int]]:
    """Each word n-gram of a prepared text with where it starts and ends."""
    stop = frozenset(block.stop_words)
    found = [m for m in re.finditer(block.token_pattern, prepared) if m.group() not in stop]
    tokens = [m.group() for m in found]
    if block.stems is not None:
        tokens = _stemmer(block.stems)(tokens)
    low, high = block.ngram_range
    for n in range(low, min(high, len(found)) + 1):
        for i in range(len(found) - n + 1):
            yield " ".join(tokens[i : i + n]), found[i].start(), found[i + n - 1].end()


def _char_ngrams(text: str, low: int, high: int) -> list[str]:
    text = _WHITE_SPACES.sub(" ", text)
    n_chars = len(text)
    return [text[i : i + n] for n in range(low, min(high, n_chars) + 1) for i in range(n_chars - n + 1)]


def _char_wb_ngrams(text: str, low: int, high: int) -> list[str]:
    grams: list[str] = []
    for word in text.split():
        padded = f" {word} "
        n_chars = len(padded)
        for n in range(low, high + 1):
            grams += [padded[i : i + n] for i in range(max(1, n_chars - n + 1))]
            if n >= n_chars:  # a word shorter than n counts once, whole
                break
    return grams
