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
from stance.slices import find_slices, measure_slices

if TYPE_CHECKING:
    from datasets import Dataset

MAX_CLASSES_IN_FACTS = 20


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
        bounds = metrics["intervals"]
        shown = {name: metrics[name]["estimate"] for name in ("macro_f1", "accuracy")}
        paths = {f"per_class.{name}.f1": f"F1 {name}" for name in self.classes[:MAX_CLASSES_IN_FACTS]}
        per_class = {
            path: metrics["per_class"][name]["f1"] for path, name in zip(paths, self.classes, strict=False)
        }
        numbers = {**shown, **per_class, "ece": metrics["ece"]}
        return {
            "n_statements": metrics["n_statements"],
            "n_articles": metrics["n_articles"],
            "metrics": {paths.get(path, path): [value, *bounds[path]] for path, value in numbers.items()},
            "languages": self._results_by_language(seed),
            "score_bins": {
                name: score_bins(self.scores.decisions[:, k]) for k, name in enumerate(self.classes)
            },
        }

    def _results_by_language(self, seed: int) -> dict[str, list[Any]]:
        """Number of statements, macro-F1 and its bounds in each language."""
        if "lang" not in self.rows.column_names:
            return {}
        slices = find_slices(self.rows, ["lang"])
        found = measure_slices(slices, self.y, self.scores.predicted, self.classes, self.articles, seed=seed)
        return {
            name.removeprefix("lang="): [v["n_statements"], *v["macro_f1"].values()]
            for name, v in found.items()
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
