"""A view that keeps only what praises, blames, joins, divides or reverses, by lexicons."""

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
    return " ".join(filter(None, map(_NAMED.__getitem__, _WORD.findall(text.lower()))))


def polarity_words(text: str) -> list[tuple[str, int, int]]:
    """The polarities of each word that has any, with its start and end; none where lower-casing moves the words."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return []
    found = ((_NAMED[match[0]], *match.span()) for match in _WORD.finditer(lowered))
    return [entry for entry in found if entry[0]]


def reverses(word: str) -> bool:
    """Whether the lexicons say that a lower-case word reverses what follows it.

    Examples
    --------
    >>> reverses("lifted"), reverses("sanctions")
    (True, False)
    """
    return "reversal_" in _NAMED[word]


class _Named(dict[str, str]):
    """The polarities of lower-case words with their marks, or nothing; found once for each word."""

    MOST, LONGEST = 131_072, 64

    def __missing__(self, token: str) -> str:
        marks, _, word = token.rpartition("_")
        found = self[word].split() if marks else word_polarities(word)
        names = " ".join(f"{marks}_{name}" if marks else name for name in found)
        if len(self) < self.MOST and len(token) <= self.LONGEST:
            self[token] = names
        return names


_NAMED = _Named()
