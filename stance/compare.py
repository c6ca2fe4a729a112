"""Command: runs on the same test statements -> paired differences with intervals."""

import logging
import os
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from stance.comparison import Difference, Predicted, compare_runs, compare_slices, holm
from stance.errors import ConfigError, DataError, printable
from stance.intervals import Interval
from stance.progress import stage
from stance.report import (
    Comparison,
    comparison_latex,
    comparison_markdown,
    comparison_page,
    print_report_table,
)
from stance.runs import claimed_folder
from stance.settings import Seed
from stance.slices import MIN_STATEMENTS, find_slices
from stance.tables import Skip, check_no_skips, read_batches, unify, write_json, write_table, write_text

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

METRICS, PREDICTIONS = "metrics.json", "predictions.parquet"
NEEDED = {"classes": list, "intervals": dict, "n_statements": int}
"""What is read of the metrics, with its type."""


@dataclass(frozen=True)
class FinishedRun:
    """What a run folder says of its test statements.

    Parameters
    ----------
    predictions : pyarrow.Table
        In the order of the statement ids.
    """

    folder: Path
    metrics: dict[str, Any]
    predictions: "pa.Table"

    @property
    def predicted(self) -> Predicted:
        """Classes and probabilities of the statements."""
        names = self.metrics["classes"]
        probabilities = np.column_stack([self.predictions[f"p_{name}"].to_numpy() for name in names])
        return Predicted(np.asarray(self.predictions["predicted"].to_pylist()), probabilities)


def compare(
    *,
    runs: tuple[str, ...],
    metric: str,
    slices: tuple[str, ...],
    all_pairs: bool,
    output: str | None,
    seed: Seed,
) -> Comparison:
    """Print how runs differ on the same statements, by resampling and swapping whole articles.

    Raises
    ------
    DataError
        Where a folder is no run, or the runs were not tested on the same statements with the same labels.
    """
    if len(runs) < 2 or len({os.path.realpath(run) for run in runs}) < len(runs):
        raise ConfigError(
            f"runs is {list(runs)}; two or more different folders are needed, as runs=[runs/a,runs/b]."
        )
    with nullcontext() if output is None else claimed_folder(output, "comparison") as folder:
        with stage("comparing"):
            found = [read_run(Path(run)) for run in runs]
            check_comparable(found)
            compared = _compared(
                dict(zip(runs, found, strict=True)), metric, slices, all_pairs=all_pairs, seed=seed
            )
        print_comparison(compared)
        if folder is not None:
            _write(folder, compared)
            print(printable(f"Report: {folder / 'comparison.html'}"))
        return compared


def _compared(
    runs: dict[str, FinishedRun], metric: str, columns: tuple[str, ...], *, all_pairs: bool, seed: int
) -> Comparison:
    reference, first = next(iter(runs.items()))
    slices = find_slices(first.predictions, columns) if columns else {}
    for column in columns:
        if not any(name.startswith(f"{column}=") for name in slices):
            logger.warning(
                "slices: no value of %s is that of %d statements or more; none is compared",
                column,
                MIN_STATEMENTS,
            )
    differences = compare_runs(
        _column(first, "label"),
        {name: run.predicted for name, run in runs.items()},
        first.metrics["classes"],
        _column(first, "article_id"),
        metric=metric,
        reference=None if all_pairs else reference,
        seed=seed,
    )
    return Comparison(
        metric=metric,
        n_statements=first.metrics["n_statements"],
        n_articles=len(set(first.predictions["article_id"].to_pylist())),
        runs={name: _value(run.metrics, metric) for name, run in runs.items()},
        differences=differences,
        by_slice=_compare_slices(runs, metric, slices, seed),
        sizes={name: int(rows.sum()) for name, rows in slices.items()},
    )


def read_run(folder: Path) -> FinishedRun:
    """The metrics and predictions of a train or evaluate run."""
    for name in (METRICS, PREDICTIONS):
        if not os.path.isfile(folder / name):  # noqa: PTH113  # which is no error in a folder that is closed
            raise DataError(
                f"{folder}: no {name} that can be read; this is not the folder of a finished run. Give folders of train or evaluate runs."
            )
    metrics = _read_metrics(folder / METRICS)
    predictions = _read_predictions(folder / PREDICTIONS, metrics["classes"])
    order = [("statement_id", "ascending"), ("text", "ascending")]
    return FinishedRun(folder, metrics, predictions.sort_by(order))


