"""Parts to the finished output: one file, or a folder of Parquet files that dataset readers open as one table."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.errors import output_error
from stance.predictions.partitions import write_partitions
from stance.tables import write_table
from stance.tables.streams import unpacked
from stance.tables.unifying import conform, unified_schema

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 65_536
"""Rows of a row group in the output, whatever the extent of the parts."""

GROUP_BYTES = 32 << 20
"""Bytes of a row group that end it earlier: of statements of 500 characters and more."""

VALUE_BYTES = 8
LIST_VALUE_BYTES = 64


def metadata(facts: Mapping[str, str]) -> dict[bytes, bytes]:
    """Facts as the metadata of a Parquet file, under ``stance.<name>``."""
    return {f"stance.{name}".encode(): value.encode() for name, value in facts.items()}


def write_file(path: Path, parts: Iterable[Path], facts: Mapping[str, str]) -> None:
    """Write all rows of the parts, in order, as one table.

    Parameters
    ----------
    parts : iterable of Path
        A list; or an iterator, which is read as it comes and must then have one schema.

    Raises
    ------
    ValueError
        If an iterator's parts differ in their schema.
    """
    _with_one_schema(parts, lambda schema: write_table(path, regrouped(_read_all(parts, facts, schema))))


def write_folder(folder: Path, parts: Iterable[Path], facts: Mapping[str, str], by: str | None) -> None:
    """Make a folder of Parquet files of one schema.

    Parameters
    ----------
    parts : iterable of Path
        As for one file; a list where rows are divided.
    by : str or None
        Column by whose values the rows are divided; without it each part becomes a file.
    """

    def write(schema: "pa.Schema | None") -> None:
        _empty(folder)
        tables = _read_all(parts, facts, schema)
        if by is None or schema is None:
            for number, table in enumerate(tables):
                write_table(folder / f"part-{number:06d}.parquet", table)
        else:
            write_partitions(folder, tables, schema.with_metadata(metadata(facts)), by)

    _with_one_schema(parts, write)


def _read_all(
    parts: Iterable[Path], facts: Mapping[str, str], schema: "pa.Schema | None"
) -> "Iterator[pa.Table]":
    """The rows of each part, with the columns of ``schema``, or else with those that all of them have."""
    common: pa.Schema | None = None
    for part in parts:
        table = read_part(part)
        if schema is None:
            found = output_schema([table.schema])
            if common is not None and not found.equals(common, check_metadata=True):
                raise ValueError(f"{part}: its columns are not those of the parts before it")
            common = found
        yield conform(table, schema or common).replace_schema_metadata(metadata(facts))


def _with_one_schema(parts: Iterable[Path], write: "Callable[[pa.Schema | None], None]") -> None:
    """Write with the schema that all parts of a list fit; with an exact one where numbers would change."""
    import pyarrow as pa

    if not isinstance(parts, Sequence):
        write(None)
        return
    schemas = [_schema(part) for part in parts]
    try:
        write(output_schema(schemas))
    except pa.ArrowInvalid:
        write(unified_schema(schemas, exact=True))


def output_schema(schemas: "Sequence[pa.Schema]") -> "pa.Schema":
    """The columns of all parts, in types that other readers know: Spark has no times in nanoseconds."""
    import pyarrow as pa

    schema = unified_schema(schemas)
    for at, field in enumerate(schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            schema = schema.set(at, field.with_type(pa.timestamp("us", field.type.tz)))
    return schema


def read_part(path: Path) -> "pa.Table":
    """The rows of a part."""
    import pyarrow as pa

    with pa.OSFile(str(path)) as file:
        return unpacked(file)


def _schema(path: Path) -> "pa.Schema":
    """The columns of a part."""
    import pyarrow as pa

    with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
        return reader.schema


def regrouped(
    tables: "Iterable[pa.Table]", n_rows: int = GROUP_ROWS, n_bytes: int = GROUP_BYTES
) -> "Iterator[pa.Table]":
    """The same rows in tables that end with row ``n_rows`` or the row that makes ``n_bytes``; at least one table.

    Each is in one piece, as Parquet pages end where pieces do: the file is the same for any parts.
    """
    import pyarrow as pa

    held: list[pa.Table] = []
    n_held = bytes_held = n_given = 0
    for table in tables:
        sizes = np.cumsum(_row_bytes(table))
        start = before = 0
        while start < table.num_rows:
            full = int(np.searchsorted(sizes, before + n_bytes - bytes_held)) + 1
            end = min(full, start + n_rows - n_held, table.num_rows)
            held.append(table.slice(start, end - start))
            n_held, bytes_held = n_held + end - start, bytes_held + int(sizes[end - 1]) - before
            start, before = end, int(sizes[end - 1])
            if n_held == n_rows or bytes_held >= n_bytes:
                yield pa.concat_tables(held).combine_chunks()
                held, n_held, bytes_held, n_given = [], 0, 0, n_given + 1
        held = held or [table.slice(0, 0)]
    if n_held or not n_given:
        yield pa.concat_tables(held).combine_chunks()


def _row_bytes(table: "pa.Table") -> NDArray[np.int64]:
    """Bytes of each row, by its texts and lists; whatever else it holds is small."""
    import pyarrow as pa
    import pyarrow.compute as pc

    total = np.full(table.num_rows, VALUE_BYTES * table.num_columns, np.int64)
    for column in table.columns:
        kind = column.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            lengths = pc.multiply(pc.list_value_length(column), LIST_VALUE_BYTES)
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
            lengths = pc.binary_length(column)
        else:
            continue
        total += pc.fill_null(lengths, 0).to_numpy().astype(np.int64)
    return total


def _empty(folder: Path) -> None:
    """Make a folder, without what an earlier attempt left in it."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError as error:
        raise output_error(folder, error) from error
