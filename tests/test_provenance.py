"""Fingerprints, versions and the facts of a run."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stance
from stance.provenance import fingerprint, git_commit, run_facts, sha256_file, versions

DIFFERENT: list[Any] = [
    *("", "1", b"1", 1, 1.0, True, None, [], {}, set(), ["1"], [["1"]], ["1", "1"], {"1": None}, {"1"}),
    *(["a", "b"], ["b", "a"], ["ab"], ["a", "", "b"], {"a": "b"}, {"b": "a"}, [["a"], "b"], ["a", ["b"]]),
    *(np.arange(3), np.arange(3.0), np.arange(3, dtype=np.int32), np.arange(3)[None], np.arange(3)[::-1]),
    *(np.array(["a", "b"]), np.array(["a", "b"], dtype=object), "é", "e\u0301", "\ud800", "None", "list:"),
]


def test_different_contents_have_different_fingerprints() -> None:
    assert len({fingerprint(value) for value in DIFFERENT}) == len(DIFFERENT)


def test_parts_have_boundaries() -> None:
    assert (
        len({fingerprint("ab", "c"), fingerprint("a", "bc"), fingerprint("abc"), fingerprint(["ab", "c"])})
        == 4
    )


def test_order_of_keys_and_memory_layout_do_not_matter() -> None:
    assert fingerprint({"a": 1, "b": {"c": 2, "d": 3}}) == fingerprint({"b": {"d": 3, "c": 2}, "a": 1})
    assert fingerprint({"x", "y", "z"}) == fingerprint({"z", "y", "x"})
    matrix = np.arange(6.0).reshape(2, 3)
    assert fingerprint(matrix) == fingerprint(np.asfortranarray(matrix)) == fingerprint(matrix.astype(">f8"))
    assert fingerprint(["a", "b"]) == fingerprint(("a", "b")) == fingerprint(text for text in "ab")


@given(st.lists(st.text(), max_size=5), st.lists(st.text(), max_size=5))
def test_equal_fingerprints_mean_equal_texts(one: list[str], other: list[str]) -> None:
    assert (fingerprint(one) == fingerprint(other)) is (one == other)


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_a_fingerprint_does_not_depend_on_the_hash_seed(seed: str) -> None:
    value = "{'b': {'x', 'y', 'z'}, 'a': [1, 0.1, None, True, 'é']}"
    code = f"from stance.provenance import fingerprint; print(fingerprint({value}))"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == fingerprint({"a": [1, 0.1, None, True, "é"], "b": {"z", "y", "x"}})


def test_what_has_no_contents_has_no_fingerprint() -> None:
    with pytest.raises(TypeError, match="object has no fingerprint"):
        fingerprint(object())


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1])
def test_sha256_is_that_of_the_bytes(tmp_path: Path, size: int) -> None:
    content = np.random.default_rng(size).bytes(size)
    (tmp_path / "a").write_bytes(content)
    assert sha256_file(tmp_path / "a") == hashlib.sha256(content).hexdigest()


def test_versions_name_what_computes() -> None:
    assert {"python", "stance", "numpy", "scikit-learn", "scipy", "pyarrow"} <= versions().keys()
    assert versions()["numpy"] == np.__version__
    assert versions()["python"] == sys.version.split()[0]


def test_the_version_is_that_of_the_code_that_runs_installed_or_not(tmp_path: Path) -> None:
    root = Path(stance.__file__).parents[1]
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from stance.provenance import versions; print(versions()['stance'])"
    found = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == stance.__version__


# Commits, of repositories made by hand: git itself is not needed, and never run

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def repository(folder: Path, head: str, **files: str) -> Path:
    git = folder / ".git"
    git.mkdir(parents=True)
    (git / "HEAD").write_text(head + "\n")
    for name, content in files.items():
        path = git / name.replace("__", "/").replace("_", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def test_the_commit_is_read_from_below_the_repository(tmp_path: Path) -> None:
    repository(tmp_path, "ref: refs/heads/main", refs__heads__main=COMMIT + "\n")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert git_commit(tmp_path / "a" / "b") == git_commit(tmp_path) == COMMIT


def test_a_detached_head_and_packed_references_are_read(tmp_path: Path) -> None:
    assert git_commit(repository(tmp_path / "a", COMMIT)) == COMMIT
    packed = f"# pack-refs with: peeled\n{'f' * 40} refs/heads/maintenance\n{COMMIT} refs/heads/main\n"
    assert git_commit(repository(tmp_path / "b", "ref: refs/heads/main", packed_refs=packed)) == COMMIT


def test_a_linked_work_tree_is_read(tmp_path: Path) -> None:
    main = repository(tmp_path / "main", "ref: refs/heads/main", refs__heads__topic=COMMIT)
    tree = main / ".git" / "worktrees" / "w"
    tree.mkdir(parents=True)
    (tree / "HEAD").write_text("ref: refs/heads/topic\n")
    (tree / "commondir").write_text("../..\n")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".git").write_text(f"gitdir: {tree}\n")
    assert git_commit(tmp_path / "w") == COMMIT


@pytest.mark.parametrize(
    "head",
    [
        "",
        "garbage",
        "ref: refs/heads/none",
        "ref: ../../secret",
        "ref: refs/../../../secret",
        "ref: /etc/passwd",
        "f" * 39,
    ],
)
def test_a_damaged_or_hostile_repository_gives_none(tmp_path: Path, head: str) -> None:
    (tmp_path / "secret").write_text(COMMIT)
    assert git_commit(repository(tmp_path / "a", head)) is None


def test_no_program_is_run_and_no_pipe_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        pytest.fail("a program was run")

    monkeypatch.setattr(subprocess, "Popen", run)
    monkeypatch.setattr(os, "system", run)
    folder = repository(tmp_path, "ref: refs/heads/main", config="[core]\n\tfsmonitor = touch ran\n")
    (folder / ".git" / "HEAD").unlink()
    os.mkfifo(folder / ".git" / "HEAD")
    assert git_commit(folder) is None


def test_a_folder_outside_of_git_has_no_commit() -> None:
    assert git_commit("/") is None


def test_run_facts_can_be_written_and_hold_no_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("API_TOKEN", "s3cr3t-value")
    monkeypatch.setattr(sys, "argv", ["stance", "train", "path=\udce9.csv"])
    monkeypatch.chdir(tmp_path)
    started = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=9)))
    facts = run_facts(started)
    assert facts["command"] == ["stance", "train", "path=?.csv"]
    assert facts["started_at"] == "2026-01-01T18:04:05.000+00:00"
    assert datetime.fromisoformat(facts["recorded_at"]).tzinfo == UTC
    assert facts["commit"] is None
    text = json.dumps(facts, ensure_ascii=False)
    assert text.encode()
    assert "s3cr3t-value" not in text
