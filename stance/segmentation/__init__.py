"""From an article to its statements, with exact offsets.

A statement is a sentence as a newspaper reader sees it. Sentences inside a quotation are statements of their own, and
what attributes a quotation belongs with the sentence it touches: ``« A. B », a dit X.`` is ``« A.`` and
``B », a dit X.``; ``X a dit : « A. B. »`` is ``X a dit : « A.`` and ``B. »``. A short quotation that a sentence carries
in its middle (``Le slogan « Dehors ! Dehors ! » a retenti.``) does not divide it, nor do a parenthesis, a colon, a
semicolon, an incise or a dash. A new paragraph always ends a statement.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter

from stance.errors import ConfigError
from stance.records import UNDETERMINED, Statement, statement_id
from stance.segmentation.kinds import paragraph_kinds, rubric_end, sign_off_start
from stance.segmentation.paragraphs import split_paragraphs
from stance.segmentation.rules import rules, rules_language
from stance.segmentation.sentences import split_sentences
from stance.segmentation.units import UNITS, Unit, group_sentences, join_speech
from stance.speakers import Paragraph, Speech, find_speakers
from stance.speakers.quotations import find_quotations

__all__ = ["Part", "cut", "cut_all", "segment"]

Part = tuple[int, int, Speech]
"""Start and end of a part of an article, and whose it is."""


def segment(
    text: str, lang: str | None = None, *, article_id: str = "article", unit: Unit = "sentences"
) -> list[Statement]:
    """Statements, headings, captions and boilerplate of an article, in reading order.

    Every character that is not space belongs to exactly one of them, and ``text[s.start:s.end] == s.text``.

    Parameters
    ----------
    text : str
        The article, one paragraph a line; lines wrapped at a width are joined again.
    lang : str or None
        BCP 47 tag. Without one, its rules are those of the language it looks to be in.
    unit : str
        ``sentences``; ``quotations``: the sentences of one quotation are one statement; ``paragraphs``.

    Raises
    ------
    ConfigError
        If ``unit`` is none of these.

    Examples
    --------
    >>> for s in segment("« Le port est ouvert. Il le restera », a dit le maire. La mer est calme.", "fr"):
    ...     print(s.kind, s.speaker, s.text, sep=" | ")
    direct | le maire | « Le port est ouvert.
    direct | le maire | Il le restera », a dit le maire.
    narration | None | La mer est calme.
    """
    return [_statement(text, article_id, lang or UNDETERMINED, *part) for part in cut(text, lang, unit)]


def cut(text: str, lang: str | None = None, unit: Unit = "sentences") -> list[Part]:
    """The same as offsets alone, without their texts and ids."""
    return cut_all([text], [lang], unit)[0]


def cut_all(texts: Sequence[str], langs: Sequence[str | None], unit: Unit = "sentences") -> list[list[Part]]:
    """The same for several articles, in which each step is taken for all of them before the next; quicker."""
    if unit not in UNITS:
        raise ConfigError(f"unit is {unit!r}; one of {', '.join(UNITS)} is needed. Try unit=sentences.")
    languages = list(map(rules_language, texts, langs))
    divided = list(map(_parts, texts, languages))
    speeches = find_speakers(texts, [paragraphs for _, paragraphs in divided], languages)
    return [
        sorted((*marked, *_spoken(paragraphs, own, unit)), key=itemgetter(0))
        for (marked, paragraphs), own in zip(divided, speeches, strict=True)
    ]


def _parts(text: str, lang: str) -> tuple[list[Part], list[Paragraph]]:
    """Spans that are no statements, with their kind; paragraphs of sentences."""
    marked: list[Part] = []
    paragraphs = []
    spans = split_paragraphs(text)
    for (start, end), kind in zip(spans, paragraph_kinds(text, spans), strict=True):
        if kind:
            marked.append((start, end, Speech(kind)))
            continue
        after_rubric = rubric_end(text, start, end)
        if after_rubric > start:
            marked.append((start, after_rubric, Speech("heading")))
            start = end - len(text[after_rubric:end].lstrip())
        sign_off = sign_off_start(text, start, end)
        if sign_off < end:
            marked.append((sign_off, end, Speech("boilerplate")))
            end = start + len(text[start:sign_off].rstrip())
        quotations = find_quotations(text, start, end, lang)
        paragraphs.append(Paragraph(split_sentences(text, start, end, rules(lang), quotations), quotations))
    return marked, paragraphs


def _spoken(paragraphs: list[Paragraph], speeches: list[Speech], unit: Unit) -> list[Part]:
    """Spans of the statements, with their speech."""
    if unit == "sentences":
        sentences = chain.from_iterable(paragraph.statements for paragraph in paragraphs)
        return [(start, end, speech) for (start, end), speech in zip(sentences, speeches, strict=True)]
    return list(_grouped(paragraphs, speeches, unit))


def _grouped(paragraphs: list[Paragraph], speeches: list[Speech], unit: Unit) -> Iterator[Part]:
    """The same of statements that may hold several sentences."""
    first = 0
    for paragraph in paragraphs:
        last = first + len(paragraph.statements)
        of_paragraph = speeches[first:last]
        for group in group_sentences(paragraph, unit):
            sentences = paragraph.statements[group]
            yield sentences[0][0], sentences[-1][1], join_speech(of_paragraph[group])
        first = last


def _statement(text: str, article_id: str, lang: str, start: int, end: int, of: Speech) -> Statement:
    id_, own = statement_id(article_id, start, end), text[start:end]
    if of.speaker is None and of.cue is None:
        return Statement(id_, article_id, own, start, end, of.kind, lang)
    speaker, cue = of.speaker or (None, None), of.cue or (None, None)
    return Statement(
        id_,
        article_id,
        own,
        start,
        end,
        of.kind,
        lang,
        speaker=text[slice(*speaker)] if of.speaker else None,
        speaker_start=speaker[0],
        speaker_end=speaker[1],
        cue=text[slice(*cue)] if of.cue else None,
        cue_start=cue[0],
        cue_end=cue[1],
        addressee=text[slice(*of.addressee)] if of.addressee else None,
    )
