"""The report as a page, as Markdown and as LaTeX tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from stance.model import Model
from stance.pages import colour_numbers, render_page
from stance.pages.rendering import number
from stance.report import contents, figures
from stance.report.latex import LATEX_NEEDS, latex
from stance.report.methods import methods, stated_facts
from stance.report.mistakes import confident_mistakes, label_errors_table
from stance.report.tables import Table, markdown, markdown_text
from stance.report.tested import Tested

TEMPLATES = Path(__file__).parent / "templates"
WEAKEST = 3
MAX_FIGURE_CLASSES = 6
FEW_ARTICLES = 20
"""Below this number of articles a notice says that intervals are rough."""


@dataclass(frozen=True)
class Report:
    """All that a report shows.

    Parameters
    ----------
    name : str
        Of the run.
    dataset : str
        Name of the tested data.
    is_evaluation : bool
        Whether a saved model was tested on other data than those it comes with.
    n_folds : int
        Models that tested, each on its own part; 1 where it is the saved one.
    """

    name: str
    dataset: str
    is_evaluation: bool
    n_folds: int
    metrics: Mapping[str, Any]
    tested: Tested
    model: Model

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables by name, in reading order."""
        m = self.metrics
        found = [
            contents.results_table(m),
            contents.baselines_table(m),
            contents.classes_table(m),
            contents.confusion_table(m),
            contents.reliability_table(m),
            contents.slices_table(m),
            label_errors_table(self.tested),
            contents.terms_table(self.terms),
            contents.leakage_table(m),
            contents.contamination_table(m),
        ]
        if "learning_curve" in m:
            found.append(contents.curve_table(m["learning_curve"]))
        if "probes" in m:
            found.append(contents.probes_table(m["probes"]))
        return {table.name: table for table in found}

    @cached_property
    def terms(self) -> dict[str, dict[str, list[tuple[str, float]]]]:
        """The strongest terms by class and block."""
        return contents.strongest_terms(self.model)

    @cached_property
    def methods(self) -> dict[str, str]:
        """The paragraph on methods by language."""
        return methods(
            self.metrics,
            self.model,
            dataset=self.dataset,
            is_evaluation=self.is_evaluation,
            n_folds=self.n_folds,
        )

    def figures(self, colours: Mapping[str, int]) -> dict[str, Any]:
        """The figures by name; None for those that these data do not give."""
        m = self.metrics
        has_slices = any(found["macro_f1"]["estimate"] is not None for found in m["slices"].values())
        first = {name: next(iter(blocks.values())) for name, blocks in self.terms.items()}
        has_weights = len(first) <= MAX_FIGURE_CLASSES and all(first.values())
        return {
            "confusion": figures.confusion_figure(m, colours),
            "reliability": figures.reliability_figure(m),
            "ranking": figures.ranking_figure(self.tested.y, self.tested.scores.probabilities, colours)
            if len(colours) <= MAX_FIGURE_CLASSES
            else None,
            "slices": figures.slices_figure(m["slices"], m["macro_f1"]) if has_slices else None,
            "weights": figures.weights_figure(first, colours) if has_weights else None,
            "curve": figures.curve_figure(m["learning_curve"]) if "learning_curve" in m else None,
        }


def report_page(report: Report) -> str:
    """The report as HTML, in one piece."""
    colours = colour_numbers(report.tested.classes)
    return render_page(
        "report.html.j2",
        folder=TEMPLATES,
        style="report.css",
        script="sort.js",
        report=report,
        metrics=report.metrics,
        model=report.model,
        facts=stated_facts(report.model),
        tables=report.tables,
        figures=report.figures(colours),
        colours=colours,
        mistakes=confident_mistakes(report.tested, report.model),
        summary=summary(report.metrics),
        term_notes=contents.term_notes(report.model),
        methods=report.methods,
    )


def summary(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What the first screen says beside the main numbers.

    Slices are ranked by their upper bounds, so that a small one is not called weak for its noise.
    """
    counts = metrics["confusion"]["counts"]
    classes = metrics["confusion"]["classes"]
    n_wrong = metrics["n_statements"] - sum(row[i] for i, row in enumerate(counts))
    cells = [
        (n, classes[i], classes[j]) for i, row in enumerate(counts) for j, n in enumerate(row) if i != j and n
    ]
    slices = [
        (name, found)
        for name, found in metrics["slices"].items()
        if found["macro_f1"]["upper"] is not None and found["n_statements"] < metrics["n_statements"]
    ]
    baselines = metrics["baselines"]
    best = max(baselines, key=lambda name: baselines[name]["macro_f1"]["estimate"])
    gain = baselines[best]["model_minus_this"]
    return {
        "n_wrong": n_wrong,
        "worst_confusion": max(cells, default=None),
        "weakest": sorted(slices, key=lambda pair: (pair[1]["macro_f1"]["upper"], pair[0]))[:WEAKEST],
        "best_baseline": contents.BASELINE_NAMES[best],
        "gain": gain,
        "is_better": gain["lower"] is not None and gain["lower"] > 0,
        "is_few": metrics["n_articles"] < FEW_ARTICLES,
    }


def report_markdown(report: Report) -> str:
    """The report as Markdown: numbers, tables and methods."""
    title = f"# {markdown_text(report.dataset)}: {', '.join(map(markdown_text, report.tested.classes))}"
    m = report.metrics
    f1 = m["macro_f1"]
    lead = (
        f"Macro-F1 {number(f1['estimate'])} (95 % interval {number(f1['lower'])} to "
        f"{number(f1['upper'])}) on {m['n_statements']} statements of {m['n_articles']} articles."
    )
    shown = [
        markdown(table) for table in report.tables.values() if table.rows and table.name not in _PAGE_ONLY
    ]
    texts = [
        f"## Methods\n\n{markdown_text(report.methods['en'])}",
        f"## Méthodes\n\n{markdown_text(report.methods['fr'])}",
    ]
    return "\n\n".join([title, lead, *shown, *texts]) + "\n"


_PAGE_ONLY = ("label-errors",)
"""Tables that quote statements, and stay out of what is handed on."""


def report_latex(report: Report) -> str:
    """The tables of results for a paper, to be included where booktabs is loaded."""
    names = ("results", "classes", "baselines", "slices", "contamination", "learning-curve", "probes")
    tables = report.tables | {
        "classes": contents.classes_table(report.metrics, has_areas=False),
        "slices": contents.slices_table(report.metrics, has_accuracy=False),
    }
    chosen = [tables[name] for name in names if name in tables and tables[name].rows]
    return "\n\n".join([LATEX_NEEDS, *map(latex, chosen)]) + "\n"
