"""Metrics equal scikit-learn's, and say what they do where a class is absent."""

import numpy as np
import pytest
import sklearn.metrics as oracle
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from stance import metrics
from stance.errors import DataError


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12)


@st.composite
def predicted_statements(draw):
    """True classes, predicted classes and probabilities of which some are tied, 0 or 1."""
    n_classes, n = draw(st.integers(2, 5)), draw(st.integers(1, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y_true = rng.integers(0, draw(st.integers(1, n_classes)), size=n)
    raw = rng.integers(0, draw(st.sampled_from([2, 4, 1000])), size=(n, n_classes)) + 1e-9
    probabilities = raw / raw.sum(axis=1, keepdims=True)
    return y_true, rng.integers(0, n_classes, size=n), probabilities


@pytest.mark.filterwarnings("ignore:A single label was found")
@settings(deadline=None, max_examples=80)
@given(predicted_statements())
def test_metrics_of_counts_equal_scikit_learn(data):
    y_true, y_predicted, probabilities = data
    n_classes = probabilities.shape[1]
    counts = metrics.confusion(y_true, y_predicted, n_classes)
    labels = range(n_classes)
    close(counts, oracle.confusion_matrix(y_true, y_predicted, labels=labels))
    close(metrics.accuracy(counts), oracle.accuracy_score(y_true, y_predicted))
    close(metrics.macro_f1(counts), oracle.f1_score(y_true, y_predicted, average="macro"))
    close(metrics.mcc(counts), oracle.matthews_corrcoef(y_true, y_predicted))
    close(metrics.balanced_accuracy(counts), np.mean(oracle.recall_score(
        y_true, y_predicted, average=None, labels=np.unique(y_true))))  # fmt: skip
    expected = oracle.precision_recall_fscore_support(y_true, y_predicted, labels=labels, zero_division=0)
    ours = (metrics.precision(counts), metrics.recall(counts), metrics.f1(counts), counts.sum(axis=1))
    for mine, theirs in zip(ours, expected, strict=True):
        close(np.nan_to_num(mine), theirs)


@settings(deadline=None, max_examples=80)
@given(predicted_statements())
def test_metrics_of_probabilities_equal_scikit_learn(data):
    y_true, _, probabilities = data
    labels = list(range(probabilities.shape[1]))
    close(metrics.log_loss(y_true, probabilities), oracle.log_loss(y_true, probabilities, labels=labels))
    close(metrics.brier(y_true, probabilities), oracle.brier_score_loss(y_true, probabilities, labels=labels))


@settings(deadline=None, max_examples=80)
@given(predicted_statements())
def test_curves_and_their_areas_equal_scikit_learn(data):
    y_true, _, probabilities = data
    positive, scores = y_true == 0, probabilities[:, 0]
    hits, alarms, _ = metrics.by_threshold(positive, scores)
    if len(set(positive)) == 1:
        assert np.isnan(metrics.roc_auc(hits, alarms))
        return
    close(metrics.average_precision(hits, alarms), oracle.average_precision_score(positive, scores))
    close(metrics.roc_auc(hits, alarms), oracle.roc_auc_score(positive, scores))
    for mine, theirs in zip(
        metrics.roc_curve(positive, scores),
        oracle.roc_curve(positive, scores, drop_intermediate=False),
        strict=True,
    ):
        close(mine, theirs)
    precision, recall, thresholds = oracle.precision_recall_curve(positive, scores)
    curve = metrics.precision_recall_curve(positive, scores)
    close(curve.x, recall[:-1][::-1])
    close(curve.y, precision[:-1][::-1])
    close(curve.thresholds, thresholds[::-1])


@pytest.fixture(scope="module")
def three_classes():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet([1, 2, 0.5], size=400)
    return np.array([rng.choice(3, p=p) for p in probabilities]), probabilities


def test_the_reliability_curve_equals_scikit_learn(three_classes):
    y_true, probabilities = three_classes
    right = (probabilities.argmax(axis=1) == y_true).astype(int)
    accuracy, confidence = calibration_curve(right, probabilities.max(axis=1), n_bins=15)
    curve = metrics.reliability(y_true, probabilities)
    filled = curve.n_statements > 0
    close(curve.accuracy[filled], accuracy)
    close(curve.confidence[filled], confidence)
    assert curve.n_statements.sum() == 400
    assert np.isnan(curve.accuracy[~filled]).all()


def test_ece_is_the_mean_gap_of_the_reliability_curve(three_classes):
    curve = metrics.reliability(*three_classes)
    bin_of, values = metrics.reliability_tallies(*three_classes)
    bins = np.array([values[bin_of == b].sum(axis=0) for b in range(metrics.N_BINS)])
    gaps = np.nan_to_num(np.abs(curve.accuracy - curve.confidence))
    close(metrics.ece(bins), np.average(gaps, weights=curve.n_statements))


def test_a_sure_and_right_model_has_no_error():
    probabilities = np.eye(2)[[0, 1, 1]]
    y = np.array([0, 1, 1])
    assert metrics.brier(y, probabilities) == 0
    assert metrics.log_loss(y, probabilities) < 1e-15
    assert metrics.reliability(y, probabilities).n_statements[-1] == 3


def test_counts_may_have_leading_axes():
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 9, size=(4, 5, 3, 3))
    for function in (metrics.macro_f1, metrics.mcc, metrics.accuracy, metrics.balanced_accuracy, metrics.f1):
        stacked = function(counts)
        for i in range(4):
            for j in range(5):
                close(stacked[i, j], function(counts[i, j]))


def test_a_class_that_neither_occurs_nor_is_predicted_has_no_number_and_is_in_no_mean():
    counts = np.array([[3, 1, 0], [0, 4, 0], [0, 0, 0]])
    for function in (metrics.precision, metrics.recall, metrics.f1):
        assert np.isnan(function(counts)).tolist() == [False, False, True]
    close(metrics.macro_f1(counts), metrics.macro_f1(counts[:2, :2]))


def test_a_class_that_is_predicted_and_does_not_occur_counts_as_an_error():
    counts = np.array([[3, 1], [0, 0]])
    assert metrics.f1(counts)[1] == metrics.precision(counts)[1] == 0
    assert np.isnan(metrics.recall(counts)[1])
    close(metrics.macro_f1(counts), 6 / 7 / 2)


def test_f_avg_is_the_mean_of_favor_and_against_with_neither_counted_as_error():
    # Rows and columns: favor, against, none. F1 of favor 2*4/(6+5), of against 2*6/(8+8).
    counts = np.array([[4, 1, 1], [0, 6, 2], [1, 1, 9]])
    close(metrics.mean_f1(counts, of=[0, 1]), (8 / 11 + 12 / 16) / 2)


@pytest.mark.parametrize(("labels", "shown"), [(["tense", "warm"], "'warm'"), (np.array([0, 7]), "7")])
def test_unknown_labels_are_refused_with_their_number(labels, shown):
    with pytest.raises(DataError, match=rf"label {shown} is not one of .*\(1 such statements\)\. Correct"):
        metrics.class_numbers(labels, ["cooperative", "tense"])
