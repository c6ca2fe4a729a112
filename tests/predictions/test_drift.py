import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.model import Scores
from stance.predictions import counts as counting
from stance.predictions.counts import added, capped
from stance.predictions.drift import Bins, count, held_out_bins, score_bins, stability_index, summary

CLASSES = ("cooperative", "tense")


def scored(n, shift=0.0, seed=0):
    random = np.random.default_rng(seed)
    values = random.normal(shift, 1, n)
    known = (random.random(n) > 0.25).astype(np.int64)
    decisions = np.column_stack([-values, values])
    return Scores((values > 0).astype(np.int64), np.abs(decisions) / 9, decisions, known)


def rows(n):
    return pa.table(
        {
            "lang": [("fr", "en", None)[i % 3] for i in range(n)],
            "source": [f"s{i % 4}" for i in range(n)],
            "published_on": [f"{2020 + i % 3}-01-01" for i in range(n)],
        }
    )


def facts(n=4000):
    return {"held_out": {"score_bins": {"tense": score_bins(scored(n, seed=9).decisions[:, 1])}}}


def test_counts_of_parts_add_up_to_those_of_the_whole():
    bins, n = held_out_bins(facts(), CLASSES), 1000
    table, scores = rows(n), scored(n)
    total = {}
    for i in range(0, n, 90):
        part = Scores(*(values[i : i + 90] for values in vars(scores).values()))
        total = added(total, count(table.slice(i, 90), part, CLASSES, bins))
    assert total == count(table, scores, CLASSES, bins)


def test_counts_are_those_of_counting_by_hand():
    n = 300
    found = count(rows(n), scored(n), CLASSES, held_out_bins(facts(), CLASSES))
    scores = scored(n)
    assert found["n"] == n
    assert found["out_of_vocabulary"] == int((scores.n_known_terms == 0).sum())
    assert found["predicted"] == {
        "cooperative": int((scores.predicted == 0).sum()),
        "tense": int(scores.predicted.sum()),
    }
    assert found["languages"] == {"fr": 100, "en": 100, "(none)": 100}
    assert found["sources"]["s1"]["n"] == 75
    assert found["years"]["2021"]["out_of_vocabulary"] == int((scores.n_known_terms[1::3] == 0).sum())
    assert sum(found["bins"]["tense"]) == sum(sum(g["bins"]["tense"]) for g in found["sources"].values()) == n


def test_statements_like_the_held_out_ones_are_stable_and_others_are_not():
    bins = held_out_bins(facts(), CLASSES)
    alike, shifted = (
        summary(count(rows(3000), scored(3000, shift), CLASSES, bins), {"languages": {"fr": 1.0}}, bins)
        for shift in (0.0, 1.0)
    )
    assert alike["stability_index"]["tense"] < 0.02
    assert shifted["stability_index"]["tense"] > 0.25
    assert alike["languages_of_training"] == {"fr": 1.0}
    assert set(alike["sources"]) == {"s0", "s1", "s2", "s3"}
    assert list(alike["years"]) == ["2020", "2021", "2022"]


def test_the_index_is_that_worked_out_by_hand():
    expected = [0.25, 0.25, 0.25, 0.25]
    found = [400, 200, 250, 150]
    by_hand = 0.15 * np.log(1.6) - 0.05 * np.log(0.8) - 0.10 * np.log(0.6)
    assert stability_index(found, expected) == pytest.approx(by_hand)
    assert stability_index([0, 0], [0.5, 0.5]) is None
    assert np.isfinite(stability_index([10, 0], [0.5, 0.5]))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=2, max_size=8))
def test_the_index_is_never_negative_and_zero_for_equal_shares(found):
    if not sum(found):
        return
    shares = (np.asarray(found) / sum(found)).tolist()
    assert stability_index(found, shares) == pytest.approx(0)
    assert stability_index(found, [1 / len(found)] * len(found)) >= 0


