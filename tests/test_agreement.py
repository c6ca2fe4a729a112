"""Agreement equals the tables of the papers, gaps included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from stance.agreement import (
    MISSING,
    cohen_kappa,
    coincidences,
    krippendorff_alpha,
    measure_agreement,
    rating_table,
    raw_agreement,
)
from stance.errors import DataError


def ratings_of(*annotators):
    """Ratings from one string an annotator, a digit a statement, a dot for none."""
    rows = [[MISSING if c == "." else int(c) for c in line.replace(" ", "")] for line in annotators]
    return np.asarray(rows).T


@pytest.mark.parametrize(
    ("annotators", "alpha"),
    [
        # Krippendorff (2011), Computing Krippendorff's alpha-reliability: sections A, B and C.
        (("0100000010", "1110010000"), 0.095),
        (("0011 3222 4330", "1011 1222 4333"), 0.692),
        (("1233 2141 2...", "1233 2241 25.3", ".333 2342 251.", "1233 2441 251."), 0.743),
    ],
)
def test_alpha_equals_krippendorffs_tables(annotators, alpha):
    assert krippendorff_alpha(coincidences(ratings_of(*annotators), 6)) == pytest.approx(alpha, abs=5e-4)


def test_kappa_equals_the_table_of_fleiss_cohen_and_everitt():
    # Fleiss, Cohen and Everitt (1969), table 1: proportions of 200 patients.
    counts = np.array([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    assert cohen_kappa(counts) == pytest.approx(0.429, abs=5e-4)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40))
def test_kappa_equals_scikit_learn(pairs):
    a, b = np.asarray(pairs).T
    counts = np.zeros((4, 4))
    np.add.at(counts, (a, b), 1)
    ours = cohen_kappa(counts)
    if len(set(a) | set(b)) == 1:
        assert np.isnan(ours)
    else:
        assert ours == pytest.approx(cohen_kappa_score(a, b), abs=1e-12)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_alpha_equals_its_definition_by_pairs(seed, n_annotators):
    rng = np.random.default_rng(seed)
    ratings = rng.integers(-1, 3, size=(12, n_annotators))
    kept = [[r for r in row if r != MISSING] for row in ratings.tolist()]
    kept = [row for row in kept if len(row) > 1]
    values = [r for row in kept for r in row]
    alpha = krippendorff_alpha(coincidences(ratings, 3))
    if len(set(values)) < 2:
        assert np.isnan(alpha)
        return
    within = [sum(a != b for a in row for b in row) / (len(row) - 1) for row in kept]
    across = sum(a != b for a in values for b in values) / (len(values) - 1)
    assert alpha == pytest.approx(1 - sum(within) / across, abs=1e-12)


def test_agreement_of_all_on_one_class_is_whole_and_beyond_chance_unknown():
    table = coincidences(ratings_of("0000", "0000"), 2)
    assert raw_agreement(table) == 1
    assert np.isnan(krippendorff_alpha(table))


def test_statements_with_one_label_do_not_count():
    with_single = ratings_of("0101 1...", "0111 .0..")
    without = ratings_of("0101", "0111")
    np.testing.assert_array_equal(coincidences(with_single, 2), coincidences(without, 2))


def annotated(n_articles=50, right=0.85, seed=0):
    rng = np.random.default_rng(seed)
    article = np.repeat(np.arange(n_articles), 6)
    truth = rng.integers(0, 3, size=len(article))
    given = rng.random((len(article), 3)) < right
    ratings = np.where(given, truth[:, None], rng.integers(0, 3, size=given.shape))
    ratings[rng.random(given.shape) < 0.2] = MISSING
    return ratings, article


def test_agreement_comes_with_intervals_by_article_and_by_pair():
    ratings, article = annotated()
    found = measure_agreement(
        ratings, ["a", "b", "c"], ["Ana", "Ben", "Eva"], article, seed=0, n_resamples=500
    )
    table = coincidences(ratings, 3)
    assert found["krippendorff_alpha"]["estimate"] == pytest.approx(float(krippendorff_alpha(table)))
    assert found["raw_agreement"]["estimate"] == pytest.approx(float(raw_agreement(table)))
    assert [pair["annotators"] for pair in found["cohen_kappa"]] == [
        ["Ana", "Ben"],
        ["Ana", "Eva"],
        ["Ben", "Eva"],
    ]
    both = (ratings[:, :2] != MISSING).all(axis=1)
    first = found["cohen_kappa"][0]
    assert first["n_statements"] == both.sum()
    assert first["estimate"] == pytest.approx(cohen_kappa_score(*ratings[both, :2].T))
    for interval in (found["krippendorff_alpha"], found["raw_agreement"], first):
        assert interval["lower"] < interval["estimate"] < interval["upper"]


def test_rows_of_a_sheet_become_a_table_of_ratings():
    ratings, statements, annotators = rating_table(
        ["s2", "s1", "s1"], ["Ben", "Ana", "Ben"], ["tense", "tense", "cooperative"], ["cooperative", "tense"]
    )
    assert (statements, annotators) == (["s1", "s2"], ["Ana", "Ben"])
    assert ratings.tolist() == [[1, 0], [MISSING, 1]]


def test_two_labels_of_one_annotator_are_refused():
    with pytest.raises(DataError, match=r"'Ana' gives statement 's1' two labels \(1 such .*Keep the right"):
        rating_table(["s1", "s1"], ["Ana", "Ana"], ["a", "b"], ["a", "b"])


def test_labels_of_a_single_annotator_have_no_agreement():
    with pytest.raises(DataError, match=r"0 of 3 statements have two labels .*second annotator"):
        measure_agreement(ratings_of("012", "..."), ["a", "b", "c"], ["Ana", "Ben"], np.arange(3), seed=0)
