"""Two million statements on a Dask cluster of this machine, a worker killed every ten seconds, against a local run.

python experiments/archive/cluster.py MODEL FOLDER [ROWS]
"""

import random
import sys
from pathlib import Path

import numpy as np
import psutil
from runs import command, digest, record, run
from statements import ROOT, write

from stance.calibration import Uncalibrated
from stance.classifier import LinearSVC
from stance.dataset import Files
from stance.execution import Dask, Local
from stance.features import Block, Features
from stance.fit import Fit, TrainingData
from stance.search import Grid, Trial

KILL_EVERY_S = 10.0


class Killer:
    """Kills one Dask worker every ten seconds."""

    def __init__(self) -> None:
        self.killed = 0
        self._random = random.Random(7)

    def __call__(self, process: psutil.Process, elapsed_s: float) -> None:
        if elapsed_s < KILL_EVERY_S * (self.killed + 1):
            return
        workers = [p for p in process.children(recursive=True) if "spawn_main" in " ".join(p.cmdline())]
        if workers:
            self._random.choice(workers).kill()
            self.killed += 1


def search_trials(engine: Local | Dask) -> tuple[Trial, ...]:
    """The trials of a small search, where joblib gives its work to an engine."""
    labelled = Files(path=str(ROOT / "data" / "tiny" / "statements.jsonl"))()
    articles = np.unique(labelled.rows["article_id"], return_inverse=True)[1]
    y = np.asarray(labelled.rows["label"])
    data = TrainingData(list(labelled.rows["text"]), None, y, articles, labelled.classes)
    fit = Fit(data, Features(blocks={"word": Block()}), LinearSVC(), Uncalibrated(), seed=1)
    with engine.joblib(2):
        return Grid(space={"classifier.C": [0.1, 1.0, 10.0]}, n_folds=3, workers=2)(
            fit, np.arange(len(y))
        ).trials


def main(model: Path, folder: Path, n_rows: int) -> None:
    """The same archive on both engines."""
    archive = write(folder / f"archive-{n_rows}.parquet", n_rows)
    local = run(command(model, archive, folder / "local.parquet", "workers=2"))
    killer = Killer()
    dask = run(command(model, archive, folder / "dask.parquet", "workers=2", "engine=dask"), killer)
    record(
        "dask",
        {
            "rows": n_rows,
            "workers_killed": killer.killed,
            "status": dask["status"],
            "search_equal": search_trials(Local()) == search_trials(Dask()),
            "equal_byte_for_byte": digest(folder / "local.parquet") == digest(folder / "dask.parquet"),
            "local": {key: local[key] for key in ("elapsed_s", "cpu_s")},
            "dask": {key: dask[key] for key in ("elapsed_s", "cpu_s")},
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2_000_000)
