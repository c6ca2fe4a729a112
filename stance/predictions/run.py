"""A run: the parts that are missing, scored and put on disk one after the other, then made into the output."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from stance import __version__
from stance.execution import Dask, Local, Outcome
from stance.predictions.counts import Counts
from stance.predictions.drift import UNKNOWN, count, sampled_languages, summary
from stance.predictions.growing import GrowingOutput
from stance.predictions.inputs import Input
from stance.predictions.manifest import read_manifest
from stance.predictions.output import Output, output_digest
from stance.predictions.partitions import check_column
from stance.predictions.parts import Parts, check_same, differing
from stance.predictions.scoring import ModelFacts, ScoredPart, Scoring
from stance.predictions.stages import Stages, print_stages
from stance.predictions.table import are_statements, output_columns, prediction_table
from stance.predictions.tasks import Position, RowsTask
from stance.progress import bar
from stance.provenance import fingerprint
from stance.tables import Skip
from stance.tables.streams import packed

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.model import Scores

KILLER_FIX = "Score it alone, or remove it."
SHOWN_SKIPS = 20
INPUT, DIGEST = "input", "input_digest"


@dataclass(frozen=True)
class Run:
    """A model, what it scores, and where to.

    Parameters
    ----------
    folder : Path
        Of the parts, held by this process.
    """

    model: ModelFacts
    source: Input
    output: Output
    folder: Path

    @cached_property
    def stages(self) -> Stages:
        """Where the time of this process goes."""
        return Stages()

    @cached_property
    def worker_seconds(self) -> Counter[str]:
        """Where the time of the workers goes."""
        return Counter()

    @cached_property
    def _growing(self) -> GrowingOutput:
        """The output, as far as it can be made before all parts are there."""
        return GrowingOutput(self._make, is_wanted=self.output.grows)

    @cached_property
    def _sampled(self) -> dict[int, Counts]:
        """Languages of the tasks that are not finished."""
        return {}

    @cached_property
    def parts(self) -> Parts:
        """The parts of this run."""
        return Parts(self.folder, self.identity)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What every row of the output depends on."""
        source = {
            INPUT: self.source.identity(),
            "input_extent": self.source.extent(),
            **asdict(self.source.reading),
        }
        return {"model": self.model.model_id, **source, "stance": __version__}

    def finished(self) -> dict[str, Any] | None:
        """The manifest of an output that is there and whole already, or None.

        Raises
        ------
        ConfigError
            If another model, input or setting made it.
        """
        manifest = read_manifest(self.output.path)
        if manifest is None or not self.output.is_whole(manifest.get("output_sha256")):
            return None
        found = manifest.get("identity", {})
        if not self._is_touched(found) or manifest.get(DIGEST) != _digest_of(self._digests()):
            check_same(self.output.path, found, self.identity)
        self.parts.remove()
        return manifest

    def score(self, engine: Local | Dask, workers: int | None, resume: bool | None) -> None:
        """Score what the parts do not hold yet."""
        self.output.check_is_free()
        self._check_column()
        if resume is not False and self.parts.are_begun:
            self._go_on_with_the_same_input()
        self.parts.start(resume)
        try:
            self._score(engine, workers)
        except BaseException:
            self._growing.stop()
            raise
        finally:
            if not len(self.parts):
                self.parts.remove()

    def _go_on_with_the_same_input(self) -> None:
        """Adopt the parts of an input whose files were touched since, where what is in them is the same."""
        if not self._is_touched(self.parts.stated_identity()):
            return
        known = self.parts.stated_digests()
        found = islice(self._digests(), max(known, default=-1) + 1)
        if {number: digest for number, digest in found if number in known} == known:
            self.parts.adopt()

    def _is_touched(self, found: Mapping[str, Any]) -> bool:
        """Whether the times of change of the files are all that tells this run from another."""
        return differing(found, self.identity) == [INPUT]

    def _digests(self) -> Iterator[tuple[int, str]]:
        """The number and the digest of each task of the input."""
        return ((task.number, task.digest()) for task in self.source.tasks(Position(), 0))

    def _score(self, engine: Local | Dask, workers: int | None) -> None:
        parts, reading = self.parts, self.source.reading
        first = parts.first_missing()
        tasks = self._tasks(parts.start_of(first), first)
        work = Scoring(
            str(Path(self.model.path).absolute()),
            self.model.model_id,
            reading,
            self.source.is_single,
            self.source.n_expected,
        )
        outcomes = engine.run(work, self.stages.each("reading", tasks), workers)
        self._growing.follow(parts)
        with bar(None, "scoring", "rows") as advance, closing(outcomes):
            for outcome in outcomes:
                self._keep(outcome)
                self.worker_seconds.update(outcome.result.seconds)
                self._growing.follow(parts)
                advance(len(outcome.task), parts.counts["read"] / max(outcome.task.fraction_read, 1e-6))

    def finish(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Make the output of the parts, with its manifest and the list of skips, and remove the parts.

        A stop at any moment leaves what is needed to do this again.

        Parameters
        ----------
        facts : mapping
            What else the manifest is to state.
        """
        with self.stages("finishing"):
            made = self.output.made(self.parts)
            if not self._growing.finish():
                self._make(self.parts.paths())
            manifest = {**self._account(), "output_sha256": output_digest(made), **facts}
            self.output.place(made, manifest, self._skip_lists())
            self.parts.remove()
        return manifest

    def _make(self, parts: Iterable[Path]) -> None:
        self.output.make(self.output.made(self.parts), parts, self._described())

    def print_profile(self, elapsed_s: float) -> None:
        """Where the time went, on standard output."""
        waiting = elapsed_s - sum(self.stages.seconds.values())
        print_stages("Main process", {**self.stages.seconds, "waiting": waiting})
        print_stages("Making the output", self._growing.stages.seconds)
        print_stages("Workers", self.worker_seconds)

    def _skip_lists(self) -> Iterator[bytes]:
        """All skips as JSON lines: rows, in order, then the files that are left out."""
        for path in self.parts.skip_paths():
            yield path.read_bytes()
        yield b"".join(map(_line, self.source.left_out))

    def _described(self) -> dict[str, str]:
        """What a Parquet file states of itself; nothing of this run that rows do not depend on."""
        settings = {key: value for key, value in asdict(self.source.reading).items() if key != "part_rows"}
        return {
            "model_id": self.model.model_id,
            "version": __version__,
            "settings": orjson.dumps(settings).decode(),
        }

    def _check_column(self) -> None:
        """Raise ConfigError early where statements have no column to divide them by."""
        if self.output.by is not None and self.source.reading.unit == "statement":
            first = next(self.source.tasks(Position(), 0), None)
            if first is not None and first.kind == "statements":
                check_column(self.output.by, [*first.rows.column_names, *output_columns(self.model.classes)])

    def _tasks(self, start: Position, number: int) -> Iterator[RowsTask]:
        """The tasks of parts that are missing."""
        for task in self.source.tasks(start, number):
            if task.number not in self.parts:
                yield task
                self._languages(task)  # while a worker has it

    def _languages(self, task: RowsTask) -> Counts:
        """The languages of a sample of statements that come without."""
        if task.number not in self._sampled:
            self._sampled[task.number] = sampled_languages(task.rows, self.source.reading.text_field)
        return self._sampled[task.number]

    def _keep(self, outcome: Outcome[RowsTask, ScoredPart]) -> None:
        """Put the rows of a task, with their scores beside them, on disk."""
        task, part = outcome.task, outcome.result
        with self.stages("counting"):
            rows = task.without(outcome.killers).rows if part.rows is None else part.rows
            wanted = are_statements(rows)
            skips = [*task.skips, *part.skips, *_killers(outcome)]
            counts = self._counts(task, rows, part.scores, wanted) | {
                "read": len(task) + len(task.skips),
                "skipped": len(skips) + int((~wanted).sum()),
            }
        with self.stages("writing"):
            table = prediction_table(rows, part.scores, self.model.classes, self.model.model_id, wanted)
            lines = b"".join(map(_line, skips))
            self.parts.add(task.number, packed(table), lines, task.end, counts, task.digest())

    def _counts(
        self, task: RowsTask, rows: "pa.Table", scores: "Scores", wanted: NDArray[np.bool_]
    ) -> Counts:
        """What is counted of the statements among the rows."""
        counts = {"rows": rows.num_rows, "not_statements": int((~wanted).sum())}
        if counts["not_statements"]:
            rows, scores = rows.filter(wanted), scores.of(wanted)
        counts |= count(rows, scores, self.model.classes, self.model.bins)
        if task.kind == "statements" and set(counts["languages"]) <= {UNKNOWN}:
            counts |= {"languages": {}, "sampled_languages": self._languages(task)}
        self._sampled.pop(task.number, None)
        return counts

    def _account(self) -> dict[str, Any]:
        counts = self.parts.counts
        return {
            "model": self.model.path,
            "model_id": self.model.model_id,
            "classes": list(self.model.classes),
            "identity": self.identity,
            DIGEST: _digest_of(self.parts.digests.items()),
            "unit": self.source.reading.unit,
            "output": self.output.path.name,
            "partition_by": self.output.by,
            "read": counts["read"],
            "scored": counts["read"] - counts["skipped"],
            "skipped": counts["skipped"],
            "not_statements": counts["not_statements"],
            "rows": counts["rows"],
            "skips": self.parts.first_skips(SHOWN_SKIPS),
            "left_out": len(self.source.left_out),
            "files_left_out": [asdict(skip) for skip in self.source.left_out[:SHOWN_SKIPS]],
            "coverage": summary(counts, self.model.facts, self.model.bins),
        }


def _killers(outcome: Outcome[RowsTask, ScoredPart]) -> Iterator[Skip]:
    """A skip for each row that ended the process that scored it."""
    for item in outcome.killers:
        file, line = outcome.task.place(item)
        yield Skip(file, line, None, "kills the process that scores it", KILLER_FIX)


def _digest_of(digests: Iterable[tuple[int, str]]) -> str:
    """One digest for those of all tasks."""
    return fingerprint(sorted(digests))


def _line(skip: Skip) -> bytes:
    return orjson.dumps(asdict(skip), option=orjson.OPT_APPEND_NEWLINE)
