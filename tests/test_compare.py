import json

import pyarrow as pa
import pytest

from stance.compare import compare
from stance.comparison import holm
from stance.errors import ConfigError, DataError
from stance.intervals import measure
from stance.tables import write_json, write_table
from tests.programs import run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for name, words in {
        "a": ["classifier=ridge"],
        "b": ["classifier=complement_nb"],
        "c": ["seed=5"],
    }.items():
        done = run("train", "dataset=tiny", "features=word", f"output={folder / name}", *words, cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


def settings(**changed):
    return {"metric": "macro_f1", "slices": (), "all_pairs": False, "output": None, "seed": 1, **changed}


def test_the_difference_is_that_of_the_two_reports(runs):
    names = (str(runs / "a"), str(runs / "b"))
    (difference,) = compare(runs=names, **settings()).differences
    one, two = (json.loads((runs / n / "metrics.json").read_text())["macro_f1"]["estimate"] for n in "ab")
    assert difference.estimate == pytest.approx(two - one)
    assert difference.lower <= difference.estimate <= difference.upper


def test_slices_and_files(runs, tmp_path, capsys):
    names = (str(runs / "a"), str(runs / "b"))
    compare(runs=names, **settings(output=str(tmp_path / "c"), metric="per_class.tense.f1"))
    saved = json.loads((tmp_path / "c" / "comparison.json").read_text())
    assert [row["metric"] for row in saved] == ["per_class.tense.f1"]
    assert "p (Holm)" in capsys.readouterr().out
    names = {path.name for path in (tmp_path / "c").iterdir()}
    assert names >= {"comparison.html", "comparison.md", "comparison.tex", "comparison.csv"}


def test_slices_that_are_too_small_to_compare_are_told(runs, caplog):
    names = (str(runs / "a"), str(runs / "b"))
    assert not compare(runs=names, **settings(slices=("statement_id",))).by_slice
    assert caplog.messages == [
        "slices: no value of statement_id is that of 30 statements or more; none is compared"
    ]


def test_differences_in_slices_are_corrected_for_all_slices_and_runs_together(tmp_path):
    for name, shift in {"a": 0, "b": 1, "c": 3}.items():
        write_run(tmp_path / name, shift)
    names = tuple(str(tmp_path / name) for name in "abc")
    found = compare(runs=names, **settings(slices=("lang",)))
    assert [(where, d.first) for where, d in found.by_slice] == [
        (where, name) for where in ("lang=en", "lang=fr") for name in names[1:]
    ]
    assert [d.p_holm for _, d in found.by_slice] == holm([d.p_value for _, d in found.by_slice])
    assert found.sizes == {"lang=en": 40, "lang=fr": 40}


def write_run(folder, shift):
    """A run on 80 statements of 40 articles, wrong on some that depend on ``shift``."""
    labels = ["tense" if i % 3 else "cooperative" for i in range(80)]
    predicted = [
        label if (i + shift) % 5 else {"tense": "cooperative", "cooperative": "tense"}[label]
        for i, label in enumerate(labels)
    ]
    rows = {
        "statement_id": [f"s{i:02}" for i in range(80)],
        "text": [f"Text {i}." for i in range(80)],
        "article_id": [f"a{i // 2}" for i in range(80)],
        "lang": [("fr", "en")[i % 2] for i in range(80)],
        "label": labels,
        "predicted": predicted,
        "p_cooperative": [0.5] * 80,
        "p_tense": [0.5] * 80,
    }
    folder.mkdir()
    write_table(folder / "predictions.parquet", pa.table(rows))
    classes = ("cooperative", "tense")
    metrics = measure(labels, predicted, None, classes, rows["article_id"], seed=1)
    write_json(folder / "metrics.json", metrics)


def test_runs_on_other_statements_are_refused(runs):
    with pytest.raises(DataError, match="its test statements are not those of"):
        compare(runs=(str(runs / "a"), str(runs / "c")), **settings())


@pytest.mark.parametrize(("names", "error", "message"), [(["a"], ConfigError, "two or more"), (["a", "a"], ConfigError, "different"), (["a", "x"], DataError, "not the folder of a finished run")])  # fmt: skip
def test_what_cannot_be_compared_is_said(runs, names, error, message):
    with pytest.raises(error, match=message):
        compare(runs=tuple(str(runs / n) for n in names), **settings())


def test_an_unknown_metric_lists_those_there_are(runs):
    with pytest.raises((ConfigError, DataError), match="macro_f1"):
        compare(runs=(str(runs / "a"), str(runs / "b")), **settings(metric="f11"))


def test_the_command_prints_runs_and_differences(runs):
    done = run("compare", f"runs=[{runs / 'a'},{runs / 'b'}]", cwd=runs)
    assert done.returncode == 0, done.stderr
    assert "Differences in macro_f1 on all statements" in done.stdout
