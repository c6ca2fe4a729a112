"""Run folders: one a run, never shared."""

import logging
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from stance.errors import OutputError, output_error
from stance.predictions.lock import LOCK, locked

logger = logging.getLogger(__name__)

UNFINISHED = ".unfinished"
"""Stands in a run folder until all is in it."""

MADE = re.compile(
    r"model|(metrics|behaviour|run)\.json|report\.(html|md)|results\.tex|comparison\.(json|csv|html|md|tex)"
    r"|(predictions|splits)\.parquet|(search|label_errors)\.csv|skips\.jsonl|config\.yaml"
    r"|\.model-\w+|\.[0-9a-f]{16}\.partial|" + re.escape(UNFINISHED)
)
"""What runs leave in their folders; nothing else is ever removed."""


def new_run_folder(name: str) -> Path:
    """A folder name that no other run has: name, date, time and a random part."""
    return Path("runs") / f"{name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


@contextmanager
def claimed_folder(output: str | None, name: str) -> Iterator[Path]:
    """The run's own new folder, made before any work is done and held to its end; an empty one does not stay.

    What a run that was stopped or failed left in it is removed first.

    Raises
    ------
    OutputError
        Where it cannot be made, holds files of others already, or is held by another run.
    """
    folder = Path(output) if output is not None else new_run_folder(name)
    made = [path for path in folder.parents if not path.exists()]
    _make_parents(folder)
    try:
        with locked(folder, str(folder)), _unfinished(folder):
            yield folder
    finally:
        with suppress(OSError):
            for path in made:
                path.rmdir()


@contextmanager
def _unfinished(folder: Path) -> Iterator[None]:
    """Mark the folder until the end of the run; a run that fails leaves the mark, where it leaves anything."""
    mark = folder / UNFINISHED
    _clear(folder)
    try:
        mark.touch(mode=0o600)
    except OSError as error:
        raise output_error(folder, error) from error
    try:
        yield
        mark.unlink()
    finally:
        with suppress(OSError):
            if {path.name for path in folder.iterdir()} <= {LOCK, UNFINISHED}:
                mark.unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    """Remove what an unfinished run left; anything else in the folder is an error."""
    found = [path for path in folder.iterdir() if path.name != LOCK]
    if not found:
        return
    if not (folder / UNFINISHED).is_file() or not all(MADE.fullmatch(path.name) for path in found):
        raise OutputError(
            f"{folder}: there are files in it already. Choose another output, or remove it first."
        )
    logger.warning("%s: an unfinished run left files in it; they are made again", folder)
    try:
        for path in sorted(found, key=lambda path: path.name == UNFINISHED):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    except OSError as error:
        raise output_error(folder, error) from error


def _make_parents(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; a folder is needed. Choose another output.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
