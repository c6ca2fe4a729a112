"""Views of a text around the target it is about; a target that the text does not name leaves it whole."""

import re

PLACEHOLDER = "_target"
"""One word for every target; it begins with an underscore, as all words that stand for something else."""

NEAR_WORDS = 6
AROUND_WORDS = 10

_WORD = re.compile(r"\w+")
_CLAUSE_END = re.compile(
    r"[.!?;:—–]\s|,\s|\b(?:but|however|although|though|while|whereas|who|which|that|because|"
    r"mais|cependant|toutefois|tandis|alors|qui|que|car)\b",
    re.IGNORECASE,
)


def joint(text: str, target: str) -> str:
    """Every word of the text tied to the target, so that a word may weigh otherwise for each target."""
    tie = "_" + "".join(_WORD.findall(target.lower()))
    return " ".join(word + tie for word in _WORD.findall(text.lower()))


def masked(text: str, target: str) -> str:
    """The text with one placeholder wherever the target is named.

    Examples
    --------
    >>> masked("Ana met Bo.", "Bo")
    'Ana met _target.'
    """
    return re.sub(rf"(?<!\w){re.escape(target)}(?!\w)", PLACEHOLDER, text) if target.strip() else text


def mention(text: str, target: str) -> tuple[int, int] | None:
    """Where the text first names the target, or its placeholder; None where it does not."""
    found = re.search(rf"(?<!\w){PLACEHOLDER}(?!\w)", text)
    if found is None and target.strip():
        found = re.search(rf"(?<!\w){re.escape(target)}(?!\w)", text)
    return found.span() if found else None


def near(text: str, target: str) -> str:
    """The few words before and after the target, with the placeholder between them."""
    place = mention(text, target)
    if place is None:
        return text
    before, after = _WORD.findall(text[: place[0]]), _WORD.findall(text[place[1] :])
    return " ".join([*before[-NEAR_WORDS:], PLACEHOLDER, *after[:NEAR_WORDS]])


def around(text: str, target: str) -> str:
    """The words before and after the target, each marked with its side.

    Examples
    --------
    >>> around("Ana met Bo in May.", "Bo")
    'before_Ana before_met after_in after_May'
    """
    place = mention(text, target)
    if place is None:
        return text
    before = _WORD.findall(text[: place[0]])[-AROUND_WORDS:]
    after = _WORD.findall(text[place[1] :])[:AROUND_WORDS]
    return " ".join(["before_" + word for word in before] + ["after_" + word for word in after])


def clause(text: str, target: str) -> str:
    """The clause that names the target: up to a punctuation mark, a relative or a contrast on each side.

    Examples
    --------
    >>> clause("Ana thanked Bo, but Cy was furious.", "Bo")
    'Ana thanked Bo'
    """
    place = mention(text, target)
    if place is None:
        return text
    ends = [match.end() for match in _CLAUSE_END.finditer(text, 0, place[0])]
    after = _CLAUSE_END.search(text, place[1])
    return text[ends[-1] if ends else 0 : after.start() if after else len(text)].strip()
