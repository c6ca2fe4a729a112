"""The private folder where machine code is kept from one run to the next."""

import hashlib
import os
import stat
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def cache_folder() -> Path | None:
    """Where machine code is kept, or None where no folder can be written by this user alone.

    Machine code is run when it is read, so a folder that others may write to is not used. The name of the
    folder changes with the sources and with numba: numba alone would not see that a function called from
    another module has changed.
    """
    name = f"kernel-{_digest()}"
    places = [_user_cache() / name, Path(tempfile.gettempdir()) / f"stance-{_user()}" / name]
    return next((folder for folder in places if _is_private(folder)), None)


def _user_cache() -> Path:
    chosen = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    return Path(chosen or Path("~").expanduser() / ".cache") / "stance"


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


def _digest() -> str:
    digest = hashlib.sha256(version("numba").encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _is_private(folder: Path) -> bool:
    """Whether the folder, made if need be, belongs to this user and nobody else writes to it or its parent."""
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        facts = [place.lstat() for place in (folder, folder.parent)]
    except (OSError, RuntimeError):
        return False
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    return not hasattr(os, "getuid") or all(_is_mine(fact) for fact in facts)


def _is_mine(fact: os.stat_result) -> bool:
    return stat.S_ISDIR(fact.st_mode) and fact.st_uid == os.getuid() and not fact.st_mode & 0o022


def is_compiled(name: str) -> bool:
    """Whether machine code of a function (``words.score_words``) is kept from an earlier run."""
    folder = cache_folder()
    return folder is not None and any(folder.glob(f"*/{name}-*.nbi"))
