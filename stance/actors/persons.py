"""Names of people: by a title before them, a known given name, or two capitalised words that are nothing else."""

from collections.abc import Set
from functools import cached_property

from stance.actors.scanning import GAPS, SPACES, TITLES, Item, Words
from stance.actors.table import BLOCKED, Entry, given_names, not_names

PERSON = Entry("", "person")

_PARTICLES = (
    "al el bin ben ibn bint abu abou ould ag von van der den de la da dos do di del della du ter zu af av y e"
)
PARTICLES = frozenset(_PARTICLES.split())
"""Small words inside names; the French de and du count only after a given name."""

LINKS = frozenset(("de", "du", "la", "e", "y"))
"""Particles that as often stand between a name and something else."""

ELISIONS = frozenset(("L", "D", "Qu", "C", "J", "N", "S"))

_SAYING = (
    "said says added warned replied argued insisted declared noted told stressed dit déclaré "
    "affirmé ajouté indiqué expliqué estimé précisé assuré souligné répondu averti lancé"
)
SAYING = frozenset(_SAYING.split())
"""Verbs beside which one capitalised word within a sentence is a speaker."""

HEADING_SHARE = 0.6
MIN_HEADING_WORDS = 4
"""Share of capitalised words from which on a text that is no sentence is a heading in title case."""

_ABSTRACT_ENDINGS = "tion tions ment ments ing ism isme ness ity ité ship ance ence"
ABSTRACT_ENDINGS = tuple(_ABSTRACT_ENDINGS.split())
MAX_NAME_CHARS = 6
"""Longer words with such an ending are nouns (« Monitoring Team »), unless a title or given name leads them."""

MAX_WORDS = 6
MAX_PARTICLES = 2

CONTINUING = frozenset(",;”»\"’'")
"""What stands before a speaker within a sentence: a comma, or the end of a quote."""

APOSTROPHES = frozenset(("'", "’"))


def with_people(words: Words, items: list[Item]) -> list[Item]:
    """The items with people's names added and joined to the titles before them; lone titles are left out."""
    search = _Search(words, items)
    return search.found_from(search.actors.keys() | search.capitalised)


def with_leaders(words: Words, items: list[Item]) -> list[Item]:
    """The same without the people whom the table does not know; quicker."""
    if not _may_name_people(words.words, items):
        return [item for item in items if item.entry.kind not in TITLES and item.entry.code != BLOCKED]
    search = _Search(words, items)
    return search.found_from(search.actors.keys() | search.given_names_before_capitals())


def _may_name_people(words: list[str], items: list[Item]) -> bool:
    """Whether an item may be a person's name, or part of one."""
    given = given_names()
    for first, _, entry in items:
        kind = entry.kind
        if kind == "leader" or (words[first] in given and kind not in TITLES):
            return True
        if kind == "capital" and not given.isdisjoint(words[max(0, first - MAX_WORDS) : first]):
            return True
    return False


