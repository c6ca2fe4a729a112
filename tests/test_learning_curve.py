"""The law behind a learning curve is found again, and the projection is as sure as it says."""

import numpy as np
import pytest

from stance.errors import DataError
from stance.learning_curve import fit_learning_curve

SIZES = np.repeat([20, 40, 80, 160, 320], 3)


def test_a_law_without_noise_is_found_again():
    law = fit_learning_curve(SIZES, 0.9 - 0.8 * SIZES**-0.5, seed=0)
    assert law.at([320, 640, 10_000]) == pytest.approx(
        0.9 - 0.8 * np.array([320, 640, 10_000]) ** -0.5, abs=1e-3
    )
    assert law.doubled.estimate == float(law.at(640))
    assert law.gain.estimate == pytest.approx(law.doubled.estimate - law.now.estimate)
    assert law.n_articles == 320


def test_projections_cover_what_doubling_gives():
    rng = np.random.default_rng(0)
    true = 0.88 - 0.8 * 640**-0.45
    covered = 0
    for seed in range(120):
        scores = 0.88 - 0.8 * SIZES**-0.45 + rng.normal(0, 0.015, size=len(SIZES))
        found = fit_learning_curve(SIZES, scores, seed=seed, n_resamples=300).doubled
        covered += found.lower <= true <= found.upper
    assert covered / 120 >= 0.9


def test_other_test_articles_widen_the_projection_and_hardly_the_gain():
    rng = np.random.default_rng(1)
    scores = 0.88 - 0.8 * SIZES**-0.45 + rng.normal(0, 0.003, size=len(SIZES))
    # Test articles that are harder or easier for all models alike.
    replicates = scores + rng.normal(0, 0.02, size=(400, 1))
    alone = fit_learning_curve(SIZES, scores, seed=0, n_resamples=400)
    found = fit_learning_curve(SIZES, scores, replicates=replicates, seed=0, n_resamples=400)
    assert found.doubled.estimate == alone.doubled.estimate
    assert found.doubled.upper - found.doubled.lower > 2 * (alone.doubled.upper - alone.doubled.lower)
    assert found.gain.upper - found.gain.lower < 2 * (alone.gain.upper - alone.gain.lower)


def test_a_curve_that_does_not_rise_promises_nothing():
    scores = np.array([0.71, 0.72, 0.7] * 5)
    law = fit_learning_curve(SIZES, scores - SIZES / 1e5, seed=0)
    assert law.lack == 0
    assert law.gain.estimate == 0


def test_no_projection_passes_one():
    sizes = np.array([10, 20, 40, 80, 160])
    law = fit_learning_curve(sizes, 0.5 + 0.1 * np.log2(sizes / 10), seed=0)
    assert law.limit <= 1
    assert law.doubled.upper <= 1


@pytest.mark.parametrize("sizes", [[10, 20, 40], [10, 10, 20, 20], []])
def test_too_few_sizes_are_refused(sizes):
    with pytest.raises(
        DataError, match=r"scores at \d sizes; 4 scores at 3 sizes or more are needed\. Train"
    ):
        fit_learning_curve(sizes, [0.5] * len(sizes), seed=0)
