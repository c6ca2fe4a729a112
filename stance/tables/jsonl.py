"""JSON lines to batches."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from stance.errors import DataError
from stance.tables.batches import Batch, RowError, Skip
from stance.tables.columns import table_of
from stance.tables.exact import is_json, is_object, json_kind, parse_row
from stance.tables.limits import Limits, grouped
from stance.tables.textfiles import TextFile
from stance.tables.texts import check_columns, usable_rows

LOOKED_AT = 100
"""Lines at the start by which JSON lines are told from other JSON and from CSV."""


def read_jsonl(file: TextFile, text_fields: Sequence[str], limits: Limits) -> Iterator[Batch]:
    """Batches of a file of JSON lines; a line that is not a usable object becomes a skip."""
    check_is_jsonl(file.path, file.start_lines)
    lines = (
        (number, line, len(line or b""))
        for number, line in file.lines(limits.max_line_bytes)
        if line is None or (line and not line.isspace())
    )
    columns_checked = False
    for group in grouped(lines, limits):
        parsed = _Parsed(file.path, group, text_fields, limits)
        if parsed.names and not columns_checked:
            check_columns(file.path, parsed.names, text_fields)
            columns_checked = True
        names = parsed.names | dict.fromkeys(text_fields)
        rows = table_of(parsed.rows, parsed.sources, names, text_fields)
        good, at, skips = usable_rows(
            file.path, rows, np.array(parsed.numbers, np.int64), text_fields, limits.max_chars
        )
        skips = sorted(parsed.skips + skips, key=lambda skip: skip.line)
        yield Batch(good, at, skips, file.bytes_read, file.size_bytes)


class _Parsed:
    """The objects on a group of lines, their names, and the lines that hold none."""

    def __init__(
        self, path: str, group: list[tuple[int, bytes | None]], text_fields: Sequence[str], limits: Limits
    ) -> None:
        self.names: dict[str, None] = {}
        self.rows: list[dict[str, Any]] = []
        self.sources: list[bytes] = []
        self.numbers: list[int] = []
        self.skips: list[Skip] = []
        for number, line in group:
            try:
                row = self._row(line, text_fields, limits)
            except RowError as fault:
                self.skips.append(fault.skip(path, number))
                continue
            self.rows.append(row)
            self.sources.append(line or b"")
            self.numbers.append(number)

    def _row(self, line: bytes | None, text_fields: Sequence[str], limits: Limits) -> dict[str, Any]:
        if line is None:
            raise RowError(f"is longer than {limits.max_line_bytes} bytes", fix="Cut the row, or remove it.")
        row = parse_row(line, limits.max_depth, limits.max_value_bytes)
        if not row.keys() <= self.names.keys():
            names = self.names | dict.fromkeys(row)
            if len(names) > limits.max_columns:
                raise RowError(f"brings the table to more than {limits.max_columns} columns")
            self.names = names
        for name in text_fields:
            value = row.get(name)
            if type(value) is not str and value is not None:
                raise RowError(f"is {json_kind(value)}, not a string", name)
        return row


def check_is_jsonl(path: str, lines: Sequence[bytes]) -> None:
    """Raise DataError, saying what it is, where not one of the first lines is an object."""
    first, *others = [line for line in map(bytes.strip, lines[:LOOKED_AT]) if line] or [b""]
    is_array = first.startswith(b"[") and not (is_json(first) and any(map(is_object, others)))
    if not first or (not is_array and any(map(is_object, (first, *others)))):
        return
    kind, fix = _other_kind(first, others, is_array)
    raise DataError(f"{path}: {kind}; one object on each line is needed. {fix}")


def _other_kind(first: bytes, others: list[bytes], is_array: bool) -> tuple[str, str]:
    """What the file is, and what to do."""
    if is_array:
        return (
            "is a JSON array",
            "Write each of its objects on a line of its own, without brackets and commas.",
        )
    if first.startswith(b"{"):
        if others and (first == b"{" or others[0].startswith(b'"')):
            return "is JSON spread over several lines", "Write each object on a line of its own."
        return f"not one of the first {len(others) + 1} lines is a whole JSON object", "Copy the file again."
    for delimiter, name in ((b",", "commas"), (b";", "semicolons"), (b"\t", "tabs")):
        if first.count(delimiter) and all(delimiter in line for line in others[:1]):
            return f"looks like CSV (columns separated by {name})", "Rename it to end in .csv."
    return "holds no JSON objects", "Name a file of JSON lines, or rename it after what it is."