class _Search:
    """The words of a text, with the actors and titles that the table has found in it."""

    def __init__(self, words: Words, items: list[Item]) -> None:
        self.words = words
        self.actors = {item.first: item for item in items if item.entry.kind not in TITLES}
        self.titles = {item.last: item for item in items if item.entry.kind in TITLES}
        self.in_title = {i for item in self.titles.values() for i in range(item.first, item.last + 1)}

    def found_from(self, starts: Set[int]) -> list[Item]:
        """The actors that start at some of these words, none overlapping."""
        found: list[Item] = []
        free = 0
        for i in sorted(starts):
            item = self.item_at(i, free) if i >= free else None
            if item is not None:
                found.append(item)
                free = item.last + 1
        return [item for item in found if item.entry.code != BLOCKED]

    @cached_property
    def capitalised(self) -> list[int]:
        """Words with a capital."""
        return [i for i, word in enumerate(self.words.words) if not word.islower() and word[0].isupper()]

    def given_names_before_capitals(self) -> set[int]:
        """Words from which a person's name may go on over the name of a capital (« Dalia Washington »)."""
        capitals = (i for i, actor in self.actors.items() if actor.entry.kind == "capital")
        before = (k for i in capitals for k in range(max(0, i - MAX_WORDS), i))
        return {k for k in before if self._is_given(k)}

    @cached_property
    def is_heading(self) -> bool:
        """Whether the text is a heading in title case, where capitals tell nothing."""
        is_sentence = self.words.text.rstrip(" \n\"'’”»)").endswith((".", "!", "?", "…"))
        share = len(self.capitalised) / max(len(self.words.words), MIN_HEADING_WORDS)
        return share > HEADING_SHARE and not is_sentence

    def item_at(self, i: int, free: int) -> Item | None:
        """The actor that starts at word i; a title before it must start at word ``free`` or later."""
        actor = self.actors.get(i)
        if actor is not None and actor.entry.kind == "leader":
            return Item(self._first_title(i, free), actor.last, actor.entry)
        if actor is not None and not self._is_given_name(actor):
            return actor
        return self._person_at(i, free) if self._may_start(i) else actor

    def _person_at(self, i: int, free: int) -> Item | None:
        first, last = i, self._end_of_name(i)
        while first <= last and self.words.words[first] in not_names():
            first += 1
        title = self._first_title(first, free)
        last = self._cut(first, last, is_sure=title < first or self._is_given(first))
        if first > last or not (title < first or self._is_person(first, last)):
            return None
        leader = next((self.actors[k] for k in range(first, last + 1) if self._is_leader(k)), None)
        return Item(title, last, leader.entry if leader else PERSON)

    def _may_start(self, i: int) -> bool:
        if not self.words.words[i][0].isupper() or i in self.in_title:
            return False
        return self.words.words[i] not in ELISIONS or not self._is_followed(i, APOSTROPHES)

    def _end_of_name(self, i: int) -> int:
        """The last word of the run of capitalised words and particles from word i on."""
        last = i
        while last - i < MAX_WORDS and (step := self._step(i, last)):
            last += step
            if self._is_leader(last):
                return self.actors[last].last
        return last

    def _step(self, first: int, last: int) -> int:
        """How many words further the name goes on: one, or more where small words stand between; 0 at its end."""
        for step in range(1, MAX_PARTICLES + 2):
            word = last + step
            if word >= len(self.words.words) or not self._is_linked(word - 1):
                return 0
            if self.words.words[word][0].isupper():
                return step if self._may_continue(first, word) else 0
            if self.words.words[word] not in PARTICLES:
                return 0
            if self.words.words[word] in LINKS and not (self._is_given(first) and last - first < 2):
                return 0
        return 0

    def _is_linked(self, i: int) -> bool:
        gap = self.words.gap(i)
        is_initial = len(self.words.words[i]) == 1 or self.words.words[i].endswith(".")
        return (gap in GAPS and gap != "\n") or (is_initial and gap == ". ")

    def _may_continue(self, first: int, i: int) -> bool:
        """Whether a capitalised word can be part of a name: another actor's name only where a given name leads."""
        if i in self.in_title:
            return False
        actor = self.actors.get(i)
        return (
            actor is None
            or actor.entry.kind == "leader"
            or (actor.entry.kind == "capital" and self._is_given(first))
        )

    def _cut(self, first: int, last: int, *, is_sure: bool) -> int:
        """The end of a name before a word that is part of none; where no name is sure, there is none at all."""
        for k in range(first, last + 1):
            if self.words.words[k] in not_names():
                return k - 1 if is_sure else first - 1
        return last

    def _is_person(self, first: int, last: int) -> bool:
        parts = [word for word in self.words.words[first : last + 1] if word[0].isupper()]
        if len(parts) == 1:
            return self._is_speaker(first)
        if self._is_given(first):
            return True
        has_space = any(self.words.gap(k).removeprefix(".") in SPACES for k in range(first, last))
        is_enumerated = first == 0 and len(parts[0]) == 1
        return has_space and not (self.is_heading or is_enumerated or any(map(_is_no_name, parts)))

    def _is_speaker(self, i: int) -> bool:
        """Whether a saying verb stands before the word, or after it within a sentence."""
        words = self.words.words
        if words[i].isupper() or not words[i].isalpha():
            return False
        before = i > 0 and words[i - 1] in SAYING and self.words.gap(i - 1) in SPACES
        within = i > 0 and self.words.gap(i - 1).strip()[-1:] in CONTINUING
        return before or (within and self._is_followed(i, SPACES) and words[i + 1] in SAYING)

    def _is_given(self, i: int) -> bool:
        return i < len(self.words.words) and self.words.words[i] in given_names()

    def _is_leader(self, i: int) -> bool:
        return i in self.actors and self.actors[i].entry.kind == "leader"

    def _is_given_name(self, actor: Item) -> bool:
        """Whether the name of a place is a given name here: « Jordan », « Sofia » before a surname."""
        follower = actor.last + 1
        return (
            self._is_given(actor.first)
            and self._is_followed(actor.last, SPACES)
            and self.words.words[follower][0].isupper()
            and follower not in self.actors
            and follower not in self.in_title
            and self.words.words[follower] not in not_names()
        )

    def _is_followed(self, i: int, gaps: frozenset[str]) -> bool:
        return i + 1 < len(self.words.words) and self.words.gap(i) in gaps

    def _first_title(self, first: int, free: int) -> int:
        """The first word of the titles that stand directly before word ``first``, or ``first`` itself."""
        while (title := self.titles.get(first - 1)) and title.first >= free and self._introduces(first - 1):
            first = title.first
        return first

    def _introduces(self, i: int) -> bool:
        gap = self.words.gap(i)
        is_letter = len(self.words.words[i]) == 1
        return gap.removeprefix(".") in SPACES and (gap.startswith(".") or not is_letter)


def _is_no_name(word: str) -> bool:
    """Whether a word is in capitals throughout, or an abstract noun by its ending."""
    return len(word) > 1 and (
        word.isupper() or (len(word) > MAX_NAME_CHARS and word.endswith(ABSTRACT_ENDINGS))
    )
