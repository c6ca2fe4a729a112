"""What a run leaves on disk."""

import hashlib
import json
from pathlib import Path
from typing import Any


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(output: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        output.with_name(f"{output.name.split('.')[0]}.manifest.json").read_text()
    )
    return found


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
