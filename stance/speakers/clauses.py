"""The subject of a reporting verb, found in a sentence's word classes."""

import re

from stance.speakers.grammar import FINITE
from stance.speakers.reading import Reading, Span
from stance.speakers.verbs import can_speak

# All letters but those of the marks and words no clause reaches across.
_WITHIN_CLAUSE = "".join(sorted(set(map(chr, range(33, 127))) - set(",;:KRSUQ.(-")))
_MAX_INSERTIONS = 3
_DANGLING = frozenset("PfzbO&")
_LEAD = re.compile(r"(?:[TWS&]|[PfzN]D?[aL]*[LCT]+#?(?:OD?[LC]+)?)*,?")
_CLAUSE_FOLLOWS = re.compile(r"[NWS]*[ABMohvVxXN1267]|,[^,]*,[NWS]*[ABMohvVxXN1267]")
_PARTICIPLE_ALONE = re.compile("X[PbTW,.]")
_RELATIVE_OF_SUBJECT = re.compile(",R.")
_VERBS = frozenset("ABMohvVxXpYgGiJ123456789")
_FINITE = re.compile(FINITE)
# A clause that is part of what is inserted: *one of 23 states that abstained*.
_CLAUSE_INSIDE = re.compile("[KRUS@]")
_DEPENDENTS = frozenset("PfzbOWTd&")


def subject(reading: Reading, verb: int) -> Span | None:
    """Words that name the subject of the verb at ``verb``.

    It stands right before the verb, or before what commas or a relative clause put in between.
    """
    start = reading.run_start(verb)
    if start == verb:
        return subject_before_insertion(reading, verb) or _before_long_relative(reading, verb)
    classes = reading.classes
    if classes[verb - 1] == "&":
        return sentence_subject(reading)
    if start and classes[start - 1] in _VERBS:
        joined = classes.rfind("&", start, verb) + 1
        if not joined:
            return _before_relative(reading, start - 1)
        start = joined
    name = _free_name(reading, start, verb)
    return name and _without_quotation(reading, _with_list(reading, name, start, verb))


def _without_quotation(reading: Reading, name: Span) -> Span:
    """A name without the quoted adverb that follows it: *The Council “firmly” condemned*."""
    end = name[1]
    while end - name[0] > 1 and reading.classes[end - 1] == "q":
        end -= 1
    return (name[0], end) if can_speak(reading, (name[0], end)) else name


def _before_long_relative(reading: Reading, verb: int) -> Span | None:
    """The name a sentence begins with, whose relative clause holds commas: *Ann, whose son, Tom, is ill, said*."""
    classes = reading.classes
    if classes[verb - 1 : verb] != "," or _PARTICIPLE_ALONE.match(classes, verb):
        return None
    lead = _LEAD.match(classes)
    found = reading.grammar.names.match(classes, lead.end() if lead else 0)
    if found is None or not _RELATIVE_OF_SUBJECT.match(classes, found.end(), verb - 1):
        return None
    is_subject = classes[found.end() + 2] not in "CtDH" or reading.words[found.end() + 1] == "whose"
    return found.span() if is_subject else None


def sentence_subject(reading: Reading) -> Span | None:
    """The name a sentence begins with, where a predicate follows it."""
    classes = reading.classes
    lead = _LEAD.match(classes)
    start = lead.end() if lead else 0
    found = reading.grammar.names.match(classes, start)
    if found is None:
        return None
    for at in range(start + 1, found.end()):
        if (
            classes[at] == "L"
            and classes[at - 1] not in "Dda"
            and _is_predicate(
                reading.words[at], classes[at + 1 : at + 2], follows_name=classes[at - 1] == "C"
            )
        ):
            return start, at
    end = found.end()
    follows = _CLAUSE_FOLLOWS.match(classes, end)
    if not follows and classes.startswith(",", end) and "," in classes[start:end]:
        follows = _CLAUSE_FOLLOWS.match(classes, end + 1)
    return found.span() if follows else None


def _is_predicate(word: str, following: str, *, follows_name: bool) -> bool:
    """Whether an unlisted word after a name is its verb: *embraced his*, *values its*, « hausse le »."""
    if following == "C":
        return follows_name and word.endswith("ed") and word != "based"
    if not following or following in "LFsjmek+O":
        return False
    return (
        word.endswith("ed") or following in "DdENT" or (following in "Pzf" and word.endswith(("s", "e", "t")))
    )


def _before_relative(reading: Reading, verb: int) -> Span | None:
    """The name before a relative clause that no comma parts from it: *nuns who had hidden there said*."""
    start = _clause_start(reading.classes, verb)
    return antecedent(reading, start - 1) if start and reading.classes[start - 1] == "R" else None


