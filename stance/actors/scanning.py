"""The forms of the actor table in a text: longest first, at word boundaries, offices joined to their country."""

import re
from collections.abc import Iterator
from itertools import compress, count
from typing import NamedTuple

from stance.actors.table import WORD, Entry, Table, tails

NAMED_BY_OFFICE = frozenset(("country", "demonym", "capital", "metonym", "organisation", "group", "region"))
"""Kinds of actors whose office or ministry is the actor too (« le ministère russe de la Défense »)."""

POSTS = frozenset(("post", "body"))
TITLES = frozenset(("post", "body", "honorific"))
"""Kinds of words that are no actor by themselves."""

GAPS = frozenset((" ", "-", "'", "’", "\u00a0", "\u202f", "\u2011", "\n"))
"""What may stand between two words of one name."""

TABLE_GAPS = GAPS | {" - ", " & "}
"""Also between words of names in the table (« Bosnia & Herzegovina »)."""

SPACES = frozenset((" ", "\u00a0", "\u202f", "\n"))

# Between an office and the name of its country, in French and in English.
OF = re.compile(r"\s(?:d[eu]|des|de\s[Ll]a|of|of\s[Tt]he)\s|\sd['’]|\sde\sl['’]")
OWNER = re.compile(r"(?:['’]s?)?\s")
_MOST_WORDS_BETWEEN = 2

# Neither Latin-1 nor one of the dashes, quotation marks, points of suspension and the euro sign beyond it.
_OTHER = re.compile("[^\x00-\xff\u2010-\u2027\u2030-\u205e\u20ac]")
_SPACED = bytes(code if chr(code).isalnum() else ord(" ") for code in range(256))


class Words:
    """The words of a text with their character offsets.

    Attributes
    ----------
    text : str
    words : list of str
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = _plain_words(text) or WORD.findall(text)
        self._starts: list[int] = []

    def start(self, i: int) -> int:
        """Where word i starts; found only when asked for, with those before it."""
        starts = self._starts
        if len(starts) <= i:
            end = self.end(len(starts) - 1) if starts else 0
            for word in self.words[len(starts) : i + 1]:
                starts.append(self.text.index(word, end))
                end = starts[-1] + len(word)
        return starts[i]

    def end(self, i: int) -> int:
        """Where word i ends."""
        return self.start(i) + len(self.words[i])

    def gap(self, i: int) -> str:
        """What stands between word i and the next."""
        return self.between(i, i + 1)

    def between(self, i: int, k: int) -> str:
        """What stands between word i and word k, or the end of the text."""
        return self.text[self.end(i) : self.start(k) if k < len(self.words) else None]

    def are_joined(self, first: int, last: int) -> bool:
        """Whether nothing but the separators of a name stands between these words."""
        return all(
            self.gap(i) in TABLE_GAPS or (self.words[i] == "St" and self.gap(i) == ". ")
            for i in range(first, last)
        )


def _plain_words(text: str) -> list[str]:
    """The words of a text in Latin letters, in less than half the time of the pattern; else none.

    A word in dotted initials has two full stops at least.
    """
    if text.count(".") > 1 or "+" in text:
        return []
    try:
        encoded = text.encode("latin-1")
    except UnicodeEncodeError:
        if _OTHER.search(text):
            return []
        encoded = text.encode("latin-1", "replace")
    return encoded.translate(_SPACED).decode("latin-1").split()


class Item(NamedTuple):
    """A form that was found, by its first and last word."""

    first: int
    last: int
    entry: Entry


def scan(words: Words, table: Table) -> list[Item]:
    """The items of a text in order, none overlapping, blocked phrases among them."""
    found = _found(words, table)
    if len(found) < 2 or POSTS.isdisjoint([item.entry.kind for item in found]):
        return found
    return list(_with_offices(words, found))


def _found(words: Words, table: Table) -> list[Item]:
    found: list[Item] = []
    free = 0
    for i in compress(count(), map(table.__contains__, words.words)):
        item = _longest(words, i, table) if i >= free else None
        if item is not None:
            found.append(item)
            free = item.last + 1
    return found


def _longest(words: Words, i: int, table: Table) -> Item | None:
    all_words = words.words
    forms = table[all_words[i]]
    if forms.longer and i + 1 < len(all_words) and (longer := forms.longer.get(all_words[i + 1])):
        for rest, entry in longer:
            last = i + len(rest)
            if tuple(all_words[i + 1 : last + 1]) == rest and words.are_joined(i, last):
                return None if _is_loose(words, last, entry) else Item(i, last, entry)
    entry_alone = forms.alone
    if entry_alone is None or (forms.may_be_shouted and _is_shouted(words, i, table)):
        return None
    return None if _is_loose(words, i, entry_alone) else Item(i, i, entry_alone)


def _is_loose(words: Words, last: int, entry: Entry) -> bool:
    """Whether a form that is only the first part of a word (« franco- ») stands by itself."""
    return entry.kind == "prefix" and words.gap(last)[:1] != "-"


def _is_shouted(words: Words, i: int, table: Table) -> bool:
    """Whether a short word in capitals stands in a line of capitals, where it may be an ordinary word."""
    around = [words.words[k] for k in (i - 1, i + 1) if 0 <= k < len(words.words)]
    unknown = [w for w in around if w not in table or table[w].alone is None]
    return bool(unknown) and all(w.isupper() and len(w) > 1 for w in unknown)


def _with_offices(words: Words, items: list[Item]) -> Iterator[Item]:
    """The items, with offices and ministries joined to the actor whose they are."""
    k = 0
    while k < len(items):
        item, k = items[k], k + 1
        while k < len(items):
            joined = _joined(words, item, items[k])
            if joined is None:
                break
            item, k = joined, k + 1
        yield item


def _joined(words: Words, left: Item, right: Item) -> Item | None:
    """The office that two neighbours make together, if they do."""
    if right.first - left.last > 1 + _MOST_WORDS_BETWEEN:
        return None
    left_kind, right_kind = left.entry.kind, right.entry.kind
    if left_kind in POSTS and right_kind in NAMED_BY_OFFICE:
        between = words.between(left.last, right.first)
        is_french = "fr" in left.entry.code and right_kind == "demonym" and between in SPACES
        if is_french or OF.fullmatch(between):
            last = _end_of_tail(words, right.last) if is_french else right.last
            return Item(left.first, last, Entry(right.entry.code, "office"))
    is_owner = left_kind in NAMED_BY_OFFICE or left_kind == "office"
    is_english = is_owner and right_kind in POSTS and "en" in right.entry.code
    if is_english and OWNER.fullmatch(words.between(left.last, right.first)):
        return Item(left.first, right.last, Entry(left.entry.code, "office"))
    return None


def _end_of_tail(words: Words, last: int) -> int:
    """The last word of an office whose tail follows its country, or of the country where none follows."""
    for length in (4, 3, 2):
        end = last + length
        tail = tuple(words.words[last + 1 : end + 1])
        if tail in tails() and words.are_joined(last, end):
            return end
    return last
