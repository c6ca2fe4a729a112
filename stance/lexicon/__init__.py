"""A lexicon of cooperative and tense words: the baseline that needs no labelled statement."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from stance.lexicon.entries import table_rows
from stance.normalise import clean

TONES = ("cooperative", "tense")
"""The classes that the lexicon tells apart; more words of one than of the other decide."""

NEITHER = "neutral"
"""The class of a statement with as many words of both, where a task has it."""


@dataclass(frozen=True)
class ToneLexicon:
    """Words and stems of each tone, by language.

    Parameters
    ----------
    patterns : mapping of language to one regular expression for each of ``TONES``
    """

    patterns: Mapping[str, tuple[re.Pattern[str], ...]]

    @classmethod
    @cache
    def load(cls) -> "ToneLexicon":
        """The lexicon that ships with stance: French and English, 1,100 to 1,700 entries of each tone."""
        entries = {
            key: [entry for _, _, entry in group]
            for key, group in groupby(table_rows("tone"), key=lambda row: row[:2])
        }
        languages = dict.fromkeys(lang for lang, _ in entries)
        return cls({lang: tuple(_pattern(entries[lang, tone]) for tone in TONES) for lang in languages})

    def count(self, text: str, lang: str | None = None) -> tuple[int, int]:
        """How many cooperative and how many tense words a text has.

        Parameters
        ----------
        lang : str or None
            BCP 47 tag; a language that the lexicon does not know is looked up in all it knows.

        Examples
        --------
        >>> ToneLexicon.load().count("Paris salue l'accord malgré la crise.", "fr")
        (2, 1)
        """
        cleaned = clean(text).lower()
        known = self.patterns.get((lang or "").split("-")[0])
        chosen = [known] if known else list(self.patterns.values())
        cooperative, tense = (sum(len(pair[k].findall(cleaned)) for pair in chosen) for k in range(2))
        return cooperative, tense

    def predict(
        self, texts: Iterable[str], langs: Iterable[str | None], classes: Sequence[str], otherwise: int
    ) -> NDArray[np.int64]:
        """The class number of each text, shape (n_statements,).

        Parameters
        ----------
        classes : sequence of str
            With both ``TONES`` among them.
        otherwise : int
            Class of a text with as many words of both, where there is no class ``neutral``.
        """
        numbers = [classes.index(tone) for tone in TONES]
        undecided = classes.index(NEITHER) if NEITHER in classes else otherwise
        found = []
        for text, lang in zip(texts, langs, strict=True):
            cooperative, tense = self.count(text, lang)
            found.append(undecided if cooperative == tense else numbers[int(tense > cooperative)])
        return np.asarray(found, dtype=np.int64)


def _pattern(entries: Sequence[str]) -> re.Pattern[str]:
    """One expression for entries that are whole words, or the starts of words where they end in a star."""
    longest_first = sorted(entries, key=lambda entry: (-len(entry), entry))
    ends = (
        re.escape(e[:-1]) + r"\w*" if e.endswith("*") else re.escape(e) + r"(?!\w)" for e in longest_first
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(ends)})")
