"""How many rows of a Parquet row group can be unpacked at once, from its page headers."""

from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stance.errors import DataError
from stance.tables.expansion import check_expansion
from stance.tables.footers import DELTA_PREFIXES, DICTIONARY_ENCODINGS, Chunk, Page, RowGroup, read_pages
from stance.tables.limits import Limits

STREAM_BYTES = 1 << 18
"""Read ahead for each column."""

WIDTHS = {"BOOLEAN": 1, "INT32": 4, "INT64": 8, "INT96": 12, "FLOAT": 4, "DOUBLE": 8}
LIST_VALUE_BYTES = 16
"""Levels, offsets and validity of a value in lists. A single row may hold any number of them."""

PROBE_ROWS = 1024


def open_parquet(file: BinaryIO, dictionaries: list[str] | None = None) -> pq.ParquetFile:
    """The file, to be read as a stream, page by page; ``dictionaries`` are columns to leave packed."""
    return pq.ParquetFile(
        pa.PythonFile(file, mode="r"),
        pre_buffer=False,
        buffer_size=STREAM_BYTES,
        page_checksum_verification=True,
        read_dictionary=dictionaries,
    )


def slice_rows(path: str, file: BinaryIO, schema: pq.ParquetSchema, group: RowGroup, limits: Limits) -> int:
    """Rows of a row group that come to at most a batch's bytes once unpacked; at least 1.

    Raises
    ------
    DataError
        If a page, or a column of lists, is larger than may be unpacked.
    ValueError
        If the page headers are damaged.
    """
    if len(group.chunks) != len(schema):
        raise ValueError(f"a row group of {len(group.chunks)} columns, where the schema has {len(schema)}")
    columns = [schema.column(i) for i in range(len(schema))]
    row_bytes = sum(
        _row_bytes(path, file, column, chunk, group, limits)
        for column, chunk in zip(columns, group.chunks, strict=True)
    )
    return int(max(1, min(limits.batch_rows, limits.batch_bytes // max(1.0, row_bytes))))


def _row_bytes(
    path: str, file: BinaryIO, column: pq.ColumnSchema, chunk: Chunk, group: RowGroup, limits: Limits
) -> float:
    """Most bytes that a value of a column takes, times the values of a row where it holds lists."""
    pages = list(read_pages(file, chunk))
    largest = max((page.n_bytes for page in pages), default=0)
    if largest > limits.max_page_bytes:
        raise DataError(
            f"{path}: column '{column.path[:40]}' has a page of {largest >> 20} MiB; at most "
            f"{limits.max_page_bytes >> 20} MiB are unpacked at once. Write the file with smaller row groups."
        )
    width = WIDTHS.get(column.physical_type, column.length) or max(
        (_text_bytes(page, file, group, column, limits) for page in pages), default=0.0
    )
    if not column.max_repetition_level:
        return float(width)
    total = (width + LIST_VALUE_BYTES) * sum(page.n_values for page in pages if not page.is_dictionary)
    check_expansion(path, chunk.stop - chunk.start, int(total), free_bytes=limits.max_page_bytes)
    return total / max(1, group.n_rows)


def _text_bytes(
    page: Page, file: BinaryIO, group: RowGroup, column: pq.ColumnSchema, limits: Limits
) -> float:
    """Most bytes of a text of the page, or of the pages that refer to this dictionary page."""
    if page.is_dictionary:
        if page.n_bytes * limits.batch_rows <= limits.batch_bytes:
            return page.n_bytes
        return _longest_entry(file, group, column.path)
    if page.encoding in DICTIONARY_ENCODINGS:
        return 0.0
    return page.n_bytes if page.encoding == DELTA_PREFIXES else page.n_bytes / max(1, page.n_values)


def _longest_entry(file: BinaryIO, group: RowGroup, path: str) -> float:
    """Bytes of the longest text in a column's dictionary, which comes with its first values."""
    reader = open_parquet(file, [path])
    for batch in reader.iter_batches(PROBE_ROWS, row_groups=[group.index], columns=[path], use_threads=False):
        values = batch.column(0)
        while pa.types.is_nested(values.type):
            values = values.field(0) if pa.types.is_struct(values.type) else values.values
        if len(values):
            entries = values.dictionary if pa.types.is_dictionary(values.type) else values
            return float(pc.max(pc.binary_length(entries)).as_py() or 0)
    return 0.0
