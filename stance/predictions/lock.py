"""One run an output: a lock that ends with its owner."""

import fcntl
import json
import logging
import os
import shlex
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from stance.errors import OutputError, output_error

logger = logging.getLogger(__name__)

LOCK = "lock.json"
MAX_LOCK_BYTES = 4096


@contextmanager
def locked(folder: Path, output: str) -> Iterator[Path]:
    """Make and hold the folder of an output for this process; an empty one is removed at the end.

    The system frees the lock of an owner that died, so it is taken over; that of an owner on another
    machine cannot be told dead from here, and is refused.

    Raises
    ------
    OutputError
        At once, where another run holds the lock.
    """
    path = folder / LOCK
    _make(folder)
    descriptor = _acquire(path, output)
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"host": socket.gethostname(), "pid": os.getpid()}).encode(), 0)
        yield folder
    except OSError as error:
        if error.filename is None:
            raise output_error(output, error) from error
        raise
    finally:
        with suppress(OSError):
            path.unlink()
            folder.rmdir()
        os.close(descriptor)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
    if folder.is_symlink():
        raise OutputError(f"{folder}: is a link; the parts of a run are kept there. Choose another output.")


def _acquire(path: Path, output: str) -> int:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise output_error(path, error) from error
        try:
            owner = _owner(os.pread(descriptor, MAX_LOCK_BYTES, 0))
            _check_host(owner, path, output)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                if owner:
                    logger.warning(
                        "%s: the run that held it (process %s) is gone; taken over", output, owner.get("pid")
                    )
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise OutputError(
                f"{output}: another run (process {owner.get('pid', 'unknown')}) is writing it. "
                "Wait for it, or choose another output."
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _owner(content: bytes) -> dict[str, object]:
    with suppress(ValueError):
        owner = json.loads(content)
        if isinstance(owner, dict):
            return owner
    return {}


def _check_host(owner: dict[str, object], path: Path, output: str) -> None:
    host = owner.get("host", socket.gethostname())
    if host != socket.gethostname():
        raise OutputError(
            f"{output}: a run on {host} (process {owner.get('pid')}) holds it. "
            f"If that run is gone, remove its lock: rm {shlex.quote(str(path))}"
        )


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the name still leads to the file that was locked."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
