"""Parsed JSON rows to typed columns, without changing a value."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pyarrow as pa

from stance.tables.exact import INT64_LIMIT, raw_members
from stance.tables.writing import JSON_TEXT

EXACT_DOUBLE = 2**53
"""Up to here every integer is also a double."""


def table_of(
    rows: Sequence[dict[str, Any]],
    sources: Sequence[bytes],
    names: Iterable[str],
    text_fields: Collection[str],
) -> pa.Table:
    """A table of JSON objects: strings, booleans, numbers; JSON text where a column is of several kinds.

    Parameters
    ----------
    rows : sequence of dict
        Parsed objects; a missing member becomes null.
    sources : sequence of bytes
        The line that each row was parsed from.
    names : iterable of str
        The columns, in order.
    text_fields : collection of str
        Columns known to hold strings and null alone.
    """
    names = list(names)
    plain = {name: _plain([row.get(name) for row in rows], name in text_fields) for name in names}
    mixed = [name for name in names if plain[name] is None]
    arrays: dict[str, Any] = plain | _json_texts(rows, sources, mixed)
    fields = [
        pa.field(name, arrays[name].type, metadata=JSON_TEXT if name in mixed else None) for name in names
    ]
    return pa.Table.from_arrays([arrays[name] for name in names], schema=pa.schema(fields))


def _plain(values: list[Any], is_text: bool) -> pa.Array | None:
    """The column, where its values are of one kind that Arrow holds exactly."""
    kinds = set(map(type, values)) - {type(None)}
    if is_text or kinds == {str}:
        return pa.array(values, pa.string())
    if not kinds:
        return pa.nulls(len(values))
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int}:
        return pa.array(values, pa.int64()) if _within(values, INT64_LIMIT) else None
    if kinds == {float} or kinds == {int, float}:
        limit = EXACT_DOUBLE if int in kinds else INT64_LIMIT
        return pa.array(values, pa.float64()) if _within(values, limit) else None
    return None


def _within(values: list[Any], limit: int) -> bool:
    numbers = [value for value in values if value is not None]
    return bool(-limit <= min(numbers) and max(numbers) < limit)


def _json_texts(
    rows: Sequence[dict[str, Any]], sources: Sequence[bytes], names: Sequence[str]
) -> dict[str, pa.Array]:
    """The columns of these names as the JSON text that stands in the lines; null and missing are null."""
    texts: dict[str, list[str | None]] = {name: [] for name in names}
    for row, source in zip(rows, sources, strict=True) if names else ():
        members = raw_members(source)
        for name in names:
            texts[name].append(None if row.get(name) is None else members[name])
    return {name: pa.array(column, pa.string()) for name, column in texts.items()}
