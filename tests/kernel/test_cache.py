import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stance.kernel import cache

PROGRAM = """
from stance.kernel.cache import cache_folder, is_compiled
from stance.kernel.slots import U, new_slots, with_room
slots = new_slots(1)
slots[:2] = 7, 42
larger = with_room(slots, 4000, U(3))
assert len(larger) > len(slots) and sorted(larger)[:2] == [7, 42]
assert is_compiled("slots.rehash") and not is_compiled("words.score_words")
print(cache_folder())
"""


@pytest.fixture(autouse=True)
def _no_folder_remembered() -> None:
    cache.cache_folder.cache_clear()


def folder_of(monkeypatch: pytest.MonkeyPatch, home: Path, temporary: Path) -> Path | None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(temporary))
    try:
        return cache.cache_folder()
    finally:
        cache.cache_folder.cache_clear()


def test_machine_code_is_kept_in_a_private_folder_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(monkeypatch, tmp_path / "cache", tmp_path)
    assert folder is not None
    assert folder.parent == tmp_path / "cache" / "stance"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_home_that_cannot_be_written_gives_way_to_a_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    folder = folder_of(monkeypatch, tmp_path / "file", tmp_path)
    assert folder is not None
    assert folder.parent.parent == tmp_path


def test_a_generous_umask_does_not_open_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o002)
    try:
        folder = folder_of(monkeypatch, tmp_path / "cache", tmp_path)
    finally:
        os.umask(before)
    assert folder is not None
    assert folder.parent == tmp_path / "cache" / "stance"
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_a_folder_that_others_may_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_all = tmp_path / "cache" / "stance"
    open_to_all.mkdir(parents=True)
    open_to_all.chmod(0o777)
    folder = folder_of(monkeypatch, tmp_path / "cache", tmp_path)
    assert folder is not None
    assert open_to_all not in folder.parents


def test_a_link_planted_by_others_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "file").write_text("not a folder")
    user = str(os.getuid()) if hasattr(os, "getuid") else "user"
    (tmp_path / f"stance-{user}").symlink_to(tmp_path / "elsewhere")
    assert folder_of(monkeypatch, tmp_path / "file", tmp_path) is None


def test_several_processes_may_start_at_once(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    environment.pop("NUMBA_CACHE_DIR", None)
    processes = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    outputs = {process.communicate()[0].strip() for process in processes}
    assert all(process.returncode == 0 for process in processes)
    assert len(outputs) == 1
    folder = Path(outputs.pop())
    assert folder.parent == tmp_path / "stance"
    assert list(folder.rglob("slots.rehash*.nbi"))
