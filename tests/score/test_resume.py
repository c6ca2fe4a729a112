import os
import shutil
from contextlib import nullcontext, suppress

import pytest

from stance.errors import ConfigError, OutputError
from tests.predictions.builders import (
    InLine,
    rows,
    write_jsonl,
)
from tests.score.files import digest, manifest


@pytest.mark.parametrize("stop_after", [0, 1, 5, 9])
@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_stopped_run_goes_on_where_it_ended(scored, tmp_path, stop_after, suffix):
    archive = write_jsonl(tmp_path / "in.jsonl", [*rows(300), {"text": 1}, *rows(150)])
    scored(archive, f"whole{suffix}")
    with pytest.raises(KeyboardInterrupt):
        scored(archive, f"scores{suffix}", engine=InLine(stop_after=stop_after))
    assert not (tmp_path / f"scores{suffix}").exists()
    rest = InLine()
    scored(archive, f"scores{suffix}", engine=rest, resume=True)
    assert rest.n_done == 10 - stop_after
    assert digest(tmp_path / f"scores{suffix}") == digest(tmp_path / f"whole{suffix}")
    whole, resumed = manifest(tmp_path / "whole"), manifest(tmp_path / "scores")
    for key in ("read", "scored", "skipped", "rows", "skips", "coverage", "output_sha256"):
        assert resumed[key] == whole[key]


def test_a_stopped_run_over_many_files_goes_on_in_the_right_one(scored, tmp_path):
    archive = tmp_path / "archive"
    archive.mkdir()
    for k in range(9):
        write_jsonl(archive / f"{k}.jsonl", rows(35, 35 * k))
    scored(archive, "whole.jsonl")
    for stop_after in range(1, 5):
        with pytest.raises(KeyboardInterrupt):
            scored(archive, engine=InLine(stop_after=stop_after), resume=False)
        scored(archive)
        assert digest(tmp_path / "scores.jsonl") == digest(tmp_path / "whole.jsonl")


def test_a_damaged_part_is_made_again_and_only_that_one(scored, tmp_path):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(500))
    scored(archive, "whole.parquet")
    with pytest.raises(KeyboardInterrupt):
        scored(archive, "scores.parquet", engine=InLine(stop_after=8))
    part = tmp_path / "scores.parquet.parts" / "part-000002.arrows"
    part.write_bytes(part.read_bytes()[:-9])
    rest = InLine()
    scored(archive, "scores.parquet", engine=rest, resume=True)
    assert rest.n_done == 3
    assert digest(tmp_path / "scores.parquet") == digest(tmp_path / "whole.parquet")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "b"}, "was scored with model"),
        ({"part_rows": 60}, "was scored with part_rows 50, this run uses 60"),
        ({"max_chars": 99}, "was scored with max_chars null, this run uses 99"),
        ({"unit": "article"}, "was scored with unit statement, this run uses article"),
        ({"input": "other.jsonl"}, r"was scored with input in.jsonl \(.*this run uses other.jsonl"),
    ],
)
def test_a_run_is_not_gone_on_with_by_another_model_input_or_setting(
    scored, models, tmp_path, changes, message
):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(200))
    write_jsonl(tmp_path / "other.jsonl", rows(200))
    with pytest.raises(KeyboardInterrupt):
        scored(archive, engine=InLine(stop_after=2))
    changes = dict(changes)
    if "model" in changes:
        changes["model"] = str(models / changes["model"])
    other = tmp_path / changes.pop("input", "in.jsonl")
    for resume in (True, None):
        with pytest.raises(ConfigError, match=message):
            scored(other, resume=resume, **changes)
    assert scored(other, resume=False, max_skipped=1, **changes)["read"] == 200


def test_an_input_that_changed_is_another_one(scored, tmp_path):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(200))
    with pytest.raises(KeyboardInterrupt):
        scored(archive, engine=InLine(stop_after=2))
    write_jsonl(archive, rows(200, 1))
    with pytest.raises(ConfigError, match="was scored with input in.jsonl"):
        scored(archive, resume=True)


@pytest.mark.parametrize("unit", ["statement", "article"])
def test_an_input_that_was_touched_is_the_same_one_where_its_bytes_are(scored, tmp_path, unit):
    archive = write_jsonl(tmp_path / "in.jsonl", [*rows(200), {"text": 1}])
    settings = {"unit": unit, "max_skipped": 1}
    with pytest.raises(KeyboardInterrupt):
        scored(archive, engine=InLine(stop_after=2), **settings)
    content = archive.read_text()
    os.utime(archive, (1, 1))
    scored(archive, resume=True, **settings)
    os.utime(archive, (2, 2))
    idle = InLine()
    scored(archive, engine=idle, resume=True, **settings)
    assert idle.n_done == 0
    archive.write_text(content.replace('"text": 1', '"text": 2'))
    assert scored(archive, engine=idle, resume=True, **settings)["read"] == 201
    archive.write_text(content.replace("a", "b", 1))
    with pytest.raises(ConfigError, match="was scored with input in.jsonl"):
        scored(archive, resume=True, **settings)


def test_an_archive_of_pages_that_were_touched_is_gone_on_with_and_one_that_changed_is_not(scored, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    pages = [folder / f"{k}.txt" for k in range(4)]
    for k, page in enumerate(pages):
        page.write_text(f"We thank the ministers for accord {k}. They will meet again in spring.")
    for time, change in enumerate([str, str.swapcase]):
        with pytest.raises(KeyboardInterrupt):
            scored(folder, engine=InLine(stop_after=1), resume=False, part_rows=256)
        pages[0].write_text(change(pages[0].read_text()))
        os.utime(pages[0], (time, time))
        with nullcontext() if change is str else pytest.raises(ConfigError, match="was scored with input"):
            scored(folder, resume=True, part_rows=256)


def test_a_finished_output_is_left_as_it_is_where_resume_is_asked_for(scored, models, tmp_path):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(100))
    before = scored(archive)
    idle = InLine()
    assert scored(archive, engine=idle, resume=True)["output_sha256"] == before["output_sha256"]
    assert idle.n_done == 0
    with pytest.raises(ConfigError, match="was scored with model"):
        scored(archive, resume=True, model=str(models / "b"))
    (tmp_path / "scores.jsonl").write_text("changed")
    again = InLine()
    scored(archive, engine=again, resume=True)
    assert again.n_done == 2
    assert digest(tmp_path / "scores.jsonl") == before["output_sha256"]


@pytest.mark.parametrize("settings", [{}, {"partition_by": "checked"}], ids=str)
def test_a_failure_at_any_write_is_an_output_error_and_all_is_there_after_another_run(
    scored, tmp_path, monkeypatch, settings
):
    archive = write_jsonl(tmp_path / "in.jsonl", [*rows(60), {"text": ""}])
    output = "out" if settings else "out.parquet"
    whole = scored(archive, f"whole{output[3:]}", max_skipped=1, **settings)["output_sha256"]
    settings |= {"max_skipped": 1}
    n_calls = 0

    def full(descriptor):
        nonlocal n_calls
        n_calls += 1
        if n_calls == fails_at:
            raise OSError(28, "No space left on device")

    for fails_at in range(1, 99):
        n_calls = 0
        with monkeypatch.context() as patched, suppress(OutputError):
            patched.setattr(os, "fsync", full)
            scored(archive, output, **settings)
        if n_calls < fails_at:
            break
        assert scored(archive, output, resume=True, **settings)["output_sha256"] == whole
        shutil.rmtree(tmp_path / output) if output == "out" else (tmp_path / output).unlink()
        assert not (tmp_path / f"{output}.parts").exists()
    assert 12 < fails_at < 40
