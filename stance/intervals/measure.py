"""All metrics of one set of predictions, each with its interval."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance import metrics
from stance.intervals.bounds import (
    CONFIDENCE,
    error_bounds,
    percentile_bounds,
    share_bounds,
)
from stance.intervals.resampling import N_RESAMPLES, check_any, numbered, resample
from stance.intervals.tallies import RELIABILITY, Tally, all_tallies

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Bounds = tuple[float, float]

_WITH_BOUNDS = ("macro_f1", "accuracy", "balanced_accuracy", "mcc")
_OUTSIDE_0_1 = ("mcc", "log_loss", "brier")


def measure(
    y_true: ArrayLike,
    y_predicted: ArrayLike,
    probabilities: FloatArray | None,
    classes: Sequence[str],
    articles: ArrayLike,
    *,
    seed: int,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
) -> dict[str, Any]:
    """All metrics of predictions, as plain values for ``metrics.json``, with bootstrap intervals by article.

    Parameters
    ----------
    y_true, y_predicted : array of shape (n_statements,)
        Classes by name, or by number in ``classes``.
    probabilities : array of shape (n_statements, n_classes) or None
        Without them, the metrics of probabilities are left out.
    articles : array of shape (n_statements,)
        Article of each statement, by name or number.
    confidence : float
        Coverage of the intervals, a fraction in (0, 1).

    Returns
    -------
    dict
        ``macro_f1``, ``accuracy``, ``balanced_accuracy`` and ``mcc`` as estimate, lower and upper; all other
        metrics as numbers; ``intervals``: the bounds of every metric by its dotted path. ``roc_auc`` and
        ``average_precision`` are means over classes, each against the rest. ``absent_classes`` have no
        statement. What is not defined is None.
    """
    true, predicted = (metrics.class_numbers(y, classes) for y in (y_true, y_predicted))
    check_any(true)
    names = tuple(map(str, classes))
    if probabilities is not None:
        probabilities = np.asarray(probabilities, dtype=np.float64)
    tallies = list(all_tallies(true, predicted, probabilities, numbered(articles), names))
    estimates, bounds = _estimates_and_bounds(tallies, n_resamples, seed, confidence)
    counts = metrics.confusion(true, predicted, len(names))
    result: dict[str, Any] = {
        "n_statements": len(true),
        "n_articles": int(numbered(articles).max()) + 1,
        "classes": list(names),
        "absent_classes": [name for name, n in zip(names, counts.sum(axis=1), strict=True) if n == 0],
        "confidence": confidence,
    }
    result |= _nested(estimates, bounds)
    for name, n in zip(names, counts.sum(axis=1).tolist(), strict=True):
        result["per_class"][name]["support"] = n
    result["confusion"] = {"classes": list(names), "counts": counts.tolist()}
    if probabilities is not None:
        result["reliability"] = _reliability_rows(true, probabilities, bounds)
    result["intervals"] = {
        path: list(map(_plain, pair)) for path, pair in bounds.items() if not path.startswith(RELIABILITY)
    }
    return result


def _estimates_and_bounds(
    tallies: list[Tally], n_resamples: int, seed: int, confidence: float
) -> tuple[dict[str, float], dict[str, Bounds]]:
    """Estimates and bounds by dotted path."""
    replicates = resample(tallies, n_resamples=n_resamples, seed=seed)
    columns = {
        name: (float(tally.estimates[i]), found[:, i], float(tally.n_articles[i]))
        for tally, found in zip(tallies, replicates, strict=True)
        for i, name in enumerate(tally.names)
    }
    estimates = {name: estimate for name, (estimate, _, _) in columns.items()}
    bounds = {name: _bounds(name, *column, confidence) for name, column in columns.items()}
    return estimates, bounds


def _bounds(
    name: str, estimate: float, replicates: FloatArray, n_articles: float, confidence: float
) -> Bounds:
    if np.isnan(estimate):
        return np.nan, np.nan
    if name == "ece":
        return error_bounds(estimate, replicates, n_articles=n_articles, confidence=confidence)
    if name in _OUTSIDE_0_1:
        return percentile_bounds(replicates, n_articles=n_articles, confidence=confidence)
    return share_bounds(estimate, replicates, n_articles=n_articles, confidence=confidence)


def _nested(estimates: dict[str, float], bounds: dict[str, Bounds]) -> dict[str, Any]:
    """Metrics by name, those of classes under their class, the main ones with their bounds."""
    result: dict[str, Any] = {"per_class": {}}
    for path, value in estimates.items():
        if path.startswith("per_class."):
            name, part = path.removeprefix("per_class.").rsplit(".", 1)
            result["per_class"].setdefault(name, {})[part] = _plain(value)
        elif path.startswith(RELIABILITY):
            continue
        elif path in _WITH_BOUNDS:
            lower, upper = map(_plain, bounds[path])
            result[path] = {"estimate": _plain(value), "lower": lower, "upper": upper}
        else:
            result[path] = _plain(value)
    return result


def _reliability_rows(
    true: IntArray, probabilities: FloatArray, bounds: dict[str, Bounds]
) -> list[dict[str, Any]]:
    """The filled bins of the reliability curve, with the interval of each share of right predictions."""
    curve = metrics.reliability(true, probabilities)
    rows = enumerate(zip(*(values.tolist() for values in curve), strict=True))
    return [
        {
            **dict(zip(curve._fields, row, strict=True)),
            "accuracy_interval": list(map(_plain, bounds[f"{RELIABILITY}{k}"])),
        }
        for k, row in rows
        if row[2] > 0
    ]


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
