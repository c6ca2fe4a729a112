import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.predictions.merging import regrouped, write_file, write_folder
from stance.tables.streams import packed


def written(folder, tables):
    folder.mkdir(exist_ok=True)
    paths = [folder / f"part-{k:06d}.arrows" for k in range(len(tables))]
    for path, table in zip(paths, tables, strict=True):
        path.write_bytes(packed(table))
    return paths


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=1, max_size=12), st.integers(1, 9))
def test_regrouped_rows_are_the_same_rows_in_groups_of_one_size(sizes, n_rows):
    tables = [pa.table({"a": np.arange(sum(sizes[:k]), sum(sizes[: k + 1]))}) for k in range(len(sizes))]
    groups = list(regrouped(tables, n_rows))
    assert pa.concat_tables(groups).column("a").to_pylist() == list(range(sum(sizes)))
    assert all(group.num_rows == n_rows for group in groups[:-1])
    assert len(groups) == max(1, -(-sum(sizes) // n_rows))


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".csv"])
def test_the_file_is_the_same_for_any_parts(tmp_path, suffix):
    table = pa.table(
        {
            "text": [f"x{i}" * (i % 9) for i in range(500)],
            "class": pa.array([("a", "b")[i % 2] for i in range(500)]).dictionary_encode(),
            "p": np.random.default_rng(0).random(500),
        }
    )
    contents = set()
    for size in (500, 77, 1):
        parts = written(tmp_path / str(size), [table.slice(i, size) for i in range(0, 500, size)])
        write_file(tmp_path / f"{size}{suffix}", parts, {"model_id": "m1"})
        contents.add((tmp_path / f"{size}{suffix}").read_bytes())
    assert len(contents) == 1


def test_parts_with_other_columns_and_types_become_one_table(tmp_path):
    parts = written(
        tmp_path / "parts",
        [
            pa.table({"a": [1, 2], "b": ["x", "y"]}),
            pa.table({"a": [0.5, None], "c": [True, False]}),
            pa.table({"b": pa.nulls(1), "a": [7]}),
        ],
    )
    write_file(tmp_path / "a.parquet", parts, {})
    assert pq.read_table(tmp_path / "a.parquet").to_pydict() == {
        "a": [1, 2, 0.5, None, 7],
        "b": ["x", "y", None, None, None],
        "c": [None, None, True, False, None],
    }


def test_whole_numbers_too_large_for_decimals_stay_exact(tmp_path):
    parts = written(tmp_path / "parts", [pa.table({"a": [2**60 + 1]}), pa.table({"a": [0.5]})])
    for name in ("a.jsonl", "a.parquet"):
        write_file(tmp_path / name, parts, {})
    assert (tmp_path / "a.jsonl").read_text() == '{"a":1152921504606846977}\n{"a":0.5}\n'
    write_folder(tmp_path / "folder", parts, {}, None)
    assert pq.read_table(tmp_path / "folder").column("a").to_pylist() == ["1152921504606846977", "0.5"]


@pytest.mark.parametrize(
    ("time", "unit"), [(1_700_000_000_123_456_000, "us"), (1_700_000_000_123_456_789, "ns")]
)
def test_times_are_in_microseconds_where_that_loses_nothing(tmp_path, time, unit):
    table = pa.table({"at": pa.array([time, None], pa.timestamp("ns", "UTC"))})
    parts = written(tmp_path / "parts", [table, table])
    write_file(tmp_path / "a.parquet", parts, {})
    found = pq.read_table(tmp_path / "a.parquet").column("at")
    assert found.type == pa.timestamp(unit, "UTC")
    assert found.cast(table.column("at").type).to_pylist() == table.column("at").to_pylist() * 2


def test_a_folder_holds_parts_of_one_schema(tmp_path):
    schema = pa.schema([("a", pa.int64()), ("b", pa.string())], metadata={b"stance.model_id": b"m1"})
    tables = [pa.table({"a": [1], "b": ["x"]}, schema=schema), pa.table({"a": [2]})]
    parts = written(tmp_path / "parts", tables)
    write_folder(tmp_path / "folder", parts, {"model_id": "m1"}, None)
    made = sorted((tmp_path / "folder").iterdir())
    assert [pq.read_schema(path).equals(schema, check_metadata=True) for path in made] == [True, True]
    assert pq.read_table(tmp_path / "folder").to_pydict() == {"a": [1, 2], "b": ["x", None]}


def test_what_an_earlier_attempt_left_in_the_folder_is_gone(tmp_path):
    parts = written(tmp_path / "parts", [pa.table({"a": [1]})])
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "part-000007.parquet").touch()
    write_folder(tmp_path / "folder", parts, {}, None)
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["part-000000.parquet"]


def test_groups_of_wide_rows_end_by_bytes_at_the_same_row_for_any_parts():
    table = pa.table({"text": ["x" * (i % 7 * 100) for i in range(200)], "n": range(200)})
    whole = [group.num_rows for group in regrouped([table], 1000, 5000)]
    pieces = (table.slice(i, 13) for i in range(0, 200, 13))
    assert [group.num_rows for group in regrouped(pieces, 1000, 5000)] == whole
    assert max(group.nbytes for group in regrouped([table], 1000, 5000)) < 8000
    assert sum(whole) == 200
