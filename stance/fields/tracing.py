"""Views that keep to the words of a text: which part of it each of their characters stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from stance.fields.marking import MARKINGS, Marking
from stance.fields.polarity import polarity_words


@dataclass(frozen=True, slots=True)
class Traced:
    """A view of a text with its origins.

    Parameters
    ----------
    text : str
        What the view gives.
    starts, ends : list of int
        For each of its characters, the part of the text that it stands for.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The part of the text for which the characters ``start`` to ``end`` of the view stand."""
        return self.starts[start], self.ends[end - 1]


def traced(field: str, text: str) -> Traced | None:
    """The view of a clean text with its origins, or None where a view of the field has none.

    Examples
    --------
    >>> view = traced("negated", "Never signed.")
    >>> view.text, view.origin(6, 16)
    ('Never not_signed.', (6, 12))
    """
    seen = Traced(text, list(range(len(text))), list(range(1, len(text) + 1)))
    for name in field.split("+"):
        if name == "text":
            continue
        if name not in _TRACERS:
            return None
        seen = _TRACERS[name](seen)
    return seen


def _with_marks(marking: Marking, seen: Traced) -> Traced:
    text, starts, ends, last = "", [], [], 0
    for start in [*marking.starts(seen.text), len(seen.text)]:
        text += seen.text[last:start]
        starts += seen.starts[last:start]
        ends += seen.ends[last:start]
        if start < len(seen.text):
            text += marking.mark
            starts += [seen.starts[start]] * len(marking.mark)
            ends += [seen.ends[start]] * len(marking.mark)
        last = start
    return Traced(text, starts, ends)


def _polarity(seen: Traced) -> Traced:
    words = polarity_words(seen.text)
    starts: list[int] = []
    ends: list[int] = []
    for names, start, end in words:
        first, last = seen.origin(start, end)
        starts += [first] * (len(names) + 1)
        ends += [last] * (len(names) + 1)
    return Traced(" ".join(names for names, _, _ in words), starts[:-1], ends[:-1])


_TRACERS: Mapping[str, Callable[[Traced], Traced]] = {
    **{name: partial(_with_marks, marking) for name, marking in MARKINGS.items()},
    "polarity": _polarity,
}
