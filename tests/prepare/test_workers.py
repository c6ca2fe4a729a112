import os
import signal
import subprocess
import sys
import time

import orjson
import pytest

from stance.execution import local
from stance.prepare import command, prepare, tasks
from tests.prepare.works import DEADLY, DeadlyCutting
from tests.programs import ROOT, is_running, workers_of

ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def prepared(folder, output, workers):
    """The account, and the bytes of the output and of the list of skips."""
    account = prepare(input=str(folder), output=str(output), workers=workers, max_skipped=0.5)
    return account, output.read_bytes(), output.with_suffix(".skips.jsonl").read_bytes()


def test_the_output_depends_neither_on_the_workers_nor_on_the_parts(articles, tmp_path, monkeypatch):
    alone, *files = prepared(articles, tmp_path / "a.parquet", 1)
    monkeypatch.setattr(tasks, "SMALL_CHARS", 0)
    monkeypatch.setattr(tasks, "TASK_ITEMS", 1)
    monkeypatch.setattr(command, "PART_BYTES", 1)
    together, *others = prepared(articles, tmp_path / "b.parquet", 2)
    assert others == files
    assert together == alone


def test_an_article_that_kills_its_worker_is_left_out_and_reported(tmp_path, monkeypatch):
    rows = [{"article_id": name, "text": text} for name, text in (("a", "Rome se tait."), ("b", DEADLY))]
    archive = tmp_path / "in.jsonl"
    archive.write_bytes(orjson.dumps(rows[0]))
    prepare(input=str(archive), output=str(tmp_path / "a.jsonl"))
    archive.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    monkeypatch.setattr(tasks, "SMALL_CHARS", 0)
    monkeypatch.setattr(tasks, "TASK_ITEMS", 1)
    monkeypatch.setattr(local, "ATTEMPTS", 1)
    monkeypatch.setattr(command, "Cutting", DeadlyCutting)
    account, found, skips = prepared(archive, tmp_path / "b.jsonl", 2)
    assert (account.read, account.written, account.skipped) == (2, 1, 1)
    assert found == (tmp_path / "a.jsonl").read_bytes()
    skip = orjson.loads(skips)
    assert (skip["file"], skip["line"], bool(skip["fix"])) == (str(archive), 2, True)
    assert skip["reason"] == "kills the process that cuts it"


@pytest.mark.parametrize(("workers", "small_chars"), [(1, 0), (None, 2_000_000)])
def test_no_process_is_started_where_it_is_not_worth_it(
    articles, tmp_path, monkeypatch, workers, small_chars
):
    monkeypatch.setattr(tasks, "SMALL_CHARS", small_chars)
    monkeypatch.setattr(command, "Local", None)
    (articles / "2021" / "page.html").unlink()
    assert prepared(articles, tmp_path / "o.jsonl", workers)[0].written == 3


def test_a_signal_ends_the_run_at_once_and_leaves_nothing(tmp_path):
    text = "Rome se tait, a dit le ministre. " * 300
    lines = (orjson.dumps({"article_id": str(k), "text": text}) + b"\n" for k in range(2000))
    (tmp_path / "in.jsonl").write_bytes(b"".join(lines))
    words = ["prepare", "input=in.jsonl", "output=o.jsonl", "workers=2"]
    running = subprocess.Popen(
        [sys.executable, "-m", "stance.cli", *words],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(workers := workers_of(running.pid)) < 2 and running.poll() is None:
        time.sleep(0.02)
    started = time.monotonic()
    running.send_signal(signal.SIGTERM)
    _, message = running.communicate()
    assert time.monotonic() - started < 5
    assert running.returncode == 143, message
    assert not any(map(is_running, workers))
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
