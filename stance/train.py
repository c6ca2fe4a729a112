"""Command: labelled statements -> a tested model in a run folder."""

import logging
import shlex
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance import bundle
from stance.calibration import Calibration
from stance.card import model_card
from stance.classifier import Classifier
from stance.dataset import Files, Hub, LabelledDataset
from stance.duplicates import word_key
from stance.errors import printable
from stance.features import Features
from stance.fit import AuxiliaryData, Fit, TrainingData
from stance.growth import Growth, grow
from stance.model import Model, Scores
from stance.probes import Probes, probe
from stance.progress import stage, steps
from stance.provenance import run_facts, versions
from stance.records import UNDETERMINED
from stance.report import EvaluatedRun, Tested, audit_folds, print_metrics, write_report
from stance.runs import claimed_folder
from stance.search import NoSearch, Search, SearchResult
from stance.seen import seen_hashes
from stance.settings import Seed
from stance.split import ByArticle, ByDate, ByOutlet, Given, KFold, LeaveOneOut, Split
from stance.tables import write_json, write_table, write_text

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

HELD_OUT, ARCHIVE = "HELD_OUT.jsonl", "ARCHIVE.jsonl"
"""Stand for a person's own files in the commands that are printed."""

Splitter = ByArticle | KFold | ByDate | ByOutlet | LeaveOneOut | Given


def train(
    *,
    dataset: Files | Hub,
    split: Splitter,
    features: Features,
    classifier: Classifier,
    calibration: Calibration,
    search: Search,
    seed: Seed,
    output: str | None,
    learning_curve: bool = False,
    probes: bool = False,
    name: str = "run",
    config: str = "",
) -> EvaluatedRun:
    """Fit on the train articles, calibrate on others, test on the rest, and save the model.

    With several folds each statement is tested by a model of the other folds, and the model that is saved is
    fitted on all statements.

    Parameters
    ----------
    learning_curve : bool
        Also test models of fewer articles, and say what twice as many would give.
    probes : bool
        Also test how much the names of actors decide.
    """
    started = datetime.now(UTC)
    with claimed_folder(output, name) as folder:
        if features.needs_target:
            dataset = dataset.with_target()
        with stage("reading"):
            labelled = dataset()
        logger.info(
            "%s: %d statements, classes %s", labelled.name, len(labelled.rows), ", ".join(labelled.classes)
        )
        with stage("splitting"):
            parts = split(labelled.rows)
        fit = Fit(training_data(labelled, parts), features, classifier, calibration, seed)
        tested, results, model, trained_on = _test(fit, parts, search, labelled)
        with stage("saving"):
            model = _with_facts(model, labelled, trained_on, results[-1], tested, split, search, seed)
            saved = save_run(folder, model, labelled, parts, results, config)
        studies = _studies(
            results, parts, tested, labelled, seed, learning_curve=learning_curve, probes=probes
        )
        with stage("measuring"):
            metrics = write_report(
                folder,
                tested,
                saved,
                labelled,
                name=name,
                seed=seed,
                audit=audit_folds(labelled.rows, parts.folds),
                n_folds=len(parts.folds),
                studies=studies,
            )
        write_json(folder / "run.json", {"name": name, **run_facts(started)})
        print_outcome(folder, metrics, dataset)
        return EvaluatedRun(saved, tested, folder, metrics)


def training_data(labelled: LabelledDataset, parts: Split) -> TrainingData:
    """What a fit needs of labelled statements and of how they are split."""
    rows = labelled.rows
    targets = list(rows["target"]) if "target" in rows.column_names else None
    y = np.asarray(rows["label"], dtype=np.int64)
    texts, auxiliary = list(rows["text"]), _auxiliary_data(labelled)
    return TrainingData(texts, targets, y, parts.units, labelled.classes, auxiliary)


def _auxiliary_data(labelled: LabelledDataset) -> AuxiliaryData | None:
    """The statements of all auxiliary sources whose text is none of the dataset's own, which may be tested."""
    own = {word_key(text) for text in labelled.rows["text"]}
    found = [
        (row["text"], row.get("target") or "", row["label"], source.weight)
        for source in labelled.auxiliary
        for row in source.rows
        if word_key(row["text"]) not in own
    ]
    if not found:
        return None
    texts, targets, labels, weights = zip(*found, strict=True)
    return AuxiliaryData(texts, targets, np.asarray(labels, dtype=np.int64), np.asarray(weights))


