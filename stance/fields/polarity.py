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
    return " ".join(filter(None, map(_NAMED.__getitem__, _WORD.findall(text.lower()))))


class _Named(dict[str, str]):
    """The polarities of lower-case words with their marks, or nothing; found once for each word."""

    MOST = 131_072

    def __missing__(self, token: str) -> str:
        marks, _, word = token.rpartition("_")
        names = " ".join(f"{marks}_{name}" if marks else name for name in word_polarities(word))
        if len(self) < self.MOST:
            self[token] = names
        return names


_NAMED = _Named()
