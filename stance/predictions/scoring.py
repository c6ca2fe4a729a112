"""The work of scoring: a saved model, opened by path and digest where it is needed, and rows to parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.errors import BundleError
from stance.predictions.inputs import RowsTask
from stance.predictions.table import prediction_table

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.model import Model


@dataclass(frozen=True)
class ScoredPart:
    """What becomes of a task.

    Parameters
    ----------
    content : bytes
        A Parquet file.
    n_rows : int
        Statements in it.
    """

    content: bytes
    n_rows: int
    counts: Mapping[str, Any]


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
    def load(cls, path: str) -> "ModelFacts":
        """The facts of a bundle, which is checked as for any use."""
        from stance.bundle import load

        model = load(path)
        return cls(path, model.model_id or "", model.classes, model.features.needs_target, model.facts)


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
        return lambda task: self.score(model, task.rows)

    def score(self, model: "Model", rows: "pa.Table") -> ScoredPart:
        """The part that rows become."""
        texts = rows.column(self.text_field).to_pylist() if rows.num_rows else []
        targets = rows.column(self.target_field).to_pylist() if self.target_field and rows.num_rows else None
        table = prediction_table(rows, model.score(texts, targets), model.classes, self.model_id)
        return ScoredPart(_parquet(table), table.num_rows, {})


def _parquet(table: "pa.Table") -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", write_page_checksum=True, row_group_size=max(1, table.num_rows)
    )
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]
