"""How much of a table is taken into memory at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True)
class Limits:
    """Bounds of a reader: together they keep its memory within 64 MiB above the batch.

    Parameters
    ----------
    batch_rows, batch_bytes : int
        A batch ends at whichever comes first.
    max_line_bytes : int
        Longest line; longer ones are skipped unread.
    max_value_bytes : int
        Most memory that the values of one JSON line may come to: four bytes a character where one
        of them is an emoji.
    max_csv_bytes : int
        Longest row of a CSV file. The csv module takes up to 20 bytes for each.
    max_depth : int
        Deepest nesting of lists and objects in a JSON line.
    max_chars : int or None
        Longest text; rows with a longer one are skipped.
    max_page_bytes : int
        Largest page of a Parquet file, unpacked.
    max_columns : int
        Most columns in a table.
    """

    batch_rows: int = 8192
    batch_bytes: int = 16 << 20
    max_line_bytes: int = 16 << 20
    max_value_bytes: int = 32 << 20
    max_csv_bytes: int = 3 << 20
    max_depth: int = 100
    max_chars: int | None = None
    max_page_bytes: int = 64 << 20
    max_columns: int = 1000


Row = TypeVar("Row")


def grouped(rows: Iterable[tuple[int, Row, int]], limits: Limits) -> Iterator[list[tuple[int, Row]]]:
    """Rows, given with their line and their size in bytes, in lists that keep to a batch's bounds."""
    group: list[tuple[int, Row]] = []
    group_bytes = 0
    for number, row, row_bytes in rows:
        group.append((number, row))
        group_bytes += row_bytes
        if len(group) >= limits.batch_rows or group_bytes >= limits.batch_bytes:
            yield group
            group, group_bytes = [], 0
    if group:
        yield group
