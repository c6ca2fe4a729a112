"""Constructions by which a sentence names its speaker, each with how much it is trusted."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from stance.speakers.clauses import (
    antecedent,
    is_certainly_inserted,
    sentence_subject,
    subject,
    subject_before_insertion,
)
from stance.speakers.reading import Reading, Span
from stance.speakers.verbs import can_speak, has_excluded_words, reports_speech, subject_speaks
from stance.speakers.wordclasses import ACT

# A source outside the clause ("X accuses Y, the ministry said") speaks the whole sentence, so it wins over the subject
# of the clause; a newspaper or agency that reports does not.
BESIDE_QUOTATION, INCISE, INTRODUCED, SUBJECT, MEDIA, CONTRASTED, RELATIVE, PASSIVE, ABSOLUTE = (
    100, 90, 85, 80, 70, 60, 55, 50, 45,
)  # fmt: skip
_QUOTATION_OPENS = re.compile(r"[-&WS.(]*[Qq][,.?!]*-?(?:\([^()]*\),?)?")
_QUOTATION_FOLLOWS = re.compile(r"[TWE]*[,:]-?[Qq][.,]?(?:$|[^ABMov])")
_CLAUSE_OVER = re.compile(r"$|[.,T]|P")
_CLAUSE_ENDS = re.compile(r"$|[.,T]|P?T")
_OWNED_DOCUMENT = re.compile(r"D?[aL]*m[LxpX3Y8]?(?:[Odb]|(?P<from>P))(?=.)")
_OWNER_BEFORE_DOCUMENT = re.compile(r"D?(?P<owner>[CLa]*C)O?m")
_OWN_WORDS = re.compile(r"\b(?:termes|mots|words)\b")
_ACTS = frozenset(ACT)
_OVER_AFTER_NAME = re.compile(r"\.?$|[PT]|,[RbWgG]|,.*,")
_NARRATED = re.compile(r"&O(?P<verb>[iJ0])")
_QUOTED_AFTER_COLON = re.compile(r"(?P<verb>:)-?Q\.?$")
_REACTIONS = frozenset(
    {"réaction", "réponse", "réplique", "commentaire", "verdict", "constat", "reaction", "response"}
)
_GERUND = re.compile(r",W?(?P<verb>g(?=[KQqHND])|G)")


class Candidate(NamedTuple):
    """A possible attribution, in word positions; ``pronoun`` is -1 where a name is there."""

    trust: int
    name: Span | None
    pronoun: int
    verb: Span


def candidates(reading: Reading) -> list[Candidate]:
    """Constructions of a sentence that may name its speaker, until one leaves no doubt."""
    found: list[Candidate] = []
    present = set(reading.classes)
    for construction, letters in _CONSTRUCTIONS:
        if letters.isdisjoint(present):
            continue
        is_settled = False
        for candidate in construction(reading):
            if _names_source(reading, candidate):
                found.append(candidate)
                is_settled = is_settled or (candidate.name is not None and candidate.trust >= INCISE)
        if is_settled:
            break
    return found


def _names_source(reading: Reading, candidate: Candidate) -> bool:
    return candidate.name is None or "c" not in reading.classes[slice(*candidate.name)]


def incises(reading: Reading) -> Iterator[Candidate]:
    """The constructions that stand between commas inside a quotation."""
    for match in reading.grammar.incise.finditer(reading.classes):
        yield Candidate(INCISE, match.span("name"), -1, match.span("verb"))
    yield from _inverted_pronouns(reading)


def _opens_with_quotation(reading: Reading, position: int) -> bool:
    return reading.has_quotation and _QUOTATION_OPENS.fullmatch(reading.classes, 0, position) is not None


def _beside(reading: Reading, position: int) -> int:
    return BESIDE_QUOTATION if _opens_with_quotation(reading, position) else INCISE


def _inverted(reading: Reading) -> Iterator[Candidate]:
    for match in reading.grammar.inverted.finditer(reading.classes):
        beside = match["quoted"] is not None
        verb = match.span("beside" if beside else "elsewhere")
        if (reading.lang == "en" and reading.classes[verb[0]] in "ABMW") or not reports_speech(reading, verb):
            continue
        if beside or _is_inverted(reading, verb, match.span("name")):
            trust = _beside(reading, verb[0]) if beside else _trust_of_source(reading, match.span("name"))
            yield Candidate(trust, reading.delimited(_owner(reading, match.span("name"))), -1, verb)


def _is_inverted(reading: Reading, verb: Span, name: Span) -> bool:
    """Whether the name after a comma and a verb is its subject (« ", a dit le roi" »), not its object."""
    has_subject = subject_before_insertion(reading, verb[0]) is not None
    if (has_subject and reading.lang == "en") or has_excluded_words(reading, verb):
        return False
    if has_subject and reading.lexicon.addressees.get(reading.words[verb[1] - 1].lower()) == "obj":
        return False
    if not _ACTS.isdisjoint(reading.classes[slice(*verb)]):
        return not has_subject and _OVER_AFTER_NAME.match(reading.classes, name[1]) is not None
    return not has_subject or (can_speak(reading, name) and not is_certainly_inserted(reading, verb[0]))


def _trust_of_source(reading: Reading, name: Span) -> int:
    return MEDIA if "e" in reading.classes[slice(*name)] else INCISE


def _unlisted(reading: Reading) -> Iterator[Candidate]:
    match = reading.grammar.unlisted.match(reading.classes) if reading.lang != "en" else None
    if match:
        yield Candidate(BESIDE_QUOTATION, reading.delimited(match.span("name")), -1, match.span("verb"))


def _inverted_pronouns(reading: Reading) -> Iterator[Candidate]:
    for match in reading.grammar.inverted_pronoun.finditer(reading.classes):
        verb = match.span("verb")
        trust = _beside(reading, verb[0])
        if not reading.words[verb[0]].endswith("-on"):
            yield Candidate(trust, None, verb[0], verb)
        elif match["name"]:
            yield Candidate(trust, match.span("name"), -1, verb)


def _postposed(reading: Reading) -> Iterator[Candidate]:
    if reading.lang not in ("en", "de"):
        return
    for match in reading.grammar.postposed.finditer(reading.classes):
        verb = match.span("verb")
        if reports_speech(reading, verb):
            yield Candidate(
                _beside(reading, match.start("name")), reading.delimited(match.span("name")), -1, verb
            )


def _subjects(reading: Reading) -> Iterator[Candidate]:
    for match in reading.grammar.verb.finditer(reading.classes):
        verb = match.span()
        if reports_speech(reading, verb):
            name, trust = _subject_with_trust(reading, verb)
            if name and trust and _subject_speaks(reading, verb, name, trust):
                yield Candidate(trust, reading.delimited(_owner(reading, name)), -1, verb)


def _subject_speaks(reading: Reading, verb: Span, name: Span | None, trust: int) -> bool:
    """Whether the subject of a verb speaks; where the clause ends with the verb, it needs no further word."""
    is_incise = trust >= INCISE and _CLAUSE_ENDS.match(reading.classes, verb[1]) is not None
    return subject_speaks(reading, verb, name, in_incise=is_incise)


def _subject_with_trust(reading: Reading, verb: Span) -> tuple[Span | None, int]:
    before = reading.classes[verb[0] - 1 : verb[0]]
    if before == "R" and reading.classes[verb[0] - 2 : verb[0] - 1] == ",":
        return antecedent(reading, verb[0] - 1), RELATIVE
    name = subject(reading, verb[0])
    return name, _trust_of_clause(reading, name[0], verb[1]) if name else 0


def _pronouns(reading: Reading) -> Iterator[Candidate]:
    impersonal = reading.grammar.impersonal.match(reading.classes) if reading.lang == "fr" else None
    for match in reading.grammar.pronoun.finditer(reading.classes):
        verb = match.span("verb")
        trust = _trust_of_clause(reading, match.start(), verb[1])
        if not reports_speech(reading, verb) or not _subject_speaks(reading, verb, None, trust):
            continue
        if reading.words[match.start()].lower() == "on":
            if impersonal:
                yield Candidate(CONTRASTED, impersonal.span("name"), -1, verb)
        elif trust:
            yield Candidate(trust, None, match.start(), verb)


def _introduced(reading: Reading) -> Iterator[Candidate]:
    grammar, classes = reading.grammar, reading.classes
    openings = grammar.counted.match(classes), grammar.opinion.match(classes)
    for match in (*grammar.introduced.finditer(classes), *filter(None, openings)):
        if match["name"] is None:
            trust = CONTRASTED if match.start() else INTRODUCED
            yield Candidate(trust, None, match.start("pronoun"), match.span("verb"))
        else:
            name = _owner(reading, reading.delimited(match.span("name")))
            if _OWN_WORDS.search(reading.words[match.start("verb")]) and not can_speak(reading, name):
                continue  # « selon les termes de l'accord »
            yield Candidate(INTRODUCED, reading.delimited(name), -1, match.span("verb"))


def _owner(reading: Reading, name: Span) -> Span:
    """Whose document it is: « le compte-rendu de la Maison Blanche », *a Pentagon statement*."""
    if "m" not in reading.classes[slice(*name)]:
        return name
    after = _OWNED_DOCUMENT.match(reading.classes, name[0])
    if after and after.end() <= name[1] + 2 and _is_of_owner(reading, after):
        owner = reading.grammar.names.match(reading.classes, after.end())
        if owner and can_speak(reading, owner.span()):
            return owner.span()
    before = _OWNER_BEFORE_DOCUMENT.fullmatch(reading.classes, *name) if reading.lang == "en" else None
    if before is None:
        return name
    keeps_article = reading.words[name[0]].lower() == "the"
    return name[0] if keeps_article else before.start("owner"), before.end("owner")


def _is_of_owner(reading: Reading, document: re.Match[str]) -> bool:
    return document["from"] is None or reading.words[document.start("from")].lower() == "from"


def _passives(reading: Reading) -> Iterator[Candidate]:
    for match in reading.grammar.passive.finditer(reading.classes):
        yield Candidate(PASSIVE, match.span("name"), -1, match.span("verb"))


def _absolutes(reading: Reading) -> Iterator[Candidate]:
    """Participles with a subject of their own, or with that of the whole sentence."""
    for match in reading.grammar.absolute.finditer(reading.classes):
        if can_speak(reading, reading.head(match.span("name"))):
            yield Candidate(ABSOLUTE, match.span("name"), -1, match.span("verb"))
    gerunds = list(_GERUND.finditer(reading.classes))
    name = sentence_subject(reading) if gerunds else None
    if name:
        yield from (Candidate(ABSOLUTE, name, -1, gerund.span("verb")) for gerund in gerunds)


def _owners(reading: Reading) -> Iterator[Candidate]:
    """Whose words a noun of speech with *that* reports: *NATO's warning that*, « l'avis de Paris selon lequel »."""
    for match in reading.grammar.owned.finditer(reading.classes):
        yield Candidate(CONTRASTED, match.span("name"), -1, match.span("verb"))


def _announced(reading: Reading) -> Iterator[Candidate]:
    """A speaker, a colon and a quotation: *First Minister Rhodri Pugh: "Wales stands ready."*."""
    match = reading.grammar.announced.match(reading.classes)
    is_reaction = match is not None and not _REACTIONS.isdisjoint(reading.lower(match.span("head")))
    if match and (match["owner"] if is_reaction else can_speak(reading, match.span("head"))):
        yield Candidate(INTRODUCED, match.span("owner" if is_reaction else "name"), -1, match.span("verb"))
    quoted = _QUOTED_AFTER_COLON.search(reading.classes)
    name = sentence_subject(reading) if quoted else None
    if quoted and name and can_speak(reading, reading.head(name)):
        yield Candidate(CONTRASTED, name, -1, quoted.span("verb"))
    match = reading.grammar.prefaced.search(reading.classes)
    if match and can_speak(reading, match.span("name")):
        yield Candidate(CONTRASTED, match.span("name"), -1, match.span("verb"))


def _narrated(reading: Reading) -> Iterator[Candidate]:
    """« Et d'ajouter : » stands for the last speaker."""
    match = _NARRATED.match(reading.classes) if reading.lang == "fr" else None
    if match and reading.words[0].lower() == "et":
        yield Candidate(INCISE, None, 0, match.span("verb"))


