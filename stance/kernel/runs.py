"""Token patterns that find runs of word characters, told from their parsed form."""

import re
from collections.abc import Sequence
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

Items = Sequence[tuple[Any, Any]]
"""A sequence of the parsed pattern: operator and argument of each item."""

EDGE = (codes.AT, codes.AT_BOUNDARY)
WORD_CHARACTER = (codes.IN, [(codes.CATEGORY, codes.CATEGORY_WORD)])
REPEATS = (codes.MAX_REPEAT, codes.POSSESSIVE_REPEAT)


class Runs(NamedTuple):
    """Where none of ``without`` occurs, the tokens are the runs of at least ``least`` word characters, whole."""

    least: int
    without: frozenset[str]


def runs_of(pattern: str) -> Runs | None:
    r"""The runs of word characters that a pattern finds; None if it finds anything else.

    Other alternatives may stand beside the run if they need a certain character, which is no word character.

    Examples
    --------
    >>> runs_of(r"(?u)\b\w\w+\b")
    Runs(least=2, without=frozenset())
    >>> runs_of(r"\w+n't\b|'s\b|\w+")
    Runs(least=1, without=frozenset({"'"}))
    >>> runs_of(r"\w+|[!?]+"), runs_of(r"\w+(?!\d)")
    (None, None)
    """
    tree = parser.parse(pattern)
    if tree.state.flags & ~re.UNICODE:
        return None
    alternatives = tree[0][1][1] if len(tree) == 1 and tree[0][0] is codes.BRANCH else [tree]
    needed = [_needed(items) for items in alternatives]
    runs = [
        _least(list(items)) for items, character in zip(alternatives, needed, strict=True) if not character
    ]
    if len(runs) != 1 or runs[0] is None:
        return None
    return Runs(runs[0], frozenset(filter(None, needed)))


def _needed(items: Items) -> str | None:
    """A character without which these items match nothing, and which is no word character."""
    literals = (chr(argument) for operator, argument in items if operator is codes.LITERAL)
    return next((character for character in literals if not re.match(r"\w", character)), None)


def _least(items: list[tuple[Any, Any]]) -> int | None:
    """How many word characters these items match at least, if they match a whole run of them."""
    inner = items[items[:1] == [EDGE] : len(items) - (items[-1:] == [EDGE])]
    *fixed, (operator, argument) = inner or [(None, None)]
    if operator not in REPEATS or any(item != WORD_CHARACTER for item in fixed):
        return None
    low, high, body = argument
    is_run = high is codes.MAXREPEAT and list(body) == [WORD_CHARACTER]
    return len(fixed) + int(low) if is_run else None
