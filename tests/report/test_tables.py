import re

from hypothesis import given, settings
from hypothesis import strategies as st

from stance.report.tables import Column, Table, markdown, markdown_text

TEXTS = st.text(max_size=30)
COLUMNS = (
    Column("name", "class"),
    Column("n", "count"),
    Column("F1", "number"),
    Column("bounds", "interval"),
)


@given(TEXTS)
@settings(deadline=None)
def test_markdown_text_keeps_to_its_cell_and_opens_no_markup(text):
    found = markdown_text(text)
    assert "\n" not in found
    assert not set("<>") & set(found)
    assert not re.search(r"(?<!\\)(?:\\\\)*[|`*_\[\]]", found)


def test_a_value_that_is_not_there_is_a_dash():
    table = Table("t", "Results", COLUMNS, (("a", 3, None, (None, None)), ("b", 1, 0.5, (0.25, 1.0))))
    assert list(table.texts()) == [["a", "3", "–", "–"], ["b", "1", "0.500", "0.250 to 1.000"]]
    assert list(table.keys())[1] == ["b", 1.0, 0.5, 0.25]
    assert next(table.keys())[2] == float("-inf")


def test_an_estimate_stands_with_its_bounds_and_sorts_by_itself():
    columns = (Column("name"), Column("F1", "measured"))
    rows = (("a", (0.5, 0.25, 0.75)), ("b", (0.5, None, None)), ("c", None))
    table = Table("t", "Results", columns, rows)
    assert [row[1] for row in table.texts()] == ["0.500 (0.250 to 0.750)", "0.500", "–"]
    assert [key[1] for key in list(table.keys())] == [0.5, 0.5, float("-inf")]


def test_markdown_tables_align_numbers_to_the_right():
    shown = markdown(Table("t", "Results", COLUMNS, (("a", 3, -0.5, (0.1, 0.2)),)))
    assert "|:--|--:|--:|--:|" in shown
    assert "| a | 3 | −0.500 | 0.100 to 0.200 |" in shown
