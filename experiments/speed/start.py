"""A fresh process: seconds from nothing to the first scores, and memory while an archive is scored; prints JSON.

Usage: start.py MODEL N_TEXTS, where MODEL is a file that speed.py writes and texts come a batch at a time.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from stance.features import Block

BATCH = 8192


def main(path, n_texts):
    model = json.loads(Path(path).read_text(encoding="utf-8"))
    blocks = [Block(**settings) for settings in model["blocks"]]
    arrays = [np.asarray(model[name]) for name in ("coef", "intercept")]
    idfs, texts = [np.asarray(idf) for idf in model["idfs"]], model["texts"]
    seconds = {}

    def mark(name, start):
        seconds[name] = time.perf_counter() - start
        return time.perf_counter()

    start = time.perf_counter()
    from stance.kernel import Tables

    start = mark("import", start)
    scorer = Tables.build(blocks, model["terms"], idfs, *arrays)
    start = mark("build", start)
    scorer.decide({"text": texts[:100]})
    start = mark("first 100 statements", start)
    done = 0
    while done < n_texts:
        n = min(BATCH, n_texts - done)
        batch = [f"{texts[i % len(texts)]} {i:x}" for i in range(done, done + n)]
        before = time.perf_counter()
        scorer.decide({"text": batch})
        seconds["score"] = seconds.get("score", 0.0) + time.perf_counter() - before
        done += n
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage counts the parent's memory too
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
