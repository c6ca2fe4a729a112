"""A view that keeps only what praises and what blames, by a lexicon."""

import re

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
    found = []
    for token in _WORD.findall(text.lower()):
        marks, _, word = token.rpartition("_")
        found += [f"{marks}_{name}" if marks else name for name in word_polarities(word)]
    return " ".join(found)
