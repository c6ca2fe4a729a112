"""Input files to tasks of a fixed extent, each knowing where its rows come from and where the next begins."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from stance.articles import read_article_rows
from stance.articles.reader import SUFFIXES, is_table
from stance.errors import DataError
from stance.predictions.identifiers import ARTICLE, STATEMENT, with_ids
from stance.predictions.manifest import check_not_input, parts_folder, read_manifest, written_to
from stance.predictions.tasks import LABEL, NAME, PATH, Kind, Position, RowsTask
from stance.provenance import fingerprint
from stance.tables import Batch, Skip, find_files, read_batches, unify

BATCH_ROWS = 8192
MAX_TASK_BYTES = 16 << 20
WEIGHTS: dict[Kind, int] = {"statements": 1, "articles": 64, "files": 512}
"""Rows that one counts for: an article has some 30 statements, which must be found, and a file has to be opened besides."""

FILE_FIX = "Correct the file, or leave it out."

BYTES_PER_STATEMENT = 200


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How files become tasks: with the files, all that the rows of each part depend on.

    Parameters
    ----------
    unit : str
        What the text of a row of a table is: a ``statement``, or an ``article``.
    target_field : str or None
        Column of the target, for models that read one.
    encoding, delimiter : str or None
        Of text files; None where they show it.
    max_chars : int or None
        Rows with a longer text are skipped.
    part_rows : int
        Rows of a task.
    """

    unit: Literal["statement", "article"] = "statement"
    text_field: str = "text"
    target_field: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    max_chars: int | None = None
    part_rows: int = 32_768

    @property
    def text_fields(self) -> tuple[str, ...]:
        """Columns that must hold text."""
        return (self.text_field,) if self.target_field is None else (self.text_field, self.target_field)


