"""Labelled statements with what a model that has not seen them says."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.intervals import measure
from stance.label_errors import LabelErrors, find_label_errors
from stance.model import Model, Scores
from stance.predictions import prediction_table
from stance.predictions.drift import score_bins

if TYPE_CHECKING:
    from datasets import Dataset


@dataclass(frozen=True)
class Tested:
    """Labelled statements with what a model that has not seen them says.

    Parameters
    ----------
    rows : datasets.Dataset
    y : array of shape (n_statements,)
        Labels as indices into ``classes``.
    scores : Scores
    """

    rows: "Dataset"
    y: NDArray[np.int64]
    classes: tuple[str, ...]
    scores: Scores
    _measured: dict[int, dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, rows: "Dataset", scores: Scores) -> "Tested":
        """Rows with their scores; classes and labels are those of the rows."""
        return cls(
            rows, np.asarray(rows["label"][:], dtype=np.int64), tuple(rows.features["label"].names), scores
        )

    @cached_property
    def articles(self) -> list[str]:
        """The article of each statement."""
        return list(self.rows["article_id"][:])

    @cached_property
    def label_errors(self) -> LabelErrors:
        """Labels that are likely wrong, as the model has not seen them."""
        return find_label_errors(self.y, self.scores.probabilities)

    def facts(self, seed: int) -> dict[str, Any]:
        """The main results, for the model card."""
        metrics = self.measure(seed)
        shown = {name: metrics[name] for name in ("macro_f1", "accuracy")}
        return {
            "n_statements": metrics["n_statements"],
            "n_articles": metrics["n_articles"],
            "metrics": {name: [v["estimate"], v["lower"], v["upper"]] for name, v in shown.items()},
            "score_bins": {
                name: score_bins(self.scores.decisions[:, k]) for k, name in enumerate(self.classes)
            },
        }

    def measure(self, seed: int) -> dict[str, Any]:
        """All metrics with intervals by article, counted once for each seed."""
        if seed not in self._measured:
            self._measured[seed] = measure(
                self.y,
                self.scores.predicted,
                self.scores.probabilities,
                self.classes,
                np.asarray(self.articles),
                seed=seed,
            )
        return dict(self._measured[seed])


def tested_table(tested: Tested, model: Model) -> Any:
    """Predictions with the label of each statement as a text."""
    import pyarrow as pa

    rows = tested.rows.with_format("arrow")[:]
    labels = pa.array([tested.classes[k] for k in tested.y], pa.string())
    rows = rows.set_column(rows.column_names.index("label"), "label", labels)
    return prediction_table(
        rows.replace_schema_metadata(None), tested.scores, tested.classes, model.model_id or ""
    )
