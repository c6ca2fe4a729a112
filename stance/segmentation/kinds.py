"""Paragraphs that are no statements: headings, captions, and the furniture of a web page."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from stance.records import Kind
from stance.segmentation.stamps import is_stamp

_LONGEST_FURNITURE_CHARS = 400
_LONGEST_HEADING_CHARS = 160
_LONGEST_HEADING_WORDS = 22
_LONGEST_QUESTION_WORDS = 12
_LONGEST_CAPTION_CHARS = 320
_LONGEST_LABEL_WORDS = 14
_LONGEST_LABELLED_WORDS = 18
_SHORTEST_HEADLINE_WORDS = 5
_LONGEST_SIGN_OFF_CHARS = 48
_LONGEST_SIGNED_SENTENCE_CHARS = 90

_UPPER, _NAME = "A-ZÀ-ÖØ-Þ", r"[A-ZÀ-ÖØ-Þ][\w'’.-]+"
_BYLINE = re.compile(
    rf"(?:[Pp]ar|[Bb]y|Von|Por|Di|De|(?:Propos r|R)ecueillis? par|Entretien réalisé par|Texte :|Story by|Interview by|Words by|"
    rf"Analysis by)\s+(?:(?:{_NAME}|[{_UPPER}]\.)(?:\s+(?:(?:de|van|von|der|da|al|et|and|und|y|e)\s*)?{_NAME})+"
    rf"|(?:nos?|notre|our|l['’]envoyée?) (?:spécial|correspondant|envoyé|own|staff|foreign)).{{0,80}}"
    rf"|{_NAME}(?:\s+{_NAME}){{1,3}}(?:\s+\([^()]*(?:envoyée?|correspondan|correspondent)[^()]*\)"
    rf"|,?\s+[\w ]{{0,30}}(?:correspondent|editor|reporter|correspondante?)(?: in {_NAME})?)"
    rf"|(?:BBC News|CNN|Al Jazeera|Associated Press)(?:,| in) {_NAME}"
    rf"|{_NAME}(?: {_NAME})?, (?:de nos?|de notre|from our) .{{0,60}}|Reporting from {_NAME}(?: {_NAME})?"
    rf"|(?:{_NAME} ){{1,4}}(?:[Nn]ews|[Ww]eb|[Ff]oreign) [Dd]esk"
)
# Below the headline a name alone is that of the author.
_ONE_AUTHOR = rf"{_NAME}(?:\s+(?:{_NAME}|[{_UPPER}]\.)){{1,2}}"
_AUTHOR = re.compile(rf"{_ONE_AUTHOR}(?:\s+(?:and|et)\s+{_ONE_AUTHOR})?(?:\s+(?:in|à)\s+{_NAME})?")
_DATELINE = re.compile(
    rf"[{_UPPER}]{{2}}[^!?]{{0,70}}[–—-]|[{_UPPER}][{_UPPER}'’ .,/-]+ [–—-] (?:correspondan|envoyée? |de nos? |de notre )[\w ]{{0,60}}"
)
_SIGN_OFF = re.compile(r"[.!?»”\"]\s+(?P<sign>\((?P<outlets>[^()]+)\)|(?P<end>Enditem|End item))\.?$")
_COUNT = re.compile(
    r"\d[\d., ]{0,7}\s?(?:comments?|commentaires?|réactions?|shares?|partages?)", re.IGNORECASE
)
_BETWEEN_OUTLETS = re.compile(r"\s*(?:[,/]|\b(?:et|and|avec|with|via|par|by)\b)\s*")
_AGENCY = re.compile(
    r"\(?\s*(?:avec|with|source\s?:?|mit|con)?\s*(?:l['’])?(?:AFP|AP|Reuters|REUTERS|EFE|dpa|ANSA|Belga|ATS|agences?|agencies)"
    r"(?:\s*(?:,|/|et|and|avec)\s*(?:l['’])?(?:AFP|AP|Reuters|EFE|dpa|ANSA|Belga|ATS|agences?|agencies))*\s*\)?\.?"
    r"|\(?[a-z]{2,5}(?:-[a-z]{2,5})?(?:/[a-z]{2,5})+\)?",
    re.IGNORECASE,
)
_MONTH_NAMES = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre january february march april "
    "may june july august september october november december januar februar märz juni juli oktober dezember enero "
    "febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio "
    "giugno luglio settembre ottobre dicembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro"
)
# By their first letters, of which there are few, so that most places of a line are left at one look.
_MONTHS = "|".join(
    f"{first}(?:{'|'.join(name[1:] for name in _MONTH_NAMES.split() if name[0] == first)})"
    for first in sorted({name[0] for name in _MONTH_NAMES.split()})
)
_DATE = rf"(?:\d{{1,2}}(?:er|st|nd|rd|th|\.)?\s+(?:de\s+)?(?:{_MONTHS})|(?:{_MONTHS})\s+\d{{1,2}})(?:,?\s+(?:de\s+)?\d{{4}})?"
_SHORT_MONTHS = r"janv|févr|avr|juil|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|déc|dec"
_CLOCK = r"\d{1,2}\s?[h:.]\s?\d{2}"
_TIME_LINE = re.compile(
    rf"(?:(?:updated|mis à jour)\s+)?(?:{_CLOCK}(?:\s?(?:GMT|BST|CET|E[DS]?T|UTC|[ap]\.?m\.?))?"
    r"|\d{1,2} (?:minutes?|mins?|hours?|days?) ago|il y a \d{1,2} (?:minutes?|heures?|jours?)"
    rf"|\d{{1,2}}(?:\s|-)(?:{_SHORT_MONTHS})\.?(?:\s|-)\d{{4}}(?:,?\s+(?:à |at )?{_CLOCK})?)",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"·?\s*(?:temps de lecture\s?:?\s*)?\d+\s?min(?:utes?)?(?: de lecture|[ -]read)?", re.IGNORECASE
)
_DATE_LINE = re.compile(
    rf"(?:\w+,?\s+)?(?:le\s+)?{_DATE}(?:,?\s*(?:à\s*)?\d{{1,2}}\s?[h:]\s?\d{{2}})?\.?", re.IGNORECASE
)
_FULL_DATE_AT_END = re.compile(
    rf"(?:{_DATE}|(?<!\bby )(?<!\buntil )(?:{_MONTHS})\s+\d{{4}})\.?\s*(?:\([^)]*\))?\s*\.?$", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_YEAR_AT_END = re.compile(r"\b(?:19|20)\d{2}\.?\s*(?:\([^)]*\))?\s*\.?$")
_CREDIT = re.compile(
    r"©|\((?:archives?|file photo|file|photo d['’]illustration|illustration|image d['’]archives?|Archivbild)\)"
    r"|^(?i:photo|crédits?|image|légende|caption|picture|photograph|foto)(?:\s+(?i:caption|photo|d['’]illustration|by|credit))?\s*[:./]"
    r"|^Image (?:source|caption|copyright),"
    r"|\([^()]*/\s?(?i:file|archives?|pool|handout)\)"
    r"|\b(?:PHOTO|Photograph|Photo|Crédit|Image|Foto)\s*(?::|/|[A-ZÀ-Þ]{3,})[^.]{0,60}\.?$"
    r"|/\s?(?:AFP|AP|Reuters|REUTERS|Getty|EPA|SIPA|Pool)\b(?!\)\s[-–—])|Getty Images|AP Photo|REUTERS/|via AP\b"
    r"|^(?:Reuters|AFP|EPA|PA|AP|BBC) (?:An?|The|Two|Three) .*\w$",
    re.MULTILINE,
)
_CREDIT_START = re.compile(r"(?:photo|photo d['’]illustration|file photo|illustration)\.?$", re.IGNORECASE)
_CREDIT_WORDS = (
    "©", "photo", "archiv", "file", "image", "illustration", "getty", "afp", "/ap", "ap photo", "via ap", "reuters", "epa",
    "sipa", "pool", "handout", "crédit", "légende", "foto", "caption", "picture",
)  # fmt: skip
_SIDE_WORDS = ("gauche", "droite", "left", "right", "centre", "center", "(l)", "(r)", "(c)", "(g)", "(d)")
_DATE_CHARS = 60
_SIDE = re.compile(
    r"\((?:à )?(?:gauche|droite|left|right|l|r|c|g|d|centre|center)\)|, (?:left|right|center|centre),",
    re.IGNORECASE,
)
_SCENE = re.compile(
    r"\b(?:se serrent la main|serre la main|pose(?:nt)? |s['’]exprime|arrive(?:nt)? |lors d[eu']|shakes? hands|speaks? |attends? |"
    r"poses? |waves? |walks? |looks? on|listens? |pictured|gestures?|addresses )"
)
_FINITE = re.compile(
    r"\b(?:est|sont|a|ont|était|étaient|avait|avaient|sera|seront|aura|auront|doit|doivent|peut|peuvent|va|vont|fait|font|fut|"
    r"say|make|take|get|come|go|want|need|remain|plan|vote|begin|start|face|hold|"
    r"is|are|was|were|has|have|had|will|would|can|could|may|must|do|does|did|said|says|ist|sind|war|hat|haben|wird|"
    r"es|son|fue|ha|han|será|è|sono|hanno|sarà|é|são|foi|tem|há|"
    r"\w{3,}(?:ait|aient|èrent|irent)|\w{2,}[eidtv]ront|(?!United)\w{3,}ed|\w{2,}(?:era|ira))\b"
)
# What a sentence glued to its rubric begins with: « InternationalLe Kremlin », and not *NewsGuard*.
_ARTICLES = "The|A|An|In|On|At|Le|La|Les|Un|Une|Des|Du|En|Au|Aux|Il|Elle|Ce|Cette|À|Der|Die|Das|Ein|El|Los|Las|Lo|Gli|O|Os|As"
_FACTS = (_BYLINE, _AGENCY, _DATE_LINE, _TIME_LINE, _READING_TIME, _COUNT)
_FIRST_WORD = re.compile(r"\w+")
_AROUND_LABELS = " (>»•·*+-–—\u00a0►▶→➡…."
_BETWEEN_FACTS = re.compile(r"\s+[·|•–—-]\s+")
_SAID = re.compile(r"[^\W_]|[«»“”\"?!…]")
_NOT_A_HEADING_END = frozenset(".…:;,")
_TERMINATORS = frozenset(".!?…")
_CLOSERS = " \u00a0\u202f»”\"'’)]"
# A headline holds a label with a full stop at most (« Reportage. À Gaza, la faim »).
_SENTENCE_INSIDE = re.compile(r"^(?:[^\s.]+ ){7}.*[a-zà-ÿ]{3}\. [A-ZÀ-Þ]")
_INNER_END = re.compile(r"[.!?…]\s+\S")
_BULLETS = frozenset("-–—•*·▪◦")


def paragraph_kinds(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Kind | None]:
    """Kind of each paragraph that is no statement; None for those that hold statements.

    A paragraph is a heading only beside others that hold statements: a lone line without a full stop
    is a statement. Below the last of them nothing is headed: what looks like a heading there is furniture.
    """
    lines = [text[start:end] for start, end in paragraphs]
    clues = _clues("\n".join(line for line in lines if len(line) <= _LONGEST_FURNITURE_CHARS))
    kinds: list[Kind | None] = [_furniture_kind(line, clues) for line in lines]
    first_body = next(
        (i for i, line in enumerate(lines) if kinds[i] is None and not _may_be_heading(line)), None
    )
    if first_body is None:
        return kinds
    last_body = max(i for i, line in enumerate(lines) if kinds[i] is None and not _may_be_heading(line))
    long_lines = (i for i, line in enumerate(lines) if len(line.split()) >= _SHORTEST_HEADLINE_WORDS)
    headline = next(long_lines, first_body)
    for i, line in enumerate(lines):
        if kinds[i] is not None:
            continue
        if i < first_body or _is_heading(line):
            is_author = headline < i < first_body and _AUTHOR.fullmatch(line) is not None
            is_furniture = i > last_body or is_author or (i > 0 and _heads_a_list(lines[i - 1]))
            kinds[i] = "boilerplate" if is_furniture else "heading"
        elif i < last_body and _is_short_question(line):
            kinds[i] = "heading"
    return kinds


def rubric_end(text: str, start: int, end: int) -> int:
    """Where a rubric that stands in one line with the first sentence ends, or ``start``.

    Examples
    --------
    >>> rubric_end("DIPLOMATIE Les présidents ont parlé.", 0, 36)
    10
    """
    match = _rubric_pattern().match(text, start, end)
    return match.end() if match else start


def sign_off_start(text: str, start: int, end: int) -> int:
    """Where an agency's sign-off that ends a paragraph begins, or ``end``.

    Examples
    --------
    >>> sign_off_start("Le sommet est clos. (ats/afp)", 0, 29), sign_off_start("Le roi (AFP)", 0, 12)
    (20, 12)
    """
    if text[end - 1] not in ").m":
        return end
    match = _SIGN_OFF.search(text, max(start, end - _LONGEST_SIGN_OFF_CHARS), end)
    is_one = match is not None and (match["end"] or _is_of_outlets(match["outlets"]))
    return match.start("sign") if match and is_one else end


class _Clues(NamedTuple):
    """Phrases of furniture, words of credits and words for a side of a photo that stand in an article's short lines."""

    furniture: list[str]
    credit: list[str]
    side: list[str]