@dataclass(frozen=True)
class Input:
    """What a run reads.

    Parameters
    ----------
    files : tuple of Path
    left_out : tuple of Skip
        Files that are not read, with the reason.
    is_single : bool
        Whether one file was named, so that a fault of that file is a fault of the run.
    """

    files: tuple[Path, ...]
    reading: Reading
    left_out: tuple[Skip, ...] = ()
    is_single: bool = True

    @classmethod
    def find(cls, path: str, reading: Reading, output: Path) -> Self:
        """The files that a path, a folder or a pattern stands for, without what scoring itself writes there.

        Raises
        ------
        ConfigError
            If the output would take the place of a file that is read.
        """
        found = find_files(path, suffixes=SUFFIXES)
        is_single = found.files == [Path(path)]
        files = found.files if is_single else [file for file in found.files if not _is_ours(file, output)]
        check_not_input(output, files)
        if not files:
            raise DataError(f"{path}: holds nothing but the output of this run. Correct the path.")
        self = cls(tuple(files), reading, tuple(found.skipped), is_single)
        if reading.target_field is not None and "files" in self._kinds:
            file = self.files[self._kinds.index("files")]
            raise DataError(
                f"{file}: has no column '{reading.target_field}', and this model reads a target. "
                "Put the articles into a table with that column."
            )
        return self

    def label(self, index: int) -> str:
        """What a file is called where its rows are accounted for."""
        return str(self.files[index])

    @contextmanager
    def at_hand(self, index: int) -> Iterator[Path]:
        """A file where it can be read, for as long as it is."""
        yield self.files[index]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The files' paths below the folder that all are in."""
        folder = os.path.commonpath([file.parent for file in self.files])
        return tuple(os.path.relpath(file, folder) for file in self.files)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The files' sizes in bytes, as they were when the run began."""
        return tuple(status.st_size for status in self._statuses)

    @cached_property
    def changed(self) -> tuple[Any, ...]:
        """When the files were last changed, or what else differs when they do."""
        return tuple(status.st_mtime_ns for status in self._statuses)

    @cached_property
    def _statuses(self) -> list[os.stat_result]:
        try:
            return [file.stat() for file in self.files]
        except OSError as error:
            raise DataError(
                f"{error.filename}: went away while the run began ({error.strerror}). Run again once all is there."
            ) from error

    @property
    def n_expected(self) -> int:
        """Rough number of statements, from the sizes of the files."""
        return sum(self.sizes) // BYTES_PER_STATEMENT

    def identity(self) -> str:
        """What tells this input from another, without reading it: names, sizes and times of change."""
        digest = fingerprint(self.names, self.sizes, self.changed)
        count = (
            self.names[0] if len(self.files) == 1 else f"{len(self.files)} files, the first {self.names[0]}"
        )
        return f"{count} ({sum(self.sizes)} bytes, fingerprint {digest})"

    def extent(self) -> str:
        """What is the same while files are touched without being changed: names and sizes."""
        return fingerprint(self.names, self.sizes)

    def tasks(self, start: Position, number: int) -> Iterator[RowsTask]:
        """Tasks of consecutive batches of one kind, closed at ``part_rows`` rows, read or skipped.

        Parameters
        ----------
        start : Position
            Where the first task begins; ``number`` is its number.
        """
        held: list[tuple[int, Batch]] = []
        weight = n_bytes = 0
        for end, batch in self._batches(start):
            if held and self._kinds[end.file] != self._kinds[held[0][0]]:
                yield self._task(number, held, Position(end.file, end.batch - 1))
                held, weight, n_bytes, number = [], 0, 0, number + 1
            held.append((end.file, batch))
            weight += WEIGHTS[self._kinds[end.file]] * (batch.rows.num_rows + len(batch.skips))
            n_bytes += batch.rows.nbytes
            if weight >= self.reading.part_rows or n_bytes >= MAX_TASK_BYTES:
                yield self._task(number, held, end)
                held, weight, n_bytes, number = [], 0, 0, number + 1
        if held:
            yield self._task(number, held, Position(len(self.files), 0))

    @cached_property
    def _kinds(self) -> tuple[Kind, ...]:
        """What the rows of each file are."""
        rows: Kind = "statements" if self.reading.unit == "statement" else "articles"
        return tuple(rows if is_table(file) else "files" for file in self.files)

    def _batches(self, start: Position) -> Iterator[tuple[Position, Batch]]:
        """Batches from a position on, each with the position after it."""
        for index in range(start.file, len(self.files)):
            for number, batch in enumerate(self._read(index)):
                if index > start.file or number >= start.batch:
                    yield Position(index, number + 1), batch

    def _read(self, index: int) -> Iterator[Batch]:
        """The batches of a file; one with a skip where a file among many cannot be read (any further)."""
        kind, reading, label = self._kinds[index], self.reading, self.label(index)
        if kind == "files":
            yield _whole(self.files[index], self.names[index], self.sizes[index], label)
            return
        try:
            with self.at_hand(index) as path:
                for batch in self._rows(path, kind, label):
                    ids = (ARTICLE, STATEMENT) if kind == "statements" else (ARTICLE,)
                    rows = with_ids(batch, self.names[index], reading.text_field, ids)
                    yield replace(batch, rows=rows, skips=[replace(skip, file=label) for skip in batch.skips])
        except DataError as error:
            if self.is_single:
                raise
            reason = str(error).removeprefix(f"{label}: ").partition("\n")[0]
            yield _without_rows(Skip(label, 0, None, reason, FILE_FIX))

    def _rows(self, path: Path, kind: Kind, label: str) -> Iterator[Batch]:
        """The batches of a table."""
        reading = self.reading
        settings: dict[str, Any] = {
            "encoding": reading.encoding,
            "delimiter": reading.delimiter,
            "batch_rows": max(1, min(reading.part_rows, BATCH_ROWS) // WEIGHTS[kind]),
            "max_chars": reading.max_chars,
        }
        if kind == "articles":
            return read_article_rows(path, reading.text_fields, label=label, **settings)
        return read_batches(path, text_fields=reading.text_fields, **settings)

    def _task(self, number: int, held: list[tuple[int, Batch]], end: Position) -> RowsTask:
        import pyarrow as pa

        filled = [(self.label(index), batch) for index, batch in held if batch.rows.num_rows]
        tables = [batch.rows for _, batch in filled] or [held[0][1].rows]
        last, batch = held[-1]
        return RowsTask(
            number,
            self._kinds[last],
            pa.concat_tables(unify(tables)) if len(tables) > 1 else tables[0],
            tuple((file, batch.lines) for file, batch in filled),
            tuple(skip for _, batch in held for skip in batch.skips),
            end,
            (sum(self.sizes[:last]) + batch.bytes_read) / max(1, sum(self.sizes)),
            self.reading.text_fields,
        )


def _is_ours(file: Path, output: Path) -> bool:
    """Whether a file is a part of this run, or an earlier output of it with what lies beside that."""
    file = file.resolve()
    if parts_folder(output) in file.parents:
        return True
    return read_manifest(output) is not None and any(
        path in (file, *file.parents) for path in written_to(output)
    )


def _whole(file: Path, name: str, size: int, label: str) -> Batch:
    """One row for a file that is an article; it has no lines to point at."""
    import pyarrow as pa

    columns = {PATH: str(file.absolute()), NAME: name, LABEL: label}
    row = pa.table({column: pa.array([value], pa.string()) for column, value in columns.items()})
    return Batch(row, np.zeros(1, np.int64), [], size, size)


def _without_rows(skip: Skip) -> Batch:
    import pyarrow as pa

    return Batch(pa.table({}), np.zeros(0, np.int64), [skip])
