"""Command: a saved model and labelled statements -> a report."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stance import bundle
from stance.behaviour import Behaviour, check_classes, measure_behaviour, read_suite
from stance.dataset import Files, Hub
from stance.errors import ConfigError, DataError, printable
from stance.metrics import decimal
from stance.model import Model
from stance.progress import bar, stage
from stance.provenance import run_facts
from stance.report import EvaluatedRun, Tested, print_metrics, print_table, write_report
from stance.runs import claimed_folder
from stance.settings import Seed
from stance.tables import write_json, write_text

logger = logging.getLogger(__name__)


def evaluate(
    *,
    model: str,
    dataset: Files | Hub | None = None,
    suite: str | None = None,
    seed: Seed,
    output: str | None,
    name: str = "evaluation",
    config: str = "",
) -> EvaluatedRun | Behaviour:
    """Score labelled statements with a saved model and report how good it is on them.

    Labels are matched to the model's classes by name. Statements that the model was trained on are counted.
    With a suite, the folder of its pairs, the model's behaviour on them is measured instead.
    """
    started = datetime.now(UTC)
    if (dataset is None) == (suite is None):
        raise ConfigError(
            "dataset and suite: either labelled statements or a suite of pairs is tested. Give one of them."
        )
    with bar(None, "loading"):
        loaded = bundle.load(model)
    if dataset is None:
        return _evaluate_suite(loaded, model, Path(str(suite)), output, config)
    with claimed_folder(output, f"evaluation-{name}") as folder:
        if loaded.features.needs_target:
            dataset = dataset.with_target()
        with stage("reading"):
            labelled = dataset(classes=loaded.classes)
        rows = labelled.rows
        if not len(rows):
            raise DataError(
                f"{labelled.name}: no statement is left after dataset.drop_labels. Check the labels."
            )
        targets = list(rows["target"]) if loaded.features.needs_target else None
        with stage("scoring"):
            tested = Tested.of(rows, loaded.score(list(rows["text"]), targets))
        with stage("measuring"):
            metrics = write_report(folder, tested, loaded, labelled, name=name, seed=seed)
        write_text(folder / "config.yaml", config)
        write_json(
            folder / "run.json",
            {"name": name, "model": str(model), **run_facts(started)},
        )
        _warn_of_seen(metrics["leakage"], len(rows))
        print_metrics(metrics)
        print(printable(f"Report:   {folder / 'report.html'}"))
        return EvaluatedRun(loaded, tested, Path(folder), metrics)


def _evaluate_suite(loaded: Model, model: str, suite: Path, output: str | None, config: str) -> Behaviour:
    """Measure a model's behaviour on the pairs of a suite, print the rates, and write behaviour.json."""
    started = datetime.now(UTC)
    check_classes(loaded)
    pairs = read_suite(suite)
    with claimed_folder(output, f"evaluation-{suite.name}") as folder:
        with stage("scoring"):
            behaviour = measure_behaviour(loaded, pairs)
        write_json(
            folder / "behaviour.json",
            {"suite": suite.name, "model_id": loaded.model_id, **behaviour.plain()},
        )
        write_text(folder / "config.yaml", config)
        write_json(
            folder / "run.json",
            {"name": suite.name, "model": str(model), **run_facts(started)},
        )
        _print_behaviour(behaviour, len(pairs))
        print(printable(f"Failing pairs: {folder / 'behaviour.json'}"))
        return behaviour


def _print_behaviour(behaviour: Behaviour, n_pairs: int) -> None:
    """The failure rates, a row a capability and a column a language."""
    cells = {
        (rate.capability, rate.lang): f"{decimal(rate.failure_rate.estimate)} "
        f"({decimal(rate.failure_rate.lower)} to {decimal(rate.failure_rate.upper)})"
        for rate in behaviour.rates
    }
    langs = tuple(dict.fromkeys(rate.lang for rate in behaviour.rates))
    capabilities = dict.fromkeys(rate.capability for rate in behaviour.rates)
    print_table(
        f"{n_pairs} pairs: failure rates with 95 % intervals",
        ("capability", *langs),
        [(name, *(cells.get((name, lang), "") for lang in langs)) for name in capabilities],
    )


def _warn_of_seen(leakage: dict[str, Any], n_statements: int) -> None:
    """Say on the log how many statements the model knows from training."""
    if not leakage["contaminated"]["statements"]:
        return
    exact, near, inside = (
        "unknown" if leakage[name] is None else leakage[name]["statements"]
        for name in ("exact_copy", "near_copy", "in_shared_article")
    )
    logger.warning(
        "%d of %d statements are not new (words of training: %s, nearly: %s, articles of training: %s); numbers of all "
        "statements are too good",
        leakage["contaminated"]["statements"],
        n_statements,
        exact,
        near,
        inside,
    )
