"""Columns as read from Parquet to plain columns of valid text."""

import pyarrow as pa

from stance.tables.exact import is_json
from stance.tables.writing import JSON_TEXT, is_json_text


def plain_table(table: pa.Table) -> pa.Table:
    """The table with dictionaries, extension types and large strings unpacked; marks of JSON text stay."""
    columns = [_plain(table.column(i)) for i in range(table.num_columns)]
    marks = [JSON_TEXT if is_json_text(field) else None for field in table.schema]
    return _table(table.column_names, columns, marks)


def without_false_marks(table: pa.Table) -> pa.Table:
    """The table with marks of JSON text only on columns in which all of it is JSON, on one line."""
    marks = [JSON_TEXT if _is_json(table, i) else None for i in range(table.num_columns)]
    return _table(table.column_names, table.columns, marks)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The plain type in which a column of this type is given."""
    if isinstance(kind, pa.BaseExtensionType):
        return plain_type(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    return kind


def unreadable_rows(table: pa.Table) -> dict[int, str]:
    """Rows with a text that is not valid UTF-8, and the column where it is; ArrowInvalid for other damage."""
    faulty: dict[int, str] = {}
    for name in table.column_names:
        column = table.column(name)
        try:
            column.validate(full=True)
        except pa.ArrowInvalid as error:
            if "UTF8" not in str(error):
                raise
            faulty = {i: name for i, value in enumerate(column) if not _is_readable(value)} | faulty
    return faulty


def _is_readable(value: pa.Scalar) -> bool:
    try:
        value.as_py()
    except UnicodeDecodeError:
        return False
    return True


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = plain_type(column.type)
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)
    return column if column.type == kind else column.cast(kind)


def _is_json(table: pa.Table, i: int) -> bool:
    if not is_json_text(table.field(i)) or table.field(i).type != pa.string():
        return False
    texts = table.column(i).drop_null().to_pylist()
    return all("\n" not in text and is_json(text.encode()) for text in texts)


def _table(
    names: list[str], columns: list[pa.ChunkedArray], marks: list[dict[bytes, bytes] | None]
) -> pa.Table:
    named = zip(names, columns, marks, strict=True)
    fields = [pa.field(name, column.type, metadata=mark) for name, column, mark in named]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))