def _clues(short_lines: str) -> _Clues:
    """The few clues of an article: to look for all of them in each line would take several times as long."""
    plain = short_lines.replace("’", "'").lower()
    known = _furniture().anywhere, _CREDIT_WORDS, _SIDE_WORDS
    return _Clues(*([phrase for phrase in phrases if phrase in plain] for phrases in known))


def _furniture_kind(line: str, clues: _Clues) -> Kind | None:
    if len(line) > _LONGEST_FURNITURE_CHARS:
        return None
    if _is_boilerplate(line, clues):
        return "boilerplate"
    return "caption" if len(line) <= _LONGEST_CAPTION_CHARS and _is_caption(line, clues) else None


def _is_boilerplate(line: str, clues: _Clues) -> bool:
    plain = line.replace("’", "'").lower()
    if _opens_like_furniture(plain, line) or any(phrase in plain for phrase in clues.furniture):
        return True
    if len(line) > _LONGEST_HEADING_CHARS:
        return False
    label = plain.strip(_AROUND_LABELS)
    if label in _furniture().labels or label.rstrip(": ") in _furniture().lists or not _SAID.search(line):
        return True
    if len(line) > _LONGEST_SIGNED_SENTENCE_CHARS and line[-1] in _TERMINATORS:
        return False
    if _furniture().labels.issuperset(plain.split()) or is_stamp(line) or _DATELINE.fullmatch(line):
        return True
    return all(map(_is_dated_or_signed, _BETWEEN_FACTS.split(line)))


