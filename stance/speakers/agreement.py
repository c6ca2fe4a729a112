"""Whether a pronoun can stand for a named speaker."""

import re
from collections.abc import Collection
from typing import NamedTuple

from stance.speakers.clauses import sentence_subject
from stance.speakers.lexicon import lexicon
from stance.speakers.reading import Reading, Span, read

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
_ANOTHER_PERSON = re.compile("(?:t|[Fj][La]*)C|CC")
_MOST_MENTIONS = 20
_LONGEST_FIRST_NAME_CHARS = 24
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


def surnames(name: str, lang: str) -> list[str]:
    """The last words of a full name or of a title with a name: surnames stand first in some countries.

    Examples
    --------
    >>> surnames("ministry spokeswoman Maria Volkonova", "en"), surnames("the State Department", "en")
    (['Maria', 'Volkonova'], [])
    """
    reading = read(name, lang)
    if not reading.classes.endswith("C") or not _is_person(reading, (0, len(reading.words))):
        return []
    last = reading.words[-2:] if reading.classes.endswith("CC") else reading.words[-1:]
    return [word.removeprefix("al-").removeprefix("el-") for word in last]


def _is_person(reading: Reading, name: Span) -> bool:
    """Whether a name is that of a person: with a title or an office, or of two words none of which is an institution's."""
    classes = reading.classes[slice(*name)]
    if "C" in classes and not _PERSONAL.isdisjoint(classes):
        return "," in classes or not _PERSONAL.isdisjoint(reading.classes[slice(*reading.head(name))])
    return "CC" in reading.classes[slice(*reading.head(name))] and reading.lexicon.organisations.isdisjoint(
        reading.lower(name)
    )


def named_before(text: str, name: str, lang: str) -> bool:
    """Whether a text names a person of this surname with a first name or a title.

    Examples
    --------
    >>> named_before("In Moscow, Ann Lee spoke.", "Lee", "en"), named_before("In Moscow, Ann Lee spoke.", "Moscow", "en")
    (True, False)
    """
    listed = lexicon(lang).classes.listed
    if f" al-{name}" in text or f" el-{name}" in text:
        return True
    at = text.find(f" {name}")
    for _ in range(_MOST_MENTIONS):
        if at < 0:
            return False
        before = text[max(0, at - _LONGEST_FIRST_NAME_CHARS) : at].split()[-1:]
        if before and before[0][0].isupper() and listed.get(before[0].lower(), "t") in "tFj":
            return before[0].isalpha() or listed.get(before[0]) == "t"
        at = text.find(f" {name}", at + 1)
    return False


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
    if not reading.lexicon.organisations.isdisjoint(reading.lower(reading.head((0, len(words))))):
        return True
    return sum(word[0].isupper() for word in reading.words) == 1 and "L" not in reading.classes


def is_listed(word: str, lang: str) -> bool:
    """Whether a word that opens a sentence is one of the tables', and so no name."""
    return word.lower() in lexicon(lang).classes.listed


def names_another(sentence: str, start: int) -> bool:
    """Whether a sentence names a person in full from a position on."""
    return _TWO_NAMES.search(sentence, start) is not None


class Opening(NamedTuple):
    """The person that a sentence begins with, in offsets, and whether it names no other, so that a pronoun may mean this one."""

    person: Span
    is_alone: bool


def opening_person(sentence: str, lang: str) -> Opening | None:
    """The person that a sentence begins with, or None.

    Examples
    --------
    >>> opening_person("Ann Lee, the mayor, did not flinch.", "en")
    Opening(person=(0, 7), is_alone=True)
    """
    if not _TWO_NAMES.search(sentence, 0, _OPENING_CHARS):
        return None
    reading = read(sentence, lang)
    classes, subject = reading.classes, sentence_subject(reading)
    if subject and _is_person(reading, subject):
        rest = subject[1]
        if classes.startswith(",", rest):
            rest = max(rest, classes.find(",", rest + 1))
        return Opening(reading.offsets(subject), not _ANOTHER_PERSON.search(classes, rest))
    match = reading.grammar.opening_person.match(classes)
    is_one = match is not None and _is_person(reading, match.span("person"))
    return Opening(reading.offsets(match.span("person")), False) if match and is_one else None
