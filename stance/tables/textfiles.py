"""Text files as physical lines of UTF-8: unpacked, decoded, bounded, counted."""

import os
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from stance.errors import DataError
from stance.tables.encodings import check_is_utf8, source_encoding, to_utf8, warn_of_mojibake
from stance.tables.expansion import check_expansion
from stance.tables.opening import open_input
from stance.tables.recognition import fix_for, looks_like
from stance.tables.suffixes import PACKED, table_suffix

CHUNK_BYTES = 1 << 20
SHORT_LINE_BYTES = 8
BLANK = b" \t\r\n"
MAX_BLANK_BYTES = 1 << 16
GZIP = b"\x1f\x8b"
GZIP_WINDOW = zlib.MAX_WBITS | 16


class TextFile:
    """A text file that is open for reading by lines, as long as it was when it was opened.

    Parameters
    ----------
    path : str or Path
        Regular file, packed by gzip where its name ends in .gz.
    encoding : str, optional
        Declared encoding; UTF-8, UTF-16 or UTF-32 as it shows where none is declared.

    Attributes
    ----------
    start_lines : list of bytes
        The whole lines of the first MiB, in UTF-8; none where the first line is longer.
    bytes_read, size_bytes : int
        Position in the file, and its size, in bytes on disk.

    Raises
    ------
    ConfigError, DataError
        If the file cannot be opened or is not text.
    """

    def __init__(self, path: str | Path, encoding: str | None = None) -> None:
        self.path = str(path)
        self.bytes_read = 0
        self._file = open_input(path)
        self.size_bytes = os.fstat(self._file.fileno()).st_size
        try:
            self._start(encoding)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def lines(self, max_line_bytes: int) -> Iterator[tuple[int, bytes | None]]:
        """The lines without their ends, each with its 1-based number; None for one that is too long.

        Only the line feed ends a line (in a file without one: the carriage return), as form feeds
        and U+2028 do occur within texts.
        """
        number, held, held_bytes = 1, [b""], 0
        for chunk in self._chunks:
            first, *rest = chunk.split(self._line_end)
            held_bytes += len(first)
            held = [*held, first] if held_bytes <= max_line_bytes else []
            if not rest:
                continue
            if len(rest) > len(chunk) // SHORT_LINE_BYTES:
                self._check_is_not_blank(chunk, number)
            yield number, b"".join(held) if held else None
            for line in rest[:-1]:
                number += 1
                yield number, line if len(line) <= max_line_bytes else None
            number += 1
            held, held_bytes = [rest[-1]], len(rest[-1])
        if held_bytes:
            yield number, b"".join(held) if held else None

    def _check_is_not_blank(self, chunk: bytes, number: int) -> None:
        """Refuse endless blank lines, which take long and hold nothing."""
        if len(chunk) > MAX_BLANK_BYTES and 4 * len(chunk.translate(None, BLANK)) < len(chunk):
            where = f"{self.path}, line {number}"
            raise DataError(
                f"{where}: from here on almost all is blank lines. Remove them, or copy the file again."
            )

    def _start(self, declared: str | None) -> None:
        """Look at the first chunk: is it text, in which encoding, with which line ends."""
        content = self._unpacked(self._stored())
        start = next(content, b"")
        encoding = source_encoding(self.path, start, declared)
        self._check_is_text(start, encoding)
        chunks = to_utf8(self.path, chain((start,), content), encoding)
        first, second = next(chunks, b""), next(chunks, b"")
        self._line_end = b"\r" if b"\r" in first and b"\n" not in first else b"\n"
        self._chunks = chain((first, second), chunks)
        lines = first.split(self._line_end)
        self.start_lines = lines[:-1] if second else lines
        if encoding == "utf-8":
            check_is_utf8(self.path, self.start_lines)
        elif not encoding.startswith("utf"):
            warn_of_mojibake(self.path, start.split(self._line_end), encoding)

    def _check_is_text(self, start: bytes, encoding: str) -> None:
        kind = looks_like(start)
        if kind is None and encoding == "utf-8" and start[:CHUNK_BYTES].count(0) > len(start) // 8:
            kind = "binary data"
        if kind:
            raise DataError(f"{self.path}: is {kind}, not a table of text. {fix_for(kind)}")

    def _stored(self) -> Iterator[bytes]:
        """The bytes on disk, up to the size that the file had when it was opened."""
        while self.bytes_read < self.size_bytes:
            chunk = self._file.read(min(CHUNK_BYTES, self.size_bytes - self.bytes_read))
            if not chunk:
                raise DataError(
                    f"{self.path}: became shorter while it was read. Run again once it is complete."
                )
            self.bytes_read += len(chunk)
            yield chunk

    def _unpacked(self, stored: Iterator[bytes]) -> Iterator[bytes]:
        first = next(stored, b"")
        named = table_suffix(self.path).endswith(PACKED)
        if named and first and not first.startswith(GZIP):
            kind = looks_like(first) or "not packed"
            raise DataError(f"{self.path}: ends in .gz but is {kind}. Rename the file after what it is.")
        chunks = chain((first,), stored)
        return self._inflated(chunks) if named else chunks

    def _inflated(self, packed: Iterator[bytes]) -> Iterator[bytes]:
        """The contents of one or more gzip members, in chunks of at most 1 MiB."""
        inflater, complete, made = zlib.decompressobj(GZIP_WINDOW), True, 0
        for chunk in packed:
            while chunk:
                try:
                    content = inflater.decompress(chunk, CHUNK_BYTES)
                except zlib.error as error:
                    raise self._damaged("damaged", made) from error
                made += len(content)
                check_expansion(self.path, self.bytes_read, made)
                chunk, complete = inflater.unconsumed_tail, inflater.eof
                if complete:
                    chunk = inflater.unused_data.lstrip(b"\0")
                    inflater = zlib.decompressobj(GZIP_WINDOW)
                if content:
                    yield content
        if not complete:
            raise self._damaged("cut off", made)

    def _damaged(self, how: str, made: int) -> DataError:
        return DataError(
            f"{self.path}: the gzip data is {how} after {made} bytes of text. Copy the file again."
        )