def _test(
    fit: Fit, parts: Split, search: Search, labelled: LabelledDataset
) -> tuple[Tested, list[SearchResult], Model, NDArray[np.int64]]:
    """Scores of the held-out statements of every fold, the model to save, and the rows it was fitted on."""
    n_statements, n_classes = len(fit.data.y), len(fit.data.classes)
    empty = np.zeros((n_statements, n_classes))
    whole = Scores(np.zeros(n_statements, np.int64), empty, empty.copy(), np.zeros(n_statements, np.int64))
    results: list[SearchResult] = []
    with stage("counting terms"):
        fit = replace(fit, counted=fit.counts)
    folds = parts.folds
    with stage("training"):
        for fold in steps(folds, "folds") if len(folds) > 1 else folds:
            result = search(fit, fold.train)
            results.append(result)
            model = result.fit.model(fold.train, fold.calibrate)
            _fill(whole, fold.test, model, fit)
            trained_on = np.sort(np.concatenate([fold.train, fold.calibrate]))
    held_out = np.sort(np.concatenate([fold.test for fold in folds]))
    if len(folds) > 1:
        trained_on = np.arange(n_statements)
        with stage(f"fitting the model to save on all {n_statements} statements"):
            results.append(search(fit, trained_on))
            model = results[-1].fit.model(trained_on, trained_on[:0])
    scores = Scores(*(values[held_out] for values in vars(whole).values()))
    return Tested.of(labelled.rows.select(held_out), scores), results, model, trained_on


def _fill(whole: Scores, rows: NDArray[np.int64], model: Model, fit: Fit) -> None:
    targets = None if fit.data.targets is None else [fit.data.targets[i] for i in rows]
    scores = model.score([fit.data.texts[i] for i in rows], targets)
    for name, values in vars(scores).items():
        getattr(whole, name)[rows] = values


def _studies(
    results: list[SearchResult],
    parts: Split,
    tested: Tested,
    labelled: LabelledDataset,
    seed: int,
    *,
    learning_curve: bool,
    probes: bool,
) -> dict[str, Any]:
    """What was asked for beyond the test: results with fewer articles, and without or with other names."""
    fits = [result.fit for result in results[: len(parts.folds)]]
    rows, predicted = labelled.rows, tested.scores.predicted
    articles = rows["article_id"][:]
    found: dict[str, Growth | Probes | None] = {}
    if learning_curve:
        found["learning_curve"] = grow(fits, parts.folds, predicted, articles, seed=seed)
    if probes:
        langs = rows["lang"][:] if "lang" in rows.column_names else [None] * len(rows)
        known = [lang or UNDETERMINED for lang in langs]
        with stage("probing"):
            found["probes"] = probe(fits, parts.folds, predicted, articles, known, seed=seed)
    return {key: study.numbers() for key, study in found.items() if study is not None}


def _with_facts(
    model: Model,
    labelled: LabelledDataset,
    trained_on: NDArray[np.int64],
    result: SearchResult,
    tested: Tested,
    split: Splitter,
    search: Search,
    seed: int,
) -> Model:
    """The model with what its card and its later uses need to know, all of it independent of time and place."""
    part, chosen = labelled.rows.select(trained_on), result.fit
    labels = np.bincount(np.asarray(part["label"]), minlength=len(labelled.classes))
    facts = {
        "dataset": labelled.name,
        "dataset_fingerprint": labelled.fingerprint,
        "n_statements": len(part),
        "n_articles": len(set(part["article_id"])),
        "auxiliary": [
            {"dataset": s.name, "fingerprint": s.fingerprint, "n_statements": len(s.rows), "weight": s.weight}
            for s in labelled.auxiliary
        ],
        "statements_per_class": dict(zip(labelled.classes, labels.tolist(), strict=True)),
        "languages": _shares(part, "lang"),
        "published_on": _period(part),
        "classifier": {"name": type(chosen.classifier).__name__, **asdict(chosen.classifier)},  # type: ignore[call-overload]
        "weighting": chosen.features.weighting,
        "split": {"name": type(split).__name__, **asdict(split)},
        "search": _search_facts(search, result),
        "seed": seed,
        "versions": versions(),
        "held_out": tested.facts(seed),
    }
    return replace(model, facts=facts, seen=_seen(labelled, part))


def _seen(labelled: LabelledDataset, part: Any) -> dict[str, NDArray[Any]]:
    """Hashes of the texts and articles that training had, the auxiliary ones too."""
    read = [part, *(source.rows for source in labelled.auxiliary)]
    texts, articles = ([v for rows in read for v in rows[name]] for name in ("text", "article_id"))
    return seen_hashes(texts, articles)


