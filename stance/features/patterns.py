"""Token patterns: which regular expressions find the tokens of any text in time that grows with its length."""

import re
from collections.abc import Iterable
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from stance.errors import ConfigError

FRENCH_ENGLISH_TOKENS = (
    r"aujourd'hui|(?:\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi|quel|pres)?qu|entr)')(?=\w)|\w+n't\b|'s\b|\w+"
)
"""Words of French and English: an elided article, pronoun or negation (l', n', qu') is a token of its own,
so are à and a; aujourd'hui and don't stay whole; the English 's is a token."""

MAX_BOUNDED_REPEAT = 20
MAX_WAYS = 200
"""Ways in which what is repeated a bounded number of times may be divided before a match at a place fails."""

MAX_PATTERN_CHARS = 10_000
SHOWN_CHARS = 60

REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
EDGE = (codes.AT, codes.AT_BOUNDARY)

Items = list[tuple[Any, Any]]
"""A sequence of the parsed pattern: operator and argument of each item."""


def check_token_pattern(pattern: str) -> None:
    """Refuse a token pattern that is broken, has several groups, matches nothing or can run away."""
    shown = pattern if len(pattern) <= SHOWN_CHARS else pattern[: SHOWN_CHARS - 1] + "…"
    if len(pattern) > MAX_PATTERN_CHARS:
        raise ConfigError(
            f"features: token_pattern '{shown}' has {len(pattern)} characters; at most {MAX_PATTERN_CHARS} are allowed."
        )
    try:
        tree = parser.parse(pattern)
        fault = _fault(list(tree), tree.state.groups - 1)
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ConfigError(
            f"features: token_pattern '{shown}' is not a regular expression ({error})."
        ) from None
    if fault is None and tree.getwidth()[0] == 0:
        fault = (
            "can match no character at all; a token needs one. Write + where * stands, or a letter after it."
        )
    if fault is not None:
        raise ConfigError(f"features: token_pattern '{shown}' {fault}")


def _fault(items: Items, n_groups: int) -> str | None:
    if n_groups:
        return f"has {n_groups} capturing group(s); none is allowed. Write (?:…) for a group."
    if not _is_linear(items, is_last=True):
        return (
            "can take for ever on a long word: what follows an endless repetition may fail, and then all is "
            r"tried again. End each alternative with its endless repetition, or write it between two \b."
        )
    if _ways(items) > MAX_WAYS:
        return "can be matched in too many ways at one place. Repeat less, or fewer optional parts."
    return None


def _is_linear(items: Iterable[tuple[Any, Any]], *, is_last: bool) -> bool:
    r"""Whether no endless repetition is ever left again for a failure of what follows it.

    Then the time spent in it is within what is matched. Beside that, one endless repetition between
    two ``\b`` fails only where the run that it reads has no further ``\b`` to start from.

    Parameters
    ----------
    is_last : bool
        Whether what follows these items cannot fail.
    """
    items = list(items)
    if is_last and _is_between_edges(items):
        return True
    for operator, argument in reversed(items):
        if operator in REPEATS:
            low, high, body = argument
            if high > MAX_BOUNDED_REPEAT and not is_last:
                return False
            if not _is_linear(body, is_last=is_last and low <= 1):
                return False
            is_last = is_last and low == 0
            continue
        if not all(_is_linear(part, is_last=is_last) for part in _parts(operator, argument, is_last)):
            return False
        is_last = False
    return True


def _parts(operator: Any, argument: Any, is_last: bool) -> list[Items]:
    """What must be linear of an item: its sequences; of looking ahead, that it repeats nothing endlessly."""
    if operator is codes.BRANCH:
        return [
            branch for i, branch in enumerate(argument[1]) if not (is_last and _is_read_again(argument[1], i))
        ]
    if operator is codes.SUBPATTERN:
        return [argument[-1]]
    if operator is codes.ATOMIC_GROUP:
        return [argument]
    if operator in (codes.ASSERT, codes.ASSERT_NOT):
        return [[*argument[1], (codes.ANY, None)]]
    return []


def _is_between_edges(items: Items) -> bool:
    r"""Whether the items are ``\b``, what is of one length, one endless repetition of a character, ``\b``."""
    if len(items) < 3 or items[0] != EDGE or items[-1] != EDGE:
        return False
    *fixed, (operator, argument) = items[1:-1]
    return operator in REPEATS and _is_character(argument[2]) and all(map(_is_one_character, fixed))


def _is_read_again(branches: list[Items], i: int) -> bool:
    """Whether an alternative starts with a repetition that a later one takes whole, as in ``w+n't|w+``."""
    if not len(branches[i]) or branches[i][0][0] not in REPEATS:
        return False
    first = branches[i][0]
    return _is_character(first[1][2]) and any(
        _alike(list(later), [first]) and _is_linear(branches[i][1:], is_last=False)
        for later in branches[i + 1 :]
    )


def _alike(one: Items, other: Items) -> bool:
    return repr(one) == repr(other)


def _is_character(body: Items) -> bool:
    return len(body) == 1 and _is_one_character(body[0])


def _is_one_character(item: tuple[Any, Any]) -> bool:
    return item[0] in (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN)


def _ways(items: Iterable[tuple[Any, Any]]) -> int:
    """In how many ways the bounded repetitions and choices may be divided, up to more than allowed."""
    ways = 1
    for operator, argument in items:
        if operator in REPEATS:
            low, high, body = argument
            inside = _ways(body)
            is_endless = high > MAX_BOUNDED_REPEAT
            if not is_endless:
                ways *= min(inside, MAX_WAYS + 1) ** high * (high - low + 1)
            elif low > MAX_BOUNDED_REPEAT:
                ways = MAX_WAYS + 1
        elif operator is codes.BRANCH:
            ways *= sum(map(_ways, argument[1]))
        elif operator in (codes.SUBPATTERN, codes.ATOMIC_GROUP, codes.ASSERT, codes.ASSERT_NOT):
            ways *= _ways(argument if operator is codes.ATOMIC_GROUP else argument[-1])
        elif operator in (codes.GROUPREF, codes.GROUPREF_EXISTS):
            ways = MAX_WAYS + 1
        ways = min(ways, MAX_WAYS + 1)
    return ways
