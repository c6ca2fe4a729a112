import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from stance.errors import OutputError
from stance.execution import Local
from stance.predictions import run
from stance.score import score
from tests.predictions.builders import (
    DEADLY,
    DeadlyScoring,
    InLine,
    model,
    read_jsonl,
    rows,
    write_jsonl,
)
from tests.programs import ROOT, is_running, workers_of
from tests.score.files import digest, files, manifest


def test_a_statement_that_kills_its_worker_is_left_out_and_reported(scored, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "Scoring", DeadlyScoring)
    records = rows(40)
    records[33]["text"] = DEADLY
    archive = write_jsonl(tmp_path / "in.jsonl", records)
    account = scored(archive, engine=Local(), workers=1, part_rows=20, max_skipped=0.1)
    assert (account["read"], account["scored"], account["skipped"]) == (40, 39, 1)
    assert [(s["line"], s["reason"]) for s in account["skips"]] == [(34, "kills the process that scores it")]
    found = [row["statement_id"] for row in read_jsonl(tmp_path / "scores.jsonl")]
    assert found == [row["statement_id"] for row in records if row["text"] != DEADLY]
    scores = [(row["text"], row["n_known_terms"]) for row in read_jsonl(tmp_path / "scores.jsonl")]
    texts = [row["text"] for row in records if row["text"] != DEADLY]
    assert scores == list(zip(texts, model().score(texts).n_known_terms.tolist(), strict=True))


def program(*words: str) -> list[str]:
    return [sys.executable, "-m", "stance.cli", "score", *words]


ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def archive(tmp_path_factory, models) -> tuple[Path, str]:
    """Many statements, and the digest of their scores from an undisturbed run."""
    folder = tmp_path_factory.mktemp("archive")
    write_jsonl(folder / "in.jsonl", rows(400) * 6)
    score(
        model=str(models / "a"),
        input=str(folder / "in.jsonl"),
        output=str(folder / "scores.parquet"),
        engine=InLine(),
        part_rows=200,
    )
    return folder / "in.jsonl", digest(folder / "scores.parquet")


def words(archive: Path, models: Path, output: Path) -> list[str]:
    return program(
        f"model={models / 'a'}", f"input={archive}", f"output={output}", "part_rows=200", "workers=1"
    )


def go_on(archive: Path, models: Path, output: Path) -> None:
    """Finish a run, in this process."""
    score(
        model=str(models / "a"),
        input=str(archive),
        output=str(output),
        engine=InLine(),
        part_rows=200,
        resume=True,
    )


def wait_for(path: Path) -> None:
    """Wait until there is something in a file."""
    while not (path.exists() and path.stat().st_size):
        time.sleep(0.01)


def without_program(archive: Path, models: Path, output: Path) -> list[str]:
    """The same from Python, which starts sooner."""
    settings = {"model": f"{models / 'a'}", "input": f"{archive}", "output": f"{output}", "part_rows": 200}
    call = f"score(engine=Local(), workers=1, **{settings})"
    return [
        sys.executable,
        "-c",
        f"from stance.score import score; from stance.execution import Local; {call}",
    ]


def test_kills_at_any_moment_lose_double_and_change_no_row(archive, models, tmp_path):
    path, expected = archive
    output = tmp_path / "scores.parquet"
    moments = random.Random(20240229)
    for _ in range(3):
        command = without_program(path, models, output)
        running = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            assert running.wait(timeout=moments.uniform(0.5, 2.0)) == 0
        running.kill()
        running.wait()
    go_on(path, models, output)
    assert digest(output) == expected
    assert manifest(output)["read"] == 2400
    assert files(tmp_path) == ["scores.manifest.json", "scores.parquet"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_at_once_and_it_can_go_on(archive, models, tmp_path, number, status):
    path, expected = archive
    output = tmp_path / "scores.parquet"
    running = subprocess.Popen(
        words(path, models, output), env=ENVIRONMENT, stderr=subprocess.PIPE, text=True
    )
    wait_for(tmp_path / "scores.parquet.parts" / "ledger.jsonl")
    workers = workers_of(running.pid)
    started = time.monotonic()
    running.send_signal(number)
    _, message = running.communicate()
    assert time.monotonic() - started < 5
    assert running.returncode == status
    assert "what was finished is kept" in message
    assert workers
    assert not any(map(is_running, workers))
    go_on(path, models, output)
    assert digest(output) == expected


def test_a_second_run_into_the_same_output_is_refused_and_the_first_goes_on(archive, models, tmp_path):
    path, expected = archive
    output = tmp_path / "scores.parquet"
    command = without_program(path, models, output)
    first = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    wait_for(tmp_path / "scores.parquet.parts" / "lock.json")
    with pytest.raises(OutputError, match=rf"another run \(process {first.pid}\) is writing it"):
        go_on(path, models, output)
    assert first.wait() == 0
    assert digest(output) == expected


def test_a_limit_on_the_size_of_files_is_an_output_error_and_the_run_goes_on_without_it(
    archive, models, tmp_path
):
    path, expected = archive
    output = tmp_path / "scores.parquet"
    limited = ["/bin/sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *words(path, models, output)]
    refused = subprocess.run(limited, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert refused.returncode == 5
    assert refused.stderr.startswith("OutputError: ")
    assert len(refused.stderr.splitlines()) == 1
    assert not output.exists()
    go_on(path, models, output)
    assert digest(output) == expected
