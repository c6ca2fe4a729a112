"""The polarity of single words in French and English: praise and blame, cooperation and tension, and reversal."""

from functools import cache, lru_cache
from importlib.resources import files

_TABLES = ("sentiment", "tone", "reversal")
_MIN_START = 3


@lru_cache(maxsize=65_536)
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
    found = []
    for wholes, starts in _lexicons():
        name = wholes.get(word)
        for n_chars in range(len(word), _MIN_START - 1, -1):
            if name is not None:
                break
            name = starts.get(word[:n_chars])
        if name is not None:
            found.append(name)
    return tuple(found)


@cache
def _lexicons() -> tuple[tuple[dict[str, str], dict[str, str]], ...]:
    """For each lexicon and language, whole words and starts of words with their names."""
    lexicons: dict[tuple[str, str], tuple[dict[str, str], dict[str, str]]] = {}
    for table in _TABLES:
        lines = (files("stance.lexicon") / "data" / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
        for lang, name, entry in (line.split("\t") for line in lines[1:]):
            wholes, starts = lexicons.setdefault((table, lang), ({}, {}))
            if entry.endswith("*"):
                starts[entry[:-1]] = f"{name}_{lang}"
            else:
                wholes[entry] = f"{name}_{lang}"
    return tuple(lexicons.values())
