"""Footers and page headers of Parquet files, read by ourselves before Arrow sees the file.

Access to the metadata of a column chunk through pyarrow (26.0.1) ends the process where a histogram in
it is damaged, and Arrow's parsed footer takes up to 500 bytes for each byte of a hostile one.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from stance.tables.thrift import CompactReader, Wanted

MAGIC = b"PAR1"
END_BYTES = 8
FREE_FOOTER_BYTES = 4 << 20
FOOTER_SHARE = 16
"""A footer may have 4 MiB and a sixteenth of the file; row groups of 1,000 rows need a hundredth."""

BYTES_PER_STRUCTURE = 12
FREE_STRUCTURES = 10_000
"""A column chunk has about 7 structures in 150 bytes."""

HEADER_BYTES = 1 << 12
MAX_HEADER_BYTES = 1 << 22
"""Statistics with the smallest and largest text make a page header large."""

MAX_PAGES = 200_000
DATA, DICTIONARY, DATA_2 = 0, 2, 3
DICTIONARY_ENCODINGS = (2, 8)
DELTA_PREFIXES = 7
"""The encoding in which a value repeats the start of the one before."""

NONE: Wanted = {}
FOOTER: Wanted = {3: NONE, 4: {1: {3: {7: NONE, 9: NONE, 11: NONE}}, 3: NONE}}
"""Rows; of each row group its rows, and of each column chunk its size and where its pages start."""

PAGE: Wanted = {
    1: NONE,
    2: NONE,
    3: NONE,
    5: {1: NONE, 2: NONE},
    7: {1: NONE, 2: NONE},
    8: {1: NONE, 4: NONE},
}
"""Kind and sizes; of the header of each kind its number of values and their encoding."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where the pages of a column stand in the file, for one row group."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Its place in the file, its rows, and a chunk for each leaf column in the order of the schema."""

    index: int
    n_rows: int
    chunks: list[Chunk]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``n_bytes`` unpacked, ``n_values`` values (of all repetitions, with nulls)."""

    is_dictionary: bool
    n_bytes: int
    n_values: int
    encoding: int


def read_footer(file: BinaryIO) -> list[RowGroup]:
    """The row groups of a Parquet file; ValueError where it was cut or is not what it should be.

    References
    ----------
    Apache Parquet format, parquet.thrift (FileMetaData).
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - END_BYTES))
    end = file.read(END_BYTES)
    n_bytes = int.from_bytes(end[:4], "little")
    if not end.endswith(MAGIC) or n_bytes + END_BYTES > size:
        raise ValueError("cut off or not yet complete")
    if n_bytes > FREE_FOOTER_BYTES + size // FOOTER_SHARE:
        raise ValueError(f"a footer of {n_bytes} bytes in a file of {size}")
    file.seek(size - END_BYTES - n_bytes)
    reader = CompactReader(file.read(n_bytes))
    try:
        footer = reader.structure(FOOTER)
        groups = [_row_group(index, fields) for index, fields in enumerate(footer.get(4, []))]
    except (IndexError, AttributeError, TypeError) as error:
        raise ValueError("no footer at its end") from error
    if reader.n_structures > FREE_STRUCTURES + n_bytes // BYTES_PER_STRUCTURE:
        raise ValueError(f"a footer of {n_bytes} bytes with {reader.n_structures} structures")
    if footer.get(3) != sum(group.n_rows for group in groups):
        raise ValueError("a footer whose numbers of rows disagree")
    return groups


def _row_group(index: int, fields: dict[int, Any]) -> RowGroup:
    return RowGroup(index, _count(fields.get(3)), [_chunk(chunk[3]) for chunk in fields.get(1, [])])


def _chunk(fields: dict[int, Any]) -> Chunk:
    """A chunk starts at its dictionary page or its first data page; 0 stands for none."""
    start = min((at for at in (_count(fields.get(9)), _count(fields.get(11, 0))) if at), default=0)
    return Chunk(start, start + _count(fields.get(7)))


def read_pages(file: BinaryIO, chunk: Chunk) -> Iterator[Page]:
    """The pages of a chunk, in order; ValueError if there is no page header where one should be.

    References
    ----------
    Apache Parquet format, parquet.thrift (PageHeader).
    """
    at = chunk.start
    for _ in range(MAX_PAGES):
        if at >= chunk.stop:
            return
        header, length = _read_header(file, at)
        kind, n_bytes, packed_bytes = (_count(header.get(field)) for field in (1, 2, 3))
        detail = header.get({DATA: 5, DICTIONARY: 7, DATA_2: 8}.get(kind, 0))
        if isinstance(detail, dict):
            n_values, encoding = (_count(detail.get(field)) for field in (1, 4 if kind == DATA_2 else 2))
            yield Page(kind == DICTIONARY, n_bytes, n_values, encoding)
        at += length + packed_bytes
    raise ValueError(f"more than {MAX_PAGES} pages in one column of a row group")


def _read_header(file: BinaryIO, start: int) -> tuple[dict[int, Any], int]:
    size = HEADER_BYTES
    while True:
        file.seek(start)
        content = file.read(size)
        try:
            reader = CompactReader(content)
            fields = reader.structure(PAGE)
            if reader.at <= len(content):
                return fields, reader.at
        except IndexError:
            pass
        if len(content) < size or size >= MAX_HEADER_BYTES:
            raise ValueError(f"no page header at byte {start}")
        size *= 32


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("a header without its counts")
    return value
