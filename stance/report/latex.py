r"""Tables for papers: LaTeX with booktabs alone, fitted to a page of the class ``article``."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from stance.pages import visible
from stance.report.tables import Column, Table

LATEX_NEEDS = "% Needs \\usepackage{booktabs}; for names beyond Latin letters XeLaTeX or LuaLaTeX."

LINE_PT = 345
"""Width of a line of article.cls at 10 pt."""

TEXT_CHARS = (60, 44, 32, 22)
"""Where the names of slices, runs and probes break in tables that are too wide: the first that fits."""

MAX_LINES = 42
"""Of a table; the page of article.cls at 10 pt holds a few more, with the caption."""


class _Size(NamedTuple):
    """How a table is set, with the mean width of a character (of Computer Modern) and of a gap between columns."""

    commands: tuple[str, ...]
    text_chars: int | None
    is_stacked: bool
    char_pt: float
    gap_pt: float


_NARROW = r"\setlength{\tabcolsep}{3pt}"
_SIZES = (
    _Size((), None, False, 4.6, 12),
    *(_Size((r"\footnotesize", _NARROW), chars, False, 4.0, 6) for chars in TEXT_CHARS),
    _Size((r"\footnotesize", _NARROW), TEXT_CHARS[-1], True, 4.0, 6),
    _Size((r"\scriptsize", _NARROW), TEXT_CHARS[-1], True, 3.6, 6),
)
"""Tried in turn: smaller with names of several lines, then with bounds below their estimates, then smaller still."""

_Cell = list[str]


def latex(table: Table) -> str:
    """The table for LaTeX with the package booktabs, in several tables where a page is too short for it.

    Columns without any value are left out.
    """
    shown = [k for k in range(len(table.columns)) if any(row[k] is not None for row in table.rows)]
    columns = [table.columns[k] for k in shown]
    texts = [[row[k] for k in shown] for row in table.texts()]
    for size in _SIZES:
        cells = [
            [_cell(text, column, size) for text, column in zip(row, columns, strict=True)] for row in texts
        ]
        head = [_head(column.name, [row[k] for row in cells], size) for k, column in enumerate(columns)]
        if _width_pt([head, *cells], size) <= LINE_PT:
            break
    return "\n\n".join(
        _part(table, columns, head, part, size.commands, number)
        for number, part in enumerate(_pages(cells, len(max(head, key=len, default=[]))), start=1)
    )


def _cell(text: str, column: Column, size: _Size) -> _Cell:
    """The lines of a value."""
    if column.kind in ("measured", "change"):
        return text.replace(" (", "\n(").split("\n") if size.is_stacked else [text]
    return (wrap(text, size.text_chars) or [""]) if size.text_chars and not column.is_number else [text]


def _head(name: str, cells: Sequence[_Cell], size: _Size) -> _Cell:
    """The lines of a column's name; where names wrap, no wider than its values as far as its words allow."""
    if size.text_chars is None:
        return [name]
    return wrap(name, max(len(text) for text in [*name.split(), *(line for cell in cells for line in cell)]))


def _width_pt(rows: Sequence[Sequence[_Cell]], size: _Size) -> float:
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*rows, strict=True)]
    return sum(widths) * size.char_pt + len(widths) * size.gap_pt


def _pages(cells: Sequence[Sequence[_Cell]], n_head: int) -> list[list[Sequence[_Cell]]]:
    """The rows of each table, as many as a page holds."""
    pages: list[list[Sequence[_Cell]]] = [[]]
    n_lines = n_head
    for row in cells:
        height = max(map(len, row))
        if pages[-1] and n_lines + height > MAX_LINES:
            pages.append([])
            n_lines = n_head
        pages[-1].append(row)
        n_lines += height
    return pages


def _part(
    table: Table,
    columns: Sequence[Column],
    head: Sequence[_Cell],
    rows: Sequence[Sequence[_Cell]],
    commands: Sequence[str],
    number: int,
) -> str:
    """One table of LaTeX, the first one of its name or a later one."""
    sides = ["r" if column.is_number else "l" for column in columns]
    caption = table.caption if number == 1 else f"{table.caption}, continued"
    label = table.name if number == 1 else f"{table.name}-{number}"
    return "\n".join(
        [
            r"\begin{table}[ht]",
            r"\centering",
            rf"\caption{{{latex_text(caption)}}}",
            rf"\label{{tab:{label}}}",
            *commands,
            rf"\begin{{tabular}}{{{''.join(sides)}}}",
            r"\toprule",
            _row(head, sides, "b"),
            r"\midrule",
            *(_row(row, sides, "t") for row in rows),
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
        ]
    )


def _row(cells: Sequence[_Cell], sides: Sequence[str], at: str) -> str:
    shown = (_lines(cell, side, at) for cell, side in zip(cells, sides, strict=True))
    return " & ".join(shown) + r" \\"


def _lines(cell: _Cell, side: str, at: str) -> str:
    """The lines of a cell, one below the other."""
    lines = list(map(latex_text, cell))
    if len(lines) == 1:
        return lines[0]
    stacked = r" \\ ".join(lines)
    return rf"\begin{{tabular}}[{at}]{{@{{}}{side}@{{}}}}{stacked}\end{{tabular}}"


_LATEX: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "−": "$-$",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    "–": "--",
    "␣": r"\textvisiblespace{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


def latex_text(text: str) -> str:
    """Text that LaTeX prints as it is.

    Examples
    --------
    >>> print(latex_text("50 % of {x}_1 \\\\input"))
    50 \\% of \\{x\\}\\_1 \\textbackslash{}input
    """
    return "".join(_LATEX.get(character, character) for character in visible(text).replace("\n", " "))