def _search_facts(search: Search, result: SearchResult) -> dict[str, Any] | None:
    """How the settings were found, or None where nothing was searched."""
    if isinstance(search, NoSearch):
        return None
    return {
        "name": type(search).__name__,
        "keys": sorted(search.space),
        "n_trials": len(result.trials),
        "n_folds": search.n_folds,
        "metric": search.metric,
    }


def _shares(rows: Any, column: str) -> dict[str, float]:
    if column not in rows.column_names:
        return {}
    names, counts = np.unique([value or "und" for value in rows[column]], return_counts=True)
    return {str(n): round(float(c) / len(rows), 4) for n, c in zip(names, counts, strict=True)}


def _period(rows: Any) -> list[str]:
    """The first and the last day of the statements, or nothing where no date is known."""
    dates = rows["published_on"][:] if "published_on" in rows.column_names else []
    days = sorted(str(date)[:10] for date in dates if date)
    return [days[0], days[-1]] if days else []


def save_run(
    folder: Path,
    model: Model,
    labelled: LabelledDataset,
    parts: Split,
    results: list[SearchResult],
    config: str,
) -> Model:
    """Write the bundle, the parts, the trials of the search and the configuration; give back the bundle, loaded."""
    bundle.save(model, folder / "model", card=model_card(model))
    write_table(folder / "splits.parquet", split_table(labelled, parts))
    trials = [(k, trial) for k, result in enumerate(results) for trial in result.trials]
    if trials:
        write_table(folder / "search.csv", _trial_table(trials))
    write_text(folder / "config.yaml", config)
    return bundle.load(folder / "model")


def split_table(labelled: LabelledDataset, parts: Split) -> "pa.Table":
    """The part of each statement, from which all folds can be made again.

    Where folds are several, ``fold`` tests the statement, and all others train with it but those that it is
    ``left_out_of``.
    """
    import pyarrow as pa

    ids, articles = list(labelled.rows["statement_id"]), list(labelled.rows["article_id"])
    is_single = len(parts.folds) == 1
    names = np.full(len(ids), "none" if is_single else "train", dtype=object)
    fold_of: list[int | None] = [0 if is_single else None] * len(ids)
    left_out_of: list[list[int]] = [[] for _ in ids]
    for k, fold in enumerate(parts.folds):
        if is_single:
            names[fold.train], names[fold.calibrate] = "train", "calibrate"
        names[fold.test] = "test"
        for i in fold.test.tolist():
            fold_of[i] = k
        for i in fold.left_out.tolist():
            left_out_of[i].append(k)
    return pa.table(
        {
            "statement_id": ids,
            "article_id": articles,
            "part": pa.array(names, pa.string()),
            "fold": pa.array(fold_of, pa.int32()),
            "left_out_of": pa.array(left_out_of, pa.list_(pa.int32())),
        }
    )


def _trial_table(trials: list[tuple[int, Any]]) -> "pa.Table":
    import pyarrow as pa

    rows = [
        {
            "fold": k,
            **{key: str(value) for key, value in trial.setting.items()},
            "mean": trial.mean,
            **{f"score_{j}": score for j, score in enumerate(trial.scores)},
        }
        for k, trial in trials
    ]
    return pa.Table.from_pylist(rows)


def print_outcome(folder: Path, metrics: dict[str, Any], dataset: Files | Hub) -> None:
    """The table of held-out results and what to do next with tables like the dataset's, on standard output."""
    print_metrics(metrics)
    model, columns = folder / "model", dataset.unusual()
    in_dataset = {f"dataset.{name}": column for name, column in columns.items()}
    read = {name: columns[name] for name in ("text_field", "target_field") if name in columns}
    print(printable(f"Model:    {model}"))
    print(printable(f"Report:   {folder / 'report.html'}"))
    print(
        "Evaluate:",
        _command("evaluate", model=model, dataset="files", **{"dataset.path": HELD_OUT}, **in_dataset),
    )
    print("Score:   ", _command("score", model=model, input=ARCHIVE, output="scores.parquet", **read))


def _command(verb: str, **settings: str | Path) -> str:
    """A command as a shell takes it, whatever signs its paths and names hold."""
    return printable(shlex.join(["stance", verb, *(f"{key}={value}" for key, value in settings.items())]))
