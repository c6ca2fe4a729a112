"""Paragraphs of an article: its lines, with wrapped lines joined again."""

import re

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# From one break to the next, so that no gap is read twice.
_BLANK_LINE = re.compile(
    r"(?>\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])[^\S\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*[\n\r\v\f\x1c-\x1e\x85\u2029]|\u2029"
)
_ENDS = frozenset('.!?…:;»”"')
# No paragraph begins with what closes or goes on with a sentence.
_CLOSERS = frozenset("»”)],;:!?%")
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
    row = lines[0][0]
    for line in lines[1:]:
        start, end = paragraphs[-1]
        if _continues(text, (row, end), line, width):
            paragraphs[-1] = start, line[1]
            row = max(row, 1 + max(text.rfind(mark, end, line[0]) for mark in "\n\r"))
        else:
            paragraphs.append(line)
            row = line[0]
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


def _continues(text: str, above: tuple[int, int], line: tuple[int, int], width: int) -> bool:
    """Whether a line goes on with the sentence that the row above it left open."""
    if _BLANK_LINE.search(text, above[1], line[0]):
        return False
    first = text[line[0]]
    if first in _CLOSERS:
        return True
    if first in _BULLETS or _NUMBERED.match(text, line[0]):
        return False
    is_full = width <= _LONGEST_WRAPPED_LINE_CHARS and above[1] - above[0] >= _FULL_LINE * width
    if text[above[1] - 1] in _ENDS:
        return is_full and first.islower()
    return is_full or first.islower()
