"""Parquet: columns as stored, nothing unpacked unseen, no code run."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import DataError
from stance.tables.footers import Chunk, read_footer, read_pages
from stance.tables.reading import read_batches
from stance.tables.writing import JSON_TEXT, is_json_text
from tests.tables.files import put, read

MIB = 1 << 20


def store(folder: Path, columns: dict[str, object] | pa.Table, **options: object) -> Path:
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    pq.write_table(table, folder / "a.parquet", **options)
    return folder / "a.parquet"


def raw_strings(*values: bytes) -> pa.Array:
    """A string column of any bytes, which Arrow does not check."""
    offsets = np.cumsum([0, *map(len, values)], dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(values))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


@pytest.mark.parametrize("row_group_size", [1, 7, 1000])
@pytest.mark.parametrize("batch_rows", [1, 10, 8192])
def test_rows_come_in_order_whatever_the_row_groups_and_batches(
    tmp_path: Path, row_group_size: int, batch_rows: int
) -> None:
    texts = [f"text {i}" if i % 10 else None for i in range(100)]
    path = store(tmp_path, {"text": texts, "n": range(100)}, row_group_size=row_group_size)
    batches = list(read_batches(path, batch_rows=batch_rows))
    assert max(batch.rows.num_rows + len(batch.skips) for batch in batches) <= batch_rows
    assert [n for batch in batches for n in batch.rows["n"].to_pylist()] == [i for i in range(100) if i % 10]
    assert [line for batch in batches for line in batch.lines.tolist()] == [
        i + 1 for i in range(100) if i % 10
    ]
    assert [s.line for batch in batches for s in batch.skips] == list(range(1, 101, 10))
    assert batches[-1].bytes_read == path.stat().st_size


def test_plain_columns_stay_as_stored_and_packed_ones_are_unpacked(tmp_path: Path) -> None:
    columns = {
        "text": pa.array(["a", "b"]).dictionary_encode(),
        "large": pa.array(["a", None], pa.large_string()),
        "n": pa.array([1, None], pa.int32()),
        "p": pa.array([0.5, float("nan")]),
        "on": pa.array([0, 1], pa.date32()),
        "list": pa.array([[1], []]),
    }
    table = next(read_batches(store(tmp_path, columns))).rows
    assert [str(field.type) for field in table.schema] == [
        *("string", "string", "int32", "double", "date32[day]", "list<element: int64>")
    ]
    assert table["text"].to_pylist() == ["a", "b"]


NOT_TEXT = {
    "int64": [1, 2],
    "double": [0.5, 1.5],
    "bool": [True, False],
    "list<": [["a"], ["b"]],
    "struct<": [{"fr": "a"}, {"fr": "b"}],
    "null": [None, None],
    "binary": [b"a", b"b"],
}


@pytest.mark.parametrize("kind", NOT_TEXT)
def test_a_text_column_of_another_type_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(DataError, match=f"column 'text' is of type {kind}.*; strings are needed"):
        read(store(tmp_path, {"text": NOT_TEXT[kind]}))


def test_a_missing_column_lists_those_found(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"its columns are 'txt', 'n'. Did you mean 'txt'\?"):
        read(store(tmp_path, {"txt": ["a"], "n": [1]}))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    with pytest.raises(DataError, match="has two columns named 'text'"):
        read(store(tmp_path, table))


def test_rows_without_text_are_skipped(tmp_path: Path) -> None:
    result = read(store(tmp_path, {"text": ["a", None, "", " \u00a0", "a\0b"]}))
    assert result.texts() == ["a", "a\0b"]
    assert result.reasons() == [
        (2, "text", "is missing or null"),
        (3, "text", "is empty"),
        (4, "text", "is blank"),
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_rows_that_are_not_utf8_are_skipped_in_any_column(tmp_path: Path, packed: bool) -> None:
    columns = {
        "text": raw_strings(b"a", b"\xe9", b"c", b"d"),
        "source": raw_strings(b"x", b"y", b"\xed\xa0\x80", b"z"),
    }
    if packed:
        columns = {name: column.dictionary_encode() for name, column in columns.items()}
    result = read(store(tmp_path, columns))
    assert result.texts() == ["a", "d"]
    assert result.reasons() == [(2, "text", "is not UTF-8"), (3, "source", "is not UTF-8")]


def test_no_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rows"):
        read(store(tmp_path, {"text": pa.array([], pa.string())}))


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.jsonl.gz"])
def test_parquet_under_another_name_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="is (but )?.*a Parquet file"):
        read(put(tmp_path, name, store(tmp_path, {"text": ["a"]}).read_bytes()))


@pytest.mark.parametrize("name", ["a", "a.pq", "a.PARQUET", "part-00000"])
def test_parquet_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    assert read(put(tmp_path, name, store(tmp_path, {"text": ["a"]}).read_bytes())).texts() == ["a"]


# Damage


def test_cut_parquet_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    content = store(tmp_path, {"text": [f"text {i}" for i in range(500)]}).read_bytes()
    for size in [4, 8, 12, 100, len(content) // 2, len(content) - 8, len(content) - 1]:
        with pytest.raises(DataError, match="cut off or not yet complete"):
            read(put(tmp_path, "cut.parquet", content[:size]))


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_changed_bytes_give_rows_or_one_refusal_never_a_crash(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        columns = {
            "text": [f"text {i % 50}" for i in range(300)],
            "n": list(range(300)),
            "l": [["a"], []] * 150,
        }
        codec = data.draw(st.sampled_from(["zstd", "snappy", "none"]))
        content = bytearray(store(folder, columns, compression=codec, row_group_size=100).read_bytes())
        start = data.draw(st.integers(4, len(content) - 1))
        stop = min(len(content), start + data.draw(st.sampled_from([1, 1, 8, 100])))
        mask = data.draw(st.integers(1, 255))
        content[start:stop] = bytes(byte ^ mask for byte in content[start:stop])
        path = put(folder, "changed.parquet", bytes(content))
        try:
            rows = sum(batch.rows.num_rows + len(batch.skips) for batch in read_batches(path))
        except DataError:
            return
        assert rows <= 300


def test_damage_is_found_where_pages_carry_checksums(tmp_path: Path) -> None:
    columns = {"text": ["abcdefgh" * 10 + str(i) for i in range(100)]}
    options = {"compression": "none", "write_page_checksum": True, "use_dictionary": False}
    content = bytearray(store(tmp_path, columns, **options).read_bytes())
    content[content.index(b"abcdefgh" * 10 + b"50") + 3] ^= 1
    with pytest.raises(DataError, match="the Parquet data is damaged"):
        read(put(tmp_path, "b.parquet", bytes(content)))


def test_a_footer_that_claims_to_be_huge_is_not_read(tmp_path: Path) -> None:
    content = b"PAR1" + b"\0" * (33 * MIB) + (33 * MIB).to_bytes(4, "little") + b"PAR1"
    with pytest.raises(DataError, match="a footer of 34603008 bytes in a file of"):
        read(put(tmp_path, "a.parquet", content))


# Bombs


def constant(value: pa.Scalar | str, n_rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n_rows, np.int32)), pa.array([value]))


BOMBS = {
    "one large text, 13,000 times": lambda: {"text": constant("x" * MIB, 13_000)},
    "one large text beside short ones": lambda: {"text": ["a"] * 13_000, "b": constant("x" * MIB, 13_000)},
    "20 million short rows": lambda: {"text": constant("x", 20_000_000), "b": constant("y", 20_000_000)},
    "lists of large texts": lambda: {
        "text": ["a"] * 10,
        "b": pa.ListArray.from_arrays(
            pa.array(range(0, 10_001, 1000), pa.int32()), constant("x" * MIB, 10_000)
        ),
    },
    "a prefix repeated": lambda: {"text": ["x" * MIB] * 300},
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, bomb: str) -> None:
    options = {"column_encoding": "DELTA_BYTE_ARRAY", "use_dictionary": False} if "prefix" in bomb else {}
    path = store(tmp_path, BOMBS[bomb](), compression="zstd", row_group_size=1 << 30, **options)
    largest = 0
    with pytest.raises(DataError, match="bytes on disk stand for .* MiB or more"):  # noqa: PT012
        for batch in read_batches(path):
            largest = max(largest, batch.rows.nbytes)
    assert largest <= 17 * MIB


def test_a_page_too_large_to_unpack_is_refused(tmp_path: Path) -> None:
    columns = {"text": ["x" * (65 * MIB)]}
    path = store(tmp_path, columns, use_dictionary=False, compression="zstd")
    with pytest.raises(DataError, match="column 'text' has a page of 65 MiB; at most 64 MiB"):
        read(path)


def test_equal_rows_are_no_bomb(tmp_path: Path) -> None:
    path = store(tmp_path, {"text": constant("Le ministre a salué l'accord. " * 6, 100_000)})
    assert sum(batch.rows.num_rows for batch in read_batches(path)) == 100_000


def test_one_long_text_among_short_ones_costs_only_smaller_slices(tmp_path: Path) -> None:
    path = store(tmp_path, {"text": [*(f"text {i}" for i in range(20_000)), "x" * 900_000]})
    batches = list(read_batches(path))
    assert batches[0].rows.num_rows > 8000
    assert sum(batch.rows.num_rows for batch in batches) == 20_001


# Code and marks


def test_a_pickle_in_extension_metadata_is_not_run(tmp_path: Path) -> None:
    """Files of pyarrow up to 13 could carry a pickled type; reading one must only give its storage."""
    import pickle

    class Payload:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return exec, (f"open({str(tmp_path / 'ran')!r}, 'w')",)

    marks = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(Payload()),
    }
    schema = pa.schema([pa.field("text", pa.string()), pa.field("x", pa.int64(), metadata=marks)])
    path = store(tmp_path, pa.table([["a"], [1]], schema=schema))
    code = "import datasets, sys; from stance.tables import read_batches; print(next(read_batches(sys.argv[1])).rows)"
    result = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert "x: int64" in result.stdout
    assert not (tmp_path / "ran").exists()


def test_a_registered_extension_type_gives_its_storage(tmp_path: Path) -> None:
    columns = {
        "text": ["a"],
        "id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16], pa.binary(16))),
    }
    assert (
        str(next(read_batches(store(tmp_path, columns))).rows.schema.field("id").type)
        == "fixed_size_binary[16]"
    )


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["[1]", None, '"a"'], True),
        (["[1]", '{"a":\n1}', "1"], False),
        (["1", "no", "1"], False),
        (["1" * 5000] * 3, True),
    ],
)
def test_a_mark_of_json_text_is_believed_only_where_it_is_true(
    tmp_path: Path, texts: list[str], kept: bool
) -> None:
    schema = pa.schema([("text", pa.string()), pa.field("x", pa.string(), metadata=JSON_TEXT)])
    batch = next(read_batches(store(tmp_path, pa.table([["a"] * 3, texts], schema=schema))))
    assert is_json_text(batch.rows.schema.field("x")) is kept


def test_page_headers_account_for_every_value(tmp_path: Path) -> None:
    columns = {
        "text": [f"text {i}" for i in range(60_000)],
        "lang": ["fr", "en"] * 30_000,
        "n": list(range(60_000)),
        "l": [[1, 2], []] * 30_000,
    }
    for version in ("1.0", "2.0"):
        path = store(tmp_path, columns, row_group_size=25_000, data_page_version=version)
        metadata = pq.read_metadata(path)
        with path.open("rb") as file:
            groups = read_footer(file)
            assert [group.n_rows for group in groups] == [25_000, 25_000, 10_000]
            for group in groups:
                for column, chunk in enumerate(group.chunks):
                    known = metadata.row_group(group.index).column(column)
                    pages = list(read_pages(file, chunk))
                    assert chunk.stop - chunk.start == known.total_compressed_size
                    assert sum(page.n_values for page in pages if not page.is_dictionary) == known.num_values
                    assert sum(page.n_bytes for page in pages) <= known.total_uncompressed_size


@pytest.mark.parametrize(
    "content", [b"", b"\x15\x00", b"\xff" * 200, b"\x19\xfc\xff\xff\xff\x0f", b"\x1c" * 200]
)
def test_what_is_no_page_header_is_refused(tmp_path: Path, content: bytes) -> None:
    with (
        put(tmp_path, "a", content).open("rb") as file,
        pytest.raises(ValueError, match="page header|unknown type|too deep"),
    ):
        list(read_pages(file, Chunk(0, 100)))
