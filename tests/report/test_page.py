import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stance.report import write_report
from stance.report.contamination import audit_folds
from stance.report.contents import term_notes
from stance.report.page import Report, report_latex, report_markdown, report_page, summary
from stance.report.results import measure_all
from stance.tables import Skip
from tests.pagechecks import HOSTILE, check_accessible, check_inert
from tests.report.builders import SEED, dataset, fold_of, model_with_test


@cache
def report_on(n_classes: int = 2, extra: str = "", n_articles: int = 40) -> Report:
    names = ("cooperative", "tense") if n_classes == 2 else tuple(f"class {i}" for i in range(n_classes))
    labelled = dataset(tuple(name + extra for name in names), n_articles, extra)
    tested, model = model_with_test(labelled)
    metrics = measure_all(tested, model, labelled, audit_folds(labelled.rows, [fold_of(labelled)]), seed=SEED)
    return Report("run" + extra, labelled.name, False, 1, metrics, tested, model)


@pytest.mark.parametrize(("n_classes", "extra"), [(2, ""), (2, HOSTILE), (3, ""), (15, HOSTILE)])
def test_the_page_is_inert_and_accessible_whatever_the_names_hold(n_classes, extra):
    page = report_page(report_on(n_classes, extra))
    check_inert(page, n_scripts=1)
    outline = check_accessible(page)
    if extra:
        assert "\u202e" not in page
        assert "\x07" not in page
        assert "{{ 7*7 }}" in page
        assert "49{% raw" not in page
        assert "<script>alert" not in outline.texts["title"][0].replace("<script>alert(1)</script>", "")
        assert "alert(1)" not in outline.texts["script"][0]


def test_the_page_and_the_tables_hold_no_address():
    for text in (report_page(report_on()), report_markdown(report_on()), report_latex(report_on())):
        assert not re.search(r"https?:|//www|www\.", text)


def test_the_same_results_give_the_same_bytes():
    report = report_on()
    assert report_page(report) == report_page(
        Report(**{name: getattr(report, name) for name in report.__dataclass_fields__})
    )


def test_the_first_screen_says_how_good_how_sure_on_what_and_where_it_fails():
    report = report_on()
    cards = report_page(report).split('<div class="cards">')[1].split('id="results"')[0]
    f1 = report.metrics["macro_f1"]
    for heading in ("How good", "How sure", "On what", "Where it fails"):
        assert heading in cards
    for name in ("estimate", "lower", "upper"):
        assert f"{f1[name]:.3f}" in cards
    assert f"{report.metrics['n_statements']} <small>statements" in cards
    wrong = int((report.tested.scores.predicted != report.tested.y).sum())
    assert f"{wrong} <small>wrong" in cards


def test_every_number_of_the_tables_of_results_has_its_interval():
    for name in ("results", "classes", "baselines", "reliability", "slices", "contamination"):
        table = report_on().tables[name]
        measured = [k for k, column in enumerate(table.columns) if column.kind == "measured"]
        plain = [column.name for column in table.columns if column.kind == "number"]
        assert measured, name
        assert plain in ([], ["mean probability"]), name
        for row in table.rows:
            assert all(row[k] is None or len(row[k]) == 3 for k in measured), name


def test_the_summary_names_the_weakest_slices_and_the_most_frequent_confusion():
    found = summary(report_on().metrics)
    values = [pair[1]["macro_f1"]["upper"] for pair in found["weakest"]]
    assert values == sorted(values)
    n = report_on().metrics["n_statements"]
    assert all(pair[1]["n_statements"] < n for pair in found["weakest"])
    counts = np.asarray(report_on().metrics["confusion"]["counts"])
    assert found["worst_confusion"][0] == max(counts[0, 1], counts[1, 0])


def test_the_most_confident_mistakes_come_first_and_their_words_are_marked():
    report = report_on()
    page = report_page(report)
    listed = re.findall(r"predicted <span class=\"tone k\d\">\w+</span> (\d\.\d\d)", page)
    assert listed == sorted(listed, reverse=True)
    assert len(listed) == min(15, summary(report.metrics)["n_wrong"])
    assert 'data-adds="+' in page


def test_markdown_and_latex_show_hostile_names_as_they_are():
    report = report_on(2, HOSTILE)
    markdown, latex = report_markdown(report), report_latex(report)
    assert "<script" not in markdown
    assert "<img" not in markdown
    assert "\\input{" not in latex.replace("\\textbackslash{}input", "")
    for line in latex.splitlines():
        assert not re.search(r"(?<!\\)[#&]", line.replace(" & ", "")) or line.startswith("%")
    rows = [line for line in markdown.splitlines() if line.startswith("| ")]
    assert all("`" not in line.replace("\\`", "") for line in rows)


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_head():
    n_cells = None
    for line in report_markdown(report_on(2, HOSTILE)).splitlines():
        if not line.startswith("|"):
            n_cells = None
            continue
        here = len(re.findall(r"(?<!\\)\|", line))
        assert n_cells in (None, here)
        n_cells = here


