import gzip
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.errors import BundleError, ConfigError, DataError, OutputError
from stance.predictions import run
from tests.predictions.builders import (
    DeadlyScoring,
    InLine,
    model,
    read_jsonl,
    rows,
    write_jsonl,
)
from tests.score.files import digest, files, manifest

ADDED = {
    "predicted",
    "p_cooperative",
    "p_tense",
    "decision_cooperative",
    "decision_tense",
    "n_known_terms",
    "status",
    "model_id",
}


def test_what_is_read_is_scored_or_skipped_with_file_line_and_reason(scored, tmp_path, capsys):
    lines = [json.dumps(record).encode() for record in rows(200)]
    bad = {
        3: b"{",
        40: b'{"text": 7}',
        77: b'{"text": ""}',
        110: b'{"text": "\xff"}',
        160: b'{"a": 1, "a": 2}',
    }
    for at, line in bad.items():
        lines[at] = line
    archive = tmp_path / "in.jsonl"
    archive.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(SystemExit) as left:
        scored(archive)
    assert left.value.code == 6
    account = manifest(tmp_path / "scores.jsonl")
    assert (account["read"], account["scored"], account["skipped"], account["rows"]) == (200, 195, 5, 195)
    skips = read_jsonl(tmp_path / "scores.skips.jsonl")
    assert [(skip["file"], skip["line"]) for skip in skips] == [(str(archive), at + 1) for at in bad]
    assert account["skips"] == skips
    assert skips[2] == {"file": str(archive), "line": 78, "field": "text", "reason": "is empty"} | {
        "fix": skips[2]["fix"]
    }
    assert "195 of 200 statements scored, 5 skipped" in capsys.readouterr().out
    assert scored(archive, max_skipped=0.03)["skipped"] == 5


def test_an_earlier_list_of_skips_goes_where_nothing_is_skipped(scored, tmp_path):
    write_jsonl(tmp_path / "in.jsonl", [*rows(3), {"text": None}])
    scored(tmp_path / "in.jsonl", max_skipped=0.5)
    assert (tmp_path / "scores.skips.jsonl").exists()
    scored(write_jsonl(tmp_path / "in.jsonl", rows(3)))
    assert files(tmp_path) == ["in.jsonl", "scores.jsonl", "scores.manifest.json"]


def test_where_every_row_is_skipped_the_output_is_an_empty_table(scored, tmp_path):
    archive = write_jsonl(tmp_path / "in.jsonl", [{"text": ""}] * 7)
    for output in ("scores.parquet", "scores.jsonl", "scores.csv"):
        with pytest.raises(SystemExit):
            scored(archive, output)
    assert pq.read_table(tmp_path / "scores.parquet").num_rows == 0
    assert set(pq.read_schema(tmp_path / "scores.parquet").names) >= ADDED
    assert manifest(tmp_path / "scores.parquet")["skipped"] == 7


def test_every_file_of_a_folder_is_scored_once_or_listed(scored, tmp_path):
    archive = tmp_path / "archive"
    (archive / "sub").mkdir(parents=True)
    write_jsonl(archive / "a.jsonl", rows(30))
    write_jsonl(archive / "sub" / "a.jsonl", rows(20, 30))
    pq.write_table(pa.table({"text": ["peace talks"] * 10}), archive / "b.parquet")
    (archive / "c.jsonl").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    (archive / "empty.csv").touch()
    (archive / ".hidden.jsonl").touch()
    (archive / "link.jsonl").symlink_to(archive / "a.jsonl")
    (archive / "notes.xyz").touch()
    account = scored(archive, max_skipped=0.5)
    assert (account["read"], account["scored"], account["skipped"]) == (62, 60, 2)
    assert [Path(skip["file"]).name for skip in account["skips"]] == ["c.jsonl", "empty.csv"]
    left_out = [Path(skip["file"]).name for skip in account["files_left_out"]]
    assert sorted(left_out) == [".hidden.jsonl", "link.jsonl", "notes.xyz"]
    listed = [Path(skip["file"]).name for skip in read_jsonl(tmp_path / "scores.skips.jsonl")]
    assert listed == ["c.jsonl", "empty.csv", *left_out]
    ids = [row["statement_id"] for row in read_jsonl(tmp_path / "scores.jsonl")]
    assert ids[:30] == [row["statement_id"] for row in rows(30)]
    assert ids[30:40] == [f"b.parquet:{i}:0-11" for i in range(1, 11)]


def test_the_one_file_that_is_named_must_be_readable(scored, tmp_path):
    (tmp_path / "in.jsonl").touch()
    with pytest.raises(DataError, match="no rows"):
        scored(tmp_path / "in.jsonl")
    assert files(tmp_path) == ["in.jsonl"]


def test_a_fault_in_the_middle_of_a_file_keeps_what_was_finished(scored, tmp_path):
    lines = "".join(json.dumps(record) + "\n" for record in rows(300) * 30)
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-2000])
    with pytest.raises(DataError, match="cut off"):
        scored(tmp_path / "in.jsonl.gz", part_rows=2000)
    assert len(list((tmp_path / "scores.jsonl.parts").glob("part-*"))) >= 2


