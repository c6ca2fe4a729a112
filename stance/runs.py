"""Run folders: one a run, never shared."""

import secrets
from datetime import datetime
from pathlib import Path

from stance.errors import OutputError, output_error


def new_run_folder(name: str) -> Path:
    """A folder name that no other run has: name, date, time and a random part."""
    return Path("runs") / f"{name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def claim_folder(output: str | None, name: str) -> Path:
    """The run's own new folder, made before any work is done.

    Raises
    ------
    OutputError
        Where it cannot be made or holds files already.
    """
    folder = Path(output) if output is not None else new_run_folder(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError(
                f"{folder}: there are files in it already. Choose another output, or remove it first."
            )
        with (folder / ".claimed").open("x"):
            pass
        (folder / ".claimed").unlink()
    except OSError as error:
        raise output_error(folder, error) from error
    return folder
