"""Thrift's compact protocol, in which Parquet writes its headers and footers."""

from collections.abc import Mapping
from typing import Any

MAX_DEPTH = 16
"""Structures of Parquet are nested six deep."""

Wanted = Mapping[int, Any]
"""The fields to keep, by number, each with those to keep of the structures in it."""

FIXED_BYTES = {1: 0, 2: 0, 3: 1, 7: 8}
"""Bytes of the types of one length: true, false, a byte, a double."""

INTEGERS, BINARY, LISTS, STRUCTURE = (4, 5, 6), 8, (9, 10), 12


class CompactReader:
    """Reader of one buffer, from ``at`` on; IndexError where the bytes end too early.

    Attributes
    ----------
    at : int
        Position after what was read.
    n_structures : int
        Structures met, kept or not.

    References
    ----------
    Apache Thrift, compact protocol specification.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.at = 0
        self.n_structures = 0

    def structure(self, wanted: Wanted, depth: int = 0) -> dict[int, Any]:
        """The wanted fields of the structure that starts here."""
        if depth > MAX_DEPTH:
            raise ValueError("structures are nested too deep")
        self.n_structures += 1
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            if number in wanted:
                fields[number] = self._value(head & 15, wanted[number], depth)
            else:
                self._skip(head & 15, depth)
        return fields

    def _value(self, kind: int, wanted: Wanted, depth: int) -> Any:
        if kind in INTEGERS:
            return self._signed()
        if kind in LISTS:
            count, kind = self._list_head()
            return [self._value(kind, wanted, depth + 1) for _ in range(count)]
        if kind == STRUCTURE:
            return self.structure(wanted, depth + 1)
        self._skip(kind, depth)
        return None

    def _skip(self, kind: int, depth: int) -> None:
        if kind in FIXED_BYTES:
            self.at += FIXED_BYTES[kind]
        elif kind in INTEGERS:
            self._varint()
        elif kind == BINARY:
            n_bytes = self._varint()
            self.at += n_bytes
        elif kind in LISTS:
            count, kind = self._list_head()
            for _ in range(count):
                self._skip(kind, depth + 1)
        elif kind == STRUCTURE:
            self.structure({}, depth + 1)
        else:
            raise ValueError(f"a field of unknown type {kind}")

    def _list_head(self) -> tuple[int, int]:
        """Number of items, and their type; every item but true and false takes a byte at least."""
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._varint()
        if count > len(self._content):
            raise IndexError
        return count, head & 15

    def _byte(self) -> int:
        value = self._content[self.at]
        self.at += 1
        return value

    def _varint(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError("an endless number")

    def _signed(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
