import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.label_errors import find_label_errors, share_of_errors


def noisy(n: int, share: float, seed: int):
    """Labels of which a share is wrong, with calibrated probabilities of the true classes."""
    random = np.random.default_rng(seed)
    p = random.beta(0.5, 0.5, size=n)
    true = (random.random(n) < p).astype(np.int64)
    is_wrong = random.random(n) < share
    return np.where(is_wrong, 1 - true, true), np.column_stack([1 - p, p]), is_wrong


def test_planted_errors_are_found_far_more_often_than_right_labels():
    y, probabilities, is_wrong = noisy(5000, 0.1, seed=1)
    found = find_label_errors(y, probabilities)
    assert found.likely[is_wrong].mean() > 0.6
    assert found.likely[~is_wrong].mean() < 0.1
    assert is_wrong[found.ranked()[:100]].mean() > 0.9


def test_the_paper_s_rule_by_hand():
    y = np.array([0, 0, 1, 1])
    p = np.array([[0.9, 0.1], [0.3, 0.7], [0.2, 0.8], [0.55, 0.45]])
    # Thresholds: class 0 (0.9 + 0.3) / 2 = 0.6, class 1 (0.8 + 0.45) / 2 = 0.625.
    found = find_label_errors(y, p)
    assert found.suggested.tolist() == [0, 1, 1, 1]
    assert found.likely.tolist() == [False, True, False, False]
    assert found.self_confidence.tolist() == [0.9, 0.3, 0.8, 0.45]
    # Confident joint: [[1, 1], [0, 1]]; rows to the counts of labels: [[1, 1], [0, 2]] of 4.
    share = share_of_errors(y, p, [0, 1, 2, 3], seed=1)
    assert share.estimate == pytest.approx(0.25)
    assert share.lower <= 0.25 <= share.upper


@given(st.integers(1, 40), st.integers(2, 5), st.integers(0, 99))
@settings(deadline=None)
def test_what_is_suggested_is_another_class_exactly_where_an_error_is_likely(n, n_classes, seed):
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.ones(n_classes), size=n)
    y = random.integers(n_classes, size=n)
    found = find_label_errors(y, probabilities)
    share = share_of_errors(y, probabilities, np.arange(n) // 2, seed=seed, n_resamples=20)
    assert 0 <= share.estimate <= 1
    assert (np.diff(found.self_confidence[found.ranked()]) >= 0).all()
    assert len(found.ranked()) == found.likely.sum()


def test_the_interval_of_the_share_covers_other_articles():
    shares = []
    for seed in range(60):
        y, probabilities, _ = noisy(600, 0.1, seed=seed)
        shares.append(share_of_errors(y, probabilities, np.arange(600) // 3, seed=seed, n_resamples=200))
    mean = np.mean([share.estimate for share in shares])
    assert np.mean([share.lower <= mean <= share.upper for share in shares]) >= 0.88


def test_a_class_without_labels_is_never_suggested():
    found = find_label_errors(np.array([0, 0, 1]), np.array([[0.1, 0.1, 0.8]] * 3))
    assert 2 not in found.suggested
