"""The work of scoring: a saved model, opened by path and digest where it is needed, and rows to scores."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from stance.errors import BundleError
from stance.predictions.drift import Bins, held_out_bins
from stance.predictions.inputs import Reading
from stance.predictions.stages import Stages
from stance.predictions.tasks import RowsTask
from stance.tables import Skip
from stance.tables.streams import packed, unpacked

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.model import Model, Scores
    from stance.predictions.cutting import Cutter


@dataclass(frozen=True)
class ModelFacts:
    """What a run needs to know of a model, without its weights.

    Parameters
    ----------
    facts : mapping
        Where the model comes from, as the bundle states it.
    """

    path: str
    model_id: str
    classes: tuple[str, ...]
    needs_target: bool
    facts: Mapping[str, Any]

    @classmethod
    def load(cls, path: str) -> Self:
        """The facts of a bundle, which is checked as for any use."""
        from stance.bundle import load

        model = load(path)
        return cls(path, model.model_id or "", model.classes, model.features.needs_target, model.facts)

    @cached_property
    def bins(self) -> dict[str, Bins]:
        """The bins of held-out decision values, by class."""
        return held_out_bins(self.facts, self.classes)


@dataclass(frozen=True)
class ScoredPart:
    """What becomes of a task.

    Parameters
    ----------
    rows : pyarrow.Table or None
        The statements that were cut; None where they are the rows of the task.
    skips : tuple of Skip
        Rows of the task that turned out not to be what they should.
    seconds : mapping
        Time of each stage.
    """

    rows: "pa.Table | None"
    scores: "Scores"
    skips: tuple[Skip, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    def __reduce__(self) -> Any:
        """The rows travel without what else their buffers hold."""
        rows = None if self.rows is None else packed(self.rows)
        return _received, (rows, self.scores, self.skips, self.seconds)


def _received(rows: "pa.Buffer | None", *rest: Any) -> ScoredPart:
    return ScoredPart(None if rows is None else unpacked(rows), *rest)


@dataclass(frozen=True)
class Scoring:
    """Scores tasks with a saved model.

    Parameters
    ----------
    model : str
        Folder of the bundle, on every machine that works.
    model_id : str
        Its digest; another one is refused.
    is_single : bool
        Whether a fault of a file is a fault of the run.
    n_expected : int
        Rough number of statements, by which the way of scoring is chosen once for all parts.
    """

    model: str
    model_id: str
    reading: Reading
    is_single: bool = False
    n_expected: int = 0

    def open(self) -> Callable[[RowsTask], ScoredPart]:
        """Load the model, and give the function that scores tasks with it."""
        from stance.bundle import load

        model = load(self.model)
        if model.model_id != self.model_id:
            raise BundleError(
                f"{self.model}: its id is {model.model_id}, the run began with {self.model_id}. "
                "Give all workers the same model, or start again with resume=false."
            )
        return _Scorer(model.prepared_for(self.n_expected), self)


class _Scorer:
    """A loaded model at work."""

    def __init__(self, model: "Model", work: Scoring) -> None:
        self._model, self._work = model, work

    def __call__(self, task: RowsTask) -> ScoredPart:
        stages = Stages()
        with stages("cutting"):
            rows, text_field, skips = self._statements(task)
        with stages("scoring"):
            scores = self._model.score(_texts(rows, text_field), self._targets(rows))
        cut = None if task.kind == "statements" else rows
        return ScoredPart(cut, scores, tuple(skips), dict(stages.seconds))

    @cached_property
    def _cutter(self) -> "Cutter":
        """What cuts articles, made where there are any."""
        from stance.predictions.cutting import Cutter

        return Cutter(self._work.reading, is_single=self._work.is_single)

    def _statements(self, task: RowsTask) -> "tuple[pa.Table, str, list[Skip]]":
        """The statements of a task, and the column that their text is in."""
        if task.kind == "statements":
            return task.rows, self._work.reading.text_field, []
        return self._cutter.cut(task)

    def _targets(self, rows: "pa.Table") -> "pa.ChunkedArray | list[str] | None":
        field = self._work.reading.target_field
        return None if field is None else _texts(rows, field)


def _texts(rows: "pa.Table", field: str) -> "pa.ChunkedArray | list[str]":
    return rows.column(field) if rows.num_rows else []
