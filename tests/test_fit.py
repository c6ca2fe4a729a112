from dataclasses import replace

import numpy as np
import pytest

from stance.calibration import Sigmoid, Uncalibrated
from stance.classifier import LinearSVC
from stance.errors import SplitError
from stance.fit import AuxiliaryData, Fit, TrainingData
from tests.texts import NASTY, labelled, word_features


def test_too_few_articles_to_calibrate_on_say_so():
    data = labelled(40, seed=2)
    few = TrainingData(data.texts, None, data.y, np.arange(len(data.y)) % 3, data.classes)
    rows, none = np.arange(len(data.y)), np.zeros(0, dtype=np.int64)
    with pytest.raises(
        SplitError, match=r"calibration: .* 5 folds .*; 3 that share no text .* calibration=none"
    ):
        Fit(few, word_features(), LinearSVC(), Sigmoid(), 1).model(rows, none)


def test_calibration_by_cross_fitting_is_less_sure_than_by_the_training_statements():
    data = labelled(40, seed=2)
    noisy = TrainingData(
        data.texts, None, np.random.default_rng(0).permutation(data.y), data.units, data.classes
    )
    rows, none = np.arange(len(data.y)), np.zeros(0, dtype=np.int64)
    crossed = (
        Fit(noisy, word_features(), LinearSVC(C=10), Sigmoid(), 1)
        .model(rows, none)
        .predict_proba(noisy.texts)
    )
    naive = (
        Fit(noisy, word_features(), LinearSVC(C=10), Sigmoid(), 1)
        .model(rows, rows)
        .predict_proba(noisy.texts)
    )
    assert crossed.max(axis=1).mean() < naive.max(axis=1).mean() - 0.1


@pytest.mark.parametrize("weighting", [None, "naive_bayes_beside"])
def test_auxiliary_statements_that_count_fully_are_as_good_as_ones_own(weighting):
    data, features = labelled(10), replace(word_features(), weighting=weighting)
    own, other = np.arange(12), np.arange(12, 20)
    auxiliary = AuxiliaryData(
        [data.texts[i] for i in other], [""] * len(other), data.y[other], np.ones(len(other))
    )
    part = TrainingData(
        [data.texts[i] for i in own], None, data.y[own], data.units[own], data.classes, auxiliary
    )
    helped = Fit(part, features, LinearSVC(), Uncalibrated(), seed=1).model(own, own[:0])
    whole = Fit(data, features, LinearSVC(), Uncalibrated(), seed=1).model(np.arange(20), own[:0])
    assert helped.features.blocks[0].terms == whole.features.blocks[0].terms
    assert np.allclose(helped.decision_function(NASTY), whole.decision_function(NASTY), atol=1e-6)


def test_auxiliary_statements_are_in_every_fold_of_cross_fitting():
    data = labelled(10)
    auxiliary = AuxiliaryData(["glockenspiel"] * 4, [""] * 4, np.asarray([0, 1, 0, 1]), np.full(4, 0.5))
    fit = Fit(replace(data, auxiliary=auxiliary), word_features(), LinearSVC(), Sigmoid(), seed=1)
    assert fit.fitted_on(np.asarray([3, 5])).tolist() == [3, 5, 20, 21, 22, 23]
    assert fit.cross_decide(np.arange(20)).shape == (20, 1)
    assert "glockenspiel" in fit.model(np.arange(10), np.arange(10, 20)).features.blocks[0].vocabulary
