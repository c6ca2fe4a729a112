"""Tables of articles as press databases export them: their columns under our names, their dates as ISO dates."""

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.articles.dates import NO_DAY, bare, day_first_of, read_day
from stance.errors import DataError
from stance.tables import Batch, read_batches

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

TEXT, DATE = "text", "published_on"
HEADS = {
    TEXT: ("text", "fulltext", "articletext", "texteintegral", "texte"),
    "title": ("title", "headline", "titre"),
    DATE: ("publishedon", "publicationdate", "datedepublication", "date", "published", "loaddate"),
    "source": ("source", "publication", "journal", "newspaper", "publisher", "editeur"),
}
"""Heads that say what a column holds, without case, accents and spaces; the first one that is there is taken."""

FRENCH_HEADS = {"texte", "texteintegral", "titre", "datedepublication", "editeur"}
"""Where one of these stands, the dates are written as in French: with the day first."""

PEEKED_ROWS = 100
SHOWN_CHARS = 40


def recognised(names: Collection[str], text_field: str = TEXT) -> dict[str, str]:
    """The columns that hold, under another name, what articles have, by our names for it.

    Parameters
    ----------
    text_field : str
        The column of the texts; another one is looked for only where this is ``text`` and not there.

    Examples
    --------
    >>> recognised(["Titre", "Date de publication", "Source", "Full-Text", "published_at", "lang"])
    {'text': 'Full-Text', 'title': 'Titre', 'published_on': 'Date de publication', 'source': 'Source'}
    """
    by_head = {_head(name): name for name in reversed(list(names)) if name != text_field}
    return {
        ours: found[0]
        for ours, heads in HEADS.items()
        if ours not in names and (ours != TEXT or text_field == TEXT)
        for found in [[by_head[head] for head in heads if head in by_head]]
        if found
    }


def read_article_rows(
    path: str | Path, text_fields: tuple[str, ...] = (TEXT,), *, label: str | None = None, **settings: Any
) -> Iterator[Batch]:
    """Batches of a table with one article a row, with our columns beside those that stand for them.

    Columns stay as they are, but for that of the texts, which takes the name that is asked for.

    Parameters
    ----------
    text_fields : tuple of str
        Columns that must hold text, that of the articles first.
    label : str or None
        What the file is called in messages.
    settings
        As ``read_batches`` takes them.
    """
    text, *others = text_fields
    names = _names(path, settings)
    found = recognised(names, text)
    theirs = found.pop(TEXT, text)
    if found or theirs != text:
        said = {text: theirs, **found} if theirs != text else found
        columns = ", ".join(f"'{name}' as {ours}" for ours, name in said.items())
        logger.info("%s: columns are read under our names: %s", label or path, columns)
    dates = _Dates(path, label or str(path), found.pop(DATE, None), names, settings)
    for batch in read_batches(path, text_fields=(theirs, *others), **settings):
        rows = batch.rows
        if theirs in rows.column_names:
            rows = rows.rename_columns([text if name == theirs else name for name in rows.column_names])
        for ours, name in found.items():
            if name in rows.column_names and ours not in rows.column_names:
                rows = rows.append_column(rows.schema.field(name).with_name(ours), rows.column(name))
        yield replace(batch, rows=dates.beside(rows))


class _Dates:
    """The dates of a file, read in the order of day and month that the file as a whole shows.

    Parameters
    ----------
    column : str or None
        None where the file has none of another name than ours.
    names : collection of str
        All columns.
    settings : dict
        By which the file is read.
    """

    def __init__(
        self,
        path: str | Path,
        label: str,
        column: str | None,
        names: Collection[str],
        settings: dict[str, Any],
    ) -> None:
        self._path, self._label, self._column, self._settings = path, label, column, settings
        self._is_french = not FRENCH_HEADS.isdisjoint(map(_head, names))
        self._day_first: bool | None = None
        self._is_looked_up = False
        self._said: set[str] = set()

    def beside(self, rows: "pa.Table") -> "pa.Table":
        """The rows with a column of ISO dates, null where a date is not known for sure."""
        import pyarrow as pa

        if self._column is None or self._column not in rows.column_names or DATE in rows.column_names:
            return rows
        values = _written(rows, self._column)
        iso = {value: self._iso(value) for value in dict.fromkeys(values) if value is not None}
        return rows.append_column(
            DATE, pa.array([None if value is None else iso[value] for value in values], pa.string())
        )

    def _iso(self, written: str) -> str | None:
        day = read_day(written)
        if day == NO_DAY:
            self._say(f"'{written[:SHOWN_CHARS]}' is not understood", "Write dates as 2023-09-12.")
            return None
        if day.is_sure or day.tells() is not None:
            return day.iso(None)
        order = self._order()
        if order is None:
            fix = f"Such rows have no {DATE}; write their dates as 2023-09-12."
            self._say(f"'{written[:SHOWN_CHARS]}' may be two days, and no other date shows which", fix)
        return day.iso(order)

    def _order(self) -> bool | None:
        """Whether dates of numbers are written with the day first; looked up when it first matters."""
        if not self._is_looked_up:
            shown, why = day_first_of(self._all()), "as other dates of the file show"
            if shown is None and self._is_french:
                shown, why = True, "as the columns are in French"
            self._day_first, self._is_looked_up = shown, True
            if shown is not None:
                order = f"{'day' if shown else 'month'} first, {why}"
                logger.info("%s: dates of '%s' are read with the %s", self._label, self._column, order)
        return self._day_first

    def _all(self) -> Iterator[str]:
        """All dates of the file; faults of the file are met again when it is read."""
        with suppress(DataError):
            for batch in read_batches(self._path, text_fields=(), **self._settings):
                yield from {text for text in _written(batch.rows, str(self._column)) if text is not None}

    def _say(self, what: str, fix: str) -> None:
        """Warn of this kind of date, once for a file."""
        if fix not in self._said:
            self._said.add(fix)
            logger.warning("%s: column '%s': the date %s. %s", self._label, self._column, what, fix)


def _names(path: str | Path, settings: dict[str, Any]) -> list[str]:
    """The columns of a file, as its first rows show them."""
    batches = read_batches(path, text_fields=(), **{**settings, "batch_rows": PEEKED_ROWS})
    with closing(batches):  # type: ignore[type-var]
        return next((list(batch.rows.column_names) for batch in batches), [])


def _written(rows: "pa.Table", column: str) -> list[str | None]:
    """A column of dates as text; what is empty or absent is None."""
    values: Iterable[Any] = rows.column(column).to_pylist() if column in rows.column_names else []
    texts = [value.isoformat() if isinstance(value, date) else str(value or "") for value in values]
    return [text.strip() or None for text in texts]


def _head(name: str) -> str:
    return "".join(filter(str.isalnum, bare(name)))
