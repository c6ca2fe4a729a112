"""Statements larger than a sentence: whole quotations, whole paragraphs."""

from collections.abc import Sequence
from typing import Literal

from stance.speakers import Paragraph, Speech
from stance.speakers.quotations import touching

Unit = Literal["sentences", "quotations", "paragraphs"]
UNITS: tuple[Unit, ...] = ("sentences", "quotations", "paragraphs")


def group_sentences(paragraph: Paragraph, unit: Unit) -> list[slice]:
    """Which sentences of a paragraph make one statement each: all, or those of one quotation.

    A quotation takes with it the sentences that it runs over, attribution included.
    """
    n_sentences = len(paragraph.statements)
    if unit == "paragraphs":
        return [slice(0, n_sentences)]
    starts = [0] + [i for i in range(1, n_sentences) if not _is_inside_quotation(paragraph, i)]
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], n_sentences], strict=True)]


def _is_inside_quotation(paragraph: Paragraph, i: int) -> bool:
    """Whether a quotation holds the end of the sentence before sentence ``i`` and its start."""
    end, start = paragraph.statements[i - 1][1], paragraph.statements[i][0]
    return bool(touching(paragraph.quotations, start, end))


def join_speech(speeches: Sequence[Speech]) -> Speech:
    """What sentences say together: their one speaker, or none where they have several."""
    if len(speeches) == 1:
        return speeches[0]
    kinds = {speech.kind for speech in speeches}
    kind = kinds.pop() if len(kinds) == 1 else "indirect"
    spoken = [speech for speech in speeches if speech.speaker]
    if len({speech.speaker for speech in spoken}) != 1:
        return Speech(kind)
    cued = next((speech for speech in spoken if speech.cue), spoken[0])
    return Speech(kind, cued.speaker, cued.cue, cued.addressee)
