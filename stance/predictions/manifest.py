"""The files that lie beside an output: its account, its skips, its parts while it is not finished."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from stance.errors import ConfigError
from stance.tables.suffixes import table_suffix

MANIFEST, SKIPS = "manifest.json", "skips.jsonl"
SUFFIXES = (".parquet", ".jsonl", ".jsonl.gz", ".csv")
"""Of what may have a list of skips: ``prepare`` writes no manifest."""


def beside(output: Path, ending: str) -> Path:
    """The file that goes with an output: called by its stem, or by its whole name where another output has the stem.

    Examples
    --------
    >>> beside(Path("runs/scores.jsonl.gz"), "manifest.json").name
    'scores.manifest.json'
    """
    stem = output.name.removesuffix(table_suffix(output))
    has_own = any(output.with_name(f"{output.name}.{name}").exists() for name in (MANIFEST, SKIPS))
    is_whole = has_own or _is_taken(output, stem)
    return output.with_name(f"{output.name if is_whole else stem}.{ending}")


def _is_taken(output: Path, stem: str) -> bool:
    """Whether the stem is that of the manifest of another output, or of its list of skips, and that output is there."""
    found = _read(output.with_name(f"{stem}.{MANIFEST}"))
    if found is None:
        others = {output.with_name(f"{stem}{suffix}") for suffix in SUFFIXES} - {output}
        is_listed = output.with_name(f"{stem}.{SKIPS}").exists() and not output.exists()
        return is_listed and any(other.exists() for other in others)
    owner = str(found.get("output") or output.name)
    return owner not in (output.name, "..") and Path(owner).name == owner and output.with_name(owner).exists()


def written_to(output: Path) -> tuple[Path, Path, Path]:
    """Where the files of an output are put."""
    return output, beside(output, SKIPS), beside(output, MANIFEST)


def check_not_input(output: Path, files: Iterable[Path]) -> None:
    """Raise ConfigError where an output, or what goes with it, would take the place of a file that is read."""
    written = [path for path in written_to(output) if path.exists()]
    for file in files:
        for path in written:
            if file.samefile(path):
                raise ConfigError(
                    f"output is {output}: {path} would be written, which is read as input. Choose another output."
                )


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
