"""What a feature block can read: the fields of a statement, and views made of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from stance.normalise import clean

FieldName = Literal["text", "target", "joint"]
Actors = Literal["keep", "mask", "drop"]

_WORD = re.compile(r"\w+")


def _text(text: str, target: str) -> str:
    return text


def _target(text: str, target: str) -> str:
    return target


def _joint(text: str, target: str) -> str:
    """Every word of the text tied to the target, so that a word may weigh otherwise for each target."""
    tie = "_" + "".join(_WORD.findall(target.lower()))
    return " ".join(word + tie for word in _WORD.findall(text.lower()))


FIELDS: Mapping[FieldName, Callable[[str, str], str]] = {"text": _text, "target": _target, "joint": _joint}


def field_texts(
    name: FieldName, texts: Sequence[str], targets: Sequence[str] | None, *, actors: Actors = "keep"
) -> list[str]:
    """The clean texts that a block over field ``name`` reads, one for each statement.

    Parameters
    ----------
    texts : sequence of length n_statements
    targets : sequence of length n_statements, or None where the task has no target
    actors : str
        ``keep`` the names of actors in the text, ``mask`` or ``drop`` them.
    """
    if actors != "keep":
        from stance.actors import replace_actors

        texts = [replace_actors(clean(text), actors) for text in texts]
    if name == "text":
        return [clean(text) for text in texts]
    if targets is None:
        targets = [""] * len(texts)
    view = FIELDS[name]
    return [view(clean(text), clean(target)) for text, target in zip(texts, targets, strict=True)]
