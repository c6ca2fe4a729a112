"""A task: rows that are scored together, by whichever worker, and become one part."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_128

from stance.errors import DataError
from stance.provenance import BLOCK_BYTES
from stance.tables import Skip
from stance.tables.opening import open_input
from stance.tables.streams import packed, unpacked

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
    read_fields : tuple of str
        Columns of statements that are read where they are scored; the others stay here.
    """

    number: int
    kind: Kind
    rows: "pa.Table"
    places: tuple[tuple[str, NDArray[np.int64]], ...] = ()
    skips: tuple[Skip, ...] = ()
    end: Position = Position()
    fraction_read: float = 0.0
    read_fields: tuple[str, ...] = ()

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def __str__(self) -> str:
        if not self.places:
            return f"part {self.number}"
        (first, starts), (last, ends) = self.places[0], self.places[-1]
        until = f"line {ends[-1]}" if first == last else f"{last}, line {ends[-1]}"
        return f"{first}, line {starts[0]} to {until}"

    def __reduce__(self) -> Any:
        """Only what is needed of the rows travels, without what else their buffers hold."""
        rows = self.rows
        if self.kind == "statements":
            rows = rows.select([name for name in self.read_fields if name in rows.column_names])
        return _received, (self.number, self.kind, packed(rows))

    def digest(self) -> str:
        """Hash of the rows, or of the files that they are: not one against an attacker, but one that takes no time."""
        found = xxh3_128(packed(self.rows))
        found.update(repr(self.skips).encode())
        if self.kind == "files":
            for path in self.rows.column(PATH).to_pylist():
                for block in _blocks(path):
                    found.update(block)
        return found.hexdigest()

    def take(self, items: Sequence[int]) -> Self:
        """A task with these rows only."""
        return replace(self, rows=self.rows.take(np.asarray(items, dtype=np.int64)), places=())

    def without(self, items: Collection[int]) -> Self:
        """A task without these rows; itself where there are none."""
        return self.take([item for item in range(len(self)) if item not in items]) if items else self

    def place(self, item: int) -> tuple[str, int]:
        """File and line of a row."""
        for file, lines in self.places:
            if item < len(lines):
                return file, int(lines[item])
            item -= len(lines)
        raise IndexError(item)


def _blocks(path: str) -> Iterator[bytes]:
    """The bytes of a file, as far as it can be read."""
    with suppress(DataError), open_input(path) as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def _received(number: int, kind: Kind, content: "pa.Buffer") -> RowsTask:
    return RowsTask(number, kind, unpacked(content))
