"""Tables to files: Parquet, JSON lines and CSV, streamed and atomic."""

import base64
import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from stance.errors import ConfigError
from stance.tables.atomic import atomic_file, check_writable, write_json, write_text
from stance.tables.suffixes import table_suffix

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["atomic_file", "check_writable", "is_json_text", "write_json", "write_table", "write_text"]

JSON_TEXT = {b"stance:json": b"1"}
"""Metadata of a column that holds JSON as text, to be given back as JSON."""

FORMULA = "^[\\s\\x00-\\x1f]*[=+\\-@＝＋－＠]|^[\\t\\r\\n]"
"""A cell that a spreadsheet would run: a formula sign, also full-width, also after white space."""

COMPRESSION_LEVEL = 6
SAMPLED_ROWS, MIN_REPEATS = 32_768, 64
"""A column has a dictionary in Parquet where a value is there 64 times or more among so many first rows, on average.
Without one, texts, ids and decision values take less time and less space (experiments/speed)."""

JSON_ROWS = 1024
"""Rows that are Python objects at one time."""


def write_table(path: str | Path, tables: "pa.Table | Iterable[pa.Table]") -> None:
    """Write tables of one schema, one after the other, in the format that the suffix names.

    Only one table is held at a time. Parquet (one row group a table, schema metadata kept) and
    JSON lines keep every value exactly; CSV puts ``'`` before cells that a spreadsheet would run.

    Parameters
    ----------
    path : str or Path
        Ends in .parquet, .jsonl, .jsonl.gz or .csv.
    tables : pyarrow.Table or iterable of pyarrow.Table
        At least one table, all of one schema.

    Raises
    ------
    ConfigError
        If the suffix is none of these.
    OutputError
        If the file cannot be written.
    """
    import pyarrow as pa

    write = _writer(path)
    batches = iter([tables] if isinstance(tables, pa.Table) else tables)
    first = next(batches, None)
    if first is None:
        raise ValueError(f"no table to write to {path}; even one without rows says which columns there are")
    with atomic_file(path) as file:
        write(file, first, _of_one_schema(first, batches))


def is_json_text(field: "pa.Field") -> bool:
    """Whether a column holds JSON as text (``stance:json`` in its metadata)."""
    return bool(field.metadata) and field.metadata.get(b"stance:json") == b"1"


def parquet_writer(file: IO[bytes], first: "pa.Table") -> "pq.ParquetWriter":
    """A writer of tables like the first one: packed, with checksums, and dictionaries where values repeat."""
    import pyarrow.parquet as pq

    repeating = _repeating(first.slice(0, SAMPLED_ROWS))
    return pq.ParquetWriter(
        file, first.schema, compression="zstd", use_dictionary=repeating, write_page_checksum=True
    )


def _repeating(sample: "pa.Table") -> list[str]:
    """The columns with few different values; for any other, a dictionary is built, filled and given up."""
    most = sample.num_rows // MIN_REPEATS
    columns = zip(sample.column_names, sample.columns, strict=True)
    return [name for name, column in columns if _repeats(column, most)]


def _repeats(column: "pa.ChunkedArray", most: int) -> bool:
    """Whether a column has at most so many different values; not where values are of a kind that is not counted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return bool(pa.types.is_dictionary(column.type) or pc.count_distinct(column).as_py() <= most)
    except pa.ArrowNotImplementedError:
        return False


def _writer(path: str | Path) -> "Callable[[IO[bytes], pa.Table, Iterator[pa.Table]], None]":
    writers = {
        ".parquet": _write_parquet,
        ".jsonl": _write_jsonl,
        ".jsonl.gz": _write_jsonl_gz,
        ".csv": _write_csv,
    }
    suffix = table_suffix(path)
    if suffix not in writers:
        raise ConfigError(
            f"output {path}: the suffix '{suffix}' names no table format; allowed are {', '.join(writers)}. "
            "Rename the output."
        )
    return writers[suffix]


def _of_one_schema(first: "pa.Table", rest: "Iterator[pa.Table]") -> "Iterator[pa.Table]":
    yield first
    for table in rest:
        if not table.schema.equals(first.schema):
            raise ValueError(f"tables of two schemas in one file: {first.schema} and {table.schema}")
        yield table


def _write_parquet(file: IO[bytes], first: "pa.Table", tables: "Iterator[pa.Table]") -> None:
    with parquet_writer(file, first) as writer:
        for table in tables:
            writer.write_table(table, row_group_size=max(1, table.num_rows))


def _write_jsonl_gz(file: IO[bytes], first: "pa.Table", tables: "Iterator[pa.Table]") -> None:
    with gzip.GzipFile("", "wb", COMPRESSION_LEVEL, file, mtime=0) as packed:
        _write_jsonl(packed, first, tables)  # type: ignore[arg-type]


def _write_jsonl(file: IO[bytes], first: "pa.Table", tables: "Iterator[pa.Table]") -> None:
    import orjson

    schema, names = first.schema, first.schema.names
    for table in tables:
        for start in range(0, table.num_rows, JSON_ROWS):
            piece = table.slice(start, JSON_ROWS)
            columns = [_json_values(piece.column(i), schema.field(i)) for i in range(len(names))]
            for row in zip(*columns, strict=True):
                content = dict(zip(names, row, strict=True))
                file.write(orjson.dumps(content, default=_as_text, option=orjson.OPT_APPEND_NEWLINE))


def _json_values(column: "pa.ChunkedArray", field: "pa.Field") -> list[Any]:
    """The values of a column as what orjson writes: JSON text as it is, times and decimals as text."""
    import orjson
    import pyarrow as pa

    kind = column.type
    if is_json_text(field):
        return [None if value is None else orjson.Fragment(value) for value in column.to_pylist()]
    if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
        column = column.cast(pa.string())
    return column.to_pylist()  # type: ignore[no-any-return]


def _as_text(value: Any) -> str:
    """What JSON has no form for, as text; bytes as base 64."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _cell(value: Any) -> str:
    """A value of a CSV file that is neither number nor text: bytes as base 64, all else as JSON."""
    import orjson

    return _as_text(value) if isinstance(value, bytes) else orjson.dumps(value, default=_as_text).decode()


def _write_csv(file: IO[bytes], first: "pa.Table", tables: "Iterator[pa.Table]") -> None:
    from pyarrow import csv

    header = True
    for table in tables:
        options = csv.WriteOptions(include_header=header, quoting_style="needed")
        csv.write_csv(_neutral(table), file, options)
        header = False


def _neutral(table: "pa.Table") -> "pa.Table":
    """The table as plain text and numbers, with formulas turned into text."""
    import re

    import pyarrow as pa

    columns = [_neutral_column(table.column(i)) for i in range(table.num_columns)]
    names = [re.sub(FORMULA, r"'\g<0>", name) for name in table.column_names]
    return pa.Table.from_arrays(columns, names=names)


def _neutral_column(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        return column
    if pa.types.is_nested(kind) or "binary" in str(kind):
        texts = [None if value is None else _cell(value) for value in column.to_pylist()]
        column = pa.chunked_array([pa.array(texts, pa.string())])
    return pc.replace_substring_regex(column.cast(pa.string()), pattern=f"({FORMULA})", replacement=r"'\1")
