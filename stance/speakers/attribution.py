"""Who says one sentence: the reporting verb or phrase in it, and the name or pronoun it belongs to."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from stance.speakers.agreement import agrees
from stance.speakers.constructions import BESIDE_QUOTATION, Candidate, candidates, incises
from stance.speakers.reading import Reading, Span, read_reports
from stance.speakers.verbs import can_speak

_INFINITIVE = re.compile(r"(?:er|ir|re|oir|ing)$")
# What is longer names nobody; each statement of a speaker holds the name.
_LONGEST_NAME_CHARS = 500
# Without a first name a person looks like a place: *Smith told reporters he had said*.
_PERSONAL = frozenset({"he", "she"})
_WITHOUT_MARKS = str.maketrans(dict.fromkeys('«»“”„"', " "))


class Attribution(NamedTuple):
    """What one sentence says of its speaker; spans are offsets into the sentence.

    Parameters
    ----------
    speaker : tuple of int or None
        Span of the name; None where a pronoun or nobody stands for it.
    pronoun : str
        The pronoun that stands for the speaker, or the empty string.
    cue : tuple of int
        Span of the reporting verb or phrase.
    addressee : tuple of int or None
        Span of whom it is said to.
    beside_quotation : bool
        Whether it attributes a quotation that is the main clause.
    """

    speaker: Span | None
    pronoun: str
    cue: Span
    addressee: Span | None
    beside_quotation: bool


def find_attributions(sentences: list[str], lang: str) -> list[Attribution | None]:
    """The attribution of each sentence of an article, with quotations masked, or None.

    Examples
    --------
    >>> found, nothing = find_attributions(["Moscou accuse Kiev de mentir.", "Il pleut."], "fr")
    >>> found.speaker, found.addressee, nothing
    ((0, 6), (14, 18), None)
    """
    readings = read_reports(sentences, lang)
    return [_attribution(reading, candidates(reading)) if reading else None for reading in readings]


def find_incise(sentence: str, lang: str) -> Attribution | None:
    """An attribution between commas inside a quotation (« Partons, dit-il, et vite. »), or None."""
    [reading] = read_reports([sentence.translate(_WITHOUT_MARKS)], lang)
    return _attribution(reading, incises(reading)) if reading else None


def find_quoted_verb(sentence: str, quotation: int, lang: str) -> Attribution | None:
    """The attribution by a reporting verb that opens a quotation (« Bruxelles « regrette » ce geste »), or None.

    Parameters
    ----------
    quotation : int
        Where in the sentence the quotation begins.
    """
    [reading] = read_reports([sentence.translate(_WITHOUT_MARKS)], lang)
    found = _attribution(reading, candidates(reading)) if reading else None
    return found if found and not sentence[quotation : found.cue[0]].strip('«»“”„"\u00a0\u202f ') else None


def _attribution(reading: Reading, found: Iterable[Candidate]) -> Attribution | None:
    """The attribution of the most trusted candidate, the first of several."""
    ranked = sorted(found, key=lambda candidate: (-candidate.trust, candidate.verb[0]))
    if not ranked:
        return None
    best = ranked[0]
    pronoun = "" if best.pronoun < 0 else reading.words[best.pronoun].lower()
    name = best.name or _name_before(reading, best, pronoun, ranked)
    addressee = _addressee(reading, best)
    return Attribution(
        speaker=name and _short(reading.offsets(name)),
        pronoun=pronoun,
        cue=reading.offsets(best.verb),
        addressee=addressee and reading.offsets(addressee),
        beside_quotation=best.trust == BESIDE_QUOTATION,
    )


def _short(name: Span) -> Span | None:
    return name if name[1] - name[0] <= _LONGEST_NAME_CHARS else None


def _name_before(reading: Reading, best: Candidate, pronoun: str, ranked: list[Candidate]) -> Span | None:
    """The speaker that the same sentence names before the pronoun: *X hailed the deal, which, he said, …*."""
    for candidate in ranked:
        if candidate.name and candidate.verb[1] <= best.verb[0]:
            name = " ".join(reading.words[slice(*candidate.name)])
            is_one = agrees(pronoun, name, reading.lang) or (pronoun in _PERSONAL and " " not in name)
            return candidate.name if is_one else None
    return None


def _addressee(reading: Reading, best: Candidate) -> Span | None:
    end, classes = best.verb[1], reading.classes
    how = reading.lexicon.addressees.get(reading.words[end - 1].lower())
    if how is None:
        return None
    while classes[end : end + 1] == "W":
        end += 1
    if how != "obj":
        if classes[end : end + 1] != "z":
            return None
        end += 1
    match = reading.grammar.addressee.match(classes, end)
    if match is None or match.span() == best.name or not _is_spoken_to(reading, match.span()):
        return None
    return match.start(), _before_complement(reading, *match.span())


def _is_spoken_to(reading: Reading, name: Span) -> bool:
    """Whether the head of a name is that of somebody: *the House of Commons*, not *the expulsion of envoys*."""
    head = name[0], name[0] + len(reading.classes[slice(*name)].split("O")[0])
    return can_speak(reading, head) or reading.lower(head)[-1].endswith(("s", "x"))


def _before_complement(reading: Reading, start: int, end: int) -> int:
    """Where an addressee ends, if what follows *of* is what is said: « accuse Kiev de mentir »."""
    for at in range(start + 1, end - 1):
        if reading.classes[at] == "O" and _INFINITIVE.search(reading.words[at + 1]):
            return at
    return end
