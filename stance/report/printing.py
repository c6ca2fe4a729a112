"""Results on the terminal."""

import sys
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from stance.errors import printable
from stance.metrics import decimal
from stance.report.contents import curve_table, measured, probes_table
from stance.report.tables import Table, shown

PLAIN_WIDTH = 110


def print_metrics(metrics: dict[str, Any]) -> None:
    """The table of results on standard output."""
    rows = [_row(name, metrics[name]) for name in ("macro_f1", "accuracy", "mcc")]
    if "mean_f1" in metrics:
        rows.insert(0, _row("mean F1 of " + ", ".join(metrics["mean_f1"]["classes"]), metrics["mean_f1"]))
    for label, values in metrics["per_class"].items():
        lower, upper = metrics["intervals"][f"per_class.{label}.f1"]
        rows.append(
            (
                f"F1 {label} (n={values['support']})",
                decimal(values["f1"]),
                f"{decimal(lower)} to {decimal(upper)}",
            )
        )
    for name, called in (("majority", "majority class"), ("lexicon", "tone lexicon")):
        if name in metrics["baselines"]:
            rows.append(_row(f"{called}, macro_f1", metrics["baselines"][name]["macro_f1"]))
    clean = metrics["leakage"]["results"].get("clean")
    if clean is not None and clean["n_statements"] < metrics["n_statements"]:
        rows.append(_row(f"macro_f1, {clean['n_statements']} new statements", clean["macro_f1"]))
    n_statements, n_articles = metrics["n_statements"], metrics["n_articles"]
    title = f"{n_statements} tested statement{'s'[: n_statements > 1]} of {n_articles} article{'s'[: n_articles > 1]}"
    print_table(title, ("metric", "estimate", "95 % interval"), rows)
    if "learning_curve" in metrics:
        _print_curve(metrics["learning_curve"])
    if "probes" in metrics:
        print_report_table(probes_table(metrics["probes"]))


def _print_curve(curve: Mapping[str, Any]) -> None:
    """The table of the learning curve, and what twice as many articles would change."""
    print_report_table(curve_table(curve))
    gain = shown(measured(curve["gain"]), "change")
    print(f"Twice as many articles would change macro-F1 by {gain}.")


def _row(name: str, value: dict[str, float | None]) -> tuple[str, str, str]:
    return name, decimal(value["estimate"]), f"{decimal(value['lower'])} to {decimal(value['upper'])}"


def print_report_table(table: Table) -> None:
    """A table of a report on standard output."""
    names = tuple(column.name for column in table.columns)
    n_names = len(list(takewhile(lambda column: not column.is_number, table.columns)))
    print_table(table.caption, names, list(table.texts()), n_names=n_names)


def print_table(
    title: str, columns: tuple[str, ...], rows: Sequence[Sequence[str]], *, n_names: int = 1
) -> None:
    """A table on standard output: the first columns to the left, names that may be cut; numbers to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(printable(title)))
    for k, column in enumerate(columns):
        table.add_column(
            column, justify="right" if k >= n_names else "left", no_wrap=k >= n_names, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH).print(table)
