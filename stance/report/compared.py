"""Runs compared, as a page, as Markdown and as LaTeX tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from stance.comparison import Difference
from stance.intervals import Interval
from stance.pages import render_page
from stance.report.figures import differences_figure
from stance.report.latex import LATEX_NEEDS, latex
from stance.report.methods import unbroken
from stance.report.page import TEMPLATES
from stance.report.tables import Column, Table, markdown, markdown_text

METHODS = {
    lang: unbroken(text)
    for lang, text in {
        "en": (
            "All runs were tested on the same statements. Differences are paired; their 95 % intervals are bootstrap "
            "intervals from resampling whole articles, the same for both runs, and p-values are from approximate "
            "randomisation, which swaps the predictions of two runs on whole articles (Noreen 1989), two-sided, corrected "
            "for the number of differences of each table (Holm 1979)."
        ),
        "fr": (
            "Toutes les exécutions ont été évaluées sur les mêmes énoncés. Les différences sont appariées ; leurs "
            "intervalles à 95 % sont des intervalles bootstrap par rééchantillonnage d’articles entiers, les mêmes pour les "
            "deux exécutions, et les valeurs p viennent d’une randomisation approchée qui échange les prédictions des deux "
            "exécutions sur des articles entiers (Noreen 1989), bilatérale, corrigée pour le nombre de différences de chaque "
            "tableau (Holm 1979)."
        ),
    }.items()
}


@dataclass(frozen=True)
class Comparison:
    """How runs differ on the same statements.

    Parameters
    ----------
    metric : str
        Path of the metric that is compared.
    runs : mapping
        The metric of each run; the first is the reference.
    differences : tuple of Difference
        On all statements.
    by_slice : tuple of pairs
        Name of a slice, and a difference in it.
    sizes : mapping of slice to its number of statements
    """

    metric: str
    n_statements: int
    n_articles: int
    runs: Mapping[str, Interval]
    differences: tuple[Difference, ...]
    by_slice: tuple[tuple[str, Difference], ...]
    sizes: Mapping[str, int]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables by name, in reading order; without slices two of them."""
        found = [self._runs(), self._differences(), *([self._slices()] if self.by_slice else [])]
        return {table.name: table for table in found}

    def _runs(self) -> Table:
        columns = (Column("run"), Column(f"{self.metric} (95 % interval)", "measured"))
        return Table("runs", "Runs", columns, tuple(self.runs.items()))

    def _differences(self) -> Table:
        rows = tuple((d.first, d.second, *_cells(d)) for d in self.differences)
        columns = (Column("run"), Column("minus"), *_DIFFERENCE)
        return Table("differences", f"Differences in {self.metric} on all statements", columns, rows)

    def _slices(self) -> Table:
        rows = tuple((name, d.first, d.second, self.sizes[name], *_cells(d)) for name, d in self.by_slice)
        columns = (
            Column("slice"),
            Column("run"),
            Column("minus"),
            Column("statements", "count"),
            *_DIFFERENCE,
        )
        return Table("slice-differences", f"Differences in {self.metric} by slice", columns, rows)

    @property
    def lead(self) -> str:
        """What is compared, in a sentence."""
        first = next(iter(self.runs))
        return (
            f"{len(self.runs)} runs on the same {self.n_statements} statements of {self.n_articles} articles; the "
            f"first, {first}, is the reference."
        )


_DIFFERENCE = (
    Column("difference (95 % interval)", "change"),
    Column("p", "p_value"),
    Column("p (Holm)", "p_value"),
)


def _cells(found: Difference) -> tuple[Any, ...]:
    return Interval(found.estimate, found.lower, found.upper), found.p_value, found.p_holm


def comparison_page(compared: Comparison) -> str:
    """The comparison as HTML, in one piece."""
    drawn = [("all statements", d) for d in compared.differences] + list(compared.by_slice)
    figure = differences_figure(
        [(f"{where}: {d.first} − {d.second}", d) for where, d in drawn], compared.metric
    )
    return render_page(
        "comparison.html.j2",
        folder=TEMPLATES,
        style="report.css",
        script="sort.js",
        compared=compared,
        tables=compared.tables,
        figures={"differences": figure},
        colours={},
        methods=METHODS,
    )


def comparison_markdown(compared: Comparison) -> str:
    """The comparison as Markdown: tables and methods."""
    texts = [f"# Comparison of runs: {markdown_text(compared.metric)}", markdown_text(compared.lead)]
    texts += map(markdown, compared.tables.values())
    texts += [f"## Methods\n\n{METHODS['en']}", f"## Méthodes\n\n{METHODS['fr']}"]
    return "\n\n".join(texts) + "\n"


def comparison_latex(compared: Comparison) -> str:
    """The tables of the comparison for a paper, to be included where booktabs is loaded."""
    return "\n\n".join([LATEX_NEEDS, *map(latex, compared.tables.values())]) + "\n"
