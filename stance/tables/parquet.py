"""Parquet to batches: bounded before it is unpacked, columnar, no code run from it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from stance.errors import DataError
from stance.tables.batches import Batch, Skip
from stance.tables.expansion import check_expansion
from stance.tables.footers import RowGroup, read_footer
from stance.tables.limits import Limits
from stance.tables.opening import open_input
from stance.tables.plain import plain_table, plain_type, unreadable_rows, without_false_marks
from stance.tables.rowgroups import open_parquet, slice_rows
from stance.tables.texts import check_columns, usable_rows

ROW_BYTES = 8
"""Counted for a row whatever it holds, so that rows of nothing also come to an end."""

NOT_UTF8 = "Write the text again as UTF-8, or remove the row."


def read_parquet(path: str | Path, text_fields: Sequence[str], limits: Limits) -> Iterator[Batch]:
    """Batches of a Parquet file, its columns plain; a row without usable text becomes a skip."""
    name = str(path)
    with open_input(path) as file:
        size = os.fstat(file.fileno()).st_size
        with _damage_named(name):
            groups = read_footer(file)
        n_rows = sum(group.n_rows for group in groups)
        check_expansion(name, size, ROW_BYTES * n_rows)
        with _damage_named(name):
            parquet = open_parquet(file)
        _check_schema(name, parquet, text_fields, limits)
        first, made = 1, 0
        for table in _merged(_slices(name, file, parquet, groups, limits), limits):
            made += table.nbytes + ROW_BYTES * table.num_rows
            check_expansion(name, size, made)
            rows, lines, skips = _readable(name, table, first)
            first += table.num_rows
            rows, lines, text_skips = usable_rows(
                name, without_false_marks(rows), lines, text_fields, limits.max_chars
            )
            skips = sorted(skips + text_skips, key=lambda skip: skip.line)
            yield Batch(rows, lines, skips, size * (first - 1) // max(1, n_rows), size)


@contextmanager
def _damage_named(path: str) -> Iterator[None]:
    """Arrow's many errors as the one refusal."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, NotImplementedError, KeyError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise DataError(
            f"{path}: the Parquet data is damaged ({reason}). Copy or write the file again."
        ) from error


def _check_schema(path: str, parquet: pq.ParquetFile, text_fields: Sequence[str], limits: Limits) -> None:
    schema = parquet.schema_arrow
    n_columns = parquet.metadata.num_columns
    if n_columns > limits.max_columns:
        raise DataError(
            f"{path}: has {n_columns} columns; at most {limits.max_columns} are read. Remove some."
        )
    twice = [name for name in schema.names if schema.names.count(name) > 1]
    if twice:
        raise DataError(
            f"{path}: has two columns named '{twice[0][:40]}'; each must be there once. Rename one."
        )
    check_columns(path, schema.names, text_fields)
    for name in text_fields:
        kind = plain_type(schema.field(name).type)
        if kind != pa.string():
            raise DataError(
                f"{path}: column '{name}' is of type {str(kind)[:60]}; strings are needed. "
                "Write it as strings, or name another column (such as text_field=)."
            )


def _slices(
    path: str, file: BinaryIO, parquet: pq.ParquetFile, groups: list[RowGroup], limits: Limits
) -> Iterator[pa.Table]:
    """The rows in tables that are bounded before they are unpacked."""
    for group in groups:
        with _damage_named(path):
            n_rows = slice_rows(path, file, parquet.schema, group, limits)
            batches = parquet.iter_batches(n_rows, row_groups=[group.index], use_threads=False)
        while True:
            with _damage_named(path):
                batch = next(batches, None)
                table = None if batch is None else plain_table(pa.Table.from_batches([batch]))
            if table is None:
                break
            yield table


def _merged(tables: Iterator[pa.Table], limits: Limits) -> Iterator[pa.Table]:
    """Small tables put together, up to the bounds of a batch."""
    held: list[pa.Table] = []
    n_rows = n_bytes = 0
    for table in tables:
        if held and (
            n_rows + table.num_rows > limits.batch_rows or n_bytes + table.nbytes > limits.batch_bytes
        ):
            yield pa.concat_tables(held)
            held, n_rows, n_bytes = [], 0, 0
        held.append(table)
        n_rows, n_bytes = n_rows + table.num_rows, n_bytes + table.nbytes
    if held:
        yield pa.concat_tables(held)


def _readable(path: str, table: pa.Table, first: int) -> tuple[pa.Table, NDArray[np.int64], list[Skip]]:
    """The rows that are valid Unicode throughout, their 1-based numbers, and the skips for the others."""
    lines = np.arange(first, first + table.num_rows, dtype=np.int64)
    with _damage_named(path):
        faulty = unreadable_rows(table)
    if not faulty:
        return table, lines, []
    usable = np.ones(table.num_rows, dtype=np.bool_)
    usable[list(faulty)] = False
    skips = [Skip(path, first + i, name, "is not UTF-8", NOT_UTF8) for i, name in faulty.items()]
    return table.filter(pa.array(usable)), lines[usable], skips
