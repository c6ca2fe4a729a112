"""Errors worth reading: the most confident mistakes, and labels that are likely wrong."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.model import Model
from stance.pages.words import Words, words_of
from stance.report.tables import Column, Table
from stance.report.tested import Tested

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN_MISTAKES = 15
SHOWN_LABEL_ERRORS = 50
MAX_TEXT_CHARS = 3000
"""Longer texts are shown by their beginning."""

DETAILS = ("lang", "published_on", "source", "speaker", "target")


@dataclass(frozen=True)
class Mistake:
    """A statement whose label and prediction differ.

    Parameters
    ----------
    explained : str
        The class that the saved model predicts; it can differ from ``predicted`` where other folds' models tested.
    words : Words
        What each word adds to the decision for ``explained``.
    """

    statement_id: str
    details: tuple[str, ...]
    label: str
    predicted: str
    probability: float
    explained: str
    words: Words


def confident_mistakes(tested: Tested, model: Model) -> list[Mistake]:
    """The mistakes that the model was most sure of, with what the saved model's decision rests on."""
    scores, rows = tested.scores, tested.rows
    wrong = np.flatnonzero(scores.predicted != tested.y)
    sure = scores.probabilities[wrong, scores.predicted[wrong]]
    chosen = wrong[np.argsort(-sure, kind="stable")][:SHOWN_MISTAKES]
    return [_mistake(tested, model, int(i), rows[int(i)]) for i in chosen]


def _mistake(tested: Tested, model: Model, i: int, row: dict[str, object]) -> Mistake:
    predicted = int(tested.scores.predicted[i])
    target = str(row["target"]) if model.features.needs_target else None
    explanation = model.explain(str(row["text"])[:MAX_TEXT_CHARS], target)
    return Mistake(
        statement_id=str(row["statement_id"]),
        details=tuple(str(row[name]) for name in DETAILS if row.get(name) not in (None, "")),
        label=tested.classes[int(tested.y[i])],
        predicted=tested.classes[predicted],
        probability=float(tested.scores.probabilities[i, predicted]),
        explained=explanation.predicted,
        words=words_of(explanation),
    )


def label_errors_table(tested: Tested) -> Table:
    """The statements whose labels are most likely wrong."""
    columns = (
        Column("statement", "id"),
        Column("label", "class"),
        Column("suggested", "class"),
        Column("probability of the label", "number"),
        Column("text", "prose"),
    )
    ranked = tested.label_errors.ranked()[:SHOWN_LABEL_ERRORS]
    return Table("label-errors", "Labels to check", columns, tuple(_rows(tested, ranked)))


def label_error_rows(tested: Tested) -> "pa.Table":
    """All statements whose labels are likely wrong, the likeliest first, without their texts."""
    import pyarrow as pa

    errors, ranked = tested.label_errors, tested.label_errors.ranked()
    rows = tested.rows.select(ranked)
    return pa.table(
        {
            "statement_id": list(rows["statement_id"]),
            "article_id": list(rows["article_id"]),
            "label": [tested.classes[k] for k in tested.y[ranked]],
            "suggested": [tested.classes[k] for k in errors.suggested[ranked]],
            "self_confidence": errors.self_confidence[ranked],
        }
    )


def _rows(tested: Tested, ranked: NDArray[np.int64]) -> list[tuple[str, str, str, float, str]]:
    errors = tested.label_errors
    return [
        (
            str(row["statement_id"]),
            tested.classes[int(tested.y[i])],
            tested.classes[int(errors.suggested[i])],
            float(errors.self_confidence[i]),
            str(row["text"])[:MAX_TEXT_CHARS],
        )
        for i in ranked
        for row in [tested.rows[int(i)]]
    ]