def _read_metrics(path: Path) -> dict[str, Any]:
    try:
        metrics = orjson.loads(path.read_bytes())
    except (orjson.JSONDecodeError, OSError) as error:
        raise DataError(f"{path}: cannot be read ({error}). Make the run again.") from None
    if (
        not isinstance(metrics, dict)
        or not NEEDED.items() <= {k: type(v) for k, v in metrics.items()}.items()
    ):
        raise DataError(f"{path}: lacks one of {list(NEEDED)}; these are no metrics. Make the run again.")
    return metrics


def _read_predictions(path: Path, classes: list[str]) -> "pa.Table":
    import pyarrow as pa

    skips: list[Skip] = []
    tables = []
    for batch in read_batches(path):
        tables.append(batch.rows)
        skips += batch.skips
    check_no_skips(str(path), skips)
    table = pa.concat_tables(unify(tables))
    for name in ("statement_id", "article_id", "label", "predicted", *(f"p_{c}" for c in classes)):
        if name not in table.column_names:
            raise DataError(f"{path}: has no column '{name}'; these are no predictions. Make the run again.")
    return table


def check_comparable(runs: list[FinishedRun]) -> None:
    """Refuse runs with other test statements, labels or classes than the first."""
    first = runs[0]
    for run in runs[1:]:
        if run.metrics["classes"] != first.metrics["classes"]:
            raise DataError(
                f"{run.folder}: classes {run.metrics['classes']}, {first.folder} has {first.metrics['classes']}; "
                "the same are needed. Compare runs of one task."
            )
        for column in ("statement_id", "text", "label"):
            ours, theirs = first.predictions[column].to_pylist(), run.predictions[column].to_pylist()
            if ours != theirs:
                n_shared = len(set(ours) & set(theirs))
                raise DataError(
                    f"{run.folder}: its test statements are not those of {first.folder} ({len(theirs)} and "
                    f"{len(ours)}, {n_shared} values of {column} shared). Test both on the same: same dataset, split "
                    "and seed, or stance evaluate on one file."
                )


def _column(run: FinishedRun, name: str) -> NDArray[Any]:
    return np.asarray(run.predictions[name].to_pylist())


def _compare_slices(
    runs: dict[str, FinishedRun], metric: str, slices: dict[str, NDArray[np.bool_]], seed: int
) -> tuple[tuple[str, Difference], ...]:
    """The differences of each other run to the first within each slice, corrected for all of them together."""
    (reference, first), *others = runs.items()
    found = [
        compare_slices(
            _column(first, "label"),
            run.predicted,
            first.predicted,
            first.metrics["classes"],
            _column(first, "article_id"),
            slices,
            metric=metric,
            seed=seed,
            names=(name, reference),
        )
        for name, run in others
    ]
    pairs = [(name, within[name]) for name in slices for within in found]
    corrected = holm([difference.p_value for _, difference in pairs])
    return tuple((name, replace(d, p_holm=p)) for (name, d), p in zip(pairs, corrected, strict=True))


def _value(metrics: dict[str, Any], path: str) -> Interval:
    value: Any = metrics
    for key in path.split("."):
        if not isinstance(value, dict) or key not in value or path not in metrics["intervals"]:
            raise ConfigError(f"metric is '{path}'; one of {sorted(metrics['intervals'])} is needed.")
        value = value[key]
    estimate = value["estimate"] if isinstance(value, dict) else value
    return Interval(estimate, *metrics["intervals"][path])


def print_comparison(compared: Comparison) -> None:
    """The tables of a comparison on standard output."""
    for table in compared.tables.values():
        print_report_table(table)


def _write(folder: Path, compared: Comparison) -> None:
    import pyarrow as pa

    found = [("all", d) for d in compared.differences] + list(compared.by_slice)
    rows = [{"slice": name, **asdict(d)} for name, d in found]
    write_json(folder / "comparison.json", rows)
    write_table(folder / "comparison.csv", pa.Table.from_pylist(rows))
    write_text(folder / "comparison.html", comparison_page(compared))
    write_text(folder / "comparison.md", comparison_markdown(compared))
    write_text(folder / "comparison.tex", comparison_latex(compared))
