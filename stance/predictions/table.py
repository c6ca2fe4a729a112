"""Predictions as a table: what came in, and beside it what the model says."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.model import Scores
from stance.tables import names_beside

if TYPE_CHECKING:
    import pyarrow as pa

SCORED = "scored"
OUT_OF_VOCABULARY = "out_of_vocabulary"


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


def prediction_table(rows: "pa.Table", scores: Scores, classes: tuple[str, ...], model_id: str) -> "pa.Table":
    """Rows (n_statements) with the model's columns beside them.

    A column that already has one of those names is kept as ``original_<name>``.
    """
    import pyarrow as pa

    known = scores.n_known_terms
    columns: dict[str, Any] = {"predicted": _codes(scores.predicted, classes)}
    columns |= {f"p_{name}": pa.array(scores.probabilities[:, k]) for k, name in enumerate(classes)}
    columns |= {f"decision_{name}": pa.array(scores.decisions[:, k]) for k, name in enumerate(classes)}
    columns["n_known_terms"] = pa.array(known.astype(np.int32))
    columns["status"] = _codes((known == 0).astype(np.int64), (SCORED, OUT_OF_VOCABULARY))
    columns["model_id"] = _codes(np.zeros(len(known), dtype=np.int64), (model_id,))
    table = rows.rename_columns(names_beside(rows.column_names, set(columns)))
    for name, values in columns.items():
        table = table.append_column(name, values)
    return table


def _codes(values: NDArray[np.int64], names: tuple[str, ...]) -> "pa.DictionaryArray":
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(
        pa.array(values.astype(np.int32)), pa.array(list(names), pa.string())
    )
