"""The actor table: every written form of every known actor, as sequences of words."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from stance.actors.inflection import capital, english_forms, french_forms, written_variants
from stance.errors import ConfigError

LANGUAGES = ("fr", "en", "de", "es", "it", "pt")
"""Languages of the table. All have country names; French and English have every kind of actor."""

BLOCKED = "-"
"""Code of phrases that hold the name of an actor but mean something else (« mer de Chine »)."""

PREFIXED = ("anti", "pro")
"""French adjectives written together with these are actors too (« antirusse »)."""

WORD = re.compile(r"[^\W_]+(?:\.(?<=\b[^\W\d_]\.)(?:[^\W\d_]\.)+|\+|)")
"""A word of a name: letters and digits, or dotted initials (U.N.)."""

# Country names of CLDR that are given names, cities or plain words in news of the same or another language.
AMBIGUOUS = {
    "fr": {"Maurice", "Dominique", "Grenade"},
    "es": {"Mauricio", "Granada"},
    "pt": {"Maurício", "Granada"},
    "de": {"Island"},
}
_DESCRIBED = re.compile(r"\(| SAR |R\.A\.S\.|Sonderverwaltung|RAE ")

UNSHOUTED = frozenset(("post", "body", "honorific", "prefix"))
"""Kinds whose forms are not looked for in capitals."""

SHOUTED_CHARS = 5
"""Up to this length a word in capitals may be an ordinary one among others in capitals (UN ACCORD, WHO WON)."""

SMALL_WORDS = frozenset(("of", "the", "for"))
"""Words that English titles do not capitalise."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a written form stands for.

    Parameters
    ----------
    code : str
        ISO 3166 alpha-3 code, name of an institution, or ``-``; for words of offices, their languages.
    kind : str
        country, demonym, capital, metonym, organisation, group, region, leader, prefix; for words of offices:
        post, body, honorific.
    kept : str
        What stays in front when the actor is masked (``anti-``).
    """

    code: str
    kind: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that start with one word.

    Parameters
    ----------
    alone : Entry or None
        What the word stands for by itself.
    longer : mapping
        By the second word: the words after the first, longest first, and what they stand for together.
    may_be_shouted : bool
        Whether the word may be an ordinary one among others in capitals.
    """

    alone: Entry | None
    longer: dict[str, list[tuple[tuple[str, ...], Entry]]]
    may_be_shouted: bool


Table = dict[str, Forms]
"""All forms, by their first word."""


@lru_cache
def load_table(lang: str | None = None) -> Table:
    """The forms of one language, or of all languages together.

    Parameters
    ----------
    lang : str, optional
        BCP 47 tag. A language that the table does not have gives all forms.
    """
    primary = (lang or "").split("-")[0].lower()
    return _table((primary,) if primary in LANGUAGES else LANGUAGES)


@cache
def _table(languages: tuple[str, ...]) -> Table:
    forms: dict[tuple[str, ...], Entry] = {}
    for form, entry in _forms(languages):
        for variant in written_variants(form, is_title=entry.kind in UNSHOUTED):
            forms.setdefault(words_of(variant), entry)
    longer: dict[str, dict[str, list[tuple[tuple[str, ...], Entry]]]] = {}
    for words in sorted(forms, key=len, reverse=True):
        later = longer.setdefault(words[0], {})
        if len(words) > 1:
            later.setdefault(words[1], []).append((words[1:], forms[words]))
    return {
        first: Forms(forms.get((first,)), later, _may_be_shouted(first)) for first, later in longer.items()
    }


def _may_be_shouted(word: str) -> bool:
    return len(word) <= SHOUTED_CHARS and word.isupper() and "." not in word


@cache
def tails() -> frozenset[tuple[str, ...]]:
    """What may follow the country of a French office: « le ministre russe de la Défense »."""
    return frozenset(
        words_of(form)
        for row in _rows("offices.tsv")
        if row["kind"] == "tail"
        for form in _listed(row["forms"])
    )


