import json

import pytest

from stance.compare import compare
from stance.errors import ConfigError, DataError
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
    (difference,) = compare(runs=names, **settings())
    one, two = (json.loads((runs / n / "metrics.json").read_text())["macro_f1"]["estimate"] for n in "ab")
    assert difference.estimate == pytest.approx(two - one)
    assert difference.lower <= difference.estimate <= difference.upper


def test_slices_and_files(runs, tmp_path, capsys):
    names = (str(runs / "a"), str(runs / "b"))
    compare(runs=names, **settings(output=str(tmp_path / "c"), metric="per_class.tense.f1"))
    saved = json.loads((tmp_path / "c" / "comparison.json").read_text())
    assert [row["metric"] for row in saved] == ["per_class.tense.f1"]
    assert "p (Holm)" in capsys.readouterr().out


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
    assert "Differences, all statements" in done.stdout
