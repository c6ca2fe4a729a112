"""Predictions as a table: what came in, and beside it what the model says."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.model import Scores
from stance.records import OTHER_KINDS
from stance.tables import names_beside

if TYPE_CHECKING:
    import pyarrow as pa

SCORED = "scored"
OUT_OF_VOCABULARY = "out_of_vocabulary"
SKIPPED = "skipped"
KIND = "kind"


def output_columns(classes: tuple[str, ...]) -> list[str]:
    """Names of the columns that a model adds, in order."""
    return [
        "predicted",
        *(f"p_{name}" for name in classes),
        *(f"decision_{name}" for name in classes),
        "n_known_terms",
        "status",
        "model_id",
    ]


def are_statements(rows: "pa.Table") -> NDArray[np.bool_]:
    """Which rows (n_rows) are statements: all but what ``prepare`` calls a heading, a caption or boilerplate."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if KIND not in rows.column_names or not pa.types.is_string(rows.schema.field(KIND).type):
        return np.ones(rows.num_rows, dtype=np.bool_)
    is_other = pc.is_in(rows.column(KIND), pa.array(OTHER_KINDS))
    return ~np.asarray(is_other.to_numpy(), dtype=np.bool_)


def prediction_table(
    rows: "pa.Table",
    scores: Scores,
    classes: tuple[str, ...],
    model_id: str,
    are_scored: NDArray[np.bool_] | None = None,
) -> "pa.Table":
    """Rows (n_rows) with the model's columns beside them; empty, but for the status, where no score is wanted.

    A column that already has one of those names is kept as ``original_<name>``.
    """
    import pyarrow as pa

    known = scores.n_known_terms
    missing = np.zeros(len(known), dtype=np.bool_) if are_scored is None else ~are_scored
    status = np.where(missing, 2, known == 0)
    columns: dict[str, Any] = {"predicted": _codes(scores.predicted, classes, missing)}
    for start, values in (("p_", scores.probabilities), ("decision_", scores.decisions)):
        columns |= {f"{start}{name}": pa.array(values[:, k], mask=missing) for k, name in enumerate(classes)}
    columns["n_known_terms"] = pa.array(known.astype(np.int32), mask=missing)
    columns["status"] = _codes(status, (SCORED, OUT_OF_VOCABULARY, SKIPPED))
    columns["model_id"] = _codes(np.zeros(len(known), dtype=np.int64), (model_id,))
    table = rows.rename_columns(names_beside(rows.column_names, set(columns)))
    for name, values in columns.items():
        table = table.append_column(name, values)
    return table


def _codes(
    values: NDArray[np.int64], names: tuple[str, ...], missing: NDArray[np.bool_] | None = None
) -> "pa.DictionaryArray":
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(
        pa.array(values.astype(np.int32), mask=missing), pa.array(list(names), pa.string())
    )
