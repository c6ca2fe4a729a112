"""The work of scoring: a saved model, opened by path and digest where it is needed, and rows to parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from stance.errors import BundleError
from stance.predictions.counts import Counts
from stance.predictions.drift import Bins, count, held_out_bins
from stance.predictions.table import prediction_table
from stance.predictions.tasks import RowsTask

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.model import Model


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

    @property
    def bins(self) -> dict[str, Bins]:
        """The bins of held-out decision values, by class."""
        return held_out_bins(self.facts, self.classes)


@dataclass(frozen=True)
class ScoredPart:
    """What becomes of a task.

    Parameters
    ----------
    content : bytes
        A Parquet file of predictions.
    counts : mapping
        What adds up over parts.
    """

    content: bytes
    counts: Counts


@dataclass(frozen=True)
class Scoring:
    """Scores statements with a saved model.

    Parameters
    ----------
    model : str
        Folder of the bundle, on every machine that works.
    model_id : str
        Its digest; another one is refused.
    """

    model: str
    model_id: str
    text_field: str = "text"
    target_field: str | None = None

    def open(self) -> Callable[[RowsTask], ScoredPart]:
        """Load the model, and give the function that scores tasks with it."""
        from stance.bundle import load

        model = load(self.model)
        if model.model_id != self.model_id:
            raise BundleError(
                f"{self.model}: its id is {model.model_id}, the run began with {self.model_id}. "
                "Give all workers the same model, or start again with resume=false."
            )
        bins = held_out_bins(model.facts, model.classes)
        return lambda task: self.score(model, bins, task.rows)

    def score(self, model: "Model", bins: Mapping[str, Bins], rows: "pa.Table") -> ScoredPart:
        """The part that rows become."""
        texts = rows.column(self.text_field).to_pylist() if rows.num_rows else []
        targets = rows.column(self.target_field).to_pylist() if self.target_field and rows.num_rows else None
        if self.target_field and targets is None:
            targets = []
        scores = model.score(texts, targets)
        table = prediction_table(rows, scores, model.classes, self.model_id)
        return ScoredPart(
            _parquet(table), {"rows": table.num_rows, **count(rows, scores, model.classes, bins)}
        )


def _parquet(table: "pa.Table") -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    n_rows = max(1, table.num_rows)
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True, row_group_size=n_rows)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]
