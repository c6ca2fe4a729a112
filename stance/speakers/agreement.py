"""Whether a pronoun can stand for a named speaker."""

import re
from collections.abc import Collection

from stance.speakers.reading import Reading, read

_PLURAL_WORDS = frozenset({
    "les", "des", "deux", "trois", "plusieurs", "certains", "certaines", "ces", "ses", "leurs", "two", "three",
    "several", "some", "these", "many", "both",
})  # fmt: skip
_FEMININE = frozenset(
    {"la", "une", "mme", "mme.", "mlle", "cette", "sa", "mrs", "mrs.", "ms", "ms.", "spokeswoman", "queen"}
)
_MASCULINE = frozenset({"le", "un", "m.", "ce", "mr", "mr.", "spokesman", "king", "pope"})
_TWO_NAMES = re.compile(r"[A-ZÀ-Þ][\w'-]*[.]? [A-ZÀ-Þ]")
_OPENING_CHARS = 100
_PERSONAL = frozenset("tFsj")
_PLURAL_PRONOUNS = frozenset(
    {"ils", "elles", "eux", "they", "them", "ces derniers", "ces dernières", "ceux-ci", "celles-ci"}
)
_EXCLUDED = {
    "il": _FEMININE, "ce dernier": _FEMININE, "celui-ci": _FEMININE,
    "lui": _FEMININE, "et": frozenset(), "elle": _MASCULINE, "cette dernière": _MASCULINE, "celle-ci": _MASCULINE,
    "he": _FEMININE, "him": _FEMININE, "she": _MASCULINE, "it": frozenset(),
}  # fmt: skip
"""Words that a name must not have for a pronoun to stand for it."""


def agrees(pronoun: str, name: str, lang: str, people: Collection[str] = ()) -> bool:
    """Whether number, gender and, in English, personhood of a name allow a pronoun.

    Parameters
    ----------
    people : collection of str
        Surnames that are known to be those of persons.

    Examples
    --------
    >>> agrees("she", "Mr. Smith", "en"), agrees("a-t-elle", "la ministre", "fr")
    (False, True)
    """
    reading = read(name, lang)
    words = [word.lower() for word in reading.words]
    base = pronoun if pronoun in _EXCLUDED or pronoun in _PLURAL_PRONOUNS else pronoun.rpartition("-")[2]
    plural = _is_plural(words, reading)
    if base in _PLURAL_PRONOUNS or plural:
        return plural and base in _PLURAL_PRONOUNS
    if base not in _EXCLUDED or not _EXCLUDED[base].isdisjoint(words[:1] if lang == "fr" else words):
        return False
    return lang != "en" or (base == "it") == (name not in people and _is_organisation(words, reading))


def surname(name: str, lang: str) -> str:
    """The last word of a full name or of a title with a name, else the empty string.

    Examples
    --------
    >>> surname("ministry spokeswoman Maria Volkonova", "en"), surname("the State Department", "en")
    ('Volkonova', '')
    """
    reading = read(name, lang)
    if not reading.classes.endswith("C"):
        return ""
    if not _PERSONAL.isdisjoint(reading.classes):
        return reading.words[-1]
    is_person = reading.classes.endswith("CC") and reading.lexicon.organisations.isdisjoint(
        reading.lower((0, len(reading.words)))
    )
    return reading.words[-1] if is_person else ""


def _is_plural(words: list[str], reading: Reading) -> bool:
    classes = reading.classes
    if (
        words[0] in _PLURAL_WORDS
        or "&" in classes
        or (words[0] == "the" and words[1:2] and words[1] in _PLURAL_WORDS)
    ):
        return True
    return reading.lang == "en" and classes[0] != "D" and classes[-1] in "Ls" and words[-1].endswith("s")


def _is_organisation(words: list[str], reading: Reading) -> bool:
    if not _PERSONAL.isdisjoint(reading.classes):
        return False
    if not reading.lexicon.organisations.isdisjoint(words):
        return True
    return sum(word[0].isupper() for word in reading.words) == 1 and "L" not in reading.classes


def opens_with_other_person(sentence: str, name: str, lang: str) -> bool:
    """Whether a sentence begins with a person who is not ``name``, so that a later pronoun is unclear."""
    if not _TWO_NAMES.search(sentence, 0, _OPENING_CHARS):
        return False
    reading = read(sentence, lang)
    match = reading.grammar.opening_person.match(reading.classes)
    if match is None:
        return False
    return not any(word in name for word in reading.words[slice(*match.span("person"))] if word[0].isupper())
