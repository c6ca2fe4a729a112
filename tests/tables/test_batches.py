"""Skips put into one message; batches given one schema."""

import pyarrow as pa
import pytest

from stance.errors import DataError
from stance.tables.batches import Skip, check_no_skips
from stance.tables.unifying import unified_schema, unify
from stance.tables.writing import JSON_TEXT, is_json_text


def skips(n: int, n_reasons: int = 1) -> list[Skip]:
    return [Skip("a.csv", i + 2, "text", f"has fault {i % n_reasons}", "Correct it.") for i in range(n)]


@pytest.mark.parametrize("n", [1, 2, 20, 21, 1000])
@pytest.mark.parametrize("n_reasons", [1, 2, 11, 20])
def test_one_message_counts_all_and_shows_twenty_in_twelve_lines(n: int, n_reasons: int) -> None:
    with pytest.raises(DataError) as error:
        check_no_skips("a.csv", skips(n, n_reasons))
    lines = str(error.value).splitlines()
    assert lines[0] == f"a.csv, line 2: text has fault 0 ({n} bad row{'s'[: n > 1]}). Correct it."
    assert len(lines) <= 12
    shown = ", ".join(lines[1:])
    assert all(f"{line}" in shown for line in range(2, 2 + min(n, 20)))
    assert (lines[-1] == f"  and {n - 20} more") is (n > 20)


def test_no_skips_are_no_error() -> None:
    check_no_skips("a.csv", [])


def test_a_row_without_field_is_named_by_its_line_alone() -> None:
    with pytest.raises(DataError, match=r"^a.csv, line 7: is a list, not an object \(1 bad row\)"):
        check_no_skips("a.csv", [Skip("a.csv", 7, None, "is a list, not an object", "Correct it.")])


def test_tables_of_several_types_come_to_one_schema_without_losing_a_value() -> None:
    mixed = pa.schema([pa.field("x", pa.string(), metadata=JSON_TEXT), pa.field("text", pa.string())])
    tables = [
        pa.table({"text": ["a"], "n": [1], "p": [1], "none": pa.nulls(1)}),
        pa.table({"text": ["b"], "p": [0.5], "x": ["plain"], "none": [True]}),
        pa.table([["[1]"], ["c"]], schema=mixed),
    ]
    unified = pa.concat_tables(unify(tables))
    assert unified.to_pylist() == [
        {"text": "a", "n": 1, "p": 1.0, "none": None, "x": None},
        {"text": "b", "n": None, "p": 0.5, "none": True, "x": '"plain"'},
        {"text": "c", "n": None, "p": None, "none": None, "x": "[1]"},
    ]
    assert is_json_text(unified.schema.field("x"))


def test_one_schema_does_not_depend_on_how_often_it_is_formed() -> None:
    one, other = pa.schema([("a", pa.int64())]), pa.schema([("a", pa.string()), ("b", pa.bool_())])
    schema = unified_schema([one, other])
    assert unified_schema([schema, one, other]).equals(schema, check_metadata=True)
