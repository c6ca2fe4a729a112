"""The columns that must hold text: present, and in every row a string with something in it."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stance.errors import DataError, nearest
from stance.tables.batches import Skip

SHOWN_COLUMNS = 20
SHOWN_NAME_CHARS = 40
ELSEWHERE = "Fill it, or remove the row."
BLANK = (
    r"\A[\s\pZ\p{Cc}\p{Cf}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{2800}\x{3164}"
    r"\x{FE00}-\x{FE0F}\x{FFA0}]+\z"
)
"""Also what shows nothing: zero-width characters, soft hyphens, marks of direction, fillers, the blank of Braille."""


def check_columns(path: str, found: Collection[str], text_fields: Iterable[str], hint: str = "") -> None:
    """Raise DataError, with the columns found, where a required one is not among them."""
    for name in text_fields:
        if name not in found:
            near = nearest(name, [column[:SHOWN_NAME_CHARS] for column in found])
            raise DataError(
                f"{path}: has no column '{name}'; its columns are {_shown(found)}.{near}"
                f"{hint or ' Name the column that holds it (such as text_field=).'}"
            )


def _shown(names: Collection[str]) -> str:
    shown = [f"'{name[:SHOWN_NAME_CHARS]}'" for name, _ in zip(names, range(SHOWN_COLUMNS), strict=False)]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return (", ".join(shown) or "none") + more


def usable_rows(
    path: str, rows: pa.Table, lines: NDArray[np.int64], text_fields: Sequence[str], max_chars: int | None
) -> tuple[pa.Table, NDArray[np.int64], list[Skip]]:
    """The rows in which every required column holds text, their lines, and a Skip for each other row.

    Parameters
    ----------
    rows : pyarrow.Table
        Its required columns are of type string.
    lines : array of int64, shape (n_rows,)
    """
    skips: list[Skip] = []
    usable = np.ones(rows.num_rows, dtype=np.bool_)
    for name in text_fields:
        for reason, is_at_fault in _faults(rows.column(name), max_chars):
            at = np.flatnonzero(is_at_fault & usable)
            usable[at] = False
            skips.extend(Skip(path, int(lines[i]), name, reason, ELSEWHERE) for i in at)
    if not skips:
        return rows, lines, skips
    return rows.filter(pa.array(usable)), lines[usable], sorted(skips, key=lambda skip: skip.line)


def _faults(column: pa.ChunkedArray, max_chars: int | None) -> list[tuple[str, NDArray[np.bool_]]]:
    """What can be wrong with a text, and in which rows it is."""
    faults = [
        ("is missing or null", pc.is_null(column)),
        ("is empty", pc.equal(pc.binary_length(column), 0)),
        ("is blank", pc.match_substring_regex(column, BLANK)),
    ]
    if max_chars is not None:
        faults.append(
            (f"is longer than {max_chars} characters", pc.greater(pc.utf8_length(column), max_chars))
        )
    return [(reason, pc.fill_null(at, False).to_numpy()) for reason, at in faults]
