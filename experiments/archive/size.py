"""Ten million statements of 200 characters on two cores: throughput, and memory as the run goes on.

python experiments/archive/size.py MODEL FOLDER [ROWS]
"""

import sys
from pathlib import Path

import numpy as np
import orjson
import psutil
from runs import command, record, run
from statements import write

MIB = 1 << 20


class Memory:
    """Resident memory of the main process and of its workers, twice a second, with the rows that are done."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self.samples: list[tuple[int, float, float]] = []

    def __call__(self, process: psutil.Process, elapsed_s: float) -> None:
        try:
            workers = [child.memory_info().rss / MIB for child in process.children(recursive=True)]
            main = process.memory_info().rss / MIB
            n_parts = self._ledger.read_bytes().count(b"\n") if self._ledger.exists() else 0
        except (psutil.Error, OSError):
            return
        self.samples.append((n_parts, main, max(workers, default=0.0)))


def slope(rows: np.ndarray, mib: np.ndarray) -> float:
    """MiB a million rows, by least squares over the last three quarters of the run."""
    later = rows > rows.max() / 4
    return float(np.polyfit(rows[later] / 1e6, mib[later], 1)[0])


def main(model: Path, folder: Path, n_rows: int) -> None:
    """One run, watched."""
    archive = write(folder / f"archive-{n_rows}.parquet", n_rows)
    output = folder / "size.parquet"
    memory = Memory(folder / "size.parquet.parts" / "ledger.jsonl")
    taken = run(command(model, archive, output, "workers=2", "profile=true", "resume=false"), memory)
    manifest = orjson.loads((folder / "size.manifest.json").read_bytes())
    part_rows = manifest["identity"]["part_rows"]
    during = np.array([sample for sample in memory.samples if sample[0]], dtype=float)
    rows = during[:, 0] * part_rows
    record(
        f"size_{n_rows}",
        {
            "rows": manifest["read"],
            "scored": manifest["scored"],
            **{key: taken[key] for key in ("status", "load_before", "elapsed_s", "cpu_s")},
            "rows_per_s": round(n_rows / taken["elapsed_s"]),
            "rows_per_cpu_s": round(n_rows / taken["cpu_s"]),
            "main_process_mib": {
                "slope_per_million_rows": round(slope(rows, during[:, 1]), 2),
                "peak": round(max(s[1] for s in memory.samples)),
            },
            "worker_mib": {
                "slope_per_million_rows": round(slope(rows, during[:, 2]), 2),
                "peak": round(max(s[2] for s in memory.samples)),
            },
            "archive_bytes": archive.stat().st_size,
            "output_bytes": output.stat().st_size,
            "profile": [
                line
                for line in taken["output"].splitlines()
                if line.endswith((" s",)) or line.startswith("  ")
            ][-12:],
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000)
