"""Articles and statements: the records every command passes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["direct", "indirect", "narration", "heading", "caption", "boilerplate"]

STATEMENT_KINDS: tuple[Kind, ...] = ("direct", "indirect", "narration")
OTHER_KINDS: tuple[Kind, ...] = ("heading", "caption", "boilerplate")
"""What is marked so that it is not scored."""

UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class Article:
    """One newspaper article.

    Parameters
    ----------
    article_id : str
        Name of the article, never used as a file name.
    text : str
        Full text; statements point into it by character offsets.
    lang : str
        BCP 47 tag, or ``und`` where it is not known.
    published_on : str or None
        ISO date.
    metadata : mapping
        Any further columns, kept to the output.
    """

    article_id: str
    text: str
    lang: str = UNDETERMINED
    title: str | None = None
    published_on: str | None = None
    source: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """One span of an article: ``article.text[start:end] == text``, always.

    Parameters
    ----------
    start, end : int
        Character offsets into the article's text.
    kind : str
        ``direct``, ``indirect`` or ``narration``; ``heading``, ``caption`` and ``boilerplate`` mark
        spans that are not statements.
    speaker : str or None
        Who says it, as named in the article; ``speaker_start`` and ``speaker_end`` point at that name.
    cue : str or None
        The reporting verb or phrase that names the speaker, with its offsets.
    actors : tuple of str
        ISO 3166 alpha-3 codes or institution names of the actors named in it, in reading order.
    """

    statement_id: str
    article_id: str
    text: str
    start: int
    end: int
    kind: Kind = "narration"
    lang: str = UNDETERMINED
    speaker: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    cue: str | None = None
    cue_start: int | None = None
    cue_end: int | None = None
    addressee: str | None = None
    actors: tuple[str, ...] = ()


def statement_id(article_id: str, start: int, end: int) -> str:
    """The id rule: same article and span, same id.

    Examples
    --------
    >>> statement_id("a17", 210, 322)
    'a17:210-322'
    """
    return f"{article_id}:{start}-{end}"
