import os
import subprocess
import sys
from contextlib import suppress
from datetime import datetime

import pytest

from stance.errors import OutputError
from stance.runs import MADE, UNFINISHED, claimed_folder, new_run_folder
from tests.programs import ROOT, run


def leave(folder, *names):
    """A run that wrote some files and failed."""
    with suppress(ZeroDivisionError), claimed_folder(str(folder), "x") as claimed:
        for name in names:
            (claimed / name).write_text(name)
        raise ZeroDivisionError


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_what_a_failed_run_left_stays_until_the_next_run_into_that_folder(tmp_path, caplog):
    leave(tmp_path / "run", "metrics.json", ".0123456789abcdef.partial")
    assert names(tmp_path / "run") == {"metrics.json", ".0123456789abcdef.partial", UNFINISHED}
    with claimed_folder(str(tmp_path / "run"), "x") as folder:
        assert names(folder) == {"lock.json", UNFINISHED}
        (folder / "run.json").write_text("{}")
    assert names(tmp_path / "run") == {"run.json"}
    assert "an unfinished run left files" in caplog.text
    with pytest.raises(OutputError, match="files in it already"), claimed_folder(str(tmp_path / "run"), "x"):
        pass


@pytest.mark.parametrize("other", ["notes.txt", "model2", ".hidden"])
def test_a_file_that_no_run_makes_is_never_removed(tmp_path, other):
    leave(tmp_path / "run", "metrics.json", other)
    with pytest.raises(OutputError, match="files in it already"), claimed_folder(str(tmp_path / "run"), "x"):
        pass
    assert names(tmp_path / "run") == {"metrics.json", other, UNFINISHED}


def test_a_run_that_fails_before_it_writes_leaves_no_folder(tmp_path):
    leave(tmp_path / "a" / "run")
    assert not names(tmp_path)


def test_a_link_that_an_unfinished_run_left_is_not_followed(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    leave(tmp_path / "run", "run.json")
    (tmp_path / "run" / "model").symlink_to(tmp_path / "kept")
    with claimed_folder(str(tmp_path / "run"), "x"):
        pass
    assert names(tmp_path / "kept") == {"file"}


def test_no_two_runs_of_one_second_share_a_name(monkeypatch):
    assert len({new_run_folder("x") for _ in range(100)}) == 100
    assert f"{datetime.now().astimezone():%Y}" in new_run_folder("x").name


KILLED = """import os, signal, sys
from stance.runs import claimed_folder
with claimed_folder(sys.argv[1], "x") as folder:
    (folder / "model").mkdir()
    (folder / "metrics.json").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_training_that_is_killed_is_simply_run_again(tmp_path):
    folder = tmp_path / "run"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], env=environment, check=False)
    assert names(folder) == {"lock.json", UNFINISHED, "model", "metrics.json"}
    again = run("train", "dataset=tiny", "features=word", f"output={folder}", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "is gone; taken over" in again.stderr
    found = names(folder)
    assert "run.json" in found
    assert all(MADE.fullmatch(name) for name in found)
    assert not found & {UNFINISHED, "lock.json"}
