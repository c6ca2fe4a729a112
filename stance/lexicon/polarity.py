"""The polarity of single words in French and English: praise and blame, cooperation and tension, and reversal."""

import hashlib
from functools import cache

from stance.lexicon.entries import table_bytes, table_rows

_TABLES = ("sentiment", "tone", "reversal")
_MIN_START = 3

Entries = dict[str, list[tuple[int, str]]]


def word_polarities(word: str) -> tuple[str, ...]:
    """What the lexicons call a lower-case word, as ``praise_en``; a word may be of both languages.

    A whole word is looked for first, then the longest start of a word. Reversal comes last, next to what it reverses.

    Examples
    --------
    >>> word_polarities("lovely")
    ('praise_en',)
    >>> word_polarities("lifted")
    ('cooperative_en', 'reversal_en')
    """
    wholes, starts, most_chars = _entries()
    found = dict(wholes.get(word, ()))
    for n_chars in range(min(len(word), most_chars.get(word[:_MIN_START], 0)), _MIN_START - 1, -1):
        for lexicon, name in starts.get(word[:n_chars], ()):
            found.setdefault(lexicon, name)
    return tuple(found[lexicon] for lexicon in sorted(found))


@cache
def lexicon_digest() -> str:
    """SHA-256 of all tables: what a model that reads polarities was trained with, and must be used with."""
    return hashlib.sha256(b"".join(map(table_bytes, _TABLES))).hexdigest()


@cache
def _entries() -> tuple[Entries, Entries, dict[str, int]]:
    """Whole words and starts of words, each with the lexicons that hold it and what these call it.

    And how long the longest start is that begins with some letters, so that most words are looked up only once.
    """
    lexicons: dict[tuple[str, str], int] = {}
    wholes: Entries = {}
    starts: Entries = {}
    for table in _TABLES:
        for lang, name, entry in table_rows(table):
            number = lexicons.setdefault((table, lang), len(lexicons))
            is_start = entry.endswith("*")
            named = (starts if is_start else wholes).setdefault(entry.removesuffix("*"), [])
            named.append((number, f"{name}_{lang}"))
    most_chars: dict[str, int] = {}
    for start in sorted(starts, key=len):
        most_chars[start[:_MIN_START]] = len(start)
    return wholes, starts, most_chars