def _trust_of_clause(reading: Reading, start: int, verb_end: int) -> int:
    """Trust in a subject and its verb by what stands before and after them; 0 in a dependent clause."""
    classes = reading.classes
    if _opens_with_quotation(reading, start) or _quotation_follows(reading, start, verb_end):
        return BESIDE_QUOTATION
    boundary = classes[:start].rstrip("TWPN&")[-1:]
    if boundary and boundary in "KRUI":
        return 0
    if boundary == "S":
        return CONTRASTED
    is_over = reading.lang == "en" and boundary in (",", "Q", "q") and _CLAUSE_OVER.match(classes, verb_end)
    if is_over and (classes[start] in "DH" or can_speak(reading, (start, verb_end))):
        return _trust_of_source(reading, (start, verb_end))
    return SUBJECT


def _quotation_follows(reading: Reading, start: int, verb_end: int) -> bool:
    """Whether the quotation after *X said:* or *X said,* is the main clause."""
    match = _QUOTATION_FOLLOWS.match(reading.classes, verb_end) if reading.has_quotation else None
    return match is not None and (":" in match.group() or "," not in reading.classes[:start])


# Each with the letters one of which it cannot do without.
_CONSTRUCTIONS = (
    (_inverted, frozenset(",Qq-:@K(;?!")),
    (_inverted_pronouns, frozenset("uw")),
    (_postposed, frozenset("Qq")),
    (_unlisted, frozenset("Qq")),
    (_subjects, frozenset("vxpginVXYGJZ")),
    (_pronouns, frozenset("H")),
    (_introduced, frozenset("Ifb")),
    (_passives, frozenset("b")),
    (_absolutes, frozenset("gG")),
    (_owners, frozenset("KI")),
    (_narrated, frozenset("iJ0")),
    (_announced, frozenset("Q")),
)
