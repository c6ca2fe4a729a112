"""Quotations of a paragraph: where each opens and closes, whatever marks the newspaper uses."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol

# Languages that elide (l'accord, dell'accordo): there a single mark is an apostrophe, never a quotation mark.
_ELIDING = frozenset({"fr", "it"})
_DOUBLE_MARKS = re.compile('[«»“”„"]')
_ALL_MARKS = re.compile("[«»“”„\"‘’']")
_CLOSERS = {"«": "»", "»": "«", "“": "”“", "„": "“”", '"': '"”', "‘": "’'", "'": "'’"}
_BEFORE_OPENER = frozenset("([{—–-:/«“\"'‘")
# `'The ministers' plan is dead,' he said.`: the mark after a stop or comma closes, not the possessive one.
_CLOSING_SINGLE = re.compile(r"[.,!?…]['’](?!\w)|(?<!\w)['‘](?=\w)")


_START, _END = attrgetter("start"), attrgetter("end")


class _Stretch(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


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


def touching(stretches: Sequence[_Stretch], start: int, end: int) -> range:
    """Positions of the stretches that begin before ``end`` and end after ``start``.

    They are in order and none overlaps another, so that two bisections find them among any number.

    Examples
    --------
    >>> touching([Quotation(0, 4, True), Quotation(6, 9, True), Quotation(9, 12, True)], 4, 9)
    range(1, 2)
    """
    return range(bisect_right(stretches, start, key=_END), bisect_left(stretches, end, key=_START))


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
    singles = _ClosingSingles(text, end)
    for match in marks.finditer(text, start, end):
        here, at = match.group(), match.start()
        if mark:
            if here in _CLOSERS[mark] and _closes(text, at, here, singles):
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


class _ClosingSingles:
    """The single marks of a paragraph that are sure to close or open; asked for in order, each is looked for once."""

    def __init__(self, text: str, end: int) -> None:
        self.text, self.end = text, end
        self._next: re.Match[str] | None = None
        self._searched = -1

    def after(self, at: int) -> re.Match[str] | None:
        """The first of them after a position."""
        if at >= self._searched:
            self._next = _CLOSING_SINGLE.search(self.text, at + 1, self.end)
            self._searched = self._next.start() if self._next else self.end
        return self._next


def _closes(text: str, at: int, mark: str, singles: _ClosingSingles) -> bool:
    before, after = text[at - 1], text[at + 1] if at + 1 < singles.end else " "
    if mark in '"“':
        return not (before.isspace() and after.isalnum())
    if mark in "'’":
        return not after.isalnum() and not before.isspace() and not _is_possessive(text, at, singles)
    return True


def _is_possessive(text: str, at: int, singles: _ClosingSingles) -> bool:
    """Whether the mark at ``at`` is an apostrophe inside a quotation that closes further on."""
    if text[at - 1] in ".,!?…":
        return False
    later = singles.after(at)
    return later is not None and later.group()[0] in ".,!?…"
