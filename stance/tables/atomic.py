"""Files that are whole or absent: written beside the target, synchronised, then renamed."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from stance.errors import OutputError, output_error


@contextmanager
def atomic_file(path: str | Path, mode: str = "wb") -> Iterator[IO[Any]]:
    """An open file that takes the name ``path`` only once it is complete and on disk.

    Until then it is a hidden file of mode 0600 in the same folder, removed on any error. After a
    kill the old file, if there was one, is still whole. A link is followed; what is neither a
    regular file nor absent (a folder, a device) is refused before anything is written.

    Parameters
    ----------
    path : str or Path
        Target; its folder must exist.
    mode : str
        ``"wb"``, or ``"w"`` for UTF-8 text with line feeds.

    Raises
    ------
    OutputError
        If the file cannot be written, or could not be made durable.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with atomic_file(folder / "note.txt", "w") as file:
    ...     _ = file.write("done")
    >>> [p.name for p in folder.iterdir()]
    ['note.txt']
    """
    target = _replaceable_target(path)
    temporary = target.parent / f".{secrets.token_hex(8)}.partial"
    try:
        with _open_private(temporary, mode) as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), _usual_mode())
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(temporary)):
            raise output_error(path, error) from error
        raise


def check_writable(path: str | Path) -> None:
    """Raise OutputError, before any work is done, where ``atomic_file(path)`` would fail."""
    target = _replaceable_target(path)
    probe = target.parent / f".{secrets.token_hex(8)}.partial"
    try:
        _open_private(probe, "wb").close()
        probe.unlink()
    except OSError as error:
        raise output_error(path, error) from error


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text atomically; an unpaired surrogate is written as its escape."""
    with atomic_file(path) as file:
        file.write(text.encode("utf-8", errors="backslashreplace"))


def write_json(path: str | Path, value: Any) -> None:
    """Write JSON atomically: keys sorted, two spaces, final newline; the same value gives the same bytes.

    NumPy scalars and arrays, dates and dataclasses are written as their JSON counterparts, paths
    as text, and numbers that are not finite as null.
    """
    import orjson

    options = (
        orjson.OPT_INDENT_2
        | orjson.OPT_SORT_KEYS
        | orjson.OPT_APPEND_NEWLINE
        | orjson.OPT_NON_STR_KEYS
        | orjson.OPT_SERIALIZE_NUMPY
    )
    content = orjson.dumps(value, default=_json_default, option=options)
    with atomic_file(path) as file:
        file.write(content)


def _json_default(value: Any) -> Any:
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _replaceable_target(path: str | Path) -> Path:
    """The path behind any links; refuses folders, devices and pipes, which must not be renamed over."""
    try:
        target = Path(os.path.realpath(path))
        if not target.exists() or target.is_file():
            return target
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be written ({error}). Choose another output.") from error
    kind = "a folder" if target.is_dir() else "not a regular file"
    raise OutputError(f"{path}: cannot be written (it is {kind}). Choose another output.")


def _open_private(path: Path, mode: str) -> IO[Any]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    if "b" in mode:
        return os.fdopen(descriptor, mode)
    return os.fdopen(descriptor, mode, encoding="utf-8", newline="\n")


def _usual_mode() -> int:
    """The permissions a new file gets here. The mask can only be read by setting it, so set the strictest."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
