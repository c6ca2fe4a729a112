import pyarrow as pa
import pytest

from stance.predictions.growing import GrowingOutput
from stance.predictions.merging import write_file, write_folder
from stance.predictions.output import Output
from stance.predictions.parts import Parts
from stance.predictions.tasks import Position
from stance.tables.streams import packed


@pytest.fixture
def parts(tmp_path):
    (tmp_path / "parts").mkdir()
    parts = Parts(tmp_path / "parts", {})
    parts.start(None)
    return parts


def growing_at(path, facts=None, **settings):
    output = Output(path, **settings)
    return GrowingOutput(lambda parts: output.make(path, parts, facts or {}), is_wanted=output.grows)


def add(parts, number, table):
    parts.add(number, packed(table), b"", Position(), {})


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_the_file_that_grew_is_the_one_that_is_made_at_the_end(parts, tmp_path, suffix):
    growing = growing_at(tmp_path / f"grown{suffix}", {"model_id": "m1"})
    for number in (2, 0, 1, 3):
        add(parts, number, pa.table({"a": range(number, number + 9), "b": ["x"] * 9}))
        growing.follow(parts)
    assert growing.finish()
    write_file(tmp_path / f"made{suffix}", parts.paths(), {"model_id": "m1"})
    assert (tmp_path / f"grown{suffix}").read_bytes() == (tmp_path / f"made{suffix}").read_bytes()


def test_the_folder_that_grew_is_the_one_that_is_made_at_the_end(parts, tmp_path):
    growing = growing_at(tmp_path / "grown", {"model_id": "m1"}, as_folder=True)
    for number in range(3):
        add(parts, number, pa.table({"a": range(number, number + 9)}))
        growing.follow(parts)
    assert growing.finish()
    write_folder(tmp_path / "made", parts.paths(), {"model_id": "m1"}, None)
    grown, made = (sorted((tmp_path / name).iterdir()) for name in ("grown", "made"))
    assert [path.name for path in grown] == [f"part-{number:06d}.parquet" for number in range(3)]
    assert [path.read_bytes() for path in grown] == [path.read_bytes() for path in made]


@pytest.mark.parametrize("other", [{"a": [0.5]}, {"a": [1], "b": ["x"]}, {}])
def test_parts_with_other_columns_are_left_to_the_end(parts, tmp_path, other):
    growing = growing_at(tmp_path / "grown.parquet")
    for number, columns in enumerate([{"a": [1]}, other, {"a": [3]}]):
        add(parts, number, pa.table(columns))
        growing.follow(parts)
    assert not growing.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def test_a_file_that_is_given_up_leaves_nothing(parts, tmp_path):
    growing = growing_at(tmp_path / "grown.parquet")
    add(parts, 0, pa.table({"a": [1]}))
    growing.follow(parts)
    growing.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


@pytest.mark.parametrize("by", [None, "a"])
def test_without_parts_or_where_rows_are_divided_there_is_none(parts, tmp_path, by):
    growing = growing_at(tmp_path / "grown", as_folder=True, by=by)
    if by is not None:
        add(parts, 0, pa.table({"a": [1]}))
    growing.follow(parts)
    assert not growing.finish()
    assert not (tmp_path / "grown").exists()


def test_a_file_that_cannot_be_written_is_left_to_the_end(parts, tmp_path):
    growing = growing_at(tmp_path / "none" / "grown.parquet")
    add(parts, 0, pa.table({"a": [1]}))
    growing.follow(parts)
    assert not growing.finish()
