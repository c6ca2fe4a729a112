"""Which blocks the kernel can take, and from how many texts on it is the faster way."""

import re
from collections.abc import Sequence
from typing import Any

from stance.kernel.blocks import ReadingBlock
from stance.kernel.cache import is_compiled

_WHITE_SPACES = "".join(chr(code) for code in range(0x10000) if chr(code).isspace())
_WITHIN_A_PIECE = frozenset({"CATEGORY_WORD", "CATEGORY_DIGIT", "CATEGORY_NOT_SPACE"})


def supports(block: ReadingBlock) -> str | None:
    """None if the kernel takes this block, else the reason why not."""
    if block.analyzer == "char":
        return "analyzer 'char' reads n-grams across white space"
    if block.analyzer == "word" and not is_local(block.token_pattern):
        return f"token_pattern '{block.token_pattern}' may look beyond white space"
    return None


def is_local(pattern: str) -> bool:
    """Whether a pattern finds in a text what it finds in its pieces between white space, one by one.

    It does where nothing in it can match white space, not even in what it looks at ahead or behind: then
    white space is to it what the ends of the text are. Some local patterns are not recognised.

    Examples
    --------
    >>> is_local(r"(?u)\\b\\w\\w+\\b"), is_local(r"\\w+(?= \\w)"), is_local(r"[^,]+")
    (True, False, False)
    """
    from re import _parser as parser  # type: ignore[attr-defined]

    compiled = re.compile(pattern)
    tree = parser.parse(pattern)
    special = compiled.flags & (re.ASCII | re.VERBOSE)  # \S then sees other white space; comments
    return (
        not special
        and compiled.groups == 0
        and tree.getwidth()[0] > 0
        and all(_is_local(*node) for node in tree)
    )


def _is_local(operator: object, argument: Any) -> bool:
    """Whether one node of a parsed pattern, and all below it, match no white space."""
    match str(operator):
        case "LITERAL":
            return not chr(argument).isspace()
        case "CATEGORY":
            return str(argument) in _WITHIN_A_PIECE
        case "RANGE":
            return not any(argument[0] <= ord(space) <= argument[1] for space in _WHITE_SPACES)
        case "AT":
            return str(argument) == "AT_BOUNDARY"
        case "IN":
            return all(_is_local(*item) for item in argument)
        case "BRANCH":
            return all(_is_local(*node) for branch in argument[1] for node in branch)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return all(_is_local(*node) for node in argument[2])
        case "SUBPATTERN":
            return not argument[1] & re.ASCII and all(_is_local(*node) for node in argument[-1])
        case "ASSERT" | "ASSERT_NOT":
            return all(_is_local(*node) for node in argument[1])
        case "ATOMIC_GROUP":
            return all(_is_local(*node) for node in argument)
        case _:
            return False


LOAD_S, COMPILE_S = 0.7, 8.0
"""Time before the first text is read: with machine code of an earlier run, and without (experiments/speed)."""
PLAIN_S = {"word": 30e-6, "char_wb": 220e-6, "char": 220e-6}
"""Time of the plain path for a text of about 150 characters."""
SCORERS = {"word": "words.score_words", "char_wb": "characters.score_characters"}


def worth_it(n_texts: int, blocks: Sequence[ReadingBlock]) -> bool:
    """Whether the kernel, with its start, ends sooner than the plain path would."""
    plain_s = n_texts * sum(PLAIN_S[block.analyzer] for block in blocks)
    if plain_s <= LOAD_S:
        return False
    return plain_s > COMPILE_S or all(
        is_compiled(SCORERS[b.analyzer]) for b in blocks if b.analyzer in SCORERS
    )
