"""Kill a run at random moments, again and again, until it is through: which rows are lost, doubled, changed?

python experiments/archive/kills.py MODEL FOLDER [KILLS]
"""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
from runs import ENVIRONMENT, command, digest, record, run
from statements import write

N_ROWS = 60_000
SETTINGS = ("part_rows=1000", "workers=2")


def workers_left() -> list[int]:
    """Worker processes that have no parent any more."""
    found = psutil.process_iter(["cmdline", "ppid"])
    return [
        p.pid
        for p in found
        if "stance.execution.worker" in " ".join(p.info["cmdline"] or []) and p.info["ppid"] == 1
    ]


def main(model: Path, folder: Path, n_kills: int) -> None:
    """Rounds of kills, each to the end of a run, and the comparison with an undisturbed one."""
    archive = write(folder / "kills.parquet", N_ROWS)
    whole = folder / "undisturbed.parquet"
    full_s = run(command(model, archive, whole, *SETTINGS))["elapsed_s"]
    moments = random.Random(7)
    killed = rounds = equal = left = 0
    while killed < n_kills:
        output = folder / "killed" / "scores.parquet"
        shutil.rmtree(output.parent, ignore_errors=True)
        output.parent.mkdir(parents=True)
        while True:
            process = subprocess.Popen(
                command(model, archive, output, *SETTINGS, "resume=true"),
                env=ENVIRONMENT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                assert process.wait(timeout=moments.uniform(0.2, full_s)) == 0
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
            time.sleep(0.5)
            left += len(workers_left())
        rounds += 1
        equal += digest(output) == digest(whole)
        print(f"{killed} kills, {rounds} rounds, {equal} equal to the undisturbed run", flush=True)
    files = sorted(path.name for path in output.parent.iterdir())
    record(
        "kills",
        {
            "rows": N_ROWS,
            "kills": killed,
            "rounds": rounds,
            "rounds_equal_byte_for_byte": equal,
            "workers_left": left,
            "files_left": files,
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 60)
