"""Countries, governments, leaders and institutions named in a text, and texts without their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stance.actors.masking import PLACEHOLDER, replaced
from stance.actors.persons import with_leaders, with_people
from stance.actors.scanning import Item, Words, scan
from stance.actors.table import load_table
from stance.normalise import clean, clean_with_offsets

__all__ = [
    "ActorMention",
    "PLACEHOLDER",
    "actor_codes",
    "find_actors",
    "replace_actors",
]

_LOCATING = "à a in at near outside inside dans vers depuis en sur around"
PLACE = "place"
LOCATING = frozenset(_LOCATING.split())
"""Words after which a capital is a place, not its government."""


@dataclass(frozen=True, slots=True)
class ActorMention:
    """An actor named in a text.

    Parameters
    ----------
    code : str or None
        ISO 3166 alpha-3 code of the country, name of the institution, or None for a person who is not known.
    start, end : int
        Character offsets of the name.
    surface : str
        The name as written, ``text[start:end]``.
    kind : str
        country, demonym, capital (for its government), place (the capital as a place), metonym, office,
        organisation, group, region, prefix, leader or person.
    """

    code: str | None
    start: int
    end: int
    surface: str
    kind: str


def find_actors(text: str, lang: str | None = None) -> list[ActorMention]:
    """The actors named in a text, in order, none overlapping.

    The longest name counts. Offices and ministries are their country's, as are leaders of 1990 to 2025;
    other people are found by titles, given names and capitals.

    Parameters
    ----------
    text : str
    lang : str, optional
        BCP 47 tag; without it the names of all languages of the table are looked for.

    Examples
    --------
    >>> [(m.code, m.surface) for m in find_actors("L'Élysée et le ministre russe de la Défense se taisent.")]
    [('FRA', 'Élysée'), ('RUS', 'ministre russe de la Défense')]
    """
    cleaned = clean(text)
    if len(cleaned) == len(text):
        return list(_mentions(text, cleaned, lang))
    cleaned, offsets = clean_with_offsets(text)
    return [
        ActorMention(
            m.code, int(offsets[m.start]), end := int(offsets[m.end]), text[offsets[m.start] : end], m.kind
        )
        for m in _mentions(cleaned, cleaned, lang)
    ]


def actor_codes(text: str, lang: str | None = None) -> tuple[str, ...]:
    """The codes of the actors named in a text, each once, in the order of their first mention.

    Examples
    --------
    >>> actor_codes("Moscow warned the French government; in Paris, Russia's envoy declined to comment.")
    ('RUS', 'FRA')
    """
    words = Words(clean(text))
    items = scan(words, load_table(lang))
    return _codes(words, items) if items else ()


def _codes(words: Words, items: list[Item]) -> tuple[str, ...]:
    codes = [item.entry.code for item in with_leaders(words, items) if not _is_place(words, item)]
    return tuple(dict.fromkeys(filter(None, codes)))


def replace_actors(text: str, how: Literal["mask", "drop"]) -> str:
    """The text with every actor's name replaced by one placeholder, or left out.

    Articles and prepositions that depend on the name take one form, so that a text reads the same
    whoever its actors are.

    Examples
    --------
    >>> replace_actors("La France a averti l'Iran.", "mask"), replace_actors("Le Mali a averti Cuba.", "mask")
    ('_x_ a averti _x_.', '_x_ a averti _x_.')
    >>> replace_actors("Hier, le président Dupont a salué le geste de Rome.", "drop")
    'Hier, a salué le geste de.'
    """
    words, items = _items(clean(text), None)
    spans = [(words.start(item.first), words.end(item.last), item.entry.kept) for item in items]
    return replaced(words.text, spans, PLACEHOLDER if how == "mask" else "")


def _items(text: str, lang: str | None) -> tuple[Words, list[Item]]:
    words = Words(text)
    return words, with_people(words, scan(words, load_table(lang)))


def _mentions(text: str, cleaned: str, lang: str | None) -> Iterator[ActorMention]:
    """The mentions of a clean text, with their names as another text of the same offsets writes them."""
    words, items = _items(cleaned, lang)
    for item in items:
        start, end = words.start(item.first), words.end(item.last)
        yield ActorMention(item.entry.code or None, start, end, text[start:end], _kind(words, item))


def _kind(words: Words, item: Item) -> str:
    return PLACE if _is_place(words, item) else item.entry.kind


def _is_place(words: Words, item: Item) -> bool:
    return item.entry.kind == "capital" and item.first > 0 and words.words[item.first - 1].lower() in LOCATING
