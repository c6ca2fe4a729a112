"""CSV to batches: strict about quotes and columns, every cell a string as written."""

import csv
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stance.errors import ConfigError, DataError
from stance.tables.batches import Batch, RowError, Skip
from stance.tables.encodings import fault_in_utf8
from stance.tables.exact import is_object
from stance.tables.limits import Limits, grouped
from stance.tables.textfiles import TextFile
from stance.tables.texts import check_columns, usable_rows

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
QUOTE = '"'
UNCLOSED = "unexpected end of data"
"""What the csv module says where the file ends inside quotes."""

HEADER_HINT = (
    " The first line must name the columns; if it does, name the one that holds the text (text_field=)."
)
QUOTE_FIX = "Double the quotes inside fields, and quote fields that hold the delimiter."

MAX_FIELD_CHARS = 2**31 - 1
"""Set aside the csv module's limit of 131,072; rows are bounded by their bytes here."""

Cells = list[str]


def read_csv(file: TextFile, delimiter: str, text_fields: Sequence[str], limits: Limits) -> Iterator[Batch]:
    """Batches of a CSV file with a header; a row that does not fit the header becomes a skip."""
    check_delimiter(delimiter)
    rows = _rows(_LineFeed(file, limits), delimiter)
    header = _header(file, rows, delimiter, text_fields, limits)
    for group in grouped(rows, limits):
        table, lines, skips = _table(file.path, group, header)
        table, lines, text_skips = usable_rows(file.path, table, lines, text_fields, limits.max_chars)
        skips = sorted(skips + text_skips, key=lambda skip: skip.line)
        yield Batch(table, lines, skips, file.bytes_read, file.size_bytes)


def check_delimiter(delimiter: str) -> None:
    """Raise ConfigError unless it is one character that can stand between fields."""
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
        raise ConfigError(
            f"delimiter is {delimiter!r}; one character is needed, neither letter, digit nor quote. "
            "Try delimiter=';'."
        )


class _LineFeed:
    """Lines as text for the csv module, with what is needed to account for the row they make."""

    def __init__(self, file: TextFile, limits: Limits) -> None:
        self.path = file.path
        self._max_bytes = min(limits.max_line_bytes, limits.max_csv_bytes)
        self._lines = file.lines(self._max_bytes)
        self.start_row()

    def start_row(self) -> None:
        """Forget the lines of the row before."""
        self.first_line = self.last_line = self.quote_line = 0
        self.n_bytes = 0
        self.last_text = ""
        self.fault: RowError | None = None

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            if self.first_line:
                self._continue_quote()
            self.first_line = self.first_line or number
            self.last_line = number
            if line is None:
                self.fault = RowError(
                    f"is longer than {self._max_bytes} bytes", fix="Cut the row, or remove it."
                )
            self.n_bytes += len(line or b"") + 1
            if self.n_bytes > self._max_bytes + 1:
                raise self.unclosed(f"is not closed within {self._max_bytes} bytes")
            self.last_text = self._decoded((line or b"") + b"\n")
            yield self.last_text
        if self.first_line:
            self._continue_quote()

    def _continue_quote(self) -> None:
        """Note the line of the quote that is open: the last line so far, if it holds a quote."""
        if QUOTE in self.last_text:
            self.quote_line = self.last_line

    def _decoded(self, line: bytes) -> str:
        if b"\0" in line:
            self.fault = RowError("holds a NUL byte")
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.fault = RowError(fault_in_utf8(line), fix="Bring the row into UTF-8, or set encoding.")
            return line.decode(errors="replace")

    def unclosed(self, how: str) -> DataError:
        """The refusal of a file in which rows after an open quote cannot be told apart."""
        return DataError(f"{self.path}, line {self.quote_line}: the quote that opens here {how}. {QUOTE_FIX}")


def _rows(feed: _LineFeed, delimiter: str) -> Iterator[tuple[int, Cells | RowError, int]]:
    """First line, cells or fault, and size of each row that is not blank."""
    if csv.field_size_limit() < MAX_FIELD_CHARS:
        csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.start_row()
        row: Cells | RowError
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row = _quote_fault(feed, str(error))
        if feed.fault or isinstance(row, RowError) or len(row) > 1 or "".join(row).strip():
            yield feed.first_line, feed.fault or row, feed.n_bytes


def _quote_fault(feed: _LineFeed, error: str) -> RowError:
    """The fault of a row on one line; where it goes on over lines, the rows after it are in doubt too."""
    if error == UNCLOSED:
        raise feed.unclosed("is never closed")
    if feed.last_line > feed.first_line:
        raise feed.unclosed(f"is closed wrongly in line {feed.last_line}")
    if "\r" in feed.last_text.rstrip("\r\n"):
        return RowError("holds a carriage return outside quotes", fix=QUOTE_FIX)
    return RowError(f"is not CSV ({error})", fix=QUOTE_FIX)


def _header(
    file: TextFile,
    rows: Iterator[tuple[int, Cells | RowError, int]],
    delimiter: str,
    text_fields: Sequence[str],
    limits: Limits,
) -> Cells:
    """The column names; DataError where the first row cannot be a header."""
    number, header, _ = next(rows, (0, [], 0))
    where = f"{file.path}, line {number}"
    line = file.start_lines[number - 1] if 0 < number <= len(file.start_lines) else b""
    if is_object(line):
        raise DataError(f"{file.path}: is JSON lines, not CSV. Rename it to end in .jsonl.")
    hint = _delimiter_hint(line.decode(errors="replace"), delimiter, text_fields)
    if isinstance(header, RowError):
        raise DataError(f"{where}: the header {header.reason}.{hint or f' {header.fix}'}")
    if len(header) > limits.max_columns:
        raise DataError(
            f"{where}: has {len(header)} columns; at most {limits.max_columns} are read. Remove some."
        )
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise DataError(
            f"{where}: has two columns named '{twice[0][:40]}'; each must be there once. Rename one."
        )
    if number:
        check_columns(file.path, header, text_fields, hint or HEADER_HINT)
    return header


def _delimiter_hint(line: str, delimiter: str, text_fields: Sequence[str]) -> str:
    """The likely delimiter, where another one would find the columns, or divides the line more often."""
    cells = {other: {cell.strip(QUOTE + "\r") for cell in line.split(other)} for other in DELIMITERS}
    likely = next((other for other in cells if cells[other].issuperset(text_fields)), None)
    likely = likely or max(DELIMITERS, key=line.count)
    if likely == delimiter or line.count(likely) <= line.count(delimiter):
        return ""
    return f" The columns seem to be separated by {DELIMITERS[likely]}: set delimiter={likely!r}."


def _table(
    path: str, group: Sequence[tuple[int, Cells | RowError]], header: Cells
) -> tuple[pa.Table, NDArray[np.int64], list[Skip]]:
    """The rows that fit the header as columns, their lines, and the skips for the others."""
    numbers: list[int] = []
    rows: list[Cells] = []
    skips: list[Skip] = []
    for number, row in group:
        if isinstance(row, RowError):
            skips.append(row.skip(path, number))
        elif len(row) != len(header):
            reason = f"number of fields is {len(row)}, in the header {len(header)}"
            skips.append(RowError(reason, fix=QUOTE_FIX).skip(path, number))
        else:
            numbers.append(number)
            rows.append(row)
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=header)
    return table, np.array(numbers, np.int64), skips
