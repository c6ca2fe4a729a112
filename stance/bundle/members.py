"""The files of a bundle: which there are, and their bytes, each read once, within bounds, and as data."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from stance.bundle.manifest import CONFIG, VOCABULARY, WEIGHTS
from stance.errors import BundleError, nearest
from stance.tables import recognition

MAX_FILE_BYTES = 16 << 30
MAX_VALUES = 250_000
"""Values of a JSON text that is read whole: of lists in lists each takes 90 bytes of memory, 22 MiB in all. A model of
1,000 classes states 50,000."""

CHUNK_BYTES = 64 << 10
MAX_CHUNK_BYTES = 1 << 20
"""Of a long list, read some lines at a time: what they hold takes 30 times that at most."""

SHOWN_NAMES = 60


def refusal(
    folder: Path, member: str, what: str, step: str = "Copy the bundle again, or retrain."
) -> BundleError:
    """The error for a bundle of which one file is not as it should be."""
    return BundleError(f"{folder}: {member} {what}; nothing was loaded. {step}")


def check_folder(folder: Path) -> None:
    """Raise BundleError, saying what it is, where a path is not a folder with a manifest."""
    try:
        mode = folder.stat().st_mode
        has_manifest = stat.S_ISDIR(mode) and any(path.name == CONFIG for path in folder.iterdir())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        hint = _near(folder) if isinstance(error, FileNotFoundError) else ""
        raise BundleError(
            f"{folder}: no model can be loaded ({reason}).{hint} Give the folder 'model' of a run."
        ) from None
    if not stat.S_ISDIR(mode):
        what = looks_like(folder) if stat.S_ISREG(mode) else "not a regular file"
        raise BundleError(
            f"{folder}: {what}, refused; a model is a folder with {CONFIG} and {WEIGHTS}. "
            "Give the folder 'model' of a run."
        )
    if not has_manifest:
        hint = " Its folder 'model' is one." if _is_file(folder / "model" / CONFIG) else ""
        raise BundleError(
            f"{folder}: this is not a model: it has no {CONFIG}; nothing was loaded.{hint} Give the folder 'model' of a run."
        )


def _near(folder: Path) -> str:
    """The phrase that names what was most likely meant, where the folder around it can be listed."""
    try:
        return nearest(folder.name, [path.name for path in folder.parent.iterdir()])
    except (OSError, ValueError):
        return ""


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def looks_like(path: Path) -> str:
    """What a file is, by its first bytes."""
    try:
        with path.open("rb") as file:
            start = file.read(recognition.START_BYTES)
    except OSError as error:
        return f"a file that cannot be read ({error.strerror})"
    if not start:
        return "an empty file"
    if start.lstrip().startswith((b"{", b"[")):
        return "JSON, perhaps training data"
    return recognition.looks_like(start) or "a single file"


def check_members(folder: Path, listed: Mapping[str, str]) -> None:
    """Refuse members that the manifest does not list, and links; hidden files are never read and may stay."""
    allowed = {CONFIG, VOCABULARY, *listed}
    for parent, inside in ((folder, ""), (folder / VOCABULARY, f"{VOCABULARY}/")):
        try:
            entries = sorted(os.scandir(parent), key=lambda entry: entry.name)
        except OSError as error:
            raise refusal(folder, inside or CONFIG, f"cannot be listed ({error.strerror})") from None
        for entry in entries:
            name = inside + entry.name
            if entry.is_symlink():
                raise refusal(folder, _shown(name), "is a link")
            if name not in allowed and not entry.name.startswith("."):
                what = looks_like(Path(entry.path)) if entry.is_file() else "a folder"
                step = "Remove it, or copy the bundle again."
                raise refusal(folder, _shown(name), f"is not listed in {CONFIG} ({what})", step)
    for name in listed:
        if not os.path.lexists(folder / name):
            raise refusal(folder, name, "is missing")


def _shown(name: str) -> str:
    return name if len(name) <= SHOWN_NAMES else name[: SHOWN_NAMES - 1] + "…"


def read(folder: Path, member: str, limit: int = MAX_FILE_BYTES, digest: str | None = None) -> bytes:
    """The bytes of a regular file of the bundle that has a digest; links and special files are refused.

    What does not have the digest is not held in memory, whatever its size.
    """
    try:
        descriptor = os.open(folder / member, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise refusal(folder, member, f"cannot be read ({error.strerror})") from None
    with os.fdopen(_regular(descriptor, folder, member), "rb") as file:
        n_bytes = os.fstat(descriptor).st_size
        if n_bytes > limit:
            raise refusal(folder, member, f"has {n_bytes} bytes, more than the {limit} allowed")
        try:
            if digest is not None and hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise refusal(folder, member, f"does not match its digest in {CONFIG}")
            file.seek(0)
            return file.read(n_bytes)
        except OSError as error:
            raise refusal(folder, member, f"cannot be read ({error.strerror})") from None


def _regular(descriptor: int, folder: Path, member: str) -> int:
    """The descriptor, where it is of a regular file; closed else."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refusal(folder, member, "is not a regular file")
    return descriptor


def parse(folder: Path, member: str, content: bytes) -> Any:
    """The value of a JSON text that holds no more values than it can need."""
    n_values = sum(map(content.count, (b",", b"[", b"{", b":")))
    if n_values > MAX_VALUES:
        raise refusal(folder, member, f"holds some {n_values} values, more than the {MAX_VALUES} allowed")
    return _parsed(folder, member, content)


def parse_lines(folder: Path, member: str, content: bytes) -> Iterator[list[Any]]:
    """The items of a JSON list with one item on a line, some at a time, so that no more is in memory."""
    start, end = content.find(b"[") + 1, content.rfind(b"]")
    if content[: start - 1].strip() or start < 1 or end < start or content[end + 1 :].strip():
        raise refusal(folder, member, "is not a JSON list")
    while start < end:
        cut = content.find(b",\n", start + CHUNK_BYTES, end)
        stop = end if cut < 0 else cut
        if stop - start > MAX_CHUNK_BYTES:
            raise refusal(folder, member, f"has a line of more than {MAX_CHUNK_BYTES >> 20} MiB")
        items: list[Any] = _parsed(folder, member, b"[%b]" % content[start:stop])
        yield items
        start = stop + 2


def _parsed(folder: Path, member: str, content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise refusal(folder, member, f"is not JSON ({str(error)[:80]})") from None
