"""Command: a saved model and labelled statements -> a report."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from stance import bundle
from stance.dataset import Files, Hub
from stance.errors import ConfigError, DataError
from stance.provenance import run_facts
from stance.report import EvaluatedRun, Tested, print_metrics, write_report
from stance.runs import claim_folder
from stance.tables import write_json, write_text

logger = logging.getLogger(__name__)


def evaluate(
    *,
    model: str,
    dataset: Files | Hub,
    seed: int,
    output: str | None,
    name: str = "evaluation",
    config: str = "",
) -> EvaluatedRun:
    """Score labelled statements with a saved model and report how good it is on them.

    Labels are matched to the model's classes by name. Statements that the model was trained on are counted.
    """
    started = datetime.now(UTC)
    loaded = bundle.load(model)
    folder = claim_folder(output, f"evaluation-{name}")
    if loaded.features.needs_target and isinstance(dataset, Files) and dataset.target_field is None:
        raise ConfigError(
            "dataset.target_field is null; this model reads a target. Name its column, as dataset.target_field=target."
        )
    labelled = dataset(classes=loaded.classes)
    rows = labelled.rows
    if not len(rows):
        raise DataError(f"{labelled.name}: no statement is left after dataset.drop_labels. Check the labels.")
    targets = list(rows["target"]) if loaded.features.needs_target else None
    tested = Tested.of(rows, loaded.score(list(rows["text"]), targets))
    metrics = write_report(folder, tested, loaded, labelled, name=name, seed=seed)
    write_text(folder / "config.yaml", config)
    write_json(
        folder / "run.json", {"command": "evaluate", "name": name, "model": str(model), **run_facts(started)}
    )
    _warn_of_seen(metrics["seen_in_training"], len(rows))
    print_metrics(metrics)
    print(f"Report:   {folder / 'report.html'}")
    return EvaluatedRun(loaded, tested, Path(folder), metrics)


def _warn_of_seen(seen: dict[str, int], n_statements: int) -> None:
    if seen["statements"] or seen["articles"]:
        logger.warning(
            "%d of %d statements and %d articles were in the training data; the numbers above are too good for them",
            seen["statements"],
            n_statements,
            seen["articles"],
        )