def _is_dated_or_signed(part: str) -> bool:
    return _is_of_outlets(part) or any(pattern.fullmatch(part) for pattern in _FACTS)


def _is_of_outlets(part: str) -> bool:
    """Whether a line names outlets and nothing else: « Le Monde avec AFP »."""
    names = [name for name in _BETWEEN_OUTLETS.split(part.lower().replace("’", "'").strip("() .–—-")) if name]
    return bool(names) and _furniture().outlets.issuperset(name.removeprefix("l'") for name in names)


def _opens_like_furniture(plain: str, line: str) -> bool:
    opening = plain.lstrip(_AROUND_LABELS)
    first = _FIRST_WORD.match(opening)
    phrases = _furniture().openings.get(first.group(), ()) if first else ()
    at = len(plain) - len(opening)
    found = next(
        (phrase for phrase in phrases if opening.startswith(phrase) and _ends_at(line, at + len(phrase))),
        None,
    )
    return found is not None and _is_furniture_start(line, at + len(found))


def _ends_at(line: str, end: int) -> bool:
    """Whether a word ends here, or another is glued to it: « À lire aussiLe récit »."""
    last, following = line[end - 1], line[end : end + 1]
    return not (following.isalnum() and last.isalnum()) or (last.islower() and following.isupper())


