"""A sentence with its quotations masked, so that only the newspaper's own words are read."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from stance.speakers.quotations import Quotation, touching
from stance.speakers.wordclasses import QUOTED, QUOTED_SHORT

_LONGEST_NAME_WORDS = 4
_WORD = re.compile(r"\w")


class Sentence(NamedTuple):
    """One sentence as the attribution patterns see it.

    Parameters
    ----------
    masked : str
        The sentence with every quoted character replaced; offsets stay.
    quotations : tuple of Quotation
        The quotations that touch it, in article offsets.
    is_quoted : bool
        Whether nothing but marks stands outside its quotations.
    """

    start: int
    end: int
    masked: str
    quotations: tuple[Quotation, ...]
    is_quoted: bool


def mask(plain: str, start: int, end: int, quotations: Sequence[Quotation]) -> Sentence:
    """The sentence ``plain[start:end]`` with its quotations masked."""
    if not quotations:
        return Sentence(start, end, plain[start:end], (), False)
    inside = tuple(quotations[i] for i in touching(quotations, start, end))
    pieces, done = [], start
    for quotation in inside:
        left, right = max(quotation.start, start), min(quotation.end, end)
        mark = QUOTED_SHORT if _is_name(plain, quotation, start, end) else QUOTED
        pieces += [plain[done:left], mark * (right - left)]
        done = right
    masked = "".join((*pieces, plain[done:end]))
    is_quoted = bool(inside) and _WORD.search(masked) is None
    return Sentence(start, end, masked, inside, is_quoted)


def _is_name(plain: str, quotation: Quotation, start: int, end: int) -> bool:
    """Whether a quotation is short enough to be a name (*the "Quad"*) rather than speech."""
    if not quotation.closed or quotation.start < start or quotation.end > end:
        return False
    words = plain[quotation.start : quotation.end].strip("«»“”„\"'‘’ \u00a0\u202f").split()
    return len(words) <= _LONGEST_NAME_WORDS and words[-1:][0][-1] not in ".,!?…" if words else False
