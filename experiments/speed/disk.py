"""The whole way from disk to disk beside the kernel alone, and the time of ``stance score`` for 100 statements; writes disk.json.

Usage: python experiments/speed/disk.py benchmarks=FOLDER [n_texts=400000] [rounds=3]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from statements import UN_QUAD, statements

from stance.bundle import load
from stance.provenance import run_facts

HERE = Path(__file__).parent


def stance(*settings: str) -> tuple[float, str]:
    """Seconds of a command, and what it printed."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "stance.cli", *settings]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout


def trained(benchmarks: Path, features: str, folder: Path) -> str:
    """The folder of a model of UN statements."""
    data, output = folder / "train.jsonl", folder / features
    parts = [benchmarks / "un_quad" / f"{name}_train.jsonl" for name in UN_QUAD]
    data.write_bytes(b"".join(part.read_bytes() for part in parts))
    stance("train", "dataset=un_quad", f"dataset.path={data}", f"features={features}", f"output={output}")
    return str(output / "model")


def written(texts: list[str], folder: Path) -> dict[str, Path]:
    """The statements in both formats, and 100 of them."""
    rows = pa.table({"statement_id": [f"a{i // 10}:{i}" for i in range(len(texts))], "text": texts})
    paths = {name: folder / name for name in ("archive.parquet", "archive.jsonl", "hundred.parquet")}
    pq.write_table(rows, paths["archive.parquet"])
    pq.write_table(rows.slice(0, 100), paths["hundred.parquet"])
    with paths["archive.jsonl"].open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.to_pylist())
    return paths


def scored(model: str, source: Path, folder: Path, workers: int) -> tuple[float, str]:
    output = folder / f"scores-{time.monotonic_ns()}.parquet"
    settings = [f"model={model}", f"input={source}", f"output={output}", f"workers={workers}", "profile=true"]
    return stance("score", *settings)


def inside(printed: str) -> float:
    """Seconds of the run without the start of Python and of the command."""
    line = next(line for line in printed.splitlines() if line.startswith("Main process:"))
    return float(line.split()[2])


def main(benchmarks: str, n_texts: str = "400000", rounds: str = "3") -> None:
    texts = list(statements(Path(benchmarks), int(n_texts)))
    results: dict = {"facts": run_facts(), "n_texts": len(texts), "features": {}}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        paths = written(texts, folder)
        for features in ("word", "word_char"):
            model = trained(Path(benchmarks), features, folder)
            results["features"][features] = measured(model, texts, paths, folder, int(rounds))
            show(features, len(texts), results["features"][features])
    results["load_average"] = os.getloadavg()
    (HERE / "disk.json").write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def measured(model: str, texts: list[str], paths: dict[str, Path], folder: Path, n_rounds: int) -> dict:
    """Seconds of the kernel alone and of each way from disk to disk, round by round in turn."""
    arrow = pa.chunked_array([pa.array(texts)])
    seconds: dict[str, list[float]] = {}
    printed = ""
    for _ in range(n_rounds):
        kernel = load(model).prepared_for(len(texts))
        kernel.decide(arrow[:1000])
        start = time.perf_counter()
        kernel.decide(arrow)
        seconds.setdefault("kernel alone", []).append(time.perf_counter() - start)
        for name, workers in (("archive.parquet", 1), ("archive.parquet", 2), ("archive.jsonl", 1)):
            _, output = scored(model, paths[name], folder, workers)
            printed = output if (name, workers) == ("archive.parquet", 1) else printed
            seconds.setdefault(f"{name}, workers={workers}", []).append(inside(output))
        whole, _ = scored(model, paths["hundred.parquet"], folder, 1)
        seconds.setdefault("100 statements, whole command", []).append(whole)
    return {"seconds": seconds, "stages": printed[printed.index("Main process:") :]}


def show(features: str, n_texts: int, result: dict) -> None:
    base = result["seconds"]["kernel alone"]
    print(
        f"\nfeatures={features}, {n_texts} statements: seconds, statements a second, share of the kernel's rate\n"
    )
    for way, seconds in result["seconds"].items():
        median = statistics.median(seconds)
        if way.startswith("100"):
            print(f"| {way} | {median:.2f} | | |")
        else:
            share = statistics.median(a / b for a, b in zip(base, seconds, strict=True))
            print(f"| {way} | {median:.2f} | {n_texts / median:,.0f} | {share:.2f} |")
    print(f"\n{result['stages']}")


if __name__ == "__main__":
    main(**dict(argument.split("=", 1) for argument in sys.argv[1:]))
