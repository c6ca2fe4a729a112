"""Counts that add up over the parts of a run."""

from collections.abc import Mapping
from typing import Any

Counts = dict[str, Any]
"""Whole numbers, lists of them, and mappings of such to any depth."""

MAX_GROUPS = 1000
"""Different sources that are counted apart, so that a column of ids in the wrong place fills no memory."""

OTHER = "(other)"


def added(one: Any, other: Any) -> Any:
    """The sum of two counts: numbers, lists of them, mappings of them.

    Examples
    --------
    >>> added({"n": 1, "bins": [1, 0]}, {"n": 2, "bins": [0, 3], "fr": 1})
    {'n': 3, 'bins': [1, 3], 'fr': 1}
    """
    if isinstance(one, Mapping):
        keys = dict.fromkeys((*one, *other))
        return {
            key: added(one[key], other[key]) if key in one and key in other else one.get(key, other.get(key))
            for key in keys
        }
    if isinstance(one, list):
        return [added(a, b) for a, b in zip(one, other, strict=True)]
    return one + other


def capped(groups: dict[str, Counts]) -> dict[str, Counts]:
    """The groups, those beyond the first thousand put together as ``(other)``."""
    if len(groups) <= MAX_GROUPS:
        return groups
    kept = dict(list(groups.items())[:MAX_GROUPS])
    for counts in list(groups.values())[MAX_GROUPS:]:
        kept[OTHER] = added(kept[OTHER], counts) if OTHER in kept else counts
    return kept
