"""A task: rows that are scored together, by whichever worker, and become one part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from stance.tables import Skip

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Position:
    """Where in the input a task begins: a file, by its number, and a batch of it."""

    file: int = 0
    batch: int = 0


Kind = Literal["statements", "articles", "files"]
"""What the rows of a task are. Files have a path and a name, and are read where they are scored."""

PATH, NAME, LABEL = "path", "name", "label"
"""Columns of a task of files: where each is, what its article is called, and what it is called in an account."""


@dataclass(frozen=True)
class RowsTask:
    """Rows that are scored together.

    Parameters
    ----------
    number : int
        Number of the part that they become.
    kind : str
        Whether the rows are statements, articles, or files of one article each.
    rows : pyarrow.Table
    places : tuple of (file, lines)
        Where the rows stand, in order.
    skips : tuple of Skip
        Rows between them that could not be read.
    end : Position
        Where the following task begins.
    fraction_read : float
        How much of the input is read where this task ends.
    """

    number: int
    kind: Kind
    rows: "pa.Table"
    places: tuple[tuple[str, NDArray[np.int64]], ...] = ()
    skips: tuple[Skip, ...] = ()
    end: Position = Position()
    fraction_read: float = 0.0

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def __str__(self) -> str:
        if not self.places:
            return f"part {self.number}"
        (first, starts), (last, ends) = self.places[0], self.places[-1]
        until = f"line {ends[-1]}" if first == last else f"{last}, line {ends[-1]}"
        return f"{first}, line {starts[0]} to {until}"

    def __reduce__(self) -> Any:
        """Only the rows travel, without what else their buffers hold."""
        return _received, (self.number, self.kind, _packed(self.rows))

    def take(self, items: Sequence[int]) -> Self:
        """A task with these rows only."""
        return replace(self, rows=self.rows.take(np.asarray(items, dtype=np.int64)), places=())

    def place(self, item: int) -> tuple[str, int]:
        """File and line of a row."""
        for file, lines in self.places:
            if item < len(lines):
                return file, int(lines[item])
            item -= len(lines)
        raise IndexError(item)


def _packed(rows: "pa.Table") -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _received(number: int, kind: Kind, packed: bytes) -> RowsTask:
    import pyarrow as pa

    return RowsTask(number, kind, pa.ipc.open_stream(packed).read_all())
