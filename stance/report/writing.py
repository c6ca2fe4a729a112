"""The files of a report."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stance.dataset import LabelledDataset
from stance.leakage import LeakageAudit
from stance.model import Model
from stance.report.mistakes import label_error_rows
from stance.report.page import Report, report_latex, report_markdown, report_page
from stance.report.results import measure_all
from stance.report.tested import Tested, tested_table
from stance.tables import write_json, write_table, write_text


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
    n_folds: int = 1,
    studies: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write metrics.json, predictions.parquet, the report in three forms, likely label errors and bad rows; give back the metrics.

    Parameters
    ----------
    audit : LeakageAudit or None
        What the tested statements share with the train statements; None where a saved model is tested.
    n_folds : int
        Models that tested, each on its own part; 1 where it is the saved one.
    studies : mapping or None
        Numbers of ``learning_curve`` and ``probes``, where these were asked for.
    """
    import pyarrow as pa

    metrics = measure_all(tested, model, labelled, audit, seed=seed) | dict(studies or {})
    report = Report(
        name=name,
        dataset=labelled.name,
        is_evaluation=audit is None,
        n_folds=n_folds,
        metrics=metrics,
        tested=tested,
        model=model,
    )
    write_json(folder / "metrics.json", metrics)
    write_table(folder / "predictions.parquet", tested_table(tested, model))
    write_text(folder / "report.html", report_page(report))
    write_text(folder / "report.md", report_markdown(report))
    write_text(folder / "results.tex", report_latex(report))
    if tested.label_errors.likely.any():
        write_table(folder / "label_errors.csv", label_error_rows(tested))
    if labelled.skips:
        write_table(folder / "skips.jsonl", pa.Table.from_pylist(list(map(asdict, labelled.skips))))
    return metrics
