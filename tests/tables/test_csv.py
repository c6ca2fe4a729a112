"""CSV: every cell as written, every row accounted for."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ConfigError, DataError
from stance.tables.reading import read_batches
from tests.tables.files import put, read

NULL_LIKE = [
    "NA",
    "N/A",
    "null",
    "None",
    "nan",
    "NaN",
    "-",
    "007",
    "1e5",
    "1.0",
    "True",
    "no",
    "12345678901234567890",
]


@pytest.mark.parametrize("word", NULL_LIKE)
def test_words_that_look_like_something_else_are_kept(tmp_path: Path, word: str) -> None:
    assert read(put(tmp_path, "a.csv", f"text,id\n{word},{word}\n")).rows == [{"text": word, "id": word}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_do_not_matter(tmp_path: Path, end: str, mark: str, last: bool) -> None:
    content = mark + end.join(["text,id", "", "a,1", "  ", "b,2"]) + end * last
    result = read(put(tmp_path, "a.csv", content))
    assert (result.rows, result.lines) == ([{"text": "a", "id": "1"}, {"text": "b", "id": "2"}], [3, 5])


def test_quoted_fields_keep_line_ends_delimiters_and_quotes(tmp_path: Path) -> None:
    result = read(put(tmp_path, "a.csv", 'text,id\n"a\r\n\r\nb, ""c""",1\nd,2\n'))
    assert result.rows == [{"text": 'a\r\n\r\nb, "c"', "id": "1"}, {"text": "d", "id": "2"}]
    assert result.lines == [2, 5]


@pytest.mark.parametrize("inside", ["\u2028", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e"])
def test_only_line_feeds_end_rows(tmp_path: Path, inside: str) -> None:
    assert read(put(tmp_path, "a.csv", f"text,id\nx{inside}y,1\n")).texts() == [f"x{inside}y"]


BAD_ROWS = {
    "b": (None, "number of fields is 1, in the header 2"),
    "b,2,3": (None, "number of fields is 3, in the header 2"),
    "b,": None,
    ",2": ("text", "is empty"),
    " ,2": ("text", "is blank"),
    '"b" c,2': (None, "is not CSV (',' expected after '\"')"),
    '"he said "no" to it",2': (None, "is not CSV (',' expected after '\"')"),
    "b\0,2": (None, "holds a NUL byte"),
    "b\rc,2": (None, "holds a carriage return outside quotes"),
}


@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_bad_row_is_skipped_alone(tmp_path: Path, row: str) -> None:
    result = read(put(tmp_path, "a.csv", f"text,id\na,1\n{row}\nc,3\n"))
    expected = BAD_ROWS[row]
    assert result.lines == ([2, 4] if expected else [2, 3, 4])
    assert result.reasons() == ([(3, *expected)] if expected else [])


def test_one_row_that_is_not_utf8_is_skipped_with_all_its_lines(tmp_path: Path) -> None:
    result = read(put(tmp_path, "a.csv", b'text,id\na,1\n"b\nc\xe9\nd",2\ne,3\n'))
    assert (result.texts(), result.lines) == (["a", "e"], [2, 6])
    assert result.reasons() == [(3, None, "byte 0xE9 at 2 is not UTF-8")]


WHOLE_FILE = {
    "text,id\n": "no rows",
    "\n\n": "no rows",
    'text,id\na,1\n"b,2\nc,3\n': "line 3: the quote that opens here is never closed",
    'text,id\na,1\nb,"2': "line 3: the quote that opens here is never closed",
    'text,id\n"a\nb","c\nd\n': "line 3: the quote that opens here is never closed",
    'text,id\n"a,1\nb,2\n"c",3\n': "line 2: the quote that opens here is closed wrongly in line 4",
    "Phrase;Texte (long, court);n\na;b;1\n": "separated by semicolons: set delimiter=';'",
    "text;id\na;1\n": "separated by semicolons: set delimiter=';'",
    "text\tid\na\t1\n": "separated by tabs: set delimiter='\\\\t'",
    '"text"|"id"\na|1\n': r"separated by vertical bars: set delimiter='\|'",
    "text,id,text\na,1,b\n": "has two columns named 'text'",
    "Il a dit,1\nElle a dit,2\n": "its columns are 'Il a dit', '1'. The first line must name the columns",
    "body,id\na,1\n": "has no column 'text'; its columns are 'body', 'id'",
    "Texte,id\na,1\n": r"Did you mean 'Texte'\?",
    '{"text": "a"}\n{"text": "b"}\n': "is JSON lines, not CSV. Rename it to end in .jsonl",
    "a\0b,text\n": "line 1: the header holds a NUL byte",
    ",".join(f"c{i}" for i in range(1001)) + "\n": "has 1001 columns; at most 1000 are read",
}


@pytest.mark.parametrize("content", WHOLE_FILE, ids=range(len(WHOLE_FILE)))
def test_a_file_that_cannot_be_read_as_a_whole_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError, match=WHOLE_FILE[content]):
        read(put(tmp_path, "a.csv", content))


def test_a_column_name_is_never_quoted_in_full(tmp_path: Path) -> None:
    statement = "Le ministre a declare que la situation etait grave " * 3
    with pytest.raises(DataError) as error:
        read(put(tmp_path, "a.csv", f"{statement};x\n"))
    assert statement[:41] not in str(error.value)


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.tsv", {}), ("a.csv", {"delimiter": "\t"}), ("a.csv", {"delimiter": r"\t"}), ("a.TSV", {})],
)
def test_tabs_separate_where_name_or_setting_says_so(
    tmp_path: Path, name: str, options: dict[str, str]
) -> None:
    assert read(put(tmp_path, name, "text\tid\na, b\t1\n"), **options).rows == [{"text": "a, b", "id": "1"}]


