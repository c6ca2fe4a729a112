"""Tables with one article a row."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from stance.records import UNDETERMINED, Article
from stance.tables import Batch, Skip
from stance.tables.writing import is_json_text

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset


DATASET_ROWS = 1000


@dataclass(frozen=True, kw_only=True)
class Fields:
    """The columns in which an article is found.

    Parameters
    ----------
    text, article_id : str
        The others have fixed names: title, lang, published_on, source.
    """

    text: str = "text"
    article_id: str = "article_id"


class Row(Mapping[str, Any]):
    """The columns of an article's row, as stored.

    Parameters
    ----------
    table : pyarrow.Table
    index : int
        Row of the table.
    """

    __slots__ = ("index", "table")

    def __init__(self, table: "pa.Table", index: int) -> None:
        self.table, self.index = table, index

    def __getitem__(self, name: str) -> Any:
        if name not in self.table.column_names:
            raise KeyError(name)
        return self.table.column(name)[self.index].as_py()

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.column_names)

    def __len__(self) -> int:
        return int(self.table.num_columns)


def source_table(article: Article) -> "pa.Table | None":
    """The table that an article is a row of, or None for an article of its own."""
    return article.metadata.table if isinstance(article.metadata, Row) else None


def articles_of(batch: Batch, file: str, fields: Fields) -> Iterator[Article]:
    """The articles of a batch of rows; one without an id is named after its file and line.

    Parameters
    ----------
    file : str
        What the file is called in ids.
    """
    rest = batch.rows.drop_columns([fields.text])
    texts = batch.rows.column(fields.text).to_pylist()
    ids = _column(batch.rows, fields.article_id)
    columns = {name: _column(batch.rows, name) for name in ("title", "lang", "published_on", "source")}
    for i, (text, line) in enumerate(zip(texts, batch.lines.tolist(), strict=True)):
        values = {name: column[i] for name, column in columns.items()}
        lang = values.pop("lang") or UNDETERMINED
        yield Article(ids[i] or f"{file}:{line}", text, lang, **values, metadata=Row(rest, i))


def articles_of_dataset(dataset: "Dataset", fields: Fields | None = None) -> Iterator[Article | Skip]:
    """The articles of a Hugging Face dataset, one a row; rows without text are skips.

    Parameters
    ----------
    dataset : datasets.Dataset
        Of one split; its rows are read in batches.

    Raises
    ------
    DataError
        If it has no column of texts.
    """
    import numpy as np

    from stance.tables.texts import check_columns, usable_rows

    fields = fields or Fields()
    name = str(dataset.info.dataset_name or "dataset")
    check_columns(name, dataset.column_names, [fields.text])
    first_line = 1
    for rows in dataset.with_format("arrow").iter(batch_size=DATASET_ROWS):
        rows = rows.set_column(
            rows.column_names.index(fields.text), fields.text, rows.column(fields.text).cast("string")
        )
        lines = np.arange(first_line, first_line + rows.num_rows)
        first_line += rows.num_rows
        rows, lines, skips = usable_rows(name, rows, lines, [fields.text], None)
        yield from articles_of(Batch(rows, lines), name, fields)
        yield from skips


def _column(rows: "pa.Table", name: str) -> list[str | None]:
    """A column as text; what is empty, absent or a list is None."""
    if name not in rows.column_names:
        return [None] * int(rows.num_rows)
    values = rows.column(name).to_pylist()
    if is_json_text(rows.schema.field(name)):
        values = [_unquoted(value) for value in values]
    return [_text(value) for value in values]


def _unquoted(value: str | None) -> str | None:
    """JSON text as plain text: a string without its quotes, a number as it stands."""
    return json.loads(value) if value is not None and value.startswith('"') else value


def _text(value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value) if isinstance(value, str | int | float) and value != "" else None