def _is_furniture_start(line: str, end: int) -> bool:
    """Whether what follows an opening such as « Lire aussi » is a label's rest and not a sentence."""
    rest = line[end:].strip()
    if not rest or line[-1] not in ".!?":
        return True
    n_words = len(line.split())
    return n_words <= (_LONGEST_LABEL_WORDS if rest[0].islower() else _LONGEST_LABELLED_WORDS)


def _is_caption(line: str, clues: _Clues) -> bool:
    plain = line.lower()
    if any(word in plain for word in clues.credit) and (_CREDIT.search(line) or _CREDIT_START.match(line)):
        return True
    if any(word in plain for word in clues.side) and _SIDE.search(line):
        return True
    ending = max(0, len(line) - _DATE_CHARS)
    if line[-1] not in ".)0123456789" or not _DIGIT.search(line, ending):
        return False
    if not _FULL_DATE_AT_END.search(line, ending):
        return False
    return not _FINITE.search(line) or bool(_YEAR_AT_END.search(line) and _SCENE.search(line))


def _may_be_heading(line: str) -> bool:
    return _is_heading(line) or _is_lone_exclamation(line)


def _is_heading(line: str) -> bool:
    if len(line) > _LONGEST_HEADING_CHARS or line[-1] in _NOT_A_HEADING_END or line[0] in _BULLETS:
        return False
    if _SENTENCE_INSIDE.search(line):
        return False
    return line.rstrip(_CLOSERS)[-1:] not in _TERMINATORS and len(line.split()) <= _LONGEST_HEADING_WORDS


