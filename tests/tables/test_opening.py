"""Paths: what is opened, what is refused, and which files a path stands for."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stance.errors import ConfigError, DataError, StanceError
from stance.tables.locating import find_files
from stance.tables.opening import _InputFile
from stance.tables.reading import read_batches
from tests.tables.files import put, read

ROW = '{"text": "a"}\n'

ADDRESSES = [
    "https://example.org/a.jsonl",
    "http://127.0.0.1:9/a.csv",
    "hf://datasets/user/name/a.parquet",
    "s3://bucket/a.parquet",
    "ssh://host/a.jsonl",
    "file:///etc/passwd",
    "ftp://host/a.csv",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("kind", [str, Path])
@pytest.mark.parametrize("use", [lambda path: next(read_batches(path)), find_files])
def test_an_address_is_refused_without_a_connection(
    address: str, kind: Any, use: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        pytest.fail("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    with pytest.raises(ConfigError, match="is an address; only files on this machine are read"):
        use(kind(address))


@pytest.mark.parametrize(
    "name",
    [
        "é à.jsonl",
        "a,b=c.jsonl",
        "a#b[1].jsonl",
        "{x}.jsonl",
        "12.jsonl",
        "-o.jsonl",
        "a:b.jsonl",
        "http:x.jsonl",
    ],
)
def test_a_path_works_as_typed(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, name, ROW)
    monkeypatch.chdir(tmp_path)
    assert find_files(name).files == [Path(name)]
    assert read(Path(name)).texts() == ["a"]


def test_a_near_miss_is_suggested(tmp_path: Path) -> None:
    put(tmp_path, "good.jsonl", ROW)
    with pytest.raises(DataError, match=r"god.jsonl: no such file. Did you mean 'good.jsonl'\?"):
        read(tmp_path / "god.jsonl")
    with pytest.raises(DataError, match="there is no folder"):
        read(tmp_path / "no" / "good.jsonl")


def make_things(folder: Path) -> None:
    """One of each thing that is not a file of data."""
    (folder / "folder").mkdir()
    (folder / "dangling.jsonl").symlink_to("nowhere")
    (folder / "loop1.jsonl").symlink_to("loop2.jsonl")
    (folder / "loop2.jsonl").symlink_to("loop1.jsonl")
    os.mkfifo(folder / "pipe.jsonl")
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.path.relpath(folder / "socket.jsonl"))
    server.close()


THINGS = {
    "folder": "is a folder; a file is needed",
    "dangling.jsonl": r"is a link to nothing \(nowhere\)",
    "loop1.jsonl": "its links form a loop",
    "pipe.jsonl": "is a named pipe",
    "socket.jsonl": "is a socket",
    "/dev/zero": "is a device",
    "/": "is a folder",
    "x" * 300: "File name too long",
}


@pytest.mark.parametrize("name", THINGS)
def test_what_is_not_a_file_is_refused_at_once(tmp_path: Path, name: str) -> None:
    make_things(tmp_path)
    started = time.monotonic()
    with pytest.raises(DataError, match=THINGS[name]):
        read(tmp_path / name)
    assert time.monotonic() - started < 1


def test_a_nul_in_a_path_is_refused() -> None:
    with pytest.raises(ConfigError, match="is not a path"):
        find_files("a\0b")


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to(put(tmp_path, "a.jsonl", ROW))
    assert read(tmp_path / "link.jsonl").texts() == ["a"]
    assert find_files(tmp_path / "link.jsonl").files == [tmp_path / "link.jsonl"]


def test_folders_and_the_root_are_searched_within_their_bounds(tmp_path: Path) -> None:
    for pattern in ("/", "/**", "/../", "/**/*.jsonl"):
        with pytest.raises(DataError, match="the whole file system"):
            find_files(pattern)
    with pytest.raises(DataError, match="holds or matches no file; a regular file is needed"):
        find_files(tmp_path)
    put(tmp_path, "a.jsonl", ROW)
    with pytest.raises(DataError, match="nothing to read in it; files that end in .csv are read"):
        find_files(tmp_path, [".csv"])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with files of several kinds at several depths, and with things to leave out."""
    make_things(tmp_path)
    (tmp_path / "folder" / "deep").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "a[1]").mkdir()
    for name in [
        "b.jsonl",
        "B.csv",
        "é.csv",
        "folder/c.jsonl",
        "folder/deep/c.JSONL.gz",
        "a[1]/d.csv",
        "p.png",
    ]:
        put(tmp_path, name, ROW)
    for name in [".secret.jsonl", ".hidden/x.jsonl"]:
        put(tmp_path, name, ROW)
    (tmp_path / "out.csv").symlink_to("/etc/hostname")
    (tmp_path / "up").symlink_to("..")
    (tmp_path / "again.jsonl").symlink_to("b.jsonl")
    os.link(tmp_path / "b.jsonl", tmp_path / "folder" / "hard.jsonl")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.csv")).write_text(ROW)
    return tmp_path


