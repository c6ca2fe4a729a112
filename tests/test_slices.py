"""Slices hold the statements their names say, and are measured on those alone."""

import numpy as np
import pyarrow as pa
import pytest

from stance import metrics
from stance.errors import ConfigError
from stance.slices import find_slices, measure_slices
from tests.split.builders import labelled

COLUMNS = {
    "lang": ["fr", "fr", "en", None],
    "published_on": ["2020-01-01", "2021-02-01", "2020-12-31", None],
    "speaker": ["Jean Dupont", None, "", "Ana"],
}
TEXTS = ["un mot", "mot " * 15, "mot " * 40, "mot " * 41]


def as_table(texts, columns):
    return pa.table({"text": texts, **columns})


def as_dataset(texts, columns):
    return labelled(texts, [0] * len(texts), **columns)


@pytest.mark.parametrize("build", [as_table, as_dataset])
def test_slices_are_made_of_columns_years_lengths_and_known_speakers(build):
    found = find_slices(build(TEXTS, COLUMNS), min_statements=1)
    assert {name: np.flatnonzero(rows).tolist() for name, rows in found.items()} == {
        "lang=fr": [0, 1],
        "lang=en": [2],
        "year=2020": [0, 2],
        "year=2021": [1],
        "speaker_known=no": [1, 2],
        "speaker_known=yes": [0, 3],
        "length=1-10 words": [0],
        "length=11-20 words": [1],
        "length=21-40 words": [2],
        "length=41 words or more": [3],
    }


def test_any_column_can_be_named():
    found = find_slices(
        as_table(TEXTS, {"topic": ["a", "b", "b", "a"], "n": [1, 1, 2, 2]}), ["topic", "n"], min_statements=1
    )
    assert list(found) == ["topic=a", "topic=b", "n=1", "n=2"]


def test_small_slices_and_rare_values_are_left_out():
    rows = as_table(["mot"] * 100, {"source": ["A"] * 60 + ["B"] * 30 + ["C"] * 10})
    assert list(find_slices(rows, ["source"])) == ["source=A", "source=B"]
    many = as_table(["mot"] * 100, {"source": [f"s{i:02d}" for i in range(100)]})
    assert len(find_slices(many, ["source"], min_statements=1)) == 30
    years = [f"{1900 + k}-01-01" for k in range(40) for _ in range(1 + (k >= 10))]
    found = list(find_slices(pa.table({"published_on": years}), ["year"], min_statements=1))
    assert found == [f"year={year}" for year in range(1910, 1940)]


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("published_on", ["2021-01-01"] * 3 + ["2019-01-01"] * 2 + ["2020-01-01"], ["2019", "2020", "2021"]),
        ("text", ["mot " * 50] * 3 + ["mot"] * 2 + ["mot " * 11], ["1-10", "11-20", "41"]),
        (
            "day",
            ["2020-05-02"] * 2 + ["2020-05-01", "2019-12-31"],
            ["2019-12-31", "2020-05-01", "2020-05-02"],
        ),
        ("n", [10, 10, 9.5, -1], ["-1.0", "9.5", "10.0"]),
        ("source", ["Le Soir"] * 2 + ["20 Minutes"], ["Le Soir", "20 Minutes"]),
    ],
)
def test_values_that_have_an_order_stand_in_it(column, values, expected):
    name = {"published_on": "year", "text": "length"}.get(column, column)
    found = find_slices(pa.table({column: values}), [name], min_statements=1)
    assert [name.partition("=")[2].partition(" word")[0] for name in found] == expected


def test_what_is_no_iso_date_is_of_no_year():
    found = find_slices(
        pa.table({"published_on": ["12/09/2023", "2023", "20230912"]}), ["year"], min_statements=1
    )
    assert {name: rows.tolist() for name, rows in found.items()} == {"year=2023": [False, True, False]}


def test_a_column_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(ConfigError, match=r"no column 'langs'; there are .*Did you mean 'lang'\?"):
        find_slices(as_table(TEXTS, COLUMNS), ["langs"])


def test_a_slice_is_measured_on_its_statements_with_an_interval():
    rng = np.random.default_rng(0)
    y, articles = rng.integers(0, 2, size=300), np.arange(300) // 5
    french = articles % 2 == 0
    predicted = np.where(french & (rng.random(300) < 0.3), 1 - y, y)
    found = measure_slices(
        {"lang=fr": french, "lang=en": ~french}, y, predicted, ["a", "b"], articles, seed=0
    )
    assert found["lang=en"]["accuracy"]["estimate"] == 1
    fr = found["lang=fr"]
    assert fr["macro_f1"]["estimate"] == float(
        metrics.macro_f1(metrics.confusion(y[french], predicted[french], 2))
    )
    assert fr["macro_f1"]["lower"] < fr["macro_f1"]["estimate"] < fr["macro_f1"]["upper"] < 1
    assert (fr["n_statements"], fr["n_articles"], fr["absent_classes"]) == (150, 30, [])
