import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from stance.report.page import report_page
from tests.browser import open_browser
from tests.pagechecks import HOSTILE, LOW_CONTRAST
from tests.report.test_page import report_on


def test_in_a_browser_the_report_asks_for_nothing_and_its_tables_sort(tmp_path: Path):
    page = tmp_path / "report.html"
    page.write_text(report_page(report_on(3)), encoding="utf-8")
    column = "[...document.querySelectorAll('table.sortable')].find((t) => t.caption.innerText.startsWith('Results by class'))"
    support = f"[...{column}.tBodies[0].rows].map((row) => Number(row.cells[1].innerText))"
    names = f"[...{column}.tBodies[0].rows].map((row) => row.cells[0].innerText)"
    head = f"{column}.tHead.rows[0].cells"
    with open_browser(tmp_path / "profile") as tab:
        tab.view(1280, 900)
        tab.open(page)
        assert tab.complaints == []
        assert tab.requests == [page.as_uri()]
        tab.value(f"{head}[1].querySelector('button').focus()")
        tab.press("Enter", 13)
        found = tab.value(support)
        assert found == sorted(found, reverse=True)
        assert tab.value(f"{head}[1].getAttribute('aria-sort')") == "descending"
        tab.press("Enter", 13)
        assert tab.value(support) == sorted(found)
        tab.value(f"{head}[0].querySelector('button').click()")
        assert tab.value(names) == ["class 0", "class 1", "class 2"]
        assert tab.value(f"{head}[1].getAttribute('aria-sort')") == "none"
        assert tab.value("document.querySelector('.cards').getBoundingClientRect().bottom < innerHeight")
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                tab.view(width, 800, scheme=scheme)
                assert tab.value(LOW_CONTRAST) == []
                assert tab.value("document.documentElement.scrollWidth") <= width
        tab.view(800, 1100, media="print")
        assert tab.value("document.documentElement.scrollWidth") <= 800
        assert tab.pdf().startswith(b"%PDF")
        assert tab.complaints == []
        assert tab.requests == [page.as_uri()]


def test_heads_of_tables_stand_on_every_page_that_is_printed(tmp_path: Path):
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext: what is printed cannot be read")
    report = report_on()
    slices = {f"year={year}": next(iter(report.metrics["slices"].values())) for year in range(1900, 1980)}
    report = replace(report, metrics={**report.metrics, "slices": slices})
    (tmp_path / "report.html").write_text(report_page(report), encoding="utf-8")
    with open_browser(tmp_path / "profile") as tab:
        tab.open(tmp_path / "report.html")
        (tmp_path / "report.pdf").write_bytes(tab.pdf())
    read = ["pdftotext", "-layout", "report.pdf", "-"]
    text = subprocess.run(read, cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    pages = [[line.split() for line in page.splitlines()] for page in text.split("\f")]
    years = [[line[1] for line in page if line[:1] == ["year"] and len(line) > 4] for page in pages]
    assert [year for found in years for year in found] == [str(year) for year in range(1900, 1980)]
    head = ["column", "value", "statements"]
    assert [any(line[:3] == head for line in page) for page in pages] == [bool(found) for found in years]
    assert sum(map(bool, years)) > 2


def test_in_a_browser_hostile_names_do_nothing_and_long_ones_stay_within_the_page(tmp_path: Path):
    page = tmp_path / "report.html"
    page.write_text(report_page(report_on(15, HOSTILE)), encoding="utf-8")
    with open_browser(tmp_path / "profile") as tab:
        tab.view(1280, 900)
        tab.open(page)
        assert tab.complaints == []
        assert tab.requests == [page.as_uri()]
        assert tab.value("document.scripts.length") == 1
        assert tab.value("document.images.length") == 0
        assert tab.value(LOW_CONTRAST) == []
        tab.view(1280, 900, scheme="dark")
        assert tab.value(LOW_CONTRAST) == []
        page.write_text(report_page(report_on(3, "_of_a_name_without_any_space_or_end")), encoding="utf-8")
        for width in (1280, 390):
            tab.view(width, 800)
            tab.open(page)
            assert tab.value("document.documentElement.scrollWidth") <= width
