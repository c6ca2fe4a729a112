"""Paragraphs of an article: its lines, with wrapped lines joined again."""

import re

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BLANK_LINE = re.compile(
    r"(?:\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029])[^\S\n\r]*(?:\r\n?|[\n\v\f\x1c-\x1e\x85\u2029])|\u2029"
)
_ENDS = frozenset('.!?…:;»”"')
_BULLETS = frozenset("-–—•*·▪◦")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s|[a-z]\)\s")
_LONGEST_WRAPPED_LINE_CHARS = 120
# A line this full, against the longest of the text, was broken because it was full.
_FULL_LINE = 0.72


def split_paragraphs(text: str) -> list[tuple[int, int]]:
    """Trimmed spans of the paragraphs of a text: one a line, unless its lines were wrapped at a width.

    Examples
    --------
    >>> split_paragraphs("Le sommet\\nest clos.\\n\\nLa suite lundi.")
    [(0, 19), (21, 36)]
    """
    lines = list(_trimmed_lines(text))
    if len(lines) < 2:
        return lines
    width = max(end - start for start, end in lines)
    paragraphs = [lines[0]]
    for line in lines[1:]:
        previous = paragraphs[-1]
        if _continues(text, previous, line, width):
            paragraphs[-1] = previous[0], line[1]
        else:
            paragraphs.append(line)
    return paragraphs


def _trimmed_lines(text: str) -> "list[tuple[int, int]]":
    lines = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        line = match.group()
        start += len(line) - len(line.lstrip())
        end -= len(line) - len(line.rstrip())
        if start < end:
            lines.append((start, end))
    return lines


def _continues(text: str, previous: tuple[int, int], line: tuple[int, int], width: int) -> bool:
    """Whether a line goes on with the sentence that the line above it left open."""
    if _BLANK_LINE.search(text, previous[1], line[0]) or text[previous[1] - 1] in _ENDS:
        return False
    first = text[line[0]]
    if first in _BULLETS or _NUMBERED.match(text, line[0]):
        return False
    if first.islower():
        return True
    broken = max(text.rfind(mark, previous[0], previous[1]) for mark in "\n\r")
    length = previous[1] - max(previous[0], broken + 1)
    return width <= _LONGEST_WRAPPED_LINE_CHARS and length >= _FULL_LINE * width