@pytest.mark.parametrize("delimiter", ["", ",,", "a", "1", '"', "\n", "\0"])
def test_an_impossible_delimiter_is_refused(tmp_path: Path, delimiter: str) -> None:
    path = put(tmp_path, "a.csv", "text\na\n")
    with pytest.raises(ConfigError, match="delimiter is .*one character is needed"):
        list(read_batches(path, delimiter=delimiter))


def test_a_field_longer_than_the_csv_modules_own_limit_is_read(tmp_path: Path) -> None:
    text = "é" * 1_300_000
    assert read(put(tmp_path, "a.csv", f'text,id\n"{text}",1\n')).texts() == [text]


def test_a_row_that_is_too_long_is_skipped_and_an_open_quote_ends_there(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "text,id\n" + "x" * 5000 + ",1\nb,2\n")
    assert read(path, max_line_bytes=4000).reasons() == [(2, None, "is longer than 4000 bytes")]
    path = put(tmp_path, "b.csv", 'text,id\na,1\n"b' + "x\n" * 5000)
    with pytest.raises(DataError, match="line 3: the quote that opens here is not closed within 4000 bytes"):
        read(path, max_line_bytes=4000)


def test_an_empty_cell_is_the_empty_string_and_columns_may_be_unnamed(tmp_path: Path) -> None:
    assert read(put(tmp_path, "a.csv", ",text\n,a\n")).rows == [{"": "", "text": "a"}]


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=8)


@settings(deadline=None, max_examples=100)
@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    batch_rows=st.integers(1, 4),
)
def test_what_the_csv_module_writes_is_read_back(
    rows: list[list[str]], delimiter: str, end: str, batch_rows: int
) -> None:
    import tempfile

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["text", "b", "c"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), "a.csv", buffer.getvalue())
        result = read(path, delimiter=delimiter, text_fields=(), batch_rows=batch_rows)
    assert [list(row.values()) for row in result.rows] == rows
    assert not result.skips
