"""Where a result comes from: fingerprints, versions, and the facts of a run."""

import hashlib
import platform
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from stance import __version__

FINGERPRINT_BYTES = 16
BLOCK_BYTES = 1 << 20
MAX_GIT_FILE_BYTES = 1 << 20
"""HEAD and a reference are a line; packed references of this size hold some 15,000."""

LIBRARIES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "pyarrow",
    "datasets",
    "hydra-core",
    "orjson",
    "safetensors",
)
"""The libraries that can change a number or a file."""


def fingerprint(*parts: Any) -> str:
    """Hash of the contents of ``parts``: 32 hexadecimal digits, the same in every process.

    Order counts, and so do types and boundaries: ``("ab", "c")`` differs from ``("a", "bc")`` and
    ``1`` from ``"1"``. Mappings and sets are hashed in the order of their keys' hashes, so that
    neither the hash seed nor the order of insertion matters.

    Parameters
    ----------
    parts : str, bytes, int, float, bool, None, NumPy array, mapping, set, or iterable of these

    References
    ----------
    Saarinen and Aumasson (2015), The BLAKE2 cryptographic hash, RFC 7693.

    Examples
    --------
    >>> fingerprint(["a", "b"], {"C": 1.0})
    '1b629c46b18b98ad54d66455ff421a24'
    >>> fingerprint("ab", "c") == fingerprint("a", "bc")
    False
    """
    return _digest(parts).hex()


def _digest(value: Any) -> bytes:
    return hashlib.blake2b(_content(value), digest_size=FINGERPRINT_BYTES).digest()


def _content(value: Any) -> bytes:
    """Bytes that tell a value from every other one, of its kind or not."""
    if isinstance(value, str):
        return b"str:" + value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes | bytearray):
        return b"bytes:" + value
    if isinstance(value, int | float | None):
        return f"{type(value).__name__}:{value}".encode()
    if hasattr(value, "dtype") and hasattr(value, "tobytes"):
        return _array_content(value)
    if hasattr(value, "items"):
        return b"mapping:" + b"".join(sorted(_digest(key) + _digest(item) for key, item in value.items()))
    if isinstance(value, set | frozenset):
        return b"set:" + b"".join(sorted(map(_digest, value)))
    if isinstance(value, Iterable):
        return b"list:" + b"".join(map(_digest, value))
    raise TypeError(f"a {type(value).__name__} has no fingerprint")


def _array_content(array: Any) -> bytes:
    """Type, shape and contents of a NumPy array or scalar, in row order, little-endian."""
    if array.dtype.hasobject:
        return b"objects:" + _digest(array.shape) + _digest(array.ravel().tolist())
    little = array.dtype.newbyteorder("<")
    return f"array:{little.str}:{array.shape}:".encode() + bytes(array.astype(little).tobytes())


def sha256_file(path: str | Path) -> str:
    """SHA-256 of a file's bytes, 64 hexadecimal digits, read in blocks of 1 MiB."""
    hasher = hashlib.sha256()
    with Path(path).open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            hasher.update(block)
    return hasher.hexdigest()


def versions() -> dict[str, str | None]:
    """Versions of Python, of this package and of the libraries it computes with; None where absent.

    Examples
    --------
    >>> sorted(versions())[-2:]
    ['scipy', 'stance']
    """
    own = {"python": platform.python_version(), "stance": __version__}
    return own | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def git_commit(folder: str | Path) -> str | None:
    """Commit checked out in the git repository that holds ``folder``, or None outside of one.

    Its files are read, git itself is not run: a repository's configuration can name programs.
    """
    for parent in (Path(folder).resolve(), *Path(folder).resolve().parents):
        dot_git = parent / ".git"
        if dot_git.is_dir():
            return _head(dot_git, dot_git)
        if dot_git.is_file():
            return _head_of_worktree(parent, _first_line(dot_git))
    return None


def _head_of_worktree(parent: Path, pointer: str) -> str | None:
    """HEAD of a linked work tree, whose .git file points at a folder inside the main repository."""
    git_folder = parent / pointer.removeprefix("gitdir: ")
    common = git_folder / (_first_line(git_folder / "commondir") or ".")
    return _head(git_folder, common)


def _head(git_folder: Path, common: Path) -> str | None:
    head = _first_line(git_folder / "HEAD")
    if not head.startswith("ref: "):
        return _commit(head)
    reference = head.removeprefix("ref: ")
    if not re.fullmatch(r"refs/[^\0]+", reference) or ".." in reference:
        return None
    return _commit(_first_line(common / reference)) or _packed(common, reference)


def _packed(common: Path, reference: str) -> str | None:
    for line in _small_text(common / "packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name == reference:
            return _commit(commit)
    return None


def _commit(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text) else None


def _first_line(path: Path) -> str:
    return _small_text(path).partition("\n")[0].strip()


def _small_text(path: Path) -> str:
    """Text of a small regular file, or nothing."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_GIT_FILE_BYTES:
            return ""
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def run_facts(started_at: datetime | None = None) -> dict[str, Any]:
    """What run.json records: command line, times, platform, versions, commit; never the environment.

    Parameters
    ----------
    started_at : datetime, optional
        Start of the run, with its time zone; taken as now where it is not given.

    Returns
    -------
    dict
        ``command`` (list of str), ``started_at`` and ``recorded_at`` (UTC, ISO 8601), ``platform``,
        ``machine``, ``versions``, ``commit`` (of the working folder, or None).
    """
    now = datetime.now(UTC)
    return {
        "command": [_unescaped(argument) for argument in sys.argv],
        "started_at": _utc(started_at or now),
        "recorded_at": _utc(now),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "versions": versions(),
        "commit": git_commit(Path.cwd()),
    }


def _unescaped(argument: str) -> str:
    """An argument as valid Unicode: bytes of a file name that are not UTF-8 become question marks."""
    return argument.encode("utf-8", errors="replace").decode()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
