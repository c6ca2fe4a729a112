"""The files of a report."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.dataset import LabelledDataset
from stance.leakage import LeakageAudit
from stance.model import Model
from stance.report.results import measure_all
from stance.report.tested import Tested, tested_table
from stance.tables import write_json, write_table


@dataclass(frozen=True)
class EvaluatedRun:
    """A model with the statements it was tested on, and the folder that holds the report."""

    model: Model
    tested: Tested
    folder: Path
    metrics: dict[str, Any]


def write_report(
    folder: Path,
    tested: Tested,
    model: Model,
    labelled: LabelledDataset,
    *,
    name: str,
    seed: int,
    audit: LeakageAudit | None = None,
) -> dict[str, Any]:
    """Write metrics.json, predictions.parquet and report.html; give back the metrics.

    Parameters
    ----------
    audit : LeakageAudit or None
        What the tested statements share with the train statements, where those are at hand.
    """
    metrics = measure_all(tested, model, labelled, audit, seed=seed)
    write_json(folder / "metrics.json", metrics)
    write_table(folder / "predictions.parquet", tested_table(tested, model))
    return metrics
