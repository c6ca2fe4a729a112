import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stance.errors import OutputError
from stance.predictions.lock import LOCK, locked

ROOT = Path(__file__).parents[2]


def test_a_second_run_is_refused_while_the_first_goes_on(tmp_path):
    with locked(tmp_path / "parts", "scores") as folder:
        with pytest.raises(OutputError, match=f"scores: another run .process {os.getpid()}. is writing it"):
            locked(tmp_path / "parts", "scores").__enter__()
        assert (folder / LOCK).is_file()


def test_the_lock_and_an_empty_folder_go_with_the_run(tmp_path):
    with locked(tmp_path / "parts", "scores"):
        pass
    assert not list(tmp_path.iterdir())


def test_what_is_in_the_folder_stays(tmp_path):
    with locked(tmp_path / "parts", "scores") as folder:
        (folder / "part").touch()
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["part"]


def test_the_lock_of_an_owner_that_was_killed_is_taken_over_and_said(tmp_path, caplog):
    program = (
        "import os, signal; from pathlib import Path; from stance.predictions.lock import locked\n"
        f"with locked(Path({str(tmp_path / 'parts')!r}), 'scores'): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    killed.wait()
    assert (tmp_path / "parts" / LOCK).is_file()
    with locked(tmp_path / "parts", "scores"):
        pass
    assert f"scores: the run that held it (process {killed.pid}) is gone; taken over" in caplog.text


def test_the_lock_of_another_machine_is_refused_with_the_command_that_removes_it(tmp_path):
    folder = tmp_path / "l'été"
    folder.mkdir()
    path = folder / LOCK
    path.write_text(json.dumps({"host": "elsewhere", "pid": 7}))
    with pytest.raises(OutputError, match=r"a run on elsewhere \(process 7\)") as refusal:
        locked(folder, "scores").__enter__()
    assert path.is_file()
    subprocess.run(["sh", "-c", str(refusal.value).partition("remove its lock: ")[2]], check=True)
    assert not path.exists()


def test_a_failure_to_write_is_told_of_the_output_and_not_of_the_lock(tmp_path):
    with pytest.raises(OutputError, match=r"^scores\.csv: cannot be written"), locked(tmp_path, "scores.csv"):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\x00" * 5000])
def test_a_lock_that_says_nothing_belongs_to_nobody(tmp_path, content):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / LOCK).write_bytes(content)
    with locked(tmp_path / "parts", "scores"):
        pass


def test_a_folder_that_is_a_link_or_a_file_or_cannot_be_made_is_an_output_error(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    for path in (tmp_path / "file", tmp_path / "link", tmp_path / "none" / "parts"):
        with pytest.raises(OutputError):
            locked(path, "scores").__enter__()
