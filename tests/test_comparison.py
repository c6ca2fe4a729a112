"""Differences between runs: found where there are any, and not where there are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import metrics
from stance.comparison import Predicted, compare_runs, compare_slices, holm, paired_difference
from stance.errors import ConfigError, DataError
from tests.intervals.builders import CLASSES, simulated_articles


def clustered_runs(rng, n_articles=40, skills=(0.75, 0.75)):
    """Runs whose errors come by article: true classes, articles and the predictions of each run."""
    articles, y, _ = simulated_articles(n_articles, rng, mean_size=6)
    runs = []
    for skill in skills:
        right = rng.random(len(y)) < rng.beta(4 * skill, 4 * (1 - skill), size=n_articles)[articles]
        runs.append(np.where(right, y, (y + rng.integers(1, 3, size=len(y))) % 3))
    return y, articles, runs


def test_runs_that_are_alike_are_called_different_in_one_case_of_twenty():
    rng = np.random.default_rng(0)
    n_simulations, rejected, outside = 400, 0, 0
    for seed in range(n_simulations):
        y, articles, (first, second) = clustered_runs(rng)
        found = paired_difference(
            y, Predicted(first), Predicted(second), CLASSES, articles, seed=seed, n_resamples=300
        )
        rejected += found.p_value < 0.05
        outside += not found.lower <= 0 <= found.upper
    assert 0.03 <= rejected / n_simulations <= 0.07
    assert 0.03 <= outside / n_simulations <= 0.07


def test_a_better_run_is_found():
    y, articles, (first, second) = clustered_runs(np.random.default_rng(1), 150, (0.85, 0.65))
    found = paired_difference(y, Predicted(first), Predicted(second), CLASSES, articles, seed=0)
    assert found.estimate > found.lower > 0
    assert found.p_value < 0.01


def with_probabilities(predicted, rng):
    raw = rng.random((len(predicted), 3)) + np.eye(3)[predicted]
    return Predicted(np.asarray(CLASSES)[predicted], raw / raw.sum(axis=1, keepdims=True))


@pytest.mark.parametrize(
    ("metric", "of"),
    [
        ("macro_f1", lambda y, run: metrics.macro_f1(metrics.confusion(y, run[0], 3))),
        ("mcc", lambda y, run: metrics.mcc(metrics.confusion(y, run[0], 3))),
        ("per_class.tense.recall", lambda y, run: metrics.recall(metrics.confusion(y, run[0], 3))[2]),
        ("brier", lambda y, run: metrics.brier(y, run[1])),
        ("log_loss", lambda y, run: metrics.log_loss(y, run[1])),
        (
            "per_class.tense.roc_auc",
            lambda y, run: metrics.roc_auc(*metrics.by_threshold(y == 2, run[1][:, 2])[:2]),
        ),
    ],
)
def test_any_metric_can_be_compared(metric, of):
    rng = np.random.default_rng(2)
    y, articles, predicted = clustered_runs(rng, skills=(0.9, 0.6))
    runs = [with_probabilities(p, rng) for p in predicted]
    found = paired_difference(y, *runs, CLASSES, articles, metric=metric, seed=0, n_resamples=200)
    values = [of(y, (p, run.probabilities)) for p, run in zip(predicted, runs, strict=True)]
    assert found.estimate == pytest.approx(values[0] - values[1], abs=1e-9)
    assert found.lower <= found.estimate <= found.upper
    assert found.p_value < 0.05


def test_a_run_does_not_differ_from_itself():
    y, articles, (run, _) = clustered_runs(np.random.default_rng(3))
    found = paired_difference(y, Predicted(run), Predicted(run), CLASSES, articles, seed=0)
    assert (found.estimate, found.lower, found.upper, found.p_value) == (0, 0, 0, 1)


def test_the_other_way_round_is_the_same_difference_negated():
    y, articles, (first, second) = clustered_runs(np.random.default_rng(4))
    there = paired_difference(y, Predicted(first), Predicted(second), CLASSES, articles, seed=0)
    back = paired_difference(y, Predicted(second), Predicted(first), CLASSES, articles, seed=0)
    assert back.estimate == -there.estimate
    assert (back.lower, back.upper) == pytest.approx((-there.upper, -there.lower))
    assert back.p_value == there.p_value


def test_many_runs_are_compared_in_pairs_or_with_a_reference_and_corrected():
    y, articles, predicted = clustered_runs(np.random.default_rng(5), 60, (0.8, 0.7, 0.6))
    runs = {name: Predicted(p) for name, p in zip("abc", predicted, strict=True)}
    pairs = compare_runs(y, runs, CLASSES, articles, seed=0, n_resamples=500)
    assert [(d.first, d.second) for d in pairs] == [("b", "a"), ("c", "a"), ("c", "b")]
    assert [d.p_holm for d in pairs] == holm([d.p_value for d in pairs])
    against = compare_runs(y, runs, CLASSES, articles, reference="b", seed=0, n_resamples=500)
    assert [(d.first, d.second) for d in against] == [("a", "b"), ("c", "b")]


def test_slices_are_compared_each_on_its_own_statements():
    y, articles, (first, second) = clustered_runs(np.random.default_rng(6), 80)
    french = articles % 2 == 0
    second = np.where(french, first, second)
    found = compare_slices(
        y, Predicted(first), Predicted(second), CLASSES, articles, {"fr": french, "en": ~french}, seed=0
    )
    assert found["fr"].estimate == 0
    counts = [metrics.confusion(y[~french], p[~french], 3) for p in (first, second)]
    assert found["en"].estimate == pytest.approx(metrics.macro_f1(counts[0]) - metrics.macro_f1(counts[1]))
    assert found["fr"].p_holm == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_correction_raises_p_values_and_keeps_their_order(p_values):
    corrected = holm(p_values)
    assert all(p <= c <= 1 for p, c in zip(p_values, corrected, strict=True))
    ranked = [corrected[i] for i in np.argsort(p_values, kind="stable")]
    assert ranked == sorted(ranked)


def test_correction_equals_holms_own_rule():
    # Holm rejects in order of p while p_i <= level / (n - i); these are the smallest such levels.
    assert holm([0.0011, 0.02, 0.013, 0.2]) == pytest.approx([0.0044, 0.04, 0.039, 0.2])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metric": "macro_f2"}, r"metric is 'macro_f2'.*Did you mean 'macro_f1'\?"),
        ({"metric": "brier"}, r"metric is 'brier'.*need both runs to have some"),
        ({"reference": "d"}, r"reference 'd' is not one of the runs \['a', 'b'\]"),
        ({"runs": {"a": Predicted([0])}}, r"1 run was given; two or more are needed"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, message):
    arguments = {"runs": {"a": Predicted([0]), "b": Predicted([1])}, "seed": 0} | change
    with pytest.raises(ConfigError if "metric" in change else DataError, match=message):
        compare_runs([0], classes=CLASSES, articles=[0], **arguments)
