"""Parts to the finished output."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stance.tables import write_table
from stance.tables.unifying import conform, unified_schema

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 65_536
"""Rows of a row group in the output, whatever the extent of the parts."""


def write_output(path: Path, parts: Sequence[Path], facts: Mapping[bytes, bytes]) -> None:
    """Write all rows of the parts, in order, as one table."""
    import pyarrow.parquet as pq

    schema = unified_schema([pq.read_schema(part) for part in parts])
    tables = (conform(pq.read_table(part, use_threads=False), schema) for part in parts)
    write_table(path, (table.replace_schema_metadata(dict(facts)) for table in regrouped(tables, GROUP_ROWS)))


def regrouped(tables: "Iterable[pa.Table]", n_rows: int) -> "Iterator[pa.Table]":
    """The same rows in tables of ``n_rows``, the last one with what is left; at least one table."""
    import pyarrow as pa

    held: list[pa.Table] = []
    n_held, n_given = 0, 0
    for table in tables:
        held.append(table)
        n_held += table.num_rows
        while n_held >= n_rows:
            whole = pa.concat_tables(held)
            yield whole.slice(0, n_rows)
            held, n_held, n_given = [whole.slice(n_rows)], n_held - n_rows, n_given + 1
    if n_held or not n_given:
        yield pa.concat_tables(held)