def test_the_files_of_a_report_are_written_with_the_likely_label_errors(tmp_path: Path):
    labelled = dataset()
    tested, model = model_with_test(labelled)
    metrics = write_report(tmp_path, tested, model, labelled, name="run", seed=SEED)
    expected = {"metrics.json", "predictions.parquet", "report.html", "report.md", "results.tex"}
    assert expected <= {path.name for path in tmp_path.iterdir()}
    assert metrics["leakage"]["near_copy"]["statements"] > 0
    assert (tmp_path / "label_errors.csv").exists() == tested.label_errors.likely.any()
    assert metrics["skipped"] == 0
    assert not (tmp_path / "skips.jsonl").exists()


def test_rows_that_were_left_out_are_counted_and_listed(tmp_path: Path):
    skips = (Skip("a.csv", 5, "text", "is empty", "Fill it."), Skip("a.csv", 9, None, "is cut", "Remove it."))
    labelled = replace(dataset(), skips=skips)
    metrics = write_report(tmp_path, *model_with_test(labelled), labelled, name="run", seed=SEED)
    assert metrics["skipped"] == 2
    lines = (tmp_path / "skips.jsonl").read_text(encoding="utf-8").splitlines()
    assert [Skip(**json.loads(line)) for line in lines] == list(skips)


def test_a_model_without_signatures_says_that_near_copies_are_not_looked_for(tmp_path: Path):
    labelled = dataset()
    tested, model = model_with_test(labelled)
    old = replace(model, seen={name: model.seen[name] for name in ("texts", "articles")})
    metrics = write_report(tmp_path, tested, old, labelled, name="run", seed=SEED)
    assert metrics["leakage"]["near_copy"] is None
    assert "near copies are not looked for" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_signs_in_terms_mean_is_said_where_they_stand():
    report = report_on()
    (fitted,) = report.model.features.blocks
    assert "How to read them" not in report_page(report)
    block = replace(fitted.block, field="masked+negated")
    features = replace(report.model.features, blocks=(replace(fitted, block=block),))
    assert term_notes(replace(report.model, features=features)) == [
        "not_ stands before a negated word",
        "_target stands for what the statement is about",
    ]


def test_studies_get_sections_of_their_own():
    report = report_on()
    point = {"n_articles": 8, "n_statements": 20, "macro_f1": {"estimate": 0.5, "lower": 0.4, "upper": 0.6}}
    interval = {"estimate": 0.7, "lower": None, "upper": None}
    curve = {
        "points": [point, {**point, "n_articles": 16}],
        "limit": 0.9,
        "lack": 1.0,
        "rate": 0.5,
        "doubled": point["macro_f1"],
        "gain": point["macro_f1"],
    }
    probes = {
        "names_only": interval,
        "masked_minus_plain": interval,
        "swap_flip_rate": interval,
        "n_swapped": 9,
    }
    metrics = {**report.metrics, "learning_curve": curve, "probes": probes}
    page = report_page(Report("run", "made", False, 5, metrics, report.tested, report.model))
    check_inert(page, n_scripts=1)
    check_accessible(page)
    assert 'id="learning-curve"' in page
    assert 'id="probes"' in page
    assert "the words are marked by the saved model, which has" in page


def test_a_single_article_has_no_interval_and_still_a_page():
    labelled = dataset()
    tested, model = model_with_test(labelled)
    rows = tested.rows.select(range(3))
    one = type(tested).of(rows, model.score(rows["text"][:]))
    metrics = measure_all(one, model, labelled, None, seed=SEED)
    assert metrics["macro_f1"]["lower"] is None
    metrics["slices"] = {"lang=fr": {**report_on().metrics["slices"]["source=Le Phare"]}}
    report = Report("run", "made", True, 1, metrics, one, model)
    check_inert(report_page(report), n_scripts=1)
    check_accessible(report_page(report))
    assert "–" in report_markdown(report)
    assert "--" in report_latex(report)


def test_a_class_that_the_tested_statements_lack_is_named():
    labelled = dataset(("cooperative", "neutral", "tense"))
    tested, model = model_with_test(labelled)
    rows = tested.rows.select(np.flatnonzero(tested.y != 1))
    without = type(tested).of(rows, model.score(rows["text"][:]))
    metrics = measure_all(without, model, labelled, None, seed=SEED)
    page = report_page(Report("run", "made", True, 1, metrics, without, model))
    assert "<strong>Not tested:</strong> neutral has no statement here." in page