def test_coverage_and_drift_are_stated_for_all_and_per_source_and_year(scored, tmp_path):
    coverage = scored(write_jsonl(tmp_path / "in.jsonl", rows(500)))["coverage"]
    texts = [row["text"] for row in rows(500)]
    assert coverage["out_of_vocabulary"] == np.mean(model().score(texts).n_known_terms == 0) > 0
    assert coverage["languages"] == {"(none)": 166 / 500, "en": 167 / 500, "fr": 167 / 500}
    assert coverage["languages_of_training"] == {"fr": 0.5, "en": 0.5}
    assert coverage["stability_index"]["tense"] > 0.1
    assert set(coverage["sources"]) == {f"outlet {i}" for i in range(5)}
    assert {year: group["n"] for year, group in coverage["years"].items()} == {
        str(2015 + k): len(range(k, 500, 7)) for k in range(7)
    }


def test_languages_that_are_identified_are_said_to_be_of_a_sample(scored, tmp_path, capsys):
    french = "Les ministres des deux pays ont signé un accord de paix à Genève."
    coverage = scored(write_jsonl(tmp_path / "in.jsonl", [{"text": french}] * 200), part_rows=100)["coverage"]
    assert (coverage["languages"], coverage["languages_sampled"]) == ({"fr": 1.0}, 30)
    assert "languages              fr 1.000 (of a sample of 30 statements)" in capsys.readouterr().out
    coverage = scored(
        write_jsonl(tmp_path / "in.jsonl", [{"text": french, "lang": "fr"}] * 200), "said.jsonl"
    )["coverage"]
    assert (coverage["languages"], coverage["languages_sampled"]) == ({"fr": 1.0}, 0)
    assert "of a sample" not in capsys.readouterr().out


def test_the_profile_names_the_stages_of_all_who_work(scored, tmp_path, capsys):
    scored(write_jsonl(tmp_path / "in.jsonl", rows(120)), profile=True)
    _, _, printed = capsys.readouterr().out.partition("Main process: ")
    main, making, workers = printed.replace("Workers:", "Making the output:").split("Making the output:")
    for lines, names in (
        (main, ["reading", "counting", "writing", "finishing", "waiting"]),
        (making, ["encoding", "waiting"]),
        (workers, ["cutting", "scoring"]),
    ):
        stages = dict(line.split(" s ") for line in lines.splitlines()[1:])
        assert sorted(name.split()[0] for name in stages) == sorted(names)
        assert sum(map(float, stages.values())) == pytest.approx(1, abs=0.01)


def test_output_that_is_input_is_refused(scored, tmp_path):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(9))
    before = digest(archive)
    (tmp_path / "link.jsonl").symlink_to(archive)
    for output in ("in.jsonl", "link.jsonl"):
        with pytest.raises(ConfigError, match="which is read as input"):
            scored(archive, output)
    with pytest.raises(ConfigError, match="which is read as input"):
        scored(tmp_path, "in.jsonl")
    assert digest(archive) == before


def test_an_output_in_the_folder_that_is_read_is_not_read_itself(scored, tmp_path):
    write_jsonl(tmp_path / "a.jsonl", [*rows(99), {"text": ""}])
    with pytest.raises(KeyboardInterrupt):
        scored(tmp_path, engine=InLine(stop_after=1))
    assert scored(tmp_path, max_skipped=0.1)["read"] == 100
    assert scored(tmp_path, max_skipped=0.1)["read"] == 100
    assert files(tmp_path) == ["a.jsonl", "scores.jsonl", "scores.manifest.json", "scores.skips.jsonl"]


@pytest.mark.parametrize(
    ("output", "error"),
    [
        ("none/scores.jsonl", OutputError),
        ("folder", OutputError),
        ("scores.xlsx", ConfigError),
        ("scores", None),
    ],
)
def test_where_the_output_cannot_be_written_nothing_is_read(scored, tmp_path, output, error):
    (tmp_path / "folder").mkdir()
    if error is None:
        scored(write_jsonl(tmp_path / "in.jsonl", rows(9)), output)
        assert pq.read_table(tmp_path / output).num_rows == 9
    else:
        with pytest.raises(error):
            scored(tmp_path / "does not exist.jsonl", output)
        assert files(tmp_path) == ["folder"]


def test_a_model_that_is_refused_leaves_nothing_behind(scored, tmp_path):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(9))
    with pytest.raises(BundleError):
        scored(archive, model=str(tmp_path))
    assert files(tmp_path) == ["in.jsonl"]


def test_a_model_that_changes_while_it_is_used_is_refused(scored, models, tmp_path, monkeypatch):
    monkeypatch.setattr(
        run, "Scoring", lambda path, model_id, *rest: DeadlyScoring(str(models / "b"), model_id, *rest)
    )
    with pytest.raises(BundleError, match="its id is .*, the run began with"):
        scored(write_jsonl(tmp_path / "in.jsonl", rows(9)))
