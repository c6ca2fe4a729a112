from collections import Counter
from datetime import date

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ConfigError, DataError
from stance.predictions import partitions
from stance.predictions.partitions import divided, write_partitions, years

VALUES = ["fr", "en", None, "", "a/b", "..", "x=y", "é à", "a%20b", "\u2028", "con"]


def table(values):
    return pa.table({"id": range(len(values)), "lang": pa.array(values, pa.string())})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(VALUES), max_size=40))
def test_every_row_is_with_its_value_once_and_in_order(values):
    rows = table(values)
    found = list(divided(rows, "lang"))
    assert [name for name, _ in found] == list(dict.fromkeys(values))
    for name, part in found:
        ids = part.column("id").to_pylist()
        assert ids == [i for i, value in enumerate(values) if value == name]


def test_the_folder_opens_as_one_table_with_the_column_back(tmp_path):
    values = [VALUES[i % len(VALUES)] for i in range(200)]
    rows = table(values)
    (tmp_path / "out").mkdir()
    write_partitions(tmp_path / "out", [rows.slice(0, 90), rows.slice(90)], rows.schema, "lang")
    found = ds.dataset(tmp_path / "out", partitioning=ds.partitioning(flavor="hive")).to_table()
    pairs = dict(zip(found.column("id").to_pylist(), found.column("lang").to_pylist(), strict=True))
    assert pairs == dict(enumerate(values))


def test_values_are_never_paths(tmp_path):
    rows = table(["../../up", "/abs", "..", "."])
    (tmp_path / "out").mkdir()
    write_partitions(tmp_path / "out", [rows], rows.schema, "lang")
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.parquet"))
    assert names == sorted(f"out/lang={n}/part-000000.parquet" for n in ("..%2F..%2Fup", "%2Fabs", "..", "."))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (pa.array(["2024-05-01", "1999", "2024/05", None, "x"]), ["2024", "1999", None, None, None]),
        (pa.array([date(2024, 5, 1), None]), ["2024", None]),
        (pa.array([0], pa.timestamp("ns", tz="UTC")), ["1970"]),
        (pa.array([2024, 2025]), [None, None]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_the_year_is_that_of_the_date(dates, expected):
    assert years(pa.chunked_array([dates])).to_pylist() == expected


def test_rows_are_divided_by_the_year_of_their_date_which_stays(tmp_path):
    rows = pa.table({"published_on": ["2024-05-01", None, "2023-01-01", "2024-06-01"]})
    (tmp_path / "out").mkdir()
    write_partitions(tmp_path / "out", [rows], rows.schema, "year")
    found = Counter(path.parent.name for path in (tmp_path / "out").rglob("*.parquet"))
    assert found == {"year=2024": 1, "year=2023": 1, "year=__HIVE_DEFAULT_PARTITION__": 1}
    kept = pq.read_table(tmp_path / "out" / "year=2024" / "part-000000.parquet", partitioning=None)
    assert kept.column("published_on").to_pylist() == ["2024-05-01", "2024-06-01"]


def test_rows_are_held_within_bounds_and_none_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(partitions, "HELD_ROWS", 7)
    monkeypatch.setattr(partitions, "MAX_HELD_ROWS", 20)
    rows = table([f"v{(i * 7) % 13}" for i in range(500)])
    (tmp_path / "out").mkdir()
    write_partitions(tmp_path / "out", (rows.slice(i, 11) for i in range(0, 500, 11)), rows.schema, "lang")
    found = ds.dataset(tmp_path / "out", partitioning="hive").to_table()
    assert sorted(found.column("id").to_pylist()) == list(range(500))


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    rows = table(["fr"])
    with pytest.raises(ConfigError, match=r"partition_by is 'langs'.*\['id', 'lang'\].*Did you mean 'lang'"):
        write_partitions(tmp_path, [rows], rows.schema, "langs")
    with pytest.raises(ConfigError, match="partition_by is 'year'"):
        write_partitions(tmp_path, [rows], rows.schema, "year")


def test_a_column_of_ids_is_refused(tmp_path):
    rows = table([f"id {i}" for i in range(600)])
    with pytest.raises(DataError, match="a column of at most 500 values of at most 60 characters is needed"):
        write_partitions(tmp_path, [rows], rows.schema, "lang")
    with pytest.raises(DataError, match="at most 60 characters"):
        write_partitions(tmp_path, [table(["x" * 300])], rows.schema, "lang")
