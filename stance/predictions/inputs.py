"""Input files to tasks of a fixed extent, each knowing where its rows come from and where the next begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from stance.errors import DataError
from stance.provenance import fingerprint
from stance.tables import Batch, Skip, find_files, read_batches, unify

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 8192
MAX_TASK_BYTES = 16 << 20

TABLES = (
    ".jsonl",
    ".jsonl.gz",
    ".ndjson",
    ".ndjson.gz",
    ".csv",
    ".csv.gz",
    ".tsv",
    ".tsv.gz",
    ".parquet",
    ".pq",
)
PAGES = (".txt", ".html", ".htm")


@dataclass(frozen=True)
class Position:
    """Where in the input a task begins: a file, by its number, and a batch of it."""

    file: int = 0
    batch: int = 0


@dataclass(frozen=True)
class RowsTask:
    """Rows that are scored together.

    Parameters
    ----------
    number : int
        Number of the part that they become.
    rows : pyarrow.Table
    places : tuple of (file, lines)
        Where the rows stand, in order.
    skips : tuple of Skip
        Rows between them that could not be read.
    next : Position
        Where the following task begins.
    bytes_read : int
        How far into the input this task ends.
    """

    number: int
    rows: "pa.Table"
    places: tuple[tuple[str, NDArray[np.int64]], ...] = ()
    skips: tuple[Skip, ...] = ()
    next: Position = field(default_factory=Position)
    bytes_read: int = 0

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
        return _received, (self.number, _packed(self.rows))

    def take(self, items: Sequence[int]) -> Self:
        """The task with these rows only, for a trial."""
        return replace(self, rows=self.rows.take(np.asarray(items, dtype=np.int64)), places=())

    def place(self, item: int) -> tuple[str, int]:
        """File and line of a row."""
        for file, lines in self.places:
            if item < len(lines):
                return file, int(lines[item])
            item -= len(lines)
        raise IndexError(item)


def _packed(rows: "pa.Table") -> "pa.Buffer":
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return sink.getvalue()


def _received(number: int, packed: "pa.Buffer") -> RowsTask:
    import pyarrow as pa

    return RowsTask(number, pa.ipc.open_stream(packed).read_all())


@dataclass(frozen=True)
class Input:
    """What a run reads.

    Parameters
    ----------
    files : tuple of Path
    left_out : tuple of Skip
        Files that are not read, with the reason.
    text_fields : tuple of str
        Columns that must hold text.
    is_single : bool
        Whether one file was named, so that a fault of that file is a fault of the run.
    """

    files: tuple[Path, ...]
    left_out: tuple[Skip, ...] = ()
    text_fields: tuple[str, ...] = ("text",)
    encoding: str | None = None
    delimiter: str | None = None
    max_chars: int | None = None
    is_single: bool = True

    @classmethod
    def find(cls, path: str, text_fields: tuple[str, ...], **settings: Any) -> Self:
        """The files that a path, a folder or a pattern stands for."""
        found = find_files(path, suffixes=(*TABLES, *PAGES))
        is_single = found.files == [Path(path)]
        return cls(tuple(found.files), tuple(found.skipped), text_fields, is_single=is_single, **settings)

    def identity(self) -> dict[str, Any]:
        """What tells this input from another, without reading it: names, sizes and times of change."""
        states = [(str(file), file.stat()) for file in self.files]
        return {
            "files": len(states),
            "bytes": sum(state.st_size for _, state in states),
            "fingerprint": fingerprint([(name, s.st_size, s.st_mtime_ns) for name, s in states]),
        }

    @property
    def n_bytes(self) -> int:
        """Size of all files on disk."""
        return sum(file.stat().st_size for file in self.files)

    def tasks(self, part_rows: int, start: Position = Position(), number: int = 0) -> Iterator[RowsTask]:
        """Tasks of consecutive batches that come to ``part_rows`` rows, read or skipped.

        The extent of each depends on the input and ``part_rows`` alone.
        """
        held: list[tuple[Path, Batch]] = []
        n_rows = n_bytes = 0
        for at, file, batch in self._batches(part_rows, start):
            held.append((file, batch))
            n_rows += batch.rows.num_rows + len(batch.skips)
            n_bytes += batch.rows.nbytes
            if n_rows >= part_rows or n_bytes >= MAX_TASK_BYTES:
                yield _task(number, held, at)
                held, n_rows, n_bytes = [], 0, 0
                number += 1
        if held:
            yield _task(number, held, Position(len(self.files), 0))

    def _batches(self, part_rows: int, start: Position) -> Iterator[tuple[Position, Path, Batch]]:
        """Batches from a position on, each with the position after it."""
        for index in range(start.file, len(self.files)):
            file = self.files[index]
            for number, batch in enumerate(self._read(file, min(part_rows, BATCH_ROWS))):
                if index > start.file or number >= start.batch:
                    yield Position(index, number + 1), file, batch

    def _read(self, file: Path, batch_rows: int) -> Iterator[Batch]:
        batches = read_batches(
            file,
            encoding=self.encoding,
            delimiter=self.delimiter,
            text_fields=self.text_fields,
            batch_rows=batch_rows,
            max_chars=self.max_chars,
        )
        if self.is_single:
            yield from batches
            return
        try:
            yield from batches
        except DataError as error:
            yield _faulty_file(file, error)


def _faulty_file(file: Path, error: DataError) -> Batch:
    """One skip for a file among many that cannot be read, or for the rest of it."""
    import pyarrow as pa

    reason = str(error).removeprefix(f"{file}: ").partition("\n")[0]
    skip = Skip(str(file), 0, None, reason, "Correct the file, or remove it.")
    return Batch(pa.table({}), np.zeros(0, np.int64), [skip])


def _task(number: int, held: list[tuple[Path, Batch]], end: Position) -> RowsTask:
    import pyarrow as pa

    filled = [(str(file), batch) for file, batch in held if batch.rows.num_rows]
    tables = [batch.rows for _, batch in filled] or [batch.rows for _, batch in held]
    return RowsTask(
        number,
        pa.concat_tables(unify(tables)) if len(tables) > 1 else tables[0],
        tuple((file, batch.lines) for file, batch in filled),
        tuple(skip for _, batch in held for skip in batch.skips),
        end,
        held[-1][1].bytes_read,
    )
