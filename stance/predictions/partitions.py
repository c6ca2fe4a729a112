"""Rows divided by the value of a column: ``year=2024/`` and so on, as Hive, Spark, DuckDB and Polars read them."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stance.errors import ConfigError, DataError, nearest, output_error
from stance.tables.writing import parquet_writer

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

YEAR = "year"
DATE = "published_on"
NULL = "__HIVE_DEFAULT_PARTITION__"

MAX_VALUES = 500
"""Each value has a file that stays open; systems allow a process 1,024 of them."""

MAX_VALUE_CHARS = 60
HELD_ROWS = 65_536
"""Rows of a value that are written together."""

MAX_HELD_ROWS = 262_144
"""Rows of all values that are held together: the longest is written then."""


def write_partitions(folder: Path, tables: "Iterable[pa.Table]", schema: "pa.Schema", column: str) -> None:
    """Write each row into the folder ``column=value``; the column itself then is in the folder's name only.

    Parameters
    ----------
    folder : Path
        Empty.
    tables : iterable of pyarrow.Table
        All of ``schema``, whose metadata every file gets.
    column : str
        One of the columns, or ``year`` for the year of ``published_on``.

    Raises
    ------
    ConfigError
        If there is no such column.
    DataError
        If it has too many or too long values to be folders.
    """
    check_column(column, schema.names)
    files = _Files(folder, column, schema)
    try:
        for table in tables:
            for value, rows in divided(table, column):
                files.add(value, rows)
        files.finish()
    except OSError as error:
        raise output_error(folder, error) from error
    finally:
        files.close()


def check_column(column: str, names: list[str]) -> None:
    """Raise ConfigError where the rows cannot be divided by this column."""
    if column not in names and not (column == YEAR and DATE in names):
        raise ConfigError(
            f"partition_by is '{column}'; one of the columns {names[:20]} is needed, or year where there is "
            f"{DATE}.{nearest(column, names)}"
        )


def divided(table: "pa.Table", column: str) -> "Iterator[tuple[str | None, pa.Table]]":
    """The rows of each value, in order, without the column; the value as text, or None."""
    import numpy as np

    values = _values(table, column).combine_chunks().dictionary_encode(null_encoding="encode")
    names, codes = values.dictionary.to_pylist(), values.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(names) + 1))
    rows = table.drop_columns([column]) if column in table.column_names else table
    for code, name in enumerate(names):
        yield name, rows.take(order[starts[code] : starts[code + 1]])


def _values(table: "pa.Table", column: str) -> "pa.ChunkedArray":
    import pyarrow as pa

    if column in table.column_names:
        return table.column(column).cast(pa.string())
    return years(table.column(DATE))


def years(dates: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """The year of each date as text: of ISO dates and of temporal types; null where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_temporal(dates.type):
        return pc.year(dates).cast(pa.string())
    if not (pa.types.is_string(dates.type) or pa.types.is_large_string(dates.type)):
        return pa.chunked_array([pa.nulls(len(dates), pa.string())])
    is_date = pc.match_substring_regex(dates, r"^\d{4}(-|$)")
    return pc.if_else(is_date, pc.utf8_slice_codeunits(dates, 0, 4), pa.scalar(None, dates.type)).cast(
        pa.string()
    )


class _Files:
    """One open file for each value, and the rows that are not written yet."""

    def __init__(self, folder: Path, column: str, schema: "pa.Schema") -> None:
        self._folder, self._column = folder, column
        at = schema.get_field_index(column)
        self._schema = schema.remove(at) if at >= 0 else schema
        self._held: dict[str | None, list[pa.Table]] = {}
        self._n_held: dict[str | None, int] = {}
        self._writers: dict[str | None, tuple[pq.ParquetWriter, Any]] = {}

    def add(self, value: str | None, rows: "pa.Table") -> None:
        """Take the rows of a value, and write what is too much to hold."""
        self._held.setdefault(value, []).append(rows)
        self._n_held[value] = self._n_held.get(value, 0) + rows.num_rows
        if self._n_held[value] >= HELD_ROWS:
            self._write(value)
        while sum(self._n_held.values()) > MAX_HELD_ROWS:
            self._write(max(self._n_held, key=lambda v: self._n_held[v]))

    def finish(self) -> None:
        """Write the rest, and put everything on disk."""
        for value in list(self._n_held):
            self._write(value)
        for writer, file in self._writers.values():
            writer.close()
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        """Let go of all files, finished or not."""
        for writer, file in self._writers.values():
            with suppress(OSError):
                writer.close()
            with suppress(OSError):
                file.close()

    def _write(self, value: str | None) -> None:
        import pyarrow as pa

        rows = pa.concat_tables(self._held.pop(value))
        n_rows = self._n_held.pop(value)
        rows = rows.replace_schema_metadata(self._schema.metadata)
        self._writer(value, rows).write_table(rows, max(1, n_rows))

    def _writer(self, value: str | None, first: "pa.Table") -> "pq.ParquetWriter":
        if value not in self._writers:
            path = self._folder / self._name(value) / "part-000000.parquet"
            path.parent.mkdir()
            file = path.open("xb")
            self._writers[value] = parquet_writer(file, first), file
        return self._writers[value][0]

    def _name(self, value: str | None) -> str:
        if len(self._writers) >= MAX_VALUES or len(value or "") > MAX_VALUE_CHARS:
            raise DataError(
                f"partition_by is '{self._column}'; a column of at most {MAX_VALUES} values of at most "
                f"{MAX_VALUE_CHARS} characters is needed. Choose another, then run again: the parts are kept."
            )
        return f"{quote(self._column, safe=' ')}={NULL if value is None else quote(value, safe=' ')}"
