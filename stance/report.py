"""Results on held-out statements: metrics with intervals, slices, what was seen before; as files and as a table."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.dataset import LabelledDataset
from stance.errors import printable
from stance.intervals import measure
from stance.metrics import confusion, macro_f1
from stance.model import Model, Scores, count_seen
from stance.predictions import prediction_table
from stance.tables import write_json, write_table

if TYPE_CHECKING:
    from datasets import Dataset


PLAIN_WIDTH = 110


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

    @classmethod
    def of(cls, rows: "Dataset", scores: Scores) -> "Tested":
        """Rows with their scores; classes and labels are those of the rows."""
        return cls(
            rows, np.asarray(rows["label"], dtype=np.int64), tuple(rows.features["label"].names), scores
        )

    @property
    def articles(self) -> list[str]:
        """The article of each statement."""
        return list(self.rows["article_id"])

    def facts(self, seed: int) -> dict[str, Any]:
        """The main results, for the model card."""
        metrics = self.measure(seed)
        shown = {name: metrics[name] for name in ("macro_f1", "accuracy")}
        return {
            "n_statements": metrics["n_statements"],
            "n_articles": metrics["n_articles"],
            "metrics": {name: [v["estimate"], v["lower"], v["upper"]] for name, v in shown.items()},
            "score_bins": {name: _bins(self.scores.decisions[:, k]) for k, name in enumerate(self.classes)},
        }

    def measure(self, seed: int) -> dict[str, Any]:
        """All metrics with intervals by article."""
        return measure(
            self.y,
            self.scores.predicted,
            self.scores.probabilities,
            self.classes,
            np.asarray(self.articles),
            seed=seed,
        )


def _bins(decisions: NDArray[np.float64]) -> dict[str, list[float]]:
    """Deciles of held-out decision values and the share between them, to tell later how far an archive is from them."""
    edges = np.unique(np.quantile(decisions, np.linspace(0.1, 0.9, 9)))
    counts = np.bincount(np.searchsorted(edges, decisions, side="right"), minlength=len(edges) + 1)
    return {"edges": edges.tolist(), "shares": (counts / len(decisions)).tolist()}


@dataclass(frozen=True)
class EvaluatedRun:
    """A model with the statements it was tested on, and the folder that holds the report."""

    model: Model
    tested: Tested
    folder: Path
    metrics: dict[str, Any]


def write_report(
    folder: Path, tested: Tested, model: Model, labelled: LabelledDataset, *, name: str, seed: int
) -> dict[str, Any]:
    """Write metrics.json, predictions.parquet and report.html; give back the metrics."""
    metrics = tested.measure(seed)
    metrics |= {
        "majority_macro_f1": _majority_macro_f1(tested, model),
        "model_id": model.model_id,
        "dataset_fingerprint": labelled.fingerprint,
        "seen_in_training": count_seen(model.seen, list(tested.rows["text"]), tested.articles),
    }
    write_json(folder / "metrics.json", metrics)
    write_table(folder / "predictions.parquet", tested_table(tested, model))
    return metrics


def _majority_macro_f1(tested: Tested, model: Model) -> float:
    """Macro-F1 of the class that was most frequent in training, said of every statement."""
    counts = model.facts["statements_per_class"]
    majority = max(range(len(tested.classes)), key=lambda k: counts.get(tested.classes[k], 0))
    return float(macro_f1(confusion(tested.y, np.full_like(tested.y, majority), len(tested.classes))))


def tested_table(tested: Tested, model: Model) -> Any:
    """Predictions with the label of each statement as a text."""
    import pyarrow as pa

    rows = tested.rows.with_format("arrow")[:]
    labels = pa.array([tested.classes[k] for k in tested.y], pa.string())
    rows = rows.set_column(rows.column_names.index("label"), "label", labels)
    return prediction_table(
        rows.replace_schema_metadata(None), tested.scores, tested.classes, model.model_id or ""
    )


def print_metrics(metrics: dict[str, Any]) -> None:
    """The table of results on standard output."""
    rows = []
    for name in ("macro_f1", "accuracy", "mcc"):
        value = metrics[name]
        rows.append((name, f"{value['estimate']:.3f}", f"{value['lower']:.3f} to {value['upper']:.3f}"))
    for label, values in metrics["per_class"].items():
        lower, upper = metrics["intervals"][f"per_class.{label}.f1"]
        rows.append(
            (f"F1 {label} (n={values['support']})", f"{values['f1']:.3f}", f"{lower:.3f} to {upper:.3f}")
        )
    rows.append(("majority class, macro_f1", f"{metrics['majority_macro_f1']:.3f}", ""))
    title = f"{metrics['n_statements']} statements of {metrics['n_articles']} held-out articles"
    print_table(title, ("metric", "estimate", "95 % interval"), rows)


def print_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table on standard output: the first column to the left, numbers to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(printable(title)))
    for k, column in enumerate(columns):
        table.add_column(column, justify="right" if k else "left", no_wrap=k > 0)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH).print(table)
