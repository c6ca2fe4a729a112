"""The tables of a report, made of its numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.intervals import Interval
from stance.model import Model
from stance.pages.rendering import shown_term
from stance.report.tables import Column, Table

SHOWN_TERMS = 15
MAX_CLASSES_WITH_TERMS = 20
MAX_CONFUSIONS = 30

METRIC_NAMES = {
    "mean_f1": "mean F1 of the classes the task averages",
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "mcc": "Matthews correlation",
    "roc_auc": "area under ROC",
    "average_precision": "average precision",
    "log_loss": "log loss",
    "brier": "Brier score",
    "ece": "expected calibration error",
}
CLASS_METRIC_NAMES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "roc_auc": "area under ROC",
    "average_precision": "average precision",
}
BASELINE_NAMES = {
    "majority": "most frequent class",
    "prior": "drawn by class shares",
    "lexicon": "tone lexicon",
}
_VIEW_NOTES = {
    "negated": "not_ stands before a negated word",
    "reversed": "not_ stands before a word that a negation or a word such as refuse, lift or end reaches",
    "aside": "aside_ stands before a word of a circumstance, behind after, despite, who and the like",
    "polarity": "blame_en and the like are words of blame, praise, cooperation, tension or reversal in a lexicon of "
    "English or French",
    "masked": "_target stands for what the statement is about",
    "around": "before_ and after_ say on which side of it a word stands",
    "joint": "what follows a word and _ is the target that it was tied to",
}
_LEAKAGE_NAMES = {
    "in_shared_article": "in an article that training has too",
    "exact_copy": "with the same words as a train statement",
    "near_copy": "nearly the same as a train statement",
    "contaminated": "not new: any of these three",
    "not_later": "not later than the last train statement",
    "clean": "new: none of these three",
}


def measured(value: Mapping[str, Any]) -> Interval:
    """A metric that holds its own bounds."""
    return Interval(**value)


def results_table(metrics: Mapping[str, Any]) -> Table:
    """All metrics of all statements."""
    columns = (Column("metric"), Column("estimate (95 % interval)", "measured"))
    rows = ((shown, _at(metrics, name)) for name, shown in METRIC_NAMES.items() if name in metrics)
    return Table("results", "Results on all tested statements", columns, tuple(rows))


def classes_table(metrics: Mapping[str, Any], *, has_areas: bool = True) -> Table:
    """Precision, recall, F1 and, if wished, the areas of each class against the rest."""
    wished = list(CLASS_METRIC_NAMES) if has_areas else ["precision", "recall", "f1"]
    parts = [part for part in wished if all(part in found for found in metrics["per_class"].values())]
    columns = (Column("class", "class"), Column("statements", "count"))
    rows = (
        (name, found["support"], *(_at(metrics, f"per_class.{name}.{part}", found[part]) for part in parts))
        for name, found in metrics["per_class"].items()
    )
    named = (Column(CLASS_METRIC_NAMES[part], "measured") for part in parts)
    return Table("classes", "Results by class (95 % intervals in brackets)", (*columns, *named), tuple(rows))


def _at(metrics: Mapping[str, Any], path: str, value: Any = None) -> Interval:
    """The metric of a path with its bounds; its value where the path leads into a class."""
    value = metrics[path] if value is None and path in metrics else value
    found = value["estimate"] if isinstance(value, Mapping) else value
    return Interval(found, *metrics["intervals"][path])


def baselines_table(metrics: Mapping[str, Any]) -> Table:
    """The model beside what needs no learning from texts."""
    columns = (
        Column("predictions"),
        Column("macro-F1", "measured"),
        Column("accuracy", "measured"),
        Column("Brier score", "measured"),
        Column("model minus this, macro-F1", "measured"),
    )
    own = (_at(metrics, name) for name in ("macro_f1", "accuracy", "brier"))
    rows: list[tuple[Any, ...]] = [("model", *own, None)]
    for name, found in metrics["baselines"].items():
        values = (found[key] for key in ("macro_f1", "accuracy", "brier", "model_minus_this"))
        rows.append((BASELINE_NAMES[name], *(value and measured(value) for value in values)))
    return Table(
        "baselines", "The model and its baselines (95 % intervals in brackets)", columns, tuple(rows)
    )


def confusion_table(metrics: Mapping[str, Any]) -> Table:
    """Counts of each label and prediction, the most frequent mistakes first where classes are many."""
    classes, counts = metrics["confusion"]["classes"], np.asarray(metrics["confusion"]["counts"])
    columns = (
        Column("label", "class"),
        Column("predicted", "class"),
        Column("statements", "count"),
    )
    cells = [(i, j) for i in range(len(classes)) for j in range(len(classes)) if counts[i, j]]
    if len(cells) > MAX_CONFUSIONS:
        wrong = sorted((c for c in cells if c[0] != c[1]), key=lambda c: (-counts[c], c))
        cells = wrong[:MAX_CONFUSIONS]
    rows = tuple((classes[i], classes[j], int(counts[i, j])) for i, j in cells)
    return Table("confusion", "Labels and predictions", columns, rows)


def reliability_table(metrics: Mapping[str, Any]) -> Table:
    """How often the model is right, by how sure it is."""
    columns = (
        Column("probability", "interval"),
        Column("statements", "count"),
        Column("mean probability", "number"),
        Column("share right (95 % interval)", "measured"),
    )
    rows = (
        (
            (b["lower"], b["upper"]),
            b["n_statements"],
            b["confidence"],
            Interval(b["accuracy"], *b["accuracy_interval"]),
        )
        for b in metrics["reliability"]
    )
    return Table("reliability", "How sure the model is, and how often right", columns, tuple(rows))


def slices_table(metrics: Mapping[str, Any], *, has_accuracy: bool = True) -> Table:
    """Results on subsets of the statements: macro-F1 and, if wished, accuracy."""
    parts = ("macro_f1", "accuracy") if has_accuracy else ("macro_f1",)
    columns = (
        Column("column"),
        Column("value"),
        Column("statements", "count"),
        Column("articles", "count"),
        *(Column(f"{METRIC_NAMES[part]} (95 % interval)", "measured") for part in parts),
        Column("classes not in it"),
    )
    rows = []
    for name, v in metrics["slices"].items():
        column, _, value = name.partition("=")
        absent = ", ".join(v["absent_classes"]) or None
        sizes = (v["n_statements"], v["n_articles"])
        rows.append((column, value, *sizes, *(measured(v[part]) for part in parts), absent))
    return Table("slices", "Results by slice (of at least 30 statements)", columns, tuple(rows))


def leakage_table(metrics: Mapping[str, Any]) -> Table:
    """What the tested statements share with those of training."""
    columns = (Column("tested statements"), Column("statements", "count"), Column("share", "number"))
    rows = [
        (shown, found and found["statements"], found and found["share"])
        for name, shown in _LEAKAGE_NAMES.items()
        if name in metrics["leakage"]
        for found in [metrics["leakage"][name]]
    ]
    return Table("leakage", "What training has seen of the tested statements", columns, tuple(rows))


def contamination_table(metrics: Mapping[str, Any]) -> Table:
    """Results on the statements that training gives away, and on the others."""
    columns = (
        Column("tested statements"),
        Column("statements", "count"),
        Column("articles", "count"),
        Column("macro-F1 (95 % interval)", "measured"),
    )
    rows = (
        (_LEAKAGE_NAMES[name], v["n_statements"], v["n_articles"], measured(v["macro_f1"]))
        for name, v in metrics["leakage"]["results"].items()
    )
    return Table("contamination", "Results with and without shared statements", columns, tuple(rows))


def curve_table(curve: Mapping[str, Any]) -> Table:
    """Results with fewer articles, and what twice as many would give."""
    columns = (
        Column("train articles", "count"),
        Column("train statements", "count"),
        Column("macro-F1 (95 % interval)", "measured"),
        Column("what it is"),
    )
    rows = [
        (p["n_articles"], p["n_statements"], measured(p["macro_f1"]), "measured") for p in curve["points"]
    ]
    last = curve["points"][-1]
    sizes = (2 * last["n_articles"], 2 * last["n_statements"])
    rows.append((*sizes, measured(curve["doubled"]), "projected"))
    return Table("learning-curve", "Learning curve", columns, tuple(rows))


def probes_table(probes: Mapping[str, Any]) -> Table:
    """How much the model leans on the names of actors."""
    columns = (Column("probe"), Column("estimate (95 % interval)", "measured"))
    rows = (
        (shown, measured(probes[name]))
        for name, shown in {
            "names_only": "macro-F1 of a model that sees nothing but the names of actors",
            "masked_minus_plain": "macro-F1 with masked names minus macro-F1 with names",
            "swap_flip_rate": f"share of {probes['n_swapped']} statements whose class changes when their actors are swapped",
        }.items()
    )
    return Table("probes", "What the names of actors decide", columns, tuple(rows))


def strongest_terms(model: Model) -> dict[str, dict[str, list[tuple[str, float]]]]:
    """The terms with the highest weights for each class, by block, with their weights."""
    starts = model.features.starts
    return {
        name: {
            block.name: _highest(class_weights(model, k)[start : start + len(block.terms)], block.terms)
            for start, block in zip(starts[:-1], model.features.blocks, strict=True)
        }
        for k, name in enumerate(model.classes[:MAX_CLASSES_WITH_TERMS])
    }


def term_notes(model: Model) -> list[str]:
    """What the signs in the terms of a model's blocks mean."""
    blocks = [fitted.block for fitted in model.features.blocks]
    views = {view for block in blocks for view in block.field.split("+")}
    notes = [note for view, note in _VIEW_NOTES.items() if view in views]
    return ["␣ is a space", *notes] if any(block.analyzer != "word" for block in blocks) else notes


def class_weights(model: Model, k: int) -> NDArray[np.float64]:
    """The weights of all terms for class number ``k``; for two classes one's are the other's negative."""
    coef = model.linear.coef
    if len(coef) == 1:
        return np.asarray(coef[0] if k else -coef[0])
    return np.asarray(coef[k])


def _highest(weights: NDArray[np.float64], terms: Sequence[str]) -> list[tuple[str, float]]:
    order = np.argsort(-weights, kind="stable")[:SHOWN_TERMS]
    return [(terms[i], float(weights[i])) for i in order if weights[i] > 0]


def terms_table(terms: Mapping[str, Mapping[str, list[tuple[str, float]]]]) -> Table:
    """The strongest terms of each class in each block."""
    columns = (Column("class", "class"), Column("block"), Column("term", "term"), Column("weight", "number"))
    rows = (
        (name, block, shown_term(term), weight)
        for name, by_block in terms.items()
        for block, found in by_block.items()
        for term, weight in found
    )
    return Table("terms", "Terms with the strongest weights", columns, tuple(rows))
