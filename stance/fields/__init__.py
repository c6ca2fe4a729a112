"""What a feature block can read: the text, the target, and views made of them, one after the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from stance.errors import ConfigError, nearest
from stance.fields.marking import MARKINGS, Marking
from stance.fields.polarity import polarity
from stance.fields.targets import around, clause, joint, masked, near
from stance.fields.words import pieces, tweet
from stance.normalise import clean

__all__ = [
    "Actors",
    "VIEWS",
    "TARGET_VIEWS",
    "check_field",
    "field_texts",
    "read_fields",
    "reads_lexicon",
    "reads_target",
]

Actors = Literal["keep", "mask", "drop"]
View = Callable[[str, str], str]

MAX_VIEWS = 6


def _text(text: str, target: str) -> str:
    return text


def _marked(marking: Marking) -> View:
    return lambda text, target: marking.text(text)


def _target(text: str, target: str) -> str:
    return target


TARGET_VIEWS: Mapping[str, View] = {
    "target": _target,
    "joint": joint,
    "masked": masked,
    "near": near,
    "around": around,
    "clause": clause,
}
VIEWS: Mapping[str, View] = {
    "text": _text,
    "tweet": lambda text, target: tweet(text),
    **{name: _marked(marking) for name, marking in MARKINGS.items()},
    "polarity": lambda text, target: polarity(text),
    "pieces": lambda text, target: pieces(text),
    **TARGET_VIEWS,
}
"""Functions from a clean text and its target to the text that a block reads instead."""

LEXICON_VIEWS = frozenset(("polarity", "reversed"))
"""Views that are made with the lexicons, so that they change when these do."""


def check_field(field: str) -> None:
    """Refuse a field that is not a view, or some views joined by ``+``.

    Examples
    --------
    >>> check_field("masked+negated")
    """
    n_views = field.count("+") + 1
    if n_views > MAX_VIEWS:
        raise ConfigError(f"features: field has {n_views} views; at most {MAX_VIEWS} are allowed.")
    for name in field.split("+"):
        if name not in VIEWS:
            raise ConfigError(
                f"features: field is '{field[:80]}'; one of {list(VIEWS)} is needed, or several, one made of the "
                f"other, as 'tweet+negated'.{nearest(name, list(VIEWS))}"
            )


def reads_target(field: str) -> bool:
    """Whether a field is made of the target too."""
    return any(name in TARGET_VIEWS for name in field.split("+"))


def reads_lexicon(field: str) -> bool:
    """Whether a field is made with the lexicons, so that it changes when they do."""
    return not LEXICON_VIEWS.isdisjoint(field.split("+"))


def field_texts(
    field: str, texts: Sequence[str], targets: Sequence[str] | None, *, actors: Actors = "keep"
) -> list[str]:
    """The clean texts that a block over a field reads, one for each statement; see ``read_fields``."""
    return read_fields([field], texts, targets, actors=actors)[field]


def read_fields(
    fields: Sequence[str], texts: Sequence[str], targets: Sequence[str] | None, *, actors: Actors = "keep"
) -> dict[str, list[str]]:
    """The clean texts of each field; what several fields begin with is made once.

    Parameters
    ----------
    fields : sequence of str
        Views, or views joined by ``+``, each made of what the one before gives.
    texts : sequence of length n_statements
    targets : sequence of length n_statements, or None where the task has no target
    actors : str
        ``keep`` the names of actors in the text, ``mask`` or ``drop`` them.
    """
    if actors != "keep":
        from stance.actors import replace_actors

        texts = [replace_actors(clean(text), actors) for text in texts]
    cleaned = [clean(text) for text in texts]
    cleaned_targets = [""] * len(texts)
    if targets is not None and any(map(reads_target, fields)):
        cleaned_targets = [clean(target) for target in targets]
    made: dict[str, list[str]] = {"text": cleaned}
    for field in fields:
        before, done = cleaned, ""
        for name in field.split("+"):
            done = f"{done}+{name}" if done else name
            if done not in made:
                made[done] = list(map(VIEWS[name], before, cleaned_targets))
            before = made[done]
    return {field: made[field] for field in fields}
