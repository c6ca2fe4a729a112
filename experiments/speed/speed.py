"""Prints the tables of README.md anew and writes results.json.

Usage: python experiments/speed/speed.py benchmarks=FOLDER [n_texts=1000000] [rounds=5] [peers=PYTHON] [new_words=0.02]
       [scale=1000000]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pyarrow as pa
from facts import machine_facts
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC
from statements import labelled, statements
from threadpoolctl import threadpool_limits

from stance.features import Block
from stance.features.counting import BlockCounts
from stance.features.fitted import FittedBlock
from stance.kernel import Tables, count_block

HERE = Path(__file__).parent
WORDS = r"(?u)\b\w\w+\b"
FEATURES = {
    "words": [Block(token_pattern=WORDS, ngram_range=(1, 2), min_df=2, sublinear_tf=True)],
    "words + characters": [
        Block(token_pattern=WORDS, ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        Block(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    ],
}
SAMPLES = {"words": 20_000, "words + characters": 4_000}
"""How many statements the slow ways score a round; their rate does not depend on it."""
SCALES = [10_000, 100_000, 1_000_000, 10_000_000]


@dataclass(frozen=True)
class Fitted:
    """A linear support vector machine over scikit-learn's own vectorisers, and the same in the kernel."""

    blocks: list[Block]
    vectorizers: list[TfidfVectorizer]
    coef: np.ndarray
    intercept: np.ndarray

    @classmethod
    def on(cls, blocks: list[Block], texts: list[str], labels: list[str]) -> "Fitted":
        vectorizers = [sklearn_vectorizer(block).fit(texts) for block in blocks]
        machine = LinearSVC(C=0.5).fit(columns(vectorizers, texts), labels)
        return cls(blocks, vectorizers, machine.coef_, machine.intercept_)

    @property
    def terms(self) -> list[list[str]]:
        return [v.get_feature_names_out().tolist() for v in self.vectorizers]

    def sklearn(self, texts: list[str]) -> np.ndarray:
        return columns(self.vectorizers, texts) @ self.coef[0] + self.intercept[0]

    def tables(self) -> Tables:
        return Tables.build(
            self.blocks, self.terms, [v.idf_ for v in self.vectorizers], self.coef, self.intercept
        )

    def plain(self, texts: list[str]) -> None:
        """The product's own plain path."""
        for block, terms, v in zip(self.blocks, self.terms, self.vectorizers, strict=True):
            FittedBlock("block", block, terms, v.idf_).transform(texts)


def sklearn_vectorizer(block: Block) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=block.ngram_range,
        min_df=block.min_df,
        sublinear_tf=block.sublinear_tf,
    )


def columns(vectorizers: list[TfidfVectorizer], texts: list[str]) -> object:
    from scipy.sparse import hstack

    return hstack([v.transform(texts) for v in vectorizers], format="csr")


