"""Comparisons as pages and tables."""

import re

import pytest

from stance.comparison import Difference
from stance.intervals import Interval
from stance.report import Comparison, comparison_latex, comparison_markdown, comparison_page
from tests.pagechecks import HOSTILE, check_accessible, check_inert


def comparison(extra: str = "", *, has_slices: bool = True) -> Comparison:
    runs = {f"runs/{name}{extra}": Interval(0.8, 0.7, 0.9) for name in "abc"}
    first, *others = runs
    found = tuple(Difference(run, first, "macro_f1", -0.01, -0.03, 0.01, 0.0004, 0.0008) for run in others)
    slices = tuple((f"lang=fr{extra}", difference) for difference in found) if has_slices else ()
    return Comparison("macro_f1", 400, 60, runs, found, slices, {f"lang=fr{extra}": 120})


@pytest.mark.parametrize("extra", ["", HOSTILE])
@pytest.mark.parametrize("has_slices", [True, False])
def test_the_page_is_inert_and_accessible_whatever_the_names_hold(extra, has_slices):
    page = comparison_page(comparison(extra, has_slices=has_slices))
    check_inert(page, n_scripts=1)
    check_accessible(page)
    assert ("by slice" in page) == has_slices
    assert "3 runs on the same 400 statements of 60 articles" in page


def test_a_difference_stands_with_its_interval_and_p_is_never_zero():
    text = comparison_markdown(comparison())
    assert "| runs/b | runs/a | −0.010 (−0.030 to +0.010) | &lt;0.001 | &lt;0.001 |" in text
    assert "Les différences sont appariées" in text


def test_latex_has_a_table_for_runs_differences_and_slices():
    text = comparison_latex(comparison(HOSTILE))
    assert text.count(r"\begin{table}") == 3
    assert "$<$0.001" in text
    for line in text.splitlines():
        assert not re.search(r"(?<!\\)[#&]", line.replace(" & ", "")) or line.startswith("%")
