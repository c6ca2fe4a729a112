"""What a reader gives: the good rows of a batch, where they stand, and what was skipped."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN_SKIPS = 20
SHOWN_LINES = 10
"""Lines of reasons in one message; with the first line and the count of the rest, at most 12."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A row that cannot be used: where it stands, what is wrong, what to do.

    Parameters
    ----------
    line : int
        1-based physical line where the row starts; in Parquet, the 1-based row.
    field : str or None
        The column at fault, or None where the row as a whole is.
    """

    file: str
    line: int
    field: str | None
    reason: str
    fix: str


class RowError(ValueError):
    """What is wrong with one row.

    Parameters
    ----------
    reason, fix : str
        As in Skip.
    field : str or None
    """

    def __init__(
        self, reason: str, field: str | None = None, fix: str = "Correct the line, or remove it."
    ) -> None:
        super().__init__(reason)
        self.reason, self.field, self.fix = reason, field, fix

    def skip(self, file: str, line: int) -> Skip:
        """The Skip for the row that starts at ``line``."""
        return Skip(file, line, self.field, self.reason, self.fix)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table that were read together.

    Parameters
    ----------
    rows : pyarrow.Table
        The good rows, in the order of the file.
    lines : array of int64, shape (n_rows,)
        1-based physical line where each row starts; in Parquet, the 1-based row.
    skips : list of Skip
        The other rows of the batch.
    bytes_read : int
        How far into the file the reader is, in bytes on disk.
    size_bytes : int
        Size of the file on disk when it was opened.
    """

    rows: "pa.Table"
    lines: NDArray[np.int64]
    skips: list[Skip] = field(default_factory=list)
    bytes_read: int = 0
    size_bytes: int = 0


def check_no_skips(path: str | Path, skips: Sequence[Skip]) -> None:
    """Raise one DataError that counts the skipped rows of a file and shows the first 20.

    Examples
    --------
    >>> check_no_skips("a.csv", [Skip("a.csv", n, "text", "is empty", "Fill it.") for n in (3, 5)])
    Traceback (most recent call last):
    stance.errors.DataError: a.csv, line 3: text is empty (2 bad rows). Fill it.
      lines 3, 5: text is empty
    """
    if not skips:
        return
    first = skips[0]
    count = f"{len(skips)} bad row{'s'[: len(skips) > 1]}"
    raise DataError(
        "\n".join([f"{path}, line {first.line}: {_fault(first)} ({count}). {first.fix}", *listed(skips)])
    )


def listed(skips: Sequence[Skip]) -> list[str]:
    """What is wrong with the first 20 rows, in at most 10 lines, and how many more there are.

    Examples
    --------
    >>> listed([Skip("a.csv", n, "text", "is empty", "Fill it.") for n in range(2, 25)])[-1]
    '  and 3 more'
    """
    rest = len(skips) - SHOWN_SKIPS
    return _grouped(skips[:SHOWN_SKIPS]) + ([f"  and {rest} more"] if rest > 0 else [])


def _fault(skip: Skip) -> str:
    return f"{skip.field} {skip.reason}" if skip.field else skip.reason


def _grouped(skips: Sequence[Skip]) -> list[str]:
    """One entry for each reason with its lines; several entries to a line where there are many."""
    lines: dict[str, list[str]] = {}
    for skip in skips:
        lines.setdefault(_fault(skip), []).append(str(skip.line))
    entries = [f"line{'s'[: len(at) > 1]} {', '.join(at)}: {fault}" for fault, at in lines.items()]
    width = -(-len(entries) // SHOWN_LINES)
    return ["  " + " · ".join(entries[i : i + width]) for i in range(0, len(entries), width)]
