"""A run: the parts that are missing, scored and put on disk one after the other."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from typing import Any

import orjson

from stance.execution import Local, Outcome
from stance.predictions.inputs import Input, RowsTask
from stance.predictions.parts import Parts
from stance.predictions.scoring import ScoredPart, Scoring
from stance.progress import bar
from stance.tables import Skip

KILLER_FIX = "Score it alone, or remove it."


def score_missing(
    parts: Parts, source: Input, scoring: Scoring, engine: Local, part_rows: int, workers: int | None
) -> None:
    """Score what the parts do not hold yet."""
    first = parts.first_missing()
    tasks = (
        task
        for task in source.tasks(part_rows, parts.start_of(first), first)
        if task.number not in parts.records
    )
    with bar(None, "scoring", "rows/s") as advance, closing(engine.run(scoring, tasks, workers)) as outcomes:
        for outcome in outcomes:
            _keep(parts, outcome)
            advance(len(outcome.task))


def _keep(parts: Parts, outcome: Outcome[RowsTask, ScoredPart]) -> None:
    task, part = outcome.task, outcome.result
    skips = [*task.skips, *_killers(outcome)]
    facts: dict[str, Any] = {
        "read": len(task) + len(task.skips),
        "skipped": len(skips),
        "rows": part.n_rows,
        "next": [task.next.file, task.next.batch],
        "counts": part.counts,
    }
    parts.add(task.number, part.content, b"".join(map(_line, skips)), facts)


def _killers(outcome: Outcome[RowsTask, ScoredPart]) -> Iterator[Skip]:
    """A skip for each row that ended the process that scored it."""
    for item in outcome.killers:
        file, line = outcome.task.place(item)
        yield Skip(file, line, None, "kills the process that scores it", KILLER_FIX)


def _line(skip: Skip) -> bytes:
    return orjson.dumps(asdict(skip), option=orjson.OPT_APPEND_NEWLINE)
