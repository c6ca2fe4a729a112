"""Tables of one source given one schema: batches may differ in columns and types, rows may not be lost."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from stance.tables.writing import JSON_TEXT, is_json_text

if TYPE_CHECKING:
    import pyarrow as pa


def unify(tables: "Sequence[pa.Table]") -> "list[pa.Table]":
    """The tables with all their columns and one type each.

    A column that a table lacks is null there; whole numbers beside decimal ones become decimal, where that
    changes none; values of otherwise different types become their JSON text, marked so that a JSONL writer
    gives the JSON back.
    """
    import pyarrow as pa

    schemas = [table.schema for table in tables]
    try:
        schema = unified_schema(schemas)
        return [conform(table, schema) for table in tables]
    except pa.ArrowInvalid:
        schema = unified_schema(schemas, exact=True)
        return [conform(table, schema) for table in tables]


def unified_schema(schemas: "Sequence[pa.Schema]", *, exact: bool = False) -> "pa.Schema":
    """One schema for all, columns in order of first appearance.

    Parameters
    ----------
    exact : bool
        Make whole numbers beside decimal ones JSON text: some are too large to be decimal numbers.
    """
    import pyarrow as pa

    fields: dict[str, Any] = {}
    for schema in schemas:
        for field in schema:
            fields[field.name] = _common(fields[field.name], field, exact) if field.name in fields else field
    return pa.schema([field.with_nullable(True) for field in fields.values()])


def _common(one: "pa.Field", other: "pa.Field", exact: bool) -> "pa.Field":
    import pyarrow as pa

    if one.type == other.type and is_json_text(one) == is_json_text(other):
        return one
    if pa.types.is_null(one.type):
        return other
    if pa.types.is_null(other.type):
        return one
    plain = not (is_json_text(one) or is_json_text(other))
    if plain and {one.type, other.type} == {pa.int64(), pa.float64()} and not exact:
        return pa.field(one.name, pa.float64())
    if plain and all(pa.types.is_string(f.type) or pa.types.is_large_string(f.type) for f in (one, other)):
        return pa.field(one.name, pa.large_string())
    return pa.field(one.name, pa.string(), metadata=JSON_TEXT)


def conform(table: "pa.Table", schema: "pa.Schema") -> "pa.Table":
    """The table with exactly the columns and types of a unified schema."""
    import pyarrow as pa

    columns = []
    for field in schema:
        position = table.schema.get_field_index(field.name)
        if position < 0:
            columns.append(pa.nulls(len(table), field.type))
        elif is_json_text(field) and not is_json_text(table.schema.field(position)):
            columns.append(_as_json(table.column(position)))
        else:
            columns.append(table.column(position).cast(field.type))
    return pa.table(columns, schema=schema)


def _as_json(column: "pa.ChunkedArray") -> "pa.Array":
    import pyarrow as pa

    return pa.array(
        [
            None if value is None else orjson.dumps(value, default=str).decode()
            for value in column.to_pylist()
        ],
        pa.string(),
    )


def names_beside(names: "Sequence[str]", taken: "Collection[str]") -> list[str]:
    """The names, with ``original_`` before those that are taken, as often as it needs.

    Examples
    --------
    >>> names_beside(["text", "kind", "original_kind"], {"kind"})
    ['text', 'original_original_kind', 'original_kind']
    """
    given = {name for name in names if name not in taken}
    chosen = []
    for name in names:
        new = name
        while new in taken or (new != name and new in given):
            new = f"original_{new}"
        given.add(new)
        chosen.append(new)
    return chosen