@cache
def given_names() -> frozenset[str]:
    """Given names of people, as newspapers write them."""
    return frozenset(_lines("given_names.txt"))


@cache
def not_names() -> frozenset[str]:
    """Capitalised words that are not part of a person's name."""
    return frozenset(_lines("not_names.txt"))


def words_of(form: str) -> tuple[str, ...]:
    """The words by which a form is found.

    Examples
    --------
    >>> words_of("Quai d'Orsay"), words_of("U.N. envoy")
    (('Quai', 'd', 'Orsay'), ('U.N.', 'envoy'))
    """
    return tuple(WORD.findall(form))


def _forms(languages: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
    """Every form with what it stands for; where two agree in form, the first counts."""
    institutions = [row for row in _rows("institutions.tsv") if row["lang"] in languages]
    for row in sorted(institutions, key=lambda row: row["code"] != BLOCKED):
        yield from ((form, Entry(row["code"], row["kind"])) for form in _listed(row["forms"]))
    yield from _office_forms(languages)
    yield from _territory_forms(languages)
    for kind, column in (("country", "names"), ("capital", "capitals"), ("demonym", "demonyms")):
        for row in _rows("countries.tsv"):
            yield from _country_forms(row, kind, column, languages)
    for row in _rows("leaders.tsv"):
        yield from ((form, Entry(row["code"], "leader")) for form in _listed(row["forms"]))


def _office_forms(languages: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
    """Words of offices, as written within a sentence, at its start, and all in capitals as a title."""
    kinds: dict[str, str] = {}
    langs: dict[str, str] = {}
    for row in _rows("offices.tsv"):
        is_wanted = row["lang"] in languages and row["kind"] != "tail"
        for form in _listed(row["forms"]) if is_wanted else ():
            titled = " ".join(w if w in SMALL_WORDS else capital(w) for w in form.split())
            for variant in dict.fromkeys((form, capital(form), titled)):
                kinds.setdefault(variant, row["kind"])
                langs[variant] = f"{langs.get(variant, '')} {row['lang']}"
    yield from ((form, Entry(langs[form].strip(), kind)) for form, kind in kinds.items())


def _country_forms(
    row: dict[str, str], kind: str, column: str, languages: tuple[str, ...]
) -> Iterator[tuple[str, Entry]]:
    for lang in ("fr", "en"):
        for form in _listed(row[f"{column}_{lang}"]) if lang in languages else ():
            if kind == "demonym":
                yield from _demonym_forms(row["alpha3"], form, lang)
            else:
                yield form, Entry(row["alpha3"], kind)


def _demonym_forms(code: str, demonym: str, lang: str) -> Iterator[tuple[str, Entry]]:
    entry = Entry(code, "demonym")
    if lang == "en":
        yield from ((form, entry) for form in english_forms(demonym))
        return
    for form in french_forms(demonym):
        yield from ((variant, entry) for variant in (form, form.capitalize(), form.title()))
        yield from ((prefix + form, Entry(code, "demonym", f"{prefix}-")) for prefix in PREFIXED)


def _territory_forms(languages: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
    """Country names of CLDR; a form that means something else in another language counts in its own only."""
    from babel import Locale

    for lang in languages:
        names = Locale(lang).territories
        ambiguous = AMBIGUOUS.get(lang, set()) if lang == "fr" or len(languages) > 1 else set()
        for row in _rows("countries.tsv"):
            name = names.get(row["alpha2"], "")
            if name and name not in ambiguous and not _DESCRIBED.search(name):
                yield name, Entry(row["alpha3"], "country")


def _listed(cell: str) -> list[str]:
    return [form for form in cell.split(", ") if form]


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    lines = _lines(name)
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))


def _lines(name: str) -> list[str]:
    file = files("stance.actors") / "data" / name
    if not file.is_file():
        raise ConfigError(f"{name}: this table is missing from the installation. Install stance again.")
    return file.read_text(encoding="utf-8").splitlines()
