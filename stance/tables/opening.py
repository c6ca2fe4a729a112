"""Input files, opened only where they are regular files that are here."""

import errno
import io
import os
import re
import stat
from pathlib import Path

from stance.errors import ConfigError, DataError, nearest

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
"""Start of a URL. One slash is enough: a ``Path`` made of a URL has lost the second."""

MAX_NAMES = 10_000
"""Names of a folder that are looked through for a near miss."""

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_input(path: str | Path) -> io.FileIO:
    """The file, open for reading bytes; nothing else is ever opened or waited for.

    Raises
    ------
    ConfigError
        If ``path`` is an address (URL, hf://, ssh://); no connection is made.
    DataError
        If there is no such file, or it is a folder, pipe, device, or cannot be read.
    """
    check_is_file(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        file = _InputFile(path, descriptor)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise DataError(f"{path}: changed while it was opened; a regular file is needed. Run again.")
    return file


class _InputFile(io.FileIO):
    """A file for which an error of reading is a fault of the input, whoever reads it for whatever output."""

    def __init__(self, path: str | Path, descriptor: int) -> None:
        super().__init__(descriptor, "rb")
        self._path = path

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            content = super().read(size)
        except OSError as error:
            raise _unreadable(self._path, error) from error
        if content is None:
            raise DataError(f"{self._path}: has no end that is there, as a device. Name a file in its place.")
        return content


def check_is_file(path: str | Path) -> None:
    """Raise ConfigError or DataError unless ``path`` is a regular file, or a link to one."""
    mode = input_mode(path)
    if not stat.S_ISREG(mode):
        raise DataError(f"{path}: is {kind_of(mode)}; a file is needed. Name a file in its place.")


def kind_of(mode: int) -> str:
    """What a thing of this mode is, if it is not a regular file."""
    return next((kind for is_kind, kind in KINDS if is_kind(mode)), "not a regular file")


def input_mode(path: str | Path) -> int:
    """Type and permissions of what ``path`` leads to, after links; refuses addresses and what is absent."""
    check_is_path(path)
    try:
        return Path(path).stat().st_mode
    except FileNotFoundError as error:
        raise _absent(path) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise ConfigError(f"{str(path)!r}: is not a path ({error}). Correct the path.") from error


def check_is_path(path: str | Path) -> None:
    """Raise ConfigError for what is no path, and for an address where no file of that name exists."""
    if not str(path) or "\0" in str(path):
        raise ConfigError(f"{str(path)!r}: is not a path. Correct it.")
    if ADDRESS.match(str(path)) and not os.path.lexists(path):
        raise ConfigError(
            f"{path}: is an address; only files on this machine are read, and no connection was made. "
            "Download it first, and give the path of the copy."
        )


def _absent(path: str | Path) -> DataError:
    if Path(path).is_symlink():
        return DataError(f"{path}: is a link to nothing ({Path(path).readlink()}). Correct the link.")
    folder, name = Path(path).parent, Path(path).name
    if not folder.is_dir():
        return DataError(f"{path}: no such file; there is no folder {folder} either. Correct the path.")
    hint = nearest(name, _names(folder)) or " Correct the path."
    return DataError(f"{path}: no such file.{hint}")


def _unreadable(path: str | Path, error: OSError) -> DataError:
    reason = "its links form a loop" if error.errno == errno.ELOOP else error.strerror or type(error).__name__
    return DataError(f"{str(path)[:200]}: cannot be read ({reason}). Correct the path or its permissions.")


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry, _ in zip(entries, range(MAX_NAMES), strict=False)]
    except OSError:
        return []
