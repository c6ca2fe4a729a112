"""The files that lie beside an output: its account, its skips, its parts while it is not finished."""

from pathlib import Path
from typing import Any

import orjson

from stance.tables.suffixes import table_suffix

MANIFEST = "manifest.json"


def beside(output: Path, ending: str) -> Path:
    """The file that goes with an output: called by its stem, or by its whole name where another output has the stem.

    Examples
    --------
    >>> beside(Path("runs/scores.jsonl.gz"), "manifest.json").name
    'scores.manifest.json'
    """
    stem = output.name.removesuffix(table_suffix(output))
    is_whole = output.with_name(f"{output.name}.{MANIFEST}").exists() or _is_taken(output, stem)
    return output.with_name(f"{output.name if is_whole else stem}.{ending}")


def _is_taken(output: Path, stem: str) -> bool:
    """Whether the stem is that of the manifest of another output, which is still there."""
    found = _read(output.with_name(f"{stem}.{MANIFEST}")) or {}
    owner = str(found.get("output") or output.name)
    return owner not in (output.name, "..") and Path(owner).name == owner and output.with_name(owner).exists()


def parts_folder(output: Path) -> Path:
    """The folder of the parts while a run is not finished."""
    return output.with_name(f"{output.name}.parts")


def read_manifest(output: Path) -> dict[str, Any] | None:
    """The manifest of an output, or None where there is none that can be read."""
    return _read(beside(output, MANIFEST))


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None
