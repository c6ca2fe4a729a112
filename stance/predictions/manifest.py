"""The account of a run: what was read, scored and skipped, by which model, with which settings."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from stance.predictions.inputs import Input
from stance.predictions.parts import Parts
from stance.predictions.scoring import ModelFacts
from stance.provenance import run_facts, sha256_file
from stance.tables import atomic_file, write_json
from stance.tables.suffixes import table_suffix

SHOWN_SKIPS = 20


def beside(output: Path, ending: str) -> Path:
    """The file that goes with an output.

    Examples
    --------
    >>> beside(Path("runs/scores.jsonl.gz"), "manifest.json").name
    'scores.manifest.json'
    """
    return output.with_name(f"{output.name[: len(output.name) - len(table_suffix(output))]}.{ending}")


def write_manifest(
    output: Path,
    parts: Parts,
    source: Input,
    known: ModelFacts,
    settings: Mapping[str, Any],
    started: datetime,
) -> dict[str, Any]:
    """Write the manifest and the list of skips beside the output, and give the manifest back."""
    records = [parts.records[n] for n in sorted(parts.records)]
    read, skipped = (sum(record[key] for record in records) for key in ("read", "skipped"))
    listed = beside(output, "skips.jsonl") if skipped else None
    if listed is None:
        beside(output, "skips.jsonl").unlink(missing_ok=True)
    else:
        with atomic_file(listed) as file:
            for path in parts.skip_paths():
                file.write(path.read_bytes())
    manifest = {
        "model": known.path,
        "model_id": known.model_id,
        "classes": list(known.classes),
        "input": {**source.identity(), "left_out": list(source.left_out)},
        "output": output.name,
        "output_sha256": sha256_file(output),
        "read": read,
        "scored": read - skipped,
        "skipped": skipped,
        "rows": sum(record["rows"] for record in records),
        "skips": _first_skips(listed),
        "skips_file": listed.name if listed else None,
        "settings": dict(settings),
        "run": run_facts(started),
    }
    write_json(beside(output, "manifest.json"), manifest)
    return manifest


def _first_skips(path: Path | None) -> list[Any]:
    if path is None:
        return []
    with path.open("rb") as file:
        return [orjson.loads(line) for line in islice(file, SHOWN_SKIPS)]


def print_summary(manifest: Mapping[str, Any]) -> None:
    """The account of a run on standard output."""
    counts = ", ".join(f"{key} {manifest[key]}" for key in ("read", "scored", "skipped"))
    print(f"{counts}; {manifest['output']}")
