import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.report.latex import LATEX_NEEDS, MAX_LINES, latex, latex_text
from stance.report.tables import Column, Table

TEXTS = st.text(max_size=30)
MEASURED = (0.5, 0.25, 0.75)
COLUMNS = (
    Column("name", "class"),
    Column("n", "count"),
    Column("F1", "number"),
    Column("bounds", "interval"),
)


def wide(n_measured: int, n_rows: int = 1, name: str = "a") -> Table:
    """A table of a name and some estimates with their bounds."""
    columns = (Column("name"), *(Column(f"macro-F1 of run {k}", "measured") for k in range(n_measured)))
    return Table("t", "Results", columns, ((name, *[MEASURED] * n_measured),) * n_rows)


@given(TEXTS)
@settings(deadline=None)
def test_latex_text_has_no_special_character_left(text):
    without = re.sub(
        r"\\(?:[&%$#_{}]|textbackslash\{\}|textasciitilde\{\}|textasciicircum\{\}|textvisiblespace\{\})|\$[-<>|]\$",
        "",
        latex_text(text),
    )
    assert not set("\\&%$#_{}~^\n") & set(without)


def test_latex_tables_use_booktabs_and_align_numbers_to_the_right():
    shown = latex(Table("t", "50 % of x", COLUMNS, (("a_b", 3, -0.5, (0.1, 0.2)),)))
    assert r"\begin{tabular}{lrrr}" in shown
    assert r"\caption{50 \% of x}" in shown
    assert r"a\_b & 3 & $-$0.500 & 0.100 to 0.200 \\" in shown
    assert shown.count("rule") == 3


def test_columns_without_any_value_are_left_out():
    table = Table("t", "Results", COLUMNS, (("a", 3, None, (0.1, 0.2)), ("b", None, None, (0.1, 0.2))))
    shown = latex(table)
    assert r"name & n & bounds \\" in shown
    assert r"b & -- & 0.100 to 0.200 \\" in shown


def test_a_wide_table_is_set_smaller_and_a_wider_one_with_bounds_below_estimates():
    narrow, wider, widest = (latex(wide(n)) for n in (2, 3, 5))
    assert r"size" not in narrow
    assert r"\footnotesize" in wider
    assert "0.500 (0.250 to 0.750)" in wider
    assert r"\begin{tabular}[t]{@{}r@{}}0.500 \\ (0.250 to 0.750)\end{tabular}" in widest


def test_a_long_name_breaks_where_a_table_is_too_wide():
    shown = latex(wide(3, name="share of statements whose class changes"))
    assert r"share of statements \\ whose class changes" in shown


def test_a_long_table_goes_on_in_another_with_a_name_of_its_own():
    table = wide(1, n_rows=100)
    shown = latex(table)
    assert shown.count(r"\begin{table}") == shown.count(r"\end{table}") == 3
    per_page = MAX_LINES - 1
    found = [len(re.findall("^a &", part, re.MULTILINE)) for part in shown.split("\n\n")]
    assert found == [per_page, per_page, 100 - 2 * per_page]
    assert r"\caption{Results, continued}" in shown
    assert re.findall(r"label\{(.*?)\}", shown) == ["tab:t", "tab:t-2", "tab:t-3"]


def test_a_paper_takes_tables_of_four_estimates_and_of_any_length(tmp_path: Path):
    compiler = shutil.which("pdflatex")
    if compiler is None:
        pytest.skip("no LaTeX: pdflatex is not installed")
    names = ("a", "Service de documentation des Nations unies", "x_1 & <50 %> ␣")
    made = [latex(wide(n, n_rows=60, name=name)) for n in range(1, 5) for name in names]
    body = "\n\n".join([*made, r"\end{document}"])
    packages = r"\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{booktabs}\begin{document}"
    (tmp_path / "paper.tex").write_text(
        f"{LATEX_NEEDS}\n\\documentclass{{article}}{packages}\n{body}", encoding="utf-8"
    )
    done = subprocess.run(
        [compiler, "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
    assert "Float too large" not in done.stdout


def test_a_name_breaks_no_earlier_than_the_page_wishes():
    name = "share of 2585 statements whose class changes when their actors are swapped"
    rows = ((name, MEASURED),)
    table = Table("probes", "Probes", (Column("probe"), Column("estimate (95 % interval)", "measured")), rows)
    assert r"share of 2585 statements whose class changes when their \\ actors are swapped" in latex(table)
