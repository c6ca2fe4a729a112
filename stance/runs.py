"""Run folders: one a run, never shared."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from stance.errors import OutputError, output_error
from stance.predictions.lock import LOCK, locked


def new_run_folder(name: str) -> Path:
    """A folder name that no other run has: name, date, time and a random part."""
    return Path("runs") / f"{name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


@contextmanager
def claimed_folder(output: str | None, name: str) -> Iterator[Path]:
    """The run's own new folder, made before any work is done and held to its end; an empty one does not stay.

    Raises
    ------
    OutputError
        Where it cannot be made, holds files already, or is held by another run.
    """
    folder = Path(output) if output is not None else new_run_folder(name)
    made = [path for path in folder.parents if not path.exists()]
    _make_parents(folder)
    try:
        with locked(folder, str(folder)):
            if any(path.name != LOCK for path in folder.iterdir()):
                raise OutputError(
                    f"{folder}: there are files in it already. Choose another output, or remove it first."
                )
            yield folder
    finally:
        with suppress(OSError):
            for path in made:
                path.rmdir()


def _make_parents(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; a folder is needed. Choose another output.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