def test_a_folder_gives_each_file_once_in_one_order_and_says_what_it_leaves_out(tree: Path) -> None:
    found = find_files(tree, [".jsonl", ".jsonl.gz", ".csv"])
    assert [str(path.relative_to(tree)) for path in found.files] == [
        *("B.csv", "a[1]/d.csv", "b.jsonl", "folder/c.jsonl", "folder/deep/c.JSONL.gz", "é.csv")
    ]
    assert {skip.file.removeprefix(f"{tree}/"): skip.reason for skip in found.skipped} == {
        ".hidden": "is hidden",
        ".secret.jsonl": "is hidden",
        "again.jsonl": "is a link",
        "bad\\xff.csv": "has a name that is not UTF-8",
        "dangling.jsonl": "is a link",
        "folder/hard.jsonl": f"is the same file as {tree}/b.jsonl",
        "loop1.jsonl": "is a link",
        "loop2.jsonl": "is a link",
        "out.csv": "is a link",
        "p.png": "is of another kind",
        "pipe.jsonl": "is a named pipe",
        "socket.jsonl": "is a socket",
        "up": "is a link",
    }


PATTERNS = {
    "*.jsonl": ["b.jsonl"],
    "?.csv": ["B.csv", "é.csv"],
    "[bB].*": ["B.csv", "b.jsonl"],
    "**/*.csv": ["B.csv", "a[1]/d.csv", "é.csv"],
    "fold*": ["folder/c.jsonl", "folder/deep/c.JSONL.gz", "folder/hard.jsonl"],
    "folder/**/c.*": ["folder/c.jsonl", "folder/deep/c.JSONL.gz"],
    "**/deep/**": ["folder/deep/c.JSONL.gz"],
    "**/**/d.csv": ["a[1]/d.csv"],
    ".hidden/*": [".hidden/x.jsonl"],
    ".*.jsonl": [".secret.jsonl"],
    "a[1]": ["a[1]/d.csv"],
    "a[1]/d.csv": ["a[1]/d.csv"],
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_gives_the_files_that_match(tree: Path, pattern: str) -> None:
    found = find_files(f"{tree}/{pattern}", [".jsonl", ".jsonl.gz", ".csv"])
    assert [str(path.relative_to(tree)) for path in found.files] == PATTERNS[pattern]


def test_patterns_are_relative_to_the_working_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert find_files("*.jsonl").files == [Path("b.jsonl")]
    assert find_files("folder").files[0] == Path("folder/c.jsonl")


def test_a_pattern_without_match_is_refused(tree: Path) -> None:
    for pattern in ("*.nope", "nope/*", "**/x/**"):
        with pytest.raises(DataError, match="holds or matches no file|nothing to read"):
            find_files(tree / pattern)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "fr_FR.UTF-8", "POSIX"])
def test_order_does_not_depend_on_the_locale(tree: Path, locale: str) -> None:
    code = "import sys; from stance.tables import find_files; print(ascii(find_files(sys.argv[1], ['.csv']).files))"
    environment = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "1"}
    result = subprocess.run(
        [sys.executable, "-c", code, tree], env=environment, capture_output=True, check=True
    )
    assert result.stdout.decode().strip() == ascii(find_files(tree, [".csv"]).files)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "a.jsonl", ROW).chmod(0)
    with pytest.raises(DataError, match="cannot be read .Permission denied"):
        read(tmp_path / "a.jsonl")


@pytest.mark.parametrize("name", ["a.txt", "a", "rows.dat"])
def test_a_format_that_shows_in_neither_name_nor_content_is_refused(tmp_path: Path, name: str) -> None:
    assert read(put(tmp_path, name, ROW)).texts() == ["a"]
    with pytest.raises(DataError, match="neither its name nor its content says which format"):
        read(put(tmp_path, name, "text\na\n"))
    with pytest.raises(DataError, match="no rows"):
        read(put(tmp_path, name, ""))


def test_every_refusal_fits_its_house(tmp_path: Path) -> None:
    """One message of at most 12 lines that names the path and ends in what to do."""
    for name, content in {
        "a.jsonl": "[1]",
        "a.csv": 'text\n"a',
        "a.parquet": "x",
        "b.csv": "x\n1",
        "c.csv": "",
    }.items():
        with pytest.raises(StanceError) as error:
            read(put(tmp_path, name, content))
        message = str(error.value)
        assert message.startswith(f"{tmp_path}/{name}")
        assert message.endswith(("?", ".", ")", "'"))
        assert message.count("\n") < 12


def test_a_file_whose_bytes_are_not_there_is_refused() -> None:
    descriptor, other = os.pipe2(os.O_NONBLOCK)
    with (
        _InputFile("kmsg", descriptor) as file,
        pytest.raises(DataError, match="kmsg: has no end that is there"),
    ):
        file.read(9)
    os.close(other)
