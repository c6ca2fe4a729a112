"""Intervals cover the truth as often as they say, on statements that come in articles."""

import time

import numpy as np
import pytest

from stance import metrics
from stance.errors import DataError
from stance.intervals import article_weights, bootstrap_interval, measure, percentile_bounds
from stance.intervals.tallies import ranking_tally
from tests.intervals.builders import CLASSES, simulated_articles, values_by_path


def test_intervals_of_all_metrics_cover_and_those_of_single_statements_do_not():
    rng = np.random.default_rng(0)
    _, y, probabilities = simulated_articles(40_000, rng)
    articles = np.arange(len(y))
    truth = values_by_path(
        measure(y, probabilities.argmax(1), probabilities, CLASSES, articles, seed=0, n_resamples=2)
    )
    n_simulations = 350
    covered, naive = dict.fromkeys(truth, 0), 0
    for seed in range(n_simulations):
        articles, y, probabilities = simulated_articles(30, rng)
        predicted = probabilities.argmax(axis=1)
        found = measure(y, predicted, probabilities, CLASSES, articles, seed=seed, n_resamples=300)
        for path, (lower, upper) in found["intervals"].items():
            covered[path] += lower <= truth[path] <= upper
        alone = bootstrap_interval(
            metrics.accuracy, y, predicted, articles=np.arange(len(y)), n_resamples=300, seed=seed
        )
        naive += alone.lower <= truth["accuracy"] <= alone.upper
    shares = {path: n / n_simulations for path, n in covered.items()}
    main = [
        shares[name] for name in ("macro_f1", "accuracy", "balanced_accuracy", "mcc", "brier", "log_loss")
    ]
    assert all(0.93 <= share <= 0.97 for share in main), shares
    assert all(0.91 <= share <= 0.99 for share in shares.values()), shares
    assert naive / n_simulations < 0.8


@pytest.fixture(scope="module")
def predictions():
    return simulated_articles(60, np.random.default_rng(3))


def test_what_is_measured_equals_the_metrics_of_all_statements(predictions):
    articles, y, probabilities = predictions
    predicted = probabilities.argmax(axis=1)
    found = measure(y, predicted, probabilities, CLASSES, articles, seed=0)
    counts = metrics.confusion(y, predicted, 3)
    assert found["confusion"] == {"classes": list(CLASSES), "counts": counts.tolist()}
    assert found["macro_f1"]["estimate"] == float(metrics.macro_f1(counts))
    assert found["per_class"]["tense"]["f1"] == float(metrics.f1(counts)[2])
    assert found["per_class"]["tense"]["support"] == int((y == 2).sum())
    assert found["brier"] == pytest.approx(metrics.brier(y, probabilities), abs=1e-12)
    assert found["log_loss"] == pytest.approx(metrics.log_loss(y, probabilities), abs=1e-12)
    hits, alarms, _ = metrics.by_threshold(y == 2, probabilities[:, 2])
    assert found["per_class"]["tense"]["roc_auc"] == float(metrics.roc_auc(hits, alarms))
    assert sum(row["n_statements"] for row in found["reliability"]) == found["n_statements"] == len(y)
    assert found["n_articles"] == 60


def test_every_metric_lies_in_its_interval(predictions):
    articles, y, probabilities = predictions
    found = measure(y, probabilities.argmax(axis=1), probabilities, CLASSES, articles, seed=0)
    values = values_by_path(found)
    assert {"ece", "roc_auc", "average_precision", "mcc", "per_class.tense.precision"} <= set(values)
    assert all(low <= values[path] <= high for path, (low, high) in found["intervals"].items())
    low, high = found["intervals"]["macro_f1"]
    assert (found["macro_f1"]["lower"], found["macro_f1"]["upper"]) == (low, high)


def test_one_seed_gives_one_result_and_the_order_of_rows_changes_only_the_resamples(predictions):
    articles, y, probabilities = predictions
    predicted = probabilities.argmax(axis=1)
    first = measure(y, predicted, probabilities, CLASSES, articles, seed=1, n_resamples=300)
    assert measure(y, predicted, probabilities, CLASSES, articles, seed=1, n_resamples=300) == first
    names = np.asarray([f"a{i:03d}" for i in articles])
    order = np.random.default_rng(0).permutation(len(y))
    shuffled = measure(
        np.asarray(CLASSES)[y][order], np.asarray(CLASSES)[predicted][order], probabilities[order], CLASSES,
        names[order], seed=1, n_resamples=300,
    )  # fmt: skip
    for path, value in values_by_path(first).items():
        assert values_by_path(shuffled)[path] == pytest.approx(value, abs=1e-12)
        assert shuffled["intervals"][path] == pytest.approx(first["intervals"][path], abs=1e-9)


