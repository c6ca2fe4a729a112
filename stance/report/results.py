"""What a test came to: the contents of metrics.json."""

from functools import partial
from typing import Any

import numpy as np

from stance.baselines import baseline_predictions
from stance.comparison import Predicted, paired_difference
from stance.dataset import LabelledDataset
from stance.errors import BundleError
from stance.intervals import bootstrap_interval, measure
from stance.label_errors import share_of_errors
from stance.leakage import LeakageAudit
from stance.metrics import mean_f1
from stance.model import Model
from stance.report.contamination import audit_seen, leakage_numbers
from stance.report.tested import Tested
from stance.seen import count_seen
from stance.slices import find_slices, measure_slices


def measure_all(
    tested: Tested, model: Model, labelled: LabelledDataset, audit: LeakageAudit | None, *, seed: int
) -> dict[str, Any]:
    """All numbers of a test, as plain values.

    Parameters
    ----------
    audit : LeakageAudit or None
        What the tested statements share with the train statements; without it, what the model knows itself.
    """
    baselines = measure_baselines(tested, model, seed=seed)
    found_audit = audit_seen(model, tested) if audit is None else audit
    are_copies_known = audit is not None or "signatures" in model.seen
    measured = _with_mean_f1(tested.measure(seed), tested, labelled.averaged, seed)
    return measured | {
        "majority_macro_f1": baselines["majority"]["macro_f1"]["estimate"],
        "baselines": baselines,
        "slices": measure_all_slices(tested, seed=seed),
        "leakage": leakage_numbers(found_audit, tested, near_copies_known=are_copies_known, seed=seed),
        "out_of_vocabulary": int((tested.scores.n_known_terms == 0).sum()),
        "label_errors": label_error_numbers(tested, seed=seed),
        "model_id": model.model_id,
        "dataset_fingerprint": labelled.fingerprint,
        "skipped": len(labelled.skips),
        "seen_in_training": count_seen(model.seen, tested.rows["text"][:], tested.articles),
    }


def _with_mean_f1(
    metrics: dict[str, Any], tested: Tested, averaged: tuple[str, ...], seed: int
) -> dict[str, Any]:
    """The metrics and, where a task is judged by some classes alone, the mean F1 of these."""
    if not averaged:
        return metrics
    metric = partial(mean_f1, of=[tested.classes.index(name) for name in averaged])
    articles = np.asarray(tested.articles)
    found = bootstrap_interval(
        metric, tested.y, tested.scores.predicted, articles=articles, seed=seed
    ).plain()
    bounds = {**metrics["intervals"], "mean_f1": (found["lower"], found["upper"])}
    return metrics | {"mean_f1": {**found, "classes": list(averaged)}, "intervals": bounds}


def measure_baselines(tested: Tested, model: Model, *, seed: int) -> dict[str, Any]:
    """Each baseline's results, and what the model has over it in macro-F1."""
    rows, counts = tested.rows, model.facts.get("statements_per_class")
    if counts is None:
        raise BundleError(
            "model: its config.json states no facts.statements_per_class, which its baselines need. Retrain."
        )
    langs = rows["lang"][:] if "lang" in rows.column_names else [None] * len(rows)
    found = baseline_predictions(rows["text"][:], langs, tested.classes, counts, seed=seed)
    return {name: _baseline_numbers(tested, predicted, seed) for name, predicted in found.items()}


def _baseline_numbers(tested: Tested, baseline: Predicted, seed: int) -> dict[str, Any]:
    articles = np.asarray(tested.articles)
    metrics = measure(tested.y, baseline.y, baseline.probabilities, tested.classes, articles, seed=seed)
    gain = paired_difference(
        tested.y,
        Predicted(tested.scores.predicted),
        Predicted(baseline.y),
        tested.classes,
        articles,
        seed=seed,
    )
    return {
        "macro_f1": metrics["macro_f1"],
        "accuracy": metrics["accuracy"],
        "brier": _with_bounds(metrics, "brier"),
        "log_loss": _with_bounds(metrics, "log_loss"),
        "model_minus_this": {"estimate": gain.estimate, "lower": gain.lower, "upper": gain.upper},
    }


def _with_bounds(metrics: dict[str, Any], name: str) -> dict[str, float] | None:
    """A metric of probabilities as estimate, lower and upper; None where there are no probabilities."""
    if name not in metrics:
        return None
    lower, upper = metrics["intervals"][name]
    return {"estimate": metrics[name], "lower": lower, "upper": upper}


def measure_all_slices(tested: Tested, *, seed: int) -> dict[str, Any]:
    """Results by language, year, source, kind, length, known speaker and target, where these are known."""
    slices = find_slices(tested.rows)
    if "target" in tested.rows.column_names:
        slices |= find_slices(tested.rows, ["target"])
    return measure_slices(
        slices, tested.y, tested.scores.predicted, tested.classes, tested.articles, seed=seed
    )


def label_error_numbers(tested: Tested, *, seed: int) -> dict[str, Any]:
    """How many labels are likely wrong, and the estimated share of wrong labels."""
    share = share_of_errors(tested.y, tested.scores.probabilities, tested.articles, seed=seed)
    return {"n_statements": int(tested.label_errors.likely.sum()), "share": share.plain()}
