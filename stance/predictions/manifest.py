"""The files that lie beside an output: its account, its skips, its parts while it is not finished."""

from pathlib import Path
from typing import Any

import orjson

from stance.tables.suffixes import table_suffix


def beside(output: Path, ending: str) -> Path:
    """The file that goes with an output.

    Examples
    --------
    >>> beside(Path("runs/scores.jsonl.gz"), "manifest.json").name
    'scores.manifest.json'
    """
    return output.with_name(f"{output.name.removesuffix(table_suffix(output))}.{ending}")


def parts_folder(output: Path) -> Path:
    """The folder of the parts while a run is not finished."""
    return output.with_name(f"{output.name}.parts")


def read_manifest(output: Path) -> dict[str, Any] | None:
    """The manifest of an output, or None where there is none that can be read."""
    try:
        found = orjson.loads(beside(output, "manifest.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None