def _is_lone_exclamation(line: str) -> bool:
    """Whether one sentence that ends with ! or ? stands alone: a heading at the head of an article."""
    if line[-1] not in "!?" or len(line) > _LONGEST_HEADING_CHARS or line[0] in '«“"-–—':
        return False
    return not _INNER_END.search(line) and len(line.split()) <= _LONGEST_HEADING_WORDS


def _heads_a_list(line: str) -> bool:
    """Whether a line such as *Read more* heads the titles of other articles."""
    return line.replace("’", "'").lower().strip(_AROUND_LABELS + ":") in _furniture().lists


def _is_short_question(line: str) -> bool:
    return line[-1] == "?" and _is_lone_exclamation(line) and len(line.split()) <= _LONGEST_QUESTION_WORDS


class _Furniture(NamedTuple):
    """Openings of furniture lines by their first word, the longest first; whole lines; phrases that may stand anywhere.

    ``lists`` are lines that head the titles of other articles, ``outlets`` newspapers, broadcasters and agencies.
    """

    openings: dict[str, list[str]]
    labels: frozenset[str]
    anywhere: list[str]
    lists: frozenset[str]
    outlets: frozenset[str]


@cache
def _furniture() -> _Furniture:
    table = files("stance.segmentation").joinpath("furniture.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()]
    phrases = {where: [w for row in rows if row[0] == where for w in row[1].split(", ")] for where, _ in rows}
    openings: dict[str, list[str]] = {}
    for phrase in sorted(phrases["start"], key=len, reverse=True):
        first = _FIRST_WORD.match(phrase)
        openings.setdefault(first.group() if first else "", []).append(phrase)
    lists, outlets = frozenset(phrases["list"]), frozenset(phrases["outlet"])
    return _Furniture(openings, lists | frozenset(phrases["label"]), phrases["anywhere"], lists, outlets)


@cache
def _rubric_pattern() -> re.Pattern[str]:
    names = files("stance.segmentation").joinpath("rubrics.txt").read_text(encoding="utf-8").splitlines()
    names = [name for name in names if not name.isupper()]
    glued = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    capitals = "|".join(map(re.escape, sorted((name.upper() for name in names), key=len, reverse=True)))
    opening = rf"[«“\"]|[{_UPPER}][\w'’]*[^\W{_UPPER}]"
    return re.compile(rf"(?:{capitals})(?=\s+(?:{opening}))|(?:{glued})(?=(?:{_ARTICLES})\b|[LD]['’])")
