"""Any table on disk to batches of checked rows, by its content and its name."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from stance.errors import DataError
from stance.tables.batches import Batch, Skip, check_no_skips
from stance.tables.limits import Limits
from stance.tables.opening import open_input
from stance.tables.recognition import START_BYTES, fix_for, looks_like
from stance.tables.suffixes import PACKED, table_suffix

__all__ = ["Batch", "Limits", "Skip", "check_no_skips", "read_batches"]

FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
PARQUET = b"PAR1"
TAB_SUFFIX = ".tsv"
TAB, TYPED_TAB = "\t", r"\t"
"""A tab, and how it is typed where a tab cannot be."""


def read_batches(
    path: str | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    text_fields: Sequence[str] = ("text",),
    batch_rows: int = Limits.batch_rows,
    max_line_bytes: int = Limits.max_line_bytes,
    max_depth: int = Limits.max_depth,
    max_chars: int | None = None,
) -> Iterator[Batch]:
    """Batches of the rows of a table: JSON lines, CSV (both also packed by gzip) or Parquet.

    Every row of the file is in ``rows`` or in ``skips`` of exactly one batch, in order. No type is
    guessed: CSV columns are strings as written; JSON values of mixed or large kinds stay JSON text.

    Parameters
    ----------
    path : str or Path
        Regular file; a name that says no format is read by its content.
    encoding : str, optional
        Encoding of a text file. Without it: UTF-8, or UTF-16 and UTF-32 where they show.
    delimiter : str, optional
        One character between the fields of a CSV file. Without it: the comma, in .tsv the tab.
    text_fields : sequence of str
        Columns that must be there, and in every row hold a string that is not blank.
    batch_rows : int
        Most rows in a batch; batches of long rows are shorter.
    max_line_bytes : int
        Lines, and rows of CSV, that are longer are skipped.
    max_depth : int
        JSON lines in which lists and objects are nested deeper are skipped.
    max_chars : int, optional
        Rows in which a required text is longer are skipped.

    Raises
    ------
    DataError
        For a fault of the whole file, as soon as it is met.
    ConfigError
        If the path is an address, or the encoding or delimiter impossible.
    """
    limits = Limits(
        batch_rows=batch_rows, max_line_bytes=max_line_bytes, max_depth=max_depth, max_chars=max_chars
    )
    n_rows = 0
    delimiter = TAB if delimiter == TYPED_TAB else delimiter
    for batch in _batches(path, encoding, delimiter, text_fields, limits):
        n_rows += batch.rows.num_rows + len(batch.skips)
        yield batch
    if not n_rows:
        raise DataError(f"{path}: no rows in {Path(path).name}. Name a file that holds rows.")


def _batches(
    path: str | Path, encoding: str | None, delimiter: str | None, text_fields: Sequence[str], limits: Limits
) -> Iterator[Batch]:
    """The batches of the reader that the file's content and name ask for."""
    _check_settings(path, encoding, delimiter)
    kind = _table_format(path)
    if kind == "parquet":
        from stance.tables.parquet import read_parquet

        yield from read_parquet(path, text_fields, limits)
        return
    from stance.tables.textfiles import TextFile

    with TextFile(path, encoding) as file:
        if kind == "jsonl":
            from stance.tables.jsonl import read_jsonl

            yield from read_jsonl(file, text_fields, limits)
        else:
            from stance.tables.delimited import read_csv

            tabbed = table_suffix(path).removesuffix(PACKED) == TAB_SUFFIX
            usual = TAB if tabbed else ","
            yield from read_csv(file, usual if delimiter is None else delimiter, text_fields, limits)


def _check_settings(path: str | Path, encoding: str | None, delimiter: str | None) -> None:
    """Raise ConfigError for settings that no table can be read with, also where this one needs none of them."""
    if encoding is not None:
        from stance.tables.encodings import source_encoding

        source_encoding(str(path), b"", encoding)
    if delimiter is not None:
        from stance.tables.delimited import check_delimiter

        check_delimiter(delimiter)


def _table_format(path: str | Path) -> str:
    """jsonl, csv or parquet; DataError where name and content disagree or say nothing."""
    with open_input(path) as file:
        start = file.read(START_BYTES)
    suffix = table_suffix(path)
    named = FORMATS.get(suffix.removesuffix(PACKED))
    if start.startswith(PARQUET):
        if named in (None, "parquet"):
            return "parquet"
        raise DataError(f"{path}: is a Parquet file, not {suffix[1:]}. Rename it to end in .parquet.")
    if not start:
        return "jsonl"  # which says that there are no rows
    return _unnamed_format(path, start, suffix) if named in (None, "parquet") else named


def _unnamed_format(path: str | Path, start: bytes, suffix: str) -> str:
    if suffix not in FORMATS and start.lstrip().startswith(b"{"):
        return "jsonl"
    kind = looks_like(start) or ("binary data" if b"\0" in start else None)
    if kind:
        raise DataError(f"{path}: is {kind}, not a table. {fix_for(kind)}")
    if suffix in FORMATS:
        raise DataError(f"{path}: is not a Parquet file. Rename it after what it is.")
    raise DataError(
        f"{path}: neither its name nor its content says which format it is; read are {', '.join(FORMATS)}. "
        "Rename it."
    )