@pytest.mark.parametrize(
    "stated",
    [
        None,
        [],
        {"score_bins": 3},
        {"score_bins": {"tense": None}},
        {"score_bins": {"tense": {"edges": [1, 0], "shares": [0.1, 0.2, 0.7]}}},
        {"score_bins": {"tense": {"edges": [0, float("nan")], "shares": [0.1, 0.2, 0.7]}}},
        {"score_bins": {"tense": {"edges": [0, 1], "shares": [0.1, 0.9]}}},
        {"score_bins": {"tense": {"edges": ["x"], "shares": [0.1, 0.9]}}},
        {"score_bins": {"tense": {"edges": [0], "shares": [-1, 2]}}},
        {"score_bins": {"tense": {"edges": [[0]], "shares": [0.1, 0.9]}}},
    ],
)
def test_facts_that_are_no_bins_are_as_good_as_none(stated):
    assert held_out_bins({"held_out": stated}, CLASSES) == {}
    counts = count(rows(9), scored(9), CLASSES, {})
    assert summary(counts, {"languages": "fr"}, {})["stability_index"] == {}


def test_of_many_classes_each_has_its_bins():
    classes = ("a", "b", "c")
    stated = {name: {"edges": [0.0], "shares": [0.5, 0.5]} for name in classes}
    assert held_out_bins({"held_out": {"score_bins": stated}}, classes) == dict.fromkeys(
        classes, Bins((0.0,), (0.5, 0.5))
    )


def test_rows_without_metadata_and_no_rows_at_all_are_counted():
    bins = held_out_bins(facts(), CLASSES)
    assert count(pa.table({"text": ["x"] * 5}), scored(5), CLASSES, bins)["sources"] == {}
    nothing = summary(count(pa.table({}), scored(0), CLASSES, bins), {}, bins)
    assert nothing["n"] == 0
    assert nothing["out_of_vocabulary"] is None


def test_where_all_rows_are_headings_no_language_has_a_share():
    counts = count(rows(3).slice(0, 0), scored(0), CLASSES, {}) | {"languages": {"fr": 0}}
    assert summary(counts, {"languages": {"fr": 1.0}}, {})["in_other_languages"] is None
    counts |= {"languages": {}, "sampled_languages": {"en": 3}}
    assert summary(counts, {"languages": {"fr": 1.0}}, {})["in_other_languages"] is None


def test_shares_of_languages_weigh_a_sample_as_the_statements_that_it_stands_for():
    counts = count(rows(300), scored(300), CLASSES, {})
    exact = summary(counts, {"languages": {"fr": 1.0}}, {})
    assert (exact["languages"]["fr"], exact["languages_sampled"]) == (1 / 3, 0)
    rest = count(pa.table({"text": ["x"] * 100}), scored(100), CLASSES, {})
    mixed = added(counts, {**rest, "sampled_languages": {"fr": 3, "de": 1}})
    found = summary(mixed, {"languages": {"fr": 1.0}}, {})
    assert found["languages"] == pytest.approx({"fr": 175 / 400, "en": 0.25, "(none)": 0.25, "de": 25 / 400})
    assert found["in_other_languages"] == pytest.approx(125 / 300)
    assert found["languages_sampled"] == 4


def test_sources_beyond_the_first_thousand_are_counted_together(monkeypatch):
    monkeypatch.setattr(counting, "MAX_GROUPS", 2)
    groups = {name: {"n": n} for n, name in enumerate("abcd")}
    assert capped(groups) == {"a": {"n": 0}, "b": {"n": 1}, "(other)": {"n": 5}}


def test_of_a_handful_of_statements_no_shift_is_said(capsys):
    from stance.predictions.summary import print_summary

    bins = held_out_bins(facts(), CLASSES)
    for n, said in ((9, "too few statements to tell (200 are needed)"), (400, "against held-out statements")):
        coverage = summary(count(rows(n), scored(n), CLASSES, bins), {}, bins)
        account = {"scored": n, "read": n, "rows": n, "unit": "statement"}
        account |= dict.fromkeys(("skipped", "not_statements", "left_out"), 0)
        print_summary({**account, "coverage": coverage}, "o.parquet")
        assert said in capsys.readouterr().out
