"""Names for rows that come without: every prediction can be traced to its statement and its article."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from stance.tables import Batch

if TYPE_CHECKING:
    import pyarrow as pa

ARTICLE = "article_id"
STATEMENT = "statement_id"


def with_ids(batch: Batch, file: str, text_field: str, ids: Collection[str]) -> "pa.Table":
    """The rows of a batch with an id in each; those that are given stay.

    A row without article is an article of its own, named after its file and line, and its text is the
    whole of it. Ids of another kind than text are left as they are.

    Parameters
    ----------
    file : str
        What the file is called in ids.
    ids : collection of str
        Columns that must be there: ``article_id``, ``statement_id``.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = batch.rows
    lacking = [name for name in (ARTICLE, STATEMENT) if name in ids and _lacks(rows, name)]
    if not rows.num_rows or not lacking:
        return rows
    lines = pa.array(batch.lines).cast(pa.string())
    own = pc.binary_join_element_wise(file, lines, ":")
    given = _column(rows, ARTICLE)
    articles = pc.coalesce(given, own)
    if ARTICLE in lacking:
        rows = _put(rows, ARTICLE, articles)
    if STATEMENT in lacking:
        length = pc.utf8_length(rows.column(text_field)).cast(pa.string())
        whole = pc.binary_join_element_wise(own, pc.binary_join_element_wise("0", length, "-"), ":")
        within = pc.binary_join_element_wise(articles, lines, ":")
        made = pc.if_else(pc.is_valid(given), within, whole)
        rows = _put(rows, STATEMENT, pc.coalesce(_column(rows, STATEMENT), made))
    return rows


def _lacks(rows: "pa.Table", name: str) -> bool:
    """Whether ids of text are missing; an empty text is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name not in rows.column_names or pa.types.is_null(rows.column(name).type):
        return True
    column = rows.column(name)
    if not pa.types.is_string(column.type):
        return False
    return bool(column.null_count or pc.any(pc.equal(pc.binary_length(column), 0)).as_py())


def _column(rows: "pa.Table", name: str) -> "pa.ChunkedArray":
    """A column as text, null where there is none or it is no name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name not in rows.column_names or not _is_name(rows.column(name).type):
        return pa.chunked_array([pa.nulls(rows.num_rows, pa.string())])
    column = rows.column(name).cast(pa.string())
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _is_name(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_integer(kind))


def _put(rows: "pa.Table", name: str, values: "pa.ChunkedArray") -> "pa.Table":
    """The rows with a column set, a new one in front."""
    if name in rows.column_names:
        return rows.set_column(rows.column_names.index(name), name, values)
    return rows.add_column(0, name, values)
