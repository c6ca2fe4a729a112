"""Run ``stance score`` in a process of its own, with what it took."""

import hashlib
import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(HERE.parents[1])}
SAMPLE_EVERY_S = 0.5


def command(model: Path, archive: Path, output: Path, *settings: str) -> list[str]:
    """The command line, with this Python."""
    words = [f"model={model}", f"input={archive}", f"output={output}", *settings]
    return [sys.executable, "-m", "stance.cli", "score", *words]


def run(words: list[str], watch: "Callable[[psutil.Process, float], None] | None" = None) -> dict[str, Any]:
    """Run to the end; give status, the load of the machine before, seconds and CPU seconds of all processes.

    Parameters
    ----------
    watch : function
        Called twice a second with the process and the seconds since its start.
    """
    load = os.getloadavg()[0]
    started = time.monotonic()
    before = os.times()
    process = subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or []))
    reader.start()
    while process.poll() is None:
        if watch is not None:
            watch(psutil.Process(process.pid), time.monotonic() - started)
        time.sleep(SAMPLE_EVERY_S)
    reader.join()
    after = os.times()
    return {
        "status": process.returncode,
        "load_before": round(load, 2),
        "elapsed_s": round(time.monotonic() - started, 2),
        "cpu_s": round(sum(after[2:4]) - sum(before[2:4]), 2),
        "output": "".join(lines),
    }


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record(name: str, result: dict[str, Any]) -> None:
    """Put a result, with the machine and the command it comes from, into results.json."""
    path = HERE / "results.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    machine = {"cores": os.cpu_count(), "memory_gib": round(psutil.virtual_memory().total / 2**30, 1)}
    results[name] = {
        "command": " ".join(
            ["python", f"experiments/archive/{Path(sys.argv[0]).name}", *_shown(sys.argv[1:])]
        ),
        "machine": {**machine, "processor": platform.machine(), "python": platform.python_version()},
        **result,
    }
    path.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
    print(json.dumps({name: results[name]}, indent=1))


def _shown(words: list[str]) -> list[str]:
    """Arguments with folders by their last name, as the others differ from machine to machine."""
    return [Path(word).name if "/" in word else word for word in words]
