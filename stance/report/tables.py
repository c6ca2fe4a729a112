"""Tables of a report, written once and shown as HTML, as Markdown and, by :mod:`stance.report.latex`, in papers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from stance.pages import visible
from stance.pages.rendering import number

Kind = Literal[
    "text", "prose", "id", "class", "count", "number", "interval", "measured", "change", "p_value", "term"
]
NUMBERS = ("count", "number", "interval", "measured", "change", "p_value")


class Column(NamedTuple):
    """A column: what is in it, and how it is shown.

    Parameters
    ----------
    kind : str
        ``prose`` is a whole statement, ``class`` is the name of a class, ``interval`` a pair of bounds, ``measured`` an estimate with its bounds,
        ``change`` a difference with its bounds; ``count`` a whole number.
    """

    name: str
    kind: Kind = "text"

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in NUMBERS


@dataclass(frozen=True)
class Table:
    """A table of plain values.

    Parameters
    ----------
    name : str
        Distinct within a report, of letters and hyphens.
    rows : tuple of tuples
        One value a column; None where there is none.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def texts(self) -> Iterator[list[str]]:
        """The rows as texts."""
        for row in self.rows:
            yield [shown(value, column.kind) for value, column in zip(row, self.columns, strict=True)]

    def keys(self) -> Iterator[list[float | str]]:
        """What each row is sorted by, column by column."""
        for row in self.rows:
            yield [_key(value, column.kind) for value, column in zip(row, self.columns, strict=True)]


def shown(value: Any, kind: Kind) -> str:
    """A value as text: numbers with three digits, a dash for what is not there."""
    if value is None:
        return "–"
    if kind == "interval":
        lower, upper = value
        return "–" if lower is None else f"{number(lower)} to {number(upper)}"
    if kind in ("measured", "change"):
        estimate, lower, upper = (number(v, sign=kind == "change") for v in value)
        return estimate if value[1] is None else f"{estimate} ({lower} to {upper})"
    if kind == "p_value":
        return p_value(value)
    if kind == "number":
        return number(value)
    return " ".join(visible(str(value)).split()) if kind != "term" else visible(str(value))


def p_value(value: float) -> str:
    """A p-value with three decimals; never zero.

    Examples
    --------
    >>> p_value(0.0004), p_value(0.04)
    ('<0.001', '0.040')
    """
    return "<0.001" if value < 0.001 else number(value)


def _key(value: Any, kind: Kind) -> float | str:
    if kind in ("interval", "measured", "change"):
        value = value and value[0]
    if kind in NUMBERS:
        return float("-inf") if value is None else float(value)
    return "" if value is None else str(value)


def markdown(table: Table) -> str:
    """The table in Markdown, its caption above.

    Examples
    --------
    >>> print(markdown(Table("t", "Results", (Column("class"), Column("F1", "number")), (("a|b", 0.5),))))
    **Results**
    <BLANKLINE>
    | class | F1 |
    |:--|--:|
    | a\\|b | 0.500 |
    """
    lines = [_markdown_row([column.name for column in table.columns])]
    lines.append("|" + "|".join("--:" if column.is_number else ":--" for column in table.columns) + "|")
    lines += [_markdown_row(texts) for texts in table.texts()]
    return "\n".join([f"**{markdown_text(table.caption)}**", "", *lines])


def _markdown_row(texts: Sequence[str]) -> str:
    return f"| {' | '.join(map(markdown_text, texts))} |"


def markdown_text(text: str) -> str:
    """Text that Markdown shows as it is: no markup, link or HTML in it has an effect.

    Examples
    --------
    >>> markdown_text("<b>*x*</b> [y](z)")
    '&lt;b&gt;\\\\*x\\\\*&lt;/b&gt; \\\\[y\\\\](z)'
    """
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
    return re.sub(r"([\\`*_{}\[\]|#~$!])", r"\\\1", text)
