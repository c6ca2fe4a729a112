"""The figures of a report."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from stance.comparison import Difference
from stance.metrics import precision_recall_curve, roc_curve
from stance.pages import visible
from stance.report.svg import COLOURS, drawing, inline_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_INCHES = 5.0
MAX_CELLS = 12
"""Classes up to which a confusion matrix can be read."""
MAX_LABEL_CHARS, MAX_PAIR_CHARS = 28, 64
MAX_CURVE_TICKS = 6
MAX_CURVE_POINTS = 150
LINES = ("-", (0, (5, 2)), (0, (1, 1.5)))
"""Styles of lines, so that classes are told apart without colours."""

LEFT_TO_RIGHT = "\u200e"
"""Without it, a number behind a name in Arabic or Hebrew is shown before it."""


def label(text: str, max_chars: int = MAX_LABEL_CHARS) -> str:
    """A name that fits beside an axis."""
    shown = " ".join(visible(text).split())
    return shown if len(shown) <= max_chars else shown[: max_chars - 1] + "…"


def _canvas(width_inches: float, height_inches: float) -> "Figure":
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_inches, height_inches))
    FigureCanvasSVG(figure)
    return figure


def _figure(height_inches: float) -> "tuple[Figure, Axes]":
    figure = _canvas(WIDTH_INCHES, height_inches)
    return figure, figure.add_subplot()


def confusion_figure(metrics: Mapping[str, Any], colours: Mapping[str, int]) -> Markup | None:
    """Labels against predictions: counts, shaded by the share of each label; None for too many classes."""
    from matplotlib.patches import Rectangle

    classes, counts = metrics["confusion"]["classes"], np.asarray(metrics["confusion"]["counts"])
    n = len(classes)
    if n > MAX_CELLS:
        return None
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with drawing():
        figure, axes = _figure(0.9 + 0.42 * n)
        for i in range(n):
            for j in range(n):
                colour = COLOURS[f"k{colours[classes[j]]}"]
                cell = Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=colour, edgecolor="none")
                cell.set_alpha(round(float(0.05 + 0.5 * shares[i, j]), 3))
                axes.add_patch(cell)
                weight = "bold" if i == j else "normal"
                axes.text(
                    j, i, f"{counts[i, j]}\n{shares[i, j]:.0%}", ha="center", va="center", weight=weight
                )
        axes.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5), xlabel="predicted", ylabel="label")
        axes.set_xticks(
            range(n),
            [label(name) for name in classes],
            rotation=0 if n <= 4 else 40,
            ha="center" if n <= 4 else "right",
        )
        axes.set_yticks(range(n), [label(name) for name in classes])
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        return inline_svg(
            figure, "confusion", "Confusion matrix; the same counts are in the table beside it."
        )


def reliability_figure(metrics: Mapping[str, Any]) -> Markup:
    """Accuracy with its interval against confidence, with the number of statements in each bin below."""
    bins = metrics["reliability"]
    with drawing():
        figure = _canvas(WIDTH_INCHES, 3.6)
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        low = min(min(b["lower"] for b in bins), 0.5)
        above.plot([0, 1], [0, 1], color=COLOURS["muted"], linewidth=1, linestyle=(0, (4, 3)))
        sizes = [b["n_statements"] for b in bins]
        for b in bins:
            lower, upper = b["accuracy_interval"]
            if lower is not None:
                above.plot([b["confidence"]] * 2, [lower, upper], color=COLOURS["k0"], linewidth=1.2)
        above.plot(
            [b["confidence"] for b in bins],
            [b["accuracy"] for b in bins],
            color=COLOURS["k0"],
            marker="o",
            markersize=5,
            linewidth=1.5,
        )
        above.set(xlim=(low, 1), ylim=(0, 1.04), ylabel="share right")
        above.grid(visible=True)
        middles = [(b["lower"] + b["upper"]) / 2 for b in bins]
        widths = [(b["upper"] - b["lower"]) * 0.9 for b in bins]
        below.bar(middles, sizes, widths, color=COLOURS["k0"], alpha=0.5)
        for x, n in zip(middles, sizes, strict=True):
            below.annotate(str(n), (x, n), (0, 2), textcoords="offset points", ha="center", fontsize=7.5)
        below.set(
            xlabel="probability of the predicted class", ylabel="statements", ylim=(0, max(sizes) * 1.3)
        )
        below.set_yticks([])
        figure.align_ylabels()
        return inline_svg(
            figure, "reliability", "Reliability curve; the same numbers are in the table beside it."
        )


def ranking_figure(
    y: NDArray[np.int64], probabilities: NDArray[np.float64], colours: Mapping[str, int]
) -> Markup | None:
    """The ROC and the precision-recall curve of each class that occurs, against all others; None where it is one class alone.

    Parameters
    ----------
    y : array of shape (n_statements,)
        Labels as class numbers.
    probabilities : array of shape (n_statements, n_classes)
    colours : mapping
        The number of the colour of each class, in their order.
    """
    if not np.ptp(y):
        return None
    with drawing():
        figure = _canvas(WIDTH_INCHES * 1.2, 2.9)
        roc, recalls = figure.subplots(1, 2)
        figure.subplots_adjust(wspace=0.35)
        roc.plot([0, 1], [0, 1], color=COLOURS["muted"], linewidth=1, linestyle=(0, (4, 3)))
        for k, (name, colour) in enumerate(colours.items()):
            positive = y == k
            if not positive.any() or positive.all():
                continue
            style = {
                "color": COLOURS[f"k{colour}"],
                "linewidth": 1.3,
                "linestyle": LINES[k % len(LINES)],
                "label": label(name),
            }
            for axes, curve in ((roc, roc_curve), (recalls, precision_recall_curve)):
                found = curve(positive, probabilities[:, k])
                shown = np.unique(np.linspace(0, len(found.x) - 1, MAX_CURVE_POINTS).astype(np.int64))
                axes.plot(found.x[shown], found.y[shown], **style)
        roc.set(xlabel="false positive rate", ylabel="true positive rate", title="ROC")
        recalls.set(xlabel="recall", ylabel="precision", title="precision and recall")
        for axes in (roc, recalls):
            axes.set(xlim=(0, 1), ylim=(0, 1.02))
            axes.grid(visible=True)
        recalls.legend(loc="lower left")
        return inline_svg(
            figure,
            "ranking",
            "ROC and precision-recall curves by class; their areas are in the table of classes.",
        )


def slices_figure(slices: Mapping[str, Any], whole: Mapping[str, float]) -> Markup:
    """Macro-F1 of each slice with its interval, and that of all statements as a line."""
    names = [name for name, found in slices.items() if found["macro_f1"]["estimate"] is not None]
    with drawing():
        figure, axes = _figure(0.7 + 0.24 * len(names))
        if whole["lower"] is not None:
            axes.axvspan(whole["lower"], whole["upper"], color=COLOURS["k0"], alpha=0.12, linewidth=0)
        axes.axvline(whole["estimate"], color=COLOURS["k0"], linewidth=1)
        for row, name in enumerate(names):
            _mark(axes, row, slices[name]["macro_f1"], COLOURS["ink"], across=True)
        axes.set_yticks(
            range(len(names)),
            [f"{label(name)}{LEFT_TO_RIGHT}  ({slices[name]['n_statements']})" for name in names],
        )
        axes.set(ylim=(len(names) - 0.4, -0.6), xlabel="macro-F1 (number of statements in brackets)")
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        return inline_svg(figure, "slices", "Macro-F1 by slice; the same numbers are in the table below.")


def differences_figure(differences: Sequence[tuple[str, Difference]], metric: str) -> Markup:
    """Differences with their intervals, and a line at zero.

    Parameters
    ----------
    differences : sequence of (name, difference)
    """
    with drawing():
        figure, axes = _figure(0.7 + 0.24 * len(differences))
        axes.axvline(0, color=COLOURS["k0"], linewidth=1)
        for row, (_, found) in enumerate(differences):
            _mark(axes, row, asdict(found), COLOURS["ink"], across=True)
        axes.set_yticks(range(len(differences)), [label(name, MAX_PAIR_CHARS) for name, _ in differences])
        axes.set(ylim=(len(differences) - 0.4, -0.6), xlabel=f"difference in {label(metric)}")
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        return inline_svg(
            figure, "differences", "Differences of runs; the same numbers are in the tables below."
        )


def _mark(
    axes: "Axes", at: float, value: Mapping[str, Any], colour: str, *, marker: str = "s", across: bool = False
) -> None:
    """A point with its interval, where it has one, upright or across."""
    points: list[tuple[list[float], dict[str, Any]]] = [
        ([value["estimate"]], {"marker": marker, "markersize": 4})
    ]
    if value["lower"] is not None:
        points.insert(0, ([value["lower"], value["upper"]], {"linewidth": 1.2}))
    for values, style in points:
        places = [at] * len(values)
        axes.plot(*((values, places) if across else (places, values)), color=colour, **style)


def weights_figure(weights: Mapping[str, Sequence[tuple[str, float]]], colours: Mapping[str, int]) -> Markup:
    """The terms with the strongest weights for each class, side by side."""
    n_columns = min(len(weights), 2)
    n_rows = -(-len(weights) // n_columns)
    longest = max(len(terms) for terms in weights.values())
    with drawing():
        figure = _canvas(WIDTH_INCHES * 1.2, n_rows * (0.5 + 0.19 * longest))
        panels = figure.subplots(n_rows, n_columns, squeeze=False).ravel()
        figure.subplots_adjust(wspace=0.75, hspace=0.35)
        for axes, (name, terms) in zip(panels, weights.items(), strict=False):
            values = [weight for _, weight in terms]
            axes.barh(range(len(terms)), values, 0.7, color=COLOURS[f"k{colours[name]}"])
            axes.set_yticks(range(len(terms)), [label(term) for term, _ in terms])
            axes.set(ylim=(longest - 0.5, -0.5), title=label(name))
            axes.tick_params(axis="y", length=0)
        for axes in panels[len(weights) :]:
            axes.set_visible(False)
        return inline_svg(
            figure, "weights", "Strongest weights by class; the same terms are in the table below."
        )


def curve_figure(curve: Mapping[str, Any]) -> Markup:
    """Macro-F1 by the number of train articles, with the law fitted to it up to twice as many."""
    points = curve["points"]
    sizes = [p["n_articles"] for p in points]
    with drawing():
        figure, axes = _figure(2.8)
        x = np.geomspace(sizes[0], 2 * sizes[-1], 60)
        axes.plot(
            x,
            curve["limit"] - curve["lack"] * x ** -curve["rate"],
            color=COLOURS["k0"],
            linewidth=1,
            linestyle=(0, (4, 3)),
        )
        for p in points:
            _mark(axes, p["n_articles"], p["macro_f1"], COLOURS["ink"])
        _mark(axes, 2 * sizes[-1], curve["doubled"], COLOURS["k0"], marker="o")
        axes.set_xscale("log")
        ticks = [*sizes[:: -(-len(sizes) // MAX_CURVE_TICKS)], 2 * sizes[-1]]
        axes.set_xticks(ticks, [str(t) for t in ticks])
        axes.minorticks_off()
        axes.set(xlabel="train articles", ylabel="macro-F1")
        axes.grid(visible=True)
        return inline_svg(figure, "curve", "Learning curve; the same numbers are in the table below.")
