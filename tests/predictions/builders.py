"""A small saved model, archives to score, and engines for tests."""

import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from stance import bundle
from stance.calibration import Sigmoid
from stance.classifier import LinearSVC
from stance.execution import Outcome
from stance.features import Block, Features
from stance.fit import Fit
from stance.model import Model
from stance.predictions.drift import score_bins
from stance.predictions.scoring import ScoredPart, Scoring
from stance.predictions.tasks import RowsTask
from stance.seen import seen_hashes
from tests.texts import labelled

DEADLY = "☠"
"""In a text, kills the process that scores it (see DeadlyScoring)."""

WORDS = [
    "accord",
    "paix",
    "dialogue",
    "salue",
    "signe",
    "reprise",
    "ceasefire",
    "welcomed",
    "agreed",
    "treaty",
    "menace",
    "sanctions",
    "attaque",
    "bombs",
    "shelled",
    "warned",
    "rejected",
    "expelled",
    "condemned",
    "zebra",
    "ministère",
    "president",
    "border",
    "talks",
    "the",
    "of",
    "la",
    "les",
]


@cache
def model(C: float = 1.0) -> Model:
    data = labelled()
    rows = np.arange(len(data.y))
    fit = Fit(data, Features(blocks={"word": Block(ngram_range=(1, 2))}), LinearSVC(C=C), Sigmoid(), seed=1)
    fitted = fit.model(rows, rows[:0])
    scores = fitted.score(data.texts)
    facts = {
        "languages": {"fr": 0.5, "en": 0.5},
        "held_out": {
            "score_bins": {name: score_bins(scores.decisions[:, k]) for k, name in enumerate(data.classes)}
        },
    }
    return replace(fitted, facts=facts, seen=seen_hashes(data.texts, []))


def saved_model(folder: Path, C: float = 1.0) -> Path:
    bundle.save(model(C), folder, card="# A model for tests\n")
    return folder


def text(i: int) -> str:
    """Some words, the same for the same ``i``; one in fifty is of no word that the model knows."""
    if i % 50 == 49:
        return "qqq www"
    random = np.random.default_rng(i)
    return " ".join(random.choice(WORDS, size=int(random.integers(3, 30))))


def rows(n: int, start: int = 0) -> list[dict[str, Any]]:
    """Statements with metadata of many kinds."""
    return [
        {
            "statement_id": f"a{i // 4}:{i}",
            "article_id": f"a{i // 4}",
            "text": text(i),
            "lang": ("fr", "en", None)[i % 3],
            "source": f"outlet {i % 5}",
            "published_on": f"{2015 + i % 7}-0{1 + i % 9}-13",
            "weight": i / 8,
            "position": i,
            "checked": bool(i % 2),
            "tags": [i, {"deep": "é\u2028"}],
        }
        for i in range(start, start + n)
    ]


def write_jsonl(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@dataclass
class InLine:
    """Works in this process, and can be stopped after some tasks."""

    stop_after: int | None = None
    error: type[BaseException] = KeyboardInterrupt
    n_done: int = 0

    def run(self, work: Any, tasks: Iterable[Any], workers: int | None = None) -> Iterator[Outcome[Any, Any]]:
        compute = work.open()
        for task in tasks:
            if self.n_done == self.stop_after:
                raise self.error
            self.n_done += 1
            yield Outcome(task, compute(task))


@dataclass(frozen=True)
class DeadlyScoring(Scoring):
    """Scoring in which some texts kill the process."""

    def open(self) -> Callable[[RowsTask], ScoredPart]:
        score = super().open()

        def compute(task: RowsTask) -> ScoredPart:
            if any(DEADLY in str(value) for value in task.rows.column("text").to_pylist()):
                os.kill(os.getpid(), signal.SIGKILL)
            return score(task)

        return compute
