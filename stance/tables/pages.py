"""Page headers of Parquet files, read without unpacking a page: what each would take in memory."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

HEADER_BYTES = 1 << 12
MAX_HEADER_BYTES = 1 << 22
"""Statistics with the smallest and largest text make a header large."""

MAX_DEPTH = 8
"""Structures in a page header are nested four deep."""

DATA, DICTIONARY, DATA_2 = 0, 2, 3
DICTIONARY_ENCODINGS = (2, 8)
DELTA_PREFIXES = 7
"""The encoding in which a value repeats the start of the one before."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``n_bytes`` unpacked, ``n_values`` values (of all repetitions, with nulls)."""

    is_dictionary: bool
    n_bytes: int
    n_values: int
    encoding: int


def read_pages(file: BinaryIO, start: int, stop: int) -> Iterator[Page]:
    """The pages between two offsets of a Parquet file, in order.

    Raises
    ------
    ValueError
        If there is no page header where one should be.

    References
    ----------
    Apache Parquet format, parquet.thrift (PageHeader); Apache Thrift, compact protocol.
    """
    while start < stop:
        header, length = _read_header(file, start)
        kind, n_bytes, packed_bytes = (_count(header.get(field)) for field in (1, 2, 3))
        detail = header.get({DATA: 5, DICTIONARY: 7, DATA_2: 8}.get(kind, 0))
        if isinstance(detail, dict):
            n_values, encoding = (detail.get(field) for field in (1, 4 if kind == DATA_2 else 2))
            yield Page(kind == DICTIONARY, n_bytes, _count(n_values), _count(encoding))
        start += length + packed_bytes


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("a page header without its counts")
    return value


def _read_header(file: BinaryIO, start: int) -> tuple[dict[int, Any], int]:
    size = HEADER_BYTES
    while True:
        file.seek(start)
        content = file.read(size)
        try:
            reader = _Compact(content)
            return reader.structure(), reader.at
        except IndexError as error:
            if len(content) < size or size >= MAX_HEADER_BYTES:
                raise ValueError(f"no page header at byte {start}") from error
            size *= 32


class _Compact:
    """Reader of Thrift's compact protocol; IndexError where the bytes end too early."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.at = 0

    def structure(self, depth: int = 0) -> dict[int, Any]:
        """Fields by their number."""
        if depth > MAX_DEPTH:
            raise ValueError("a page header is nested too deep")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            fields[number] = self._value(head & 15, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        match kind:
            case 1 | 2:
                return kind == 1
            case 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._signed()
            case 7:
                return struct.unpack("<d", self._bytes(8))[0]
            case 8:
                return self._bytes(self._varint())
            case 9 | 10:
                return self._items(depth)
            case 12:
                return self.structure(depth + 1)
        raise ValueError(f"a page header with a field of type {kind}")

    def _items(self, depth: int) -> list[Any]:
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._varint()
        if count > len(self._content):
            raise IndexError
        return [self._value(head & 15, depth + 1) for _ in range(count)]

    def _byte(self) -> int:
        value = self._content[self.at]
        self.at += 1
        return value

    def _bytes(self, count: int) -> bytes:
        value = self._content[self.at : self.at + count]
        if len(value) < count:
            raise IndexError
        self.at += count
        return value

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("a page header with an endless number")

    def _signed(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