def subject_before_insertion(reading: Reading, verb: int) -> Span | None:
    """The subject of a verb from which commas part it: *Smith, who was there, said*."""
    classes = reading.classes
    if verb == 0 or classes[verb - 1] not in ",)-":
        return None
    end = verb - 1
    for _ in range(_MAX_INSERTIONS):
        opening = classes.rfind("(" if classes[end] == ")" else classes[end], 0, end)
        if opening <= 0 or not _is_insertion(reading, opening + 1, end):
            return None
        start = _clause_start(classes, opening)
        if start and classes[start - 1] == "R":
            return None
        name = _free_name(reading, start, opening)
        name = name and _with_list(reading, name, start, opening)
        if name and _is_all(classes, name, start, opening):
            person = _with_title(reading, name, start) or _before_title(reading, name, start)
            return person or _with_person(reading, name, opening + 1, end)
        end = opening - 1 if classes[opening - 1] == ")" else opening
    return None


def is_certainly_inserted(reading: Reading, verb: int) -> bool:
    """Whether a relative clause, a pronoun or a person's name stands between commas right before the verb."""
    opening = reading.classes.rfind(",", 0, verb - 1)
    if opening < 0:
        return False
    inserted = reading.classes[opening + 1 : verb - 1]
    return inserted[:1] in ("R", "E") or reading.grammar.person.fullmatch(inserted) is not None


def antecedent(reading: Reading, relative: int) -> Span | None:
    """The name a relative pronoun at ``relative`` stands for."""
    end = relative - 1 if relative and reading.classes[relative - 1] == "," else relative
    start = reading.run_start(end)
    last = None
    for match in reading.grammar.governed_name.finditer(reading.classes, start, end):
        last = match.span("name")
    return last if last and last[1] == end else None


def _is_insertion(reading: Reading, start: int, end: int) -> bool:
    """Whether what stands between two commas interrupts a clause, and is not a clause itself."""
    inserted = _CLAUSE_INSIDE.split(reading.classes[start:end])[0]
    return inserted in ("", "H") or _FINITE.search(inserted, inserted[0] in "xXpY") is None


def _free_name(reading: Reading, start: int, end: int) -> Span | None:
    """The last name between two positions that no preposition governs, up to the first that one does."""
    if reading.classes[end - 1 : end] in _DANGLING:
        return None
    found: Span | None = None
    for match in reading.grammar.governed_name.finditer(reading.classes, start, end):
        if match["governor"]:
            if found:
                break
        elif found and match.start() > found[1]:
            break
        elif found and reading.lang == "en" and reading.classes[found[1] - 1] == "L":
            return None  # a verb and its object: *the ministry summoned the envoy*
        else:
            found = match.span("name")
    return found


def _clause_start(classes: str, end: int) -> int:
    return len(classes[:end].rstrip(_WITHIN_CLAUSE))


def _is_all(classes: str, name: Span, start: int, end: int) -> bool:
    """Whether nothing but the name, adverbs and what depends on the name stands in the clause."""
    before, after = classes[start : name[0]], classes[name[1] : end]
    return not before.strip("TWS&@") and (not after or after[0] in _DEPENDENTS) and not _FINITE.search(after)


def _is_titled(reading: Reading, name: Span) -> bool:
    return not {"D", "O", "s"}.isdisjoint(reading.classes[slice(*name)])


def _with_title(reading: Reading, name: Span, start: int) -> Span | None:
    """The title that a person's name follows in apposition, with the name."""
    classes = reading.classes
    if start < 2 or classes[start - 1] != "," or not reading.grammar.person.fullmatch(classes, *name):
        return None
    title = _free_name(reading, _clause_start(classes, start - 1), start - 1)
    return (title[0], name[1]) if title and title[1] == start - 1 and _is_titled(reading, title) else None


def _before_title(reading: Reading, name: Span, start: int) -> Span | None:
    """The person whose title stands in apposition: *Ann Lee, the president of the bank, who is ill, said*."""
    classes = reading.classes
    if not start or classes[start - 1] != "," or classes[name[0]] != "D":
        return None
    person = _clause_start(classes, start - 1), start - 1
    return person if reading.grammar.person.fullmatch(classes, *person) else None


def _with_person(reading: Reading, name: Span, start: int, end: int) -> Span:
    """The title with the person's name that follows in apposition."""
    is_person = reading.grammar.person.fullmatch(reading.classes, start, end)
    return (name[0], end) if is_person and _is_titled(reading, name) else name


def _with_list(reading: Reading, name: Span, start: int, verb: int) -> Span:
    """The name with the names that a list joins to it: *France, Germany and Poland said*."""
    classes = reading.classes
    first, last = name
    while start < first and classes[first - 1] == "&":
        left = _free_name(reading, start, first - 1)
        if left is None or left[1] != first - 1:
            break
        first = left[0]
    joined = reading.grammar.joined_names.match(classes, last, verb)
    last = joined.end() if joined else last
    if "&" not in classes[first:last]:
        return name
    while first == start and start > 1 and classes[start - 1] == ",":
        before = _clause_start(classes, start - 1)
        if _free_name(reading, before, start - 1) != (before, start - 1):
            break
        first = start = before
    return first, last
