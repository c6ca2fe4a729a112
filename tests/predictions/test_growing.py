import pyarrow as pa
import pyarrow.parquet
import pytest

from stance.predictions.growing import GrowingFile
from stance.predictions.merging import write_file
from stance.predictions.parts import Parts
from stance.predictions.tasks import Position


def content(table):
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(table, sink)
    return sink.getvalue().to_pybytes()


@pytest.fixture
def parts(tmp_path):
    (tmp_path / "parts").mkdir()
    parts = Parts(tmp_path / "parts", {})
    parts.start(None)
    return parts


def add(parts, number, table):
    parts.add(number, content(table), b"", Position(), {})


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_the_file_that_grew_is_the_one_that_is_made_at_the_end(parts, tmp_path, suffix):
    growing = GrowingFile(tmp_path / f"grown{suffix}", {"model_id": "m1"}, is_file=True)
    for number in (2, 0, 1, 3):
        add(parts, number, pa.table({"a": range(number, number + 9), "b": ["x"] * 9}))
        growing.follow(parts)
    assert growing.finish()
    write_file(tmp_path / f"made{suffix}", parts.paths(), {"model_id": "m1"})
    assert (tmp_path / f"grown{suffix}").read_bytes() == (tmp_path / f"made{suffix}").read_bytes()


@pytest.mark.parametrize("other", [{"a": [0.5]}, {"a": [1], "b": ["x"]}, {}])
def test_parts_with_other_columns_are_left_to_the_end(parts, tmp_path, other):
    growing = GrowingFile(tmp_path / "grown.parquet", {}, is_file=True)
    for number, columns in enumerate([{"a": [1]}, other, {"a": [3]}]):
        add(parts, number, pa.table(columns))
        growing.follow(parts)
    assert not growing.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_a_file_that_is_given_up_leaves_nothing(parts, tmp_path):
    growing = GrowingFile(tmp_path / "grown.parquet", {}, is_file=True)
    add(parts, 0, pa.table({"a": [1]}))
    growing.follow(parts)
    growing.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


@pytest.mark.parametrize("is_file", [True, False])
def test_without_parts_or_where_no_file_is_wanted_there_is_none(parts, tmp_path, is_file):
    growing = GrowingFile(tmp_path / "grown.parquet", {}, is_file=is_file)
    if not is_file:
        add(parts, 0, pa.table({"a": [1]}))
    growing.follow(parts)
    assert not growing.finish()
    assert not (tmp_path / "grown.parquet").exists()


def test_a_file_that_cannot_be_written_is_left_to_the_end(parts, tmp_path):
    growing = GrowingFile(tmp_path / "none" / "grown.parquet", {}, is_file=True)
    add(parts, 0, pa.table({"a": [1]}))
    growing.follow(parts)
    assert not growing.finish()
