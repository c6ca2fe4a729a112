"""What each word of a statement adds to the decision: the contributions of all terms, laid on the words they cover."""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stance.explanations import Explanation, TermContribution

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# A word, with its elision (l') or its English negation (don't); signs; spaces. Together they are the whole text.
_PIECE = re.compile(r"\w+(?:['’]t\b|['’])?|[^\w\s]+|\s+")
_LEVELS = (0.1, 0.35, 0.7)
"""Shares of the strongest word's contribution from which a word is marked, more strongly, most strongly."""

MAX_NUMBERED = 5
"""Words that show their contribution as a number."""

NUMBER_CHARS = 6
"""Characters of text that a number above them takes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a statement, or the signs or spaces between words.

    Parameters
    ----------
    start, end : int
        Character offsets into the statement.
    contribution : float
        What its characters add to the decision for the predicted class.
    level : int
        From 0, not worth a mark, to 3; negative for what speaks against the predicted class.
    is_numbered : bool
        Whether it is one of the few whose contribution is written out.
    """

    text: str
    start: int
    end: int
    contribution: float
    level: int
    is_numbered: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A statement in pieces; their contributions with ``unplaced`` and the intercept add up to the decision.

    Parameters
    ----------
    unplaced : float
        Contributions of terms that have no place in the text: of the target, or of masked actors.
    """

    pieces: tuple[Piece, ...]
    unplaced: float


def words_of(explanation: Explanation) -> Words:
    """The pieces of a statement with what each adds to the decision.

    A term's contribution is shared evenly among its places, and there among its characters without spaces.

    Examples
    --------
    >>> terms = (TermContribution("accord", "word", 1.0, 0.6, ((2, 8),)), TermContribution("l", "word", 1.0, -0.1, ((0, 1),)))
    >>> found = words_of(Explanation("l'accord", "cooperative", {"cooperative": 0.6}, 0.5, 0.0, terms))
    >>> [(piece.text, round(piece.contribution, 6), piece.level) for piece in found.pieces]
    [("l'", -0.1, -1), ('accord', 0.6, 3)]
    """
    by_character = np.zeros(len(explanation.text))
    is_ink = np.asarray([not character.isspace() for character in explanation.text])
    for term in explanation.terms:
        _lay(by_character, is_ink, term)
    bounds = [0, *(match.end() for match in _PIECE.finditer(explanation.text))]
    sums = [float(by_character[start:end].sum()) for start, end in pairwise(bounds)]
    strongest = max(map(abs, sums), default=0.0)
    numbered = _numbered(bounds, sums, strongest)
    pieces = (
        Piece(explanation.text[start:end], start, end, value, _level(value, strongest), i in numbered)
        for i, ((start, end), value) in enumerate(zip(pairwise(bounds), sums, strict=True))
    )
    return Words(tuple(pieces), sum(term.contribution for term in explanation.terms if not term.spans))


def _lay(by_character: FloatArray, is_ink: BoolArray, term: TermContribution) -> None:
    for start, end in term.spans:
        ink = is_ink[start:end] if is_ink[start:end].any() else np.ones(end - start, dtype=np.bool_)
        by_character[start:end] += ink * (term.contribution / len(term.spans) / ink.sum())


def _numbered(bounds: list[int], sums: list[float], strongest: float) -> set[int]:
    """The strongest pieces, none so near to a stronger one that their numbers would overlap."""
    chosen: list[int] = []
    for i in sorted(range(len(sums)), key=lambda i: (-abs(sums[i]), i)):
        is_free = all(abs(bounds[i] - bounds[j]) >= NUMBER_CHARS for j in chosen)
        if is_free and _level(sums[i], strongest) and len(chosen) < MAX_NUMBERED:
            chosen.append(i)
    return set(chosen)


def _level(value: float, strongest: float) -> int:
    if strongest <= 0:
        return 0
    level = sum(abs(value) >= share * strongest for share in _LEVELS)
    return level if value > 0 else -level