def seconds(action: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Time of this process on a processor, which others that share the machine lengthen least; or by another clock."""
    start = clock()
    action()
    return clock() - start


def scoring(
    fitted: Fitted, name: str, texts: list[str], rounds: int
) -> tuple[dict[str, list[float]], list[list[float]], float]:
    """Statements a second of each way, round by round in turn; the same of one and two threads by the clock; and the
    largest difference of decision values.
    """
    arrow, sample = pa.array(texts, pa.large_string()), texts[: SAMPLES[name]]
    decisions, _ = fitted.tables().decide({"text": sample})
    difference = float(np.abs(decisions[:, 0] - fitted.sklearn(sample)).max())
    ways: Mapping[str, tuple[int, Callable[[], object]]] = {
        "scikit-learn": (len(sample), lambda: fitted.sklearn(sample)),
        "kernel from a list": (len(texts), lambda: fitted.tables().decide({"text": texts})),
        "kernel from Arrow": (len(texts), lambda: fitted.tables().decide({"text": arrow})),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    by_the_clock: list[list[float]] = []
    for _ in range(rounds):
        for way, (n, action) in ways.items():
            rates[way].append(n / seconds(action))
        one_and_two = [
            seconds(lambda n=n: fitted.tables().decide({"text": arrow}, n), time.perf_counter) for n in (1, 2)
        ]
        by_the_clock.append([len(texts) / s for s in one_and_two])
    return rates, by_the_clock, difference


def training(block: Block, texts: list[str], rounds: int) -> dict[str, list[float]]:
    """Seconds to make the training matrix."""

    def ours() -> None:
        counts = BlockCounts("block", block, *count_block(texts, block, block.min_df))
        rows = np.arange(len(texts))
        counts.matrix(rows, *counts.keep(rows))

    def folds() -> None:
        counts = BlockCounts("block", block, *count_block(texts, block, block.min_df))
        for fold in range(5):
            rows = np.flatnonzero(np.arange(len(texts)) % 5 != fold)
            counts.matrix(rows, *counts.keep(rows))

    ours()
    times: dict[str, list[float]] = {"scikit-learn": [], "kernel": [], "kernel, five folds": []}
    for _ in range(rounds):
        times["scikit-learn"].append(seconds(lambda: sklearn_vectorizer(block).fit_transform(texts)))
        times["kernel"].append(seconds(ours))
        times["kernel, five folds"].append(seconds(folds))
    return times


class Peers:
    """fastText and Vowpal Wabbit in an interpreter of their own, where one is named."""

    def __init__(
        self, python: str | None, train: object, valid: object, sample: list[str], folder: Path
    ) -> None:
        self.process, self.f1, self.rates = None, {}, {}
        if python:
            data = folder / "peers.json"
            data.write_text(json.dumps({"train": train, "valid": valid, "sample": sample}), encoding="utf-8")
            command = [python, str(HERE / "peers.py"), str(data)]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.f1 = json.loads(self.process.stdout.readline())

    def round(self) -> None:
        if self.process:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            for name, rate in json.loads(self.process.stdout.readline()).items():
                self.rates.setdefault(name, []).append(rate)

    def peaks(self) -> dict[str, float]:
        """Peak memory in MiB of each peer, and of scikit-learn, alone in a process that trains and scores."""
        if not self.process:
            return {}
        names = [*self.rates, *(f"scikit-learn, {name}" for name in FEATURES)]
        return {name: float(subprocess.check_output([*self.process.args, name])) for name in names}

    def close(self) -> None:
        if self.process:
            self.process.communicate()


def in_a_fresh_process(
    fitted: Fitted, texts: list[str], n_texts: int, folder: Path, cold: bool = False
) -> dict:
    """What start.py measures."""
    path = folder / "model.json"
    settings = [{f.name: getattr(block, f.name) for f in fields(block)} for block in fitted.blocks]
    model = {
        "blocks": settings,
        "terms": fitted.terms,
        "idfs": [v.idf_.tolist() for v in fitted.vectorizers],
        "coef": fitted.coef.tolist(),
        "intercept": fitted.intercept.tolist(),
        "texts": texts[:20_000],
    }
    path.write_text(json.dumps(model), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    if cold:
        environment["XDG_CACHE_HOME"] = tempfile.mkdtemp(dir=folder)
    command = [sys.executable, str(HERE / "start.py"), str(path), str(n_texts)]
    return json.loads(
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    )


def table(title: str, head: list[str], rows: list[list[str]]) -> None:
    print(f"\n{title}\n")
    for row in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(row) + " |")


def main(
    benchmarks: str,
    n_texts: str = "1000000",
    rounds: str = "5",
    peers: str | None = None,
    new_words: str = "0.02",
    scale: str = "1000000",
) -> None:
    folder, n_rounds = Path(benchmarks), int(rounds)
    train, valid = labelled(folder, "train"), labelled(folder, "valid")
    texts = list(statements(folder, int(n_texts), new_words=float(new_words)))
    n_chars, n_pieces = (
        np.mean([len(text) for text in texts]),
        len({piece for text in texts for piece in text.split()}),
    )
    results: dict = {"n_texts": len(texts), "n_rounds": n_rounds}
    results["texts"] = {"mean_chars": float(n_chars), "n_different_pieces": n_pieces}
    print(
        f"{len(texts)} statements of {n_chars:.0f} characters, {n_pieces} different pieces; medians of {n_rounds} rounds"
    )
    with tempfile.TemporaryDirectory() as temporary, threadpool_limits(1):
        place = Path(temporary)
        others = Peers(peers, train, valid, texts[:20_000], place)
        for name, blocks in FEATURES.items():
            fitted = Fitted.on(blocks, *train)
            predicted = np.where(
                fitted.tables().decide({"text": valid[0]})[0][:, 0] > 0, "tense", "cooperative"
            )
            f1 = {"kernel": float(f1_score(valid[1], predicted, average="macro")), **others.f1}
            rates, threads, difference = scoring(fitted, name, texts, n_rounds)
            for _ in range(n_rounds):
                others.round()
            results[name] = measured(fitted, texts, rates, difference, f1, place, scale)
            results[name]["one_and_two_threads"] = threads
            results[name]["training_s"] = training(blocks[-1], train[0] + texts[:10_000], n_rounds)
            show(name, results[name])
        results["peers"] = others.rates
        baseline = {name: statistics.median(results[name]["rates"]["scikit-learn"]) for name in FEATURES}
        table(
            "Peers",
            [
                "peer",
                "statements/s",
                "macro-F1 on UN statements",
                *(f"of scikit-learn, {name}" for name in FEATURES),
            ],
            [
                [peer, f"{(rate := statistics.median(r)):,.0f}", f"{others.f1[peer]:.3f}"]
                + [f"{rate / baseline[name]:.1f}" for name in FEATURES]
                for peer, r in others.rates.items()
            ],
        )
        results["peak_mib"] = others.peaks()
        rows = [[peer, f"{peak:.0f}"] for peer, peak in results["peak_mib"].items()]
        table("Peak memory, training included", ["peer", "MiB"], rows)
        others.close()
    results["facts"] = machine_facts()
    (HERE / "results.json").write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def measured(
    fitted: Fitted, texts: list[str], rates: dict, difference: float, f1: dict, place: Path, scale: str
) -> dict:
    """Everything measured with one set of features."""
    cold = in_a_fresh_process(fitted, texts, 0, place, cold=True)["seconds"]
    warm = [in_a_fresh_process(fitted, texts, 0, place)["seconds"] for _ in range(3)]
    warm_s = statistics.median(sum(run.values()) for run in warm)
    sample = texts[:2000]
    plain_s = statistics.median(seconds(lambda: fitted.plain(sample)) for _ in range(3)) / len(sample)
    return {
        "n_features": sum(map(len, fitted.terms)),
        "largest_difference": difference,
        "macro_f1": f1,
        "rates": rates,
        "start_cold_s": cold,
        "start_warm_s": warm,
        "plain_s_per_statement": plain_s,
        "worth_it_from": round(warm_s / plain_s),
        "scales": {n: in_a_fresh_process(fitted, texts, n, place) for n in SCALES if n <= int(scale)},
    }


def show(name: str, result: dict) -> None:
    """Print the tables of one set of features."""
    print(
        f"\n{name}: {result['n_features']:,} features, decision values equal to {result['largest_difference']:.1e}"
    )
    print(f"macro-F1 on UN statements held out: {result['macro_f1']['kernel']:.3f}")
    base = result["rates"]["scikit-learn"]
    rows = [
        [way, f"{statistics.median(r):,.0f}", f"{statistics.median(np.divide(r, base)):.1f}"]
        for way, r in result["rates"].items()
    ]
    table("Scoring", ["way", "statements/s", "times scikit-learn"], rows)
    ratios = [two / one for one, two in result["one_and_two_threads"]]
    print(f"\ntwo threads by the clock: {statistics.median(ratios):.2f} times one (best {max(ratios):.2f})")
    times = result["training_s"]
    rows = [
        [way, f"{statistics.median(t):.2f}", f"{statistics.median(np.divide(times['scikit-learn'], t)):.1f}"]
        for way, t in times.items()
    ]
    table("Training matrix of the last block", ["way", "seconds", "times faster"], rows)
    cold, warm = result["start_cold_s"], result["start_warm_s"]
    rows = [[step, f"{cold[step]:.2f}", f"{statistics.median(w[step] for w in warm):.2f}"] for step in cold]
    table("Start (seconds)", ["step", "compiling", "compiled before"], rows)
    print(f"\nthe plain path ends sooner below {result['worth_it_from']:,} statements")
    rows = [
        [f"{n:,}", f"{run['seconds'].get('score', 0):.2f}", f"{run['peak_mib']:.0f}"]
        for n, run in result["scales"].items()
    ]
    table("Growth, one new word in each statement", ["statements", "seconds", "peak MiB"], rows)


if __name__ == "__main__":
    main(**dict(argument.split("=", 1) for argument in sys.argv[1:]))
