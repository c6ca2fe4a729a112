"""Quotations of a paragraph: where each opens and closes, whatever marks the newspaper uses."""

import re
from dataclasses import dataclass

# Languages that elide (l'accord, dell'accordo): there a single mark is an apostrophe, never a quotation mark.
_ELIDING = frozenset({"fr", "it"})
_DOUBLE_MARKS = re.compile('[«»“”„"]')
_ALL_MARKS = re.compile("[«»“”„\"‘’']")
_CLOSERS = {"«": "»", "»": "«", "“": "”“", "„": "“”", '"': '"”', "‘": "’'", "'": "'’"}
_BEFORE_OPENER = frozenset("([{—–-:/«“\"'‘")
# `'The ministers' plan is dead,' he said.`: the mark after a stop or comma closes, not the possessive one.
_CLOSING_SINGLE = re.compile(r"[.,!?…]['’](?!\w)|(?<!\w)['‘](?=\w)")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted span, its marks included.

    Parameters
    ----------
    closed : bool
        Whether both marks are there; a quotation that is never closed ends with its paragraph.
    """

    start: int
    end: int
    closed: bool


def find_quotations(text: str, start: int = 0, end: int | None = None, lang: str = "en") -> list[Quotation]:
    """Outermost quotations of ``text[start:end]``, which is one paragraph, in reading order.

    A mark inside a quotation belongs to it. A closing mark that nothing opened makes a quotation of
    all that stands before it in the paragraph.

    Examples
    --------
    >>> [(q.start, q.end) for q in find_quotations("« Oui », dit-il. « Non »", lang="fr")]
    [(0, 7), (17, 24)]
    """
    end = len(text) if end is None else end
    marks = _DOUBLE_MARKS if lang in _ELIDING else _ALL_MARKS
    found: list[Quotation] = []
    opened, mark = start, ""
    for match in marks.finditer(text, start, end):
        here, at = match.group(), match.start()
        if mark:
            if here in _CLOSERS[mark] and _closes(text, at, here, end):
                found.append(Quotation(opened, at + 1, True))
                mark = ""
        elif _opens(text, at, here, start, end, lang):
            opened, mark = at, here
        elif here in "»”" and not found:
            found.append(Quotation(start, at + 1, False))
    if mark:
        found.append(Quotation(opened, end, False))
    return found


def _opens(text: str, at: int, mark: str, start: int, end: int, lang: str) -> bool:
    if mark in "«“„":
        return True
    after_gap = at == start or text[at - 1].isspace() or text[at - 1] in _BEFORE_OPENER
    if mark == "»":
        return lang == "de" and after_gap and at + 1 < end and not text[at + 1].isspace()
    if mark == "'":
        return after_gap and at + 1 < end and text[at + 1].isalpha()
    return mark in '"‘' and after_gap


def _closes(text: str, at: int, mark: str, end: int) -> bool:
    before, after = text[at - 1], text[at + 1] if at + 1 < end else " "
    if mark in '"“':
        return not (before.isspace() and after.isalnum())
    if mark in "'’":
        return not after.isalnum() and not before.isspace() and not _is_possessive(text, at, end)
    return True


def _is_possessive(text: str, at: int, end: int) -> bool:
    """Whether the mark at ``at`` is an apostrophe inside a quotation that closes further on."""
    if text[at - 1] in ".,!?…":
        return False
    later = _CLOSING_SINGLE.search(text, at + 1, end)
    return later is not None and later.group()[0] in ".,!?…"
