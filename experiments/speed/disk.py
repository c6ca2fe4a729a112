"""The whole way from disk to disk beside the kernel alone, and the time of ``stance score`` for 100 statements; writes disk.json.

Processor time is counted over all processes of a command. Less that of the same command for the first quarter of the
statements it is what the others took, without any start; the kernel's share of it is what is left of its rate where one
core does all.

Usage: python experiments/speed/disk.py benchmarks=FOLDER [n_texts=1000000] [rounds=5]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from facts import machine_facts
from statements import UN_QUAD, statements

from stance.bundle import load

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Run:
    """A command that has ended."""

    elapsed_s: float
    processor_s: float
    printed: str


def stance(*settings: str) -> Run:
    start, before = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "stance.cli", *settings]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    elapsed, after = time.perf_counter() - start, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(elapsed, processor, done.stdout)


def trained(benchmarks: Path, features: str, folder: Path) -> str:
    """The folder of a model of UN statements."""
    data, output = folder / "train.jsonl", folder / features
    parts = [benchmarks / "un_quad" / f"{name}_train.jsonl" for name in UN_QUAD]
    data.write_bytes(b"".join(part.read_bytes() for part in parts))
    stance("train", "dataset=un_quad", f"dataset.path={data}", f"features={features}", f"output={output}")
    return str(output / "model")


def written(texts: list[str], folder: Path) -> dict[str, Path]:
    """All statements, a quarter of them, and 100."""
    rows = pa.table({"statement_id": [f"a{i // 10}:{i}" for i in range(len(texts))], "text": texts})
    paths = {name: folder / name for name in ("hundred.parquet", "quarter.parquet", "archive.parquet")}
    pq.write_table(rows, paths["archive.parquet"])
    pq.write_table(rows.slice(0, len(texts) // 4), paths["quarter.parquet"])
    pq.write_table(rows.slice(0, 100), paths["hundred.parquet"])
    return paths


def scored(model: str, source: Path, folder: Path) -> Run:
    output = folder / f"scores-{time.monotonic_ns()}.parquet"
    return stance(
        "score", f"model={model}", f"input={source}", f"output={output}", "workers=1", "profile=true"
    )


def main(benchmarks: str, n_texts: str = "1000000", rounds: str = "5") -> None:
    texts = list(statements(Path(benchmarks), int(n_texts)))
    results: dict = {"n_texts": len(texts), "features": {}}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        paths = written(texts, folder)
        for features in ("word", "word_char", "word_char_polarity"):
            model = trained(Path(benchmarks), features, folder)
            results["features"][features] = measured(model, texts, paths, folder, int(rounds))
            show(features, len(texts), results["features"][features])
    results["facts"] = machine_facts()
    (HERE / "disk.json").write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def measured(model: str, texts: list[str], paths: dict[str, Path], folder: Path, n_rounds: int) -> dict:
    """Processor seconds of the kernel alone for the last three quarters, and of each command with its seconds by the clock, round by round."""
    arrow = pa.chunked_array([pa.array(texts)])
    kernel_s: list[float] = []
    runs: dict[str, list[Run]] = {name: [] for name in paths}
    for _ in range(n_rounds):
        kernel = load(model).prepared_for(len(texts))
        kernel.decide(arrow[:1000])
        kernel.decide(arrow[: len(texts) // 4])
        start = time.process_time()
        kernel.decide(arrow[len(texts) // 4 :])
        kernel_s.append(time.process_time() - start)
        for name, path in paths.items():
            runs[name].append(scored(model, path, folder))
    printed = runs["archive.parquet"][-1].printed
    return {
        "kernel_processor_s": kernel_s,
        "elapsed_s": {name: [run.elapsed_s for run in several] for name, several in runs.items()},
        "processor_s": {name: [run.processor_s for run in several] for name, several in runs.items()},
        "stages": printed[printed.index("Main process:") :].splitlines(),
    }


def show(features: str, n_texts: int, result: dict) -> None:
    kernel, spent = result["kernel_processor_s"], result["processor_s"]
    print(f"\nfeatures={features}, {n_texts:,} statements: seconds by the clock and of processors\n")
    for name, seconds in spent.items():
        elapsed = statistics.median(result["elapsed_s"][name])
        print(f"| {name} | {elapsed:.2f} | {statistics.median(seconds):.2f} |")
    others = np.subtract(spent["archive.parquet"], spent["quarter.parquet"])
    print(
        f"\nthe last three quarters: kernel alone {statistics.median(kernel):.2f} s of a processor, all "
        f"{statistics.median(others):.2f} s, share {statistics.median(kernel / others):.2f}"
    )
    print("\n".join(result["stages"]))


if __name__ == "__main__":
    main(**dict(argument.split("=", 1) for argument in sys.argv[1:]))
