"""A view that keeps only what praises and what blames, by a lexicon."""

import re
from functools import lru_cache

from stance.lexicon.polarity import word_polarities

_WORD = re.compile(r"\w+")


def polarity(text: str) -> str:
    """The polarity of each word that the lexicons know, in the order of the text, one token a word and language.

    What other views put before a word with an underscore stays before its polarity.

    Examples
    --------
    >>> polarity("A good start, not_good for all")
    'praise_en not_praise_en'
    """
    return " ".join(filter(None, map(_named, _WORD.findall(text.lower()))))


@lru_cache(maxsize=131_072)
def _named(token: str) -> str:
    """The polarities of a lower-case word with its marks, or nothing."""
    marks, _, word = token.rpartition("_")
    return " ".join(f"{marks}_{name}" if marks else name for name in word_polarities(word))
