import sys

import pytest

from stance.errors import ConfigError, DataError
from stance.execution import Dask
from stance.predictions.inputs import Input, Reading
from stance.predictions.remote import RemoteInput
from stance.predictions.tasks import Position
from stance.score import _source
from tests.predictions.builders import rows, write_jsonl

pytest.importorskip("fsspec")


@pytest.fixture
def archive(tmp_path):
    (tmp_path / "a" / "sub").mkdir(parents=True)
    for k, name in enumerate(["1.jsonl", "2.jsonl", "sub/3.jsonl", "notes.txt"]):
        write_jsonl(tmp_path / "a" / name, [*rows(30, 30 * k), {"text": ""}])
    return tmp_path / "a"


def tasks(source):
    return [
        (task.rows.to_pylist(), [lines.tolist() for _, lines in task.places], task.end)
        for task in source.tasks(Position(), 0)
    ]


def test_a_store_gives_the_rows_that_the_folder_gives(archive, tmp_path):
    reading = Reading(part_rows=40)
    local = Input.find(f"{archive}/**/*.jsonl", reading, tmp_path / "out")
    remote = RemoteInput.find(f"file://{archive}", reading, tmp_path / "out")
    assert remote.names == local.names == ("1.jsonl", "2.jsonl", "sub/3.jsonl")
    assert tasks(remote) == tasks(local)
    assert remote.label(2) == f"file://{archive}/sub/3.jsonl"
    task = next(remote.tasks(Position(), 0))
    assert task.skips[0].file == f"file://{archive}/1.jsonl"


def test_a_changed_file_is_another_input(archive, tmp_path):
    def identity():
        return RemoteInput.find(f"file://{archive}/*.jsonl", Reading(), tmp_path / "out").identity()

    before = identity()
    assert identity() == before
    write_jsonl(archive / "2.jsonl", rows(29))
    assert identity() != before


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("file:///does/not/exist.jsonl", DataError),
        ("file:///does/not/exist/*.jsonl", DataError),
        ("s3://bucket/a.parquet", (ConfigError, DataError)),
    ],
)
def test_a_store_that_cannot_be_read_is_refused(tmp_path, address, error, monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(error):
        RemoteInput.find(address, Reading(), tmp_path / "out")


def test_only_a_cluster_reads_stores_and_only_those_that_are_named():
    assert _source("s3://bucket/a.parquet", Dask()) is RemoteInput
    assert _source("http://example.org/a.parquet", Dask()) is Input
    assert _source("file:///a.parquet", None) is Input
