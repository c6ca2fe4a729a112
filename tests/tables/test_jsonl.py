"""JSON lines: what is read, what is skipped, what is refused."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import DataError
from stance.tables.batches import RowError
from stance.tables.exact import parse_row, raw_members
from stance.tables.reading import read_batches
from stance.tables.writing import is_json_text, write_table
from tests.tables.files import put, read

GOOD = '{"text": "a"}\n'


@pytest.mark.parametrize(
    "content",
    [
        '{"text": "a"}\n{"text": "b"}\n',
        '{"text": "a"}\r\n{"text": "b"}\r\n',
        '{"text": "a"}\r{"text": "b"}\r',
        '{"text": "a"}\n\n \t\n{"text": "b"}',
        '\ufeff{"text": "a"}\n{"text": "b"}\n',
        '\n\n{"text": "a"}\n{"text": "b"}\n\n',
    ],
    ids=["LF", "CRLF", "CR", "blank lines, no final newline", "byte order mark", "blank at both ends"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_line_ends_and_blank_lines_do_not_matter(tmp_path: Path, content: str, packed: bool) -> None:
    raw = gzip.compress(content.encode()) if packed else content.encode()
    path = put(tmp_path, "a.jsonl.gz" if packed else "a.jsonl", raw)
    assert read(path).texts() == ["a", "b"]


@pytest.mark.parametrize("inside", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\u00a0", "\ufeff"])
def test_only_line_feeds_end_lines(tmp_path: Path, inside: str) -> None:
    row = json.dumps({"text": f"before{inside}after"}, ensure_ascii=inside < " ")
    assert read(put(tmp_path, "a.jsonl", row + "\n" + GOOD)).texts() == [f"before{inside}after", "a"]


BAD_LINES = {
    "[1, 2]": (None, "is a list, not an object"),
    "12": (None, "is a number, not an object"),
    '"word"': (None, "is a string, not an object"),
    "null": (None, "is null, not an object"),
    "true": (None, "is a boolean, not an object"),
    '{"text": "a", "text": "b"}': (None, "the key 'text' is given twice"),
    '{"text": "a", "meta": {"x": 1, "x": 2}}': (None, "the key 'x' is given twice"),
    '{"text": "a", "te\\u0078t": "b"}': (None, "the key 'text' is given twice"),
    '{"n":1,"text" :"a","n" :2}': (None, "the key 'n' is given twice"),
    '{"text": "a", "p": NaN}': (None, "NaN is not JSON"),
    '{"text": "a", "p": -Infinity}': (None, "-Infinity is not JSON"),
    '{"text": "\\ud800"}': (None, "holds an unpaired surrogate"),
    '{"text": "a", "deep": {"\\udfff": 1}}': (None, "holds an unpaired surrogate"),
    '{"text": "cut': (None, "is not JSON (Unterminated string at character 10)"),
    '{"text": "a"} {"text": "b"}': (None, "is not JSON (Extra data at character 15)"),
    '{"text": "tab\tinside"}': (None, "is not JSON (Invalid control character at at character 14)"),
    '{"text": "a\0b"}': (None, "holds a NUL byte"),
    "{'text': 'a'}": (
        None,
        "is not JSON (Expecting property name enclosed in double quotes at character 2)",
    ),
    '{"label": "tense"}': ("text", "is missing or null"),
    '{"text": null}': ("text", "is missing or null"),
    '{"text": 3}': ("text", "is a number, not a string"),
    '{"text": 3.5}': ("text", "is a number, not a string"),
    '{"text": true}': ("text", "is a boolean, not a string"),
    '{"text": ["a"]}': ("text", "is a list, not a string"),
    '{"text": {"fr": "a"}}': ("text", "is an object, not a string"),
    '{"text": ""}': ("text", "is empty"),
    '{"text": " \\t\\u00a0\\u3000"}': ("text", "is blank"),
    '{"text": "\\u2800\\u3164\\ufe0f"}': ("text", "is blank"),
}


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_bad_line_is_skipped_alone_with_its_place_and_reason(tmp_path: Path, line: str) -> None:
    result = read(put(tmp_path, "a.jsonl", f"{GOOD}\n{line}\n{GOOD}"))
    assert (result.texts(), result.lines) == (["a", "a"], [1, 4])
    assert result.reasons() == [(3, *BAD_LINES[line])]
    assert result.skips[0].fix


@pytest.mark.parametrize("line", ["[1]", '{"text": null}', '{"text": 3}', '{"text": ""}'])
def test_a_batch_of_bad_rows_alone_is_an_empty_table_of_strings(tmp_path: Path, line: str) -> None:
    path = put(tmp_path, "a.jsonl", f"{GOOD}{line}\n{line}\n")
    for batch in list(read_batches(path, batch_rows=1))[1:]:
        assert (batch.rows.num_rows, len(batch.skips)) == (0, 1)
        assert batch.rows.schema.field("text").type == pa.string()


@pytest.mark.parametrize(
    "byte", [b"\xff", b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\x80"]
)
def test_one_row_that_is_not_utf8_is_skipped(tmp_path: Path, byte: bytes) -> None:
    result = read(put(tmp_path, "a.jsonl", GOOD.encode() * 9 + b'{"text": "x' + byte + b'y"}\n'))
    assert len(result.rows) == 9
    assert [skip.line for skip in result.skips] == [10]


def test_an_unpaired_surrogate_in_bytes_is_named(tmp_path: Path) -> None:
    result = read(put(tmp_path, "a.jsonl", GOOD.encode() + b'{"text": "\xed\xa0\x80"}\n'))
    assert result.skips[0].reason == "an unpaired surrogate at byte 11"


def test_a_nul_escape_is_kept(tmp_path: Path) -> None:
    assert read(put(tmp_path, "a.jsonl", '{"text": "a\\u0000b"}\n')).texts() == ["a\0b"]


WHOLE_FILE = {
    "": "no rows",
    "\n \n\t\n": "no rows",
    '[{"text": "a"}, {"text": "b"}]': "is a JSON array",
    '[\n{"text": "a"},\n{"text": "b"}\n]\n': "is a JSON array",
    '[\n  {\n    "text": "a"\n  }\n]\n': "is a JSON array",
    '{\n  "text": "a",\n  "label": "b"\n}\n': "is JSON spread over several lines",
    '{"text": "a",\n"label": "b"}\n': "is JSON spread over several lines",
    "text,label\nIl a dit,tense\n": r"looks like CSV \(columns separated by commas\)",
    "text\tlabel\nIl a dit\ttense\n": r"looks like CSV \(columns separated by tabs\)",
    "Le ministre est venu.\nIl a parlé.\n": "holds no JSON objects",
    '{"text": "cut off in the m': "not one of the first 1 lines is a whole JSON object",
    '{"body": "a"}\n': "has no column 'text'; its columns are 'body'",
    '{"Text": "a", "label": "b"}\n': r"its columns are 'Text', 'label'. Did you mean 'Text'\?",
}


@pytest.mark.parametrize("content", WHOLE_FILE)
def test_a_file_that_is_something_else_is_refused_with_what_it_is(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError, match=WHOLE_FILE[content]):
        read(put(tmp_path, "a.jsonl", content))


@pytest.mark.parametrize("first", ["[1]", "12", '{"text": "cut', "null"])
def test_a_bad_first_row_does_not_hide_the_others(tmp_path: Path, first: str) -> None:
    result = read(put(tmp_path, "a.jsonl", f"{first}\n{GOOD}{GOOD}"))
    assert (len(result.rows), [skip.line for skip in result.skips]) == (2, [1])


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [101, 1000, 1100, 100_000])
def test_deep_nesting_is_skipped(tmp_path: Path, opening: str, depth: int) -> None:
    nested = opening * depth + "1" + ("]" if opening == "[" else "}") * depth
    result = read(put(tmp_path, "a.jsonl", f'{GOOD}{{"text": "b", "x": {nested}}}\n{GOOD}'))
    assert result.reasons() == [(2, None, "lists and objects are nested deeper than 100")]


def test_nesting_up_to_the_limit_is_read_and_brackets_in_text_do_not_count(tmp_path: Path) -> None:
    nested = "[" * 99 + "]" * 99
    content = f'{{"text": "{"[" * 500}", "x": {nested}}}\n'
    assert read(put(tmp_path, "a.jsonl", content)).rows == [{"text": "[" * 500, "x": nested}]


def test_columns_of_one_kind_are_typed_and_others_keep_their_json(tmp_path: Path) -> None:
    rows = [
        '{"text": "a", "n": 1, "p": 0.5, "q": 1, "ok": true, "mixed": 1, "list": [1, 2.0], "none": null}',
        '{"text": "b", "n": null, "p": 1e-3, "q": 0.25, "ok": false, "mixed": "1", "list": {"a":  "é"}}',
    ]
    batch = next(read_batches(put(tmp_path, "a.jsonl", "\n".join(rows))))
    types = {field.name: (str(field.type), is_json_text(field)) for field in batch.rows.schema}
    assert types == {
        "text": ("string", False),
        "n": ("int64", False),
        "p": ("double", False),
        "q": ("double", False),
        "ok": ("bool", False),
        "mixed": ("string", True),
        "list": ("string", True),
        "none": ("null", False),
    }
    assert batch.rows["mixed"].to_pylist() == ["1", '"1"']
    assert batch.rows["list"].to_pylist() == ["[1, 2.0]", '{"a":  "é"}']


@pytest.mark.parametrize(
    "number",
    [
        "9223372036854775808",
        "18446744073709551616",
        "-9223372036854775809",
        "1" * 5000,
        "1e400",
        "-1" + "0" * 400,
    ],
)
def test_a_number_beyond_every_type_stays_as_written(tmp_path: Path, number: str) -> None:
    path = put(tmp_path, "a.jsonl", f'{{"text": "a", "id": {number}}}\n{{"text": "b", "id": 7}}\n')
    table = next(read_batches(path)).rows
    assert table["id"].to_pylist() == [number, "7"]
    write_table(tmp_path / "b.jsonl", table)
    assert (tmp_path / "b.jsonl").read_text() == f'{{"text":"a","id":{number}}}\n{{"text":"b","id":7}}\n'


@pytest.mark.parametrize("number", [2**53 + 1, 2**63 - 1, -(2**63)])
def test_whole_numbers_up_to_int64_are_exact_also_beside_fractions(tmp_path: Path, number: int) -> None:
    ids = f'{{"text": "a", "id": {number}, "x": {number}}}\n{{"text": "b", "id": 1, "x": 0.5}}\n'
    table = next(read_batches(put(tmp_path, "a.jsonl", ids))).rows
    assert table["id"].to_pylist() == [number, 1]
    assert table["x"].to_pylist() == [str(number), "0.5"]


def test_rows_may_have_different_keys_in_any_order(tmp_path: Path) -> None:
    content = '{"text": "a", "x": 1}\n{"y": "z", "text": "b"}\n'
    assert read(put(tmp_path, "a.jsonl", content)).rows == [
        {"text": "a", "x": 1, "y": None},
        {"text": "b", "x": None, "y": "z"},
    ]


def test_endless_new_columns_are_skipped(tmp_path: Path) -> None:
    lines = [json.dumps({"text": "a", f"c{i}": i}) for i in range(1200)]
    result = read(put(tmp_path, "a.jsonl", "\n".join(lines)))
    assert (len(result.rows), len(result.skips)) == (999, 201)


@pytest.mark.parametrize("batch_rows", [1, 2, 7, 1000])
def test_batches_hold_every_row_once_in_order(tmp_path: Path, batch_rows: int) -> None:
    lines = [f'{{"text": "{i}"}}' if i % 3 else '{"text": ""}' for i in range(100)]
    path = put(tmp_path, "a.jsonl", "\n".join(lines))
    batches = list(read_batches(path, batch_rows=batch_rows))
    assert all(batch.rows.num_rows + len(batch.skips) <= batch_rows for batch in batches)
    texts = [text for batch in batches for text in batch.rows["text"].to_pylist()]
    lines_read = [int(line) for batch in batches for line in batch.lines]
    assert texts == [str(i) for i in range(100) if i % 3]
    assert sorted(lines_read + [skip.line for batch in batches for skip in batch.skips]) == list(
        range(1, 101)
    )
    assert batches[-1].bytes_read == batches[-1].size_bytes == path.stat().st_size


def test_batches_of_long_rows_are_shorter(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", (json.dumps({"text": "x" * 1_000_000}) + "\n") * 40)
    assert [batch.rows.num_rows for batch in read_batches(path)] == [17, 17, 6]


def test_texts_longer_than_max_chars_are_skipped(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", '{"text": "ééé"}\n{"text": "éééé"}\n')
    assert read(path, max_chars=3).reasons() == [(2, "text", "is longer than 3 characters")]


def test_a_line_longer_than_the_limit_is_skipped_wherever_it_is_cut(tmp_path: Path) -> None:
    long = json.dumps({"text": "x" * 3_000_000})
    path = put(tmp_path, "a.jsonl", f"{GOOD}{long}\n{GOOD}{long}")
    result = read(path, max_line_bytes=2_000_000)
    assert (result.lines, [skip.line for skip in result.skips]) == ([1, 3], [2, 4])


def test_several_text_fields_are_all_required(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", '{"text": "a", "target": "b"}\n{"text": "a", "target": " "}\n')
    result = read(path, text_fields=("text", "target"))
    assert result.reasons() == [(2, "target", "is blank")]
    assert len(read(path, text_fields=()).rows) == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
json_rows = st.dictionaries(st.text(max_size=4), json_values, max_size=5)


@settings(deadline=None, max_examples=80)
@given(rows=st.lists(json_rows, min_size=1, max_size=6), ascii_only=st.booleans())
def test_json_goes_through_table_and_writer_unchanged(rows: list[dict], ascii_only: bool) -> None:
    import tempfile

    rows = [{"text": "x", **{f"k{key}": value for key, value in row.items()}} for row in rows]
    lines = [json.dumps(row, ensure_ascii=ascii_only) for row in rows]
    if any("\\ud" in line or not _encodable(line) for line in lines):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), "a.jsonl", "\n".join(lines))
        table = pa.concat_tables(batch.rows for batch in read_batches(path))
        write_table(path.with_name("b.jsonl"), table)
        again = [json.loads(line) for line in path.with_name("b.jsonl").read_bytes().splitlines()]
    names = list(dict.fromkeys(name for row in rows for name in row))
    assert again == [{name: row.get(name) for name in names} for row in rows]


def _encodable(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


@settings(deadline=None, max_examples=200)
@given(
    members=st.lists(st.tuples(st.sampled_from(["a", "b", 'q"', "c:"]), json_values), max_size=5),
    separators=st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " : "), (",", "\t:\r")]),
)
def test_a_repeated_key_is_always_found_and_never_imagined(
    members: list, separators: tuple[str, str]
) -> None:
    line = separators[0].join(
        json.dumps(key) + separators[1] + json.dumps(value, separators=separators) for key, value in members
    )
    raw = ("{" + line + "}").encode()
    has_repeated = len({key for key, _ in members}) < len(members)
    if has_repeated:
        with pytest.raises(RowError, match="given twice|surrogate"):
            parse_row(raw, 100, 1 << 20)
        return
    assert parse_row(raw, 100, 1 << 20).keys() == dict(members).keys()
    assert {key: json.loads(text) for key, text in raw_members(raw).items()} == dict(members)
