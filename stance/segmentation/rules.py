"""Abbreviations and sentence openers of each language, from tables that ship beside this module."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from stance.languages import identify
from stance.records import UNDETERMINED

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE_CHARS = 2000
# Share of small words below which a text is in none of the languages.
_SMALLEST_SHARE = 0.15

LANGUAGES = ("de", "en", "es", "fr", "it", "pt")


@dataclass(frozen=True, slots=True)
class Rules:
    """Words that decide whether a full stop ends a sentence.

    Parameters
    ----------
    titles : frozenset of str
        Abbreviations that always stand before a name: no sentence ends there.
    before_numbers : frozenset of str
        Abbreviations when a number follows (art. 5).
    others : frozenset of str
        Abbreviations that may end a sentence: it ends only if a starter follows.
    clock, after_clock : frozenset of str
        ``a.m.``, and what may follow it within its sentence (``Tuesday``).
    starters : frozenset of str
        Lower-case words that open sentences and never names.
    lower_case : frozenset of str
        All abbreviations in lower case.
    """

    lang: str
    titles: frozenset[str]
    before_numbers: frozenset[str]
    others: frozenset[str]
    clock: frozenset[str]
    after_clock: frozenset[str]
    starters: frozenset[str]
    lower_case: frozenset[str]


@cache
def rules(lang: str) -> Rules:
    """The rules of a language; those of English for one that has no table."""
    lang = lang if lang in LANGUAGES else "en"
    table = files("stance.segmentation").joinpath(f"rules_{lang}.tsv").read_text(encoding="utf-8")
    rows = dict(line.split("\t") for line in table.splitlines())

    def words(name: str) -> frozenset[str]:
        return frozenset(rows[name].split(", ")) if name in rows else frozenset()

    titles, numbers, others, clock = (words(name) for name in ("title", "number", "other", "clock"))
    lower_case = frozenset(word.lower() for word in titles | numbers | others | clock)
    return Rules(lang, titles, numbers, others, clock, words("after clock"), words("starter"), lower_case)


def rules_language(text: str, lang: str | None) -> str:
    """The language whose rules a text is read by: its own where there are rules for it, else ``und``.

    Examples
    --------
    >>> rules_language("The talks have ended.", "en-GB"), rules_language("Les pourparlers ont pris fin.", None)
    ('en', 'fr')
    """
    if lang and lang != UNDETERMINED:
        primary = lang.lower().split("-")[0]
        return primary if primary in LANGUAGES else UNDETERMINED
    found = identify(text)
    return found if found in LANGUAGES else _language_of_small_words(text)


def _language_of_small_words(text: str) -> str:
    """The language that most words are openers of, where they are many: for texts of no sure language."""
    words = _WORD.findall(text[:_SAMPLE_CHARS].lower())
    counts = {language: sum(word in rules(language).starters for word in words) for language in LANGUAGES}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > _SMALLEST_SHARE * len(words) else UNDETERMINED