def test_resampling_equals_counting_the_statements_of_each_resample_again(predictions):
    articles, y, probabilities = predictions
    predicted = probabilities.argmax(axis=1)
    replicates = []
    for weights in article_weights(60, n_resamples=50, seed=4, width=9):
        for drawn in weights.T:
            rows = np.repeat(np.arange(len(y)), drawn[articles].astype(int))
            replicates.append(float(metrics.macro_f1(metrics.confusion(y[rows], predicted[rows], 3))))
    sizes = np.bincount(articles)
    n_articles = sizes.sum() ** 2 / (sizes**2).sum()
    expected = percentile_bounds(np.asarray(replicates), n_articles=n_articles)
    found = bootstrap_interval(metrics.macro_f1, y, predicted, articles=articles, n_resamples=50, seed=4)
    assert (found.lower, found.upper) == pytest.approx(expected, abs=1e-12)


def test_each_resample_holds_as_many_articles_as_there_are():
    weights = np.concatenate(list(article_weights(3000, n_resamples=2500, seed=0)), axis=1)
    assert weights.shape == (3000, 2500)
    assert (weights.sum(axis=0) == 3000).all()
    assert abs(weights.var() - 1) < 0.01


def test_a_perfect_score_on_few_articles_is_not_certain():
    y = np.arange(40) % 2
    found = bootstrap_interval(metrics.accuracy, y, y, articles=np.arange(40) // 4, seed=0)
    assert found.estimate == found.upper == 1
    assert found.lower == pytest.approx(0.025 ** (1 / 10))


def test_more_confidence_gives_a_wider_interval(predictions):
    articles, y, probabilities = predictions
    widths = []
    for confidence in (0.5, 0.9, 0.99):
        found = bootstrap_interval(
            metrics.macro_f1, y, probabilities.argmax(1), articles=articles, confidence=confidence, seed=0
        )
        widths.append(found.upper - found.lower)
    assert widths == sorted(widths)


def test_absent_classes_are_marked_and_have_no_number():
    y, predicted = np.array([0, 0, 1, 1, 0, 1]), np.array([0, 1, 1, 1, 0, 1])
    probabilities = np.full((6, 3), 1 / 3)
    found = measure(y, predicted, probabilities, CLASSES, np.arange(6), seed=0)
    assert found["absent_classes"] == ["tense"]
    assert found["per_class"]["tense"].pop("support") == 0
    assert set(found["per_class"]["tense"].values()) == {None}
    assert found["intervals"]["per_class.tense.f1"] == [None, None]
    assert found["macro_f1"]["estimate"] == float(metrics.macro_f1(metrics.confusion(y, predicted, 2)))
    assert found["roc_auc"] == 0.5


def test_one_article_has_no_interval():
    found = measure([0, 1, 1], [0, 1, 0], None, CLASSES[:2], ["a", "a", "a"], seed=0)
    assert found["accuracy"] == {"estimate": pytest.approx(2 / 3), "lower": None, "upper": None}
    assert "brier" not in found


def test_no_statements_are_refused():
    with pytest.raises(DataError, match="no statements to measure"):
        measure([], [], None, CLASSES, [], seed=0)


def test_two_thousand_resamples_take_less_time_than_as_many_measured_one_by_one():
    rng = np.random.default_rng(0)
    articles, y, probabilities = simulated_articles(1250, rng)
    predicted = probabilities.argmax(axis=1)
    start = time.process_time()
    bootstrap_interval(metrics.macro_f1, y, predicted, articles=articles, seed=0)
    together = time.process_time() - start
    rows = [np.flatnonzero(articles == article) for article in np.unique(articles)]
    start = time.process_time()
    for _ in range(20):
        drawn = np.concatenate([rows[i] for i in rng.integers(0, len(rows), len(rows))])
        metrics.macro_f1(metrics.confusion(y[drawn], predicted[drawn], len(CLASSES)))
    assert together < 100 * (time.process_time() - start)


def test_resamples_of_scores_in_levels_have_nearly_the_areas_of_all_scores(monkeypatch):
    articles, y, probabilities = simulated_articles(600, np.random.default_rng(1))
    (weights,) = article_weights(600, n_resamples=200, seed=0)
    coarse = ranking_tally(y, probabilities, articles, CLASSES)
    monkeypatch.setattr("stance.intervals.tallies._N_LEVELS", 10**9)
    exact = ranking_tally(y, probabilities, articles, CLASSES)
    assert coarse.estimates.tolist() == exact.estimates.tolist()
    assert coarse.sums.shape[1] == 6000 < exact.sums.shape[1]
    np.testing.assert_allclose(coarse.replicates(weights), exact.replicates(weights), rtol=0, atol=1e-3)
