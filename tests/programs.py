"""Run the ``stance`` program as a person does, in a process of its own or in this one."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import stance

ROOT = Path(stance.__file__).parent.parent


def run(
    *words: str, cwd: Path, env: Mapping[str, str] | None = None, timeout_s: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run ``stance WORDS`` in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "stance.cli", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def workers_of(process: int) -> list[int]:
    """The processes that a process has started."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def is_running(process: int) -> bool:
    return subprocess.run(["ps", "-p", str(process)], capture_output=True, check=False).returncode == 0
