import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize
from scipy.special import expit, softmax
from sklearn.isotonic import IsotonicRegression

from stance.calibration import FittedCalibration, Isotonic, Sigmoid, Temperature, Uncalibrated

CALIBRATIONS = [Sigmoid(), Isotonic(), Temperature(), Uncalibrated()]


def decisions_of(n_rows: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(n_rows)
    values = random.normal(size=(n, n_rows)) * 2
    if n_rows == 1:
        return values, (random.random(n) < expit(0.7 * values[:, 0] - 0.4)).astype(int)
    chances = softmax(0.6 * values, axis=1)
    return values, np.asarray([random.choice(n_rows, p=p) for p in chances])


@pytest.mark.parametrize("n_rows", [1, 3])
@pytest.mark.parametrize("calibration", CALIBRATIONS, ids=lambda c: type(c).__name__)
def test_probabilities_are_probabilities(calibration, n_rows):
    values, y = decisions_of(n_rows)
    p = calibration.fit(values, y).probabilities(
        np.vstack([values, 1e9 * np.ones((1, n_rows)), -1e9 * np.ones((1, n_rows))])
    )
    assert p.shape[1] == max(2, n_rows)
    assert np.allclose(p.sum(axis=1), 1)
    assert (p >= 0).all()


def test_the_sigmoid_is_the_one_that_maximises_platts_likelihood():
    values, y = decisions_of(1)
    d, n1 = values[:, 0], y.sum()
    goal = np.where(y == 1, (n1 + 1) / (n1 + 2), 1 / (len(y) - n1 + 2))

    def loss(parameters):
        p = expit(parameters[0] * d + parameters[1])
        return -(goal * np.log(p) + (1 - goal) * np.log(1 - p)).sum()

    best = minimize(loss, [0.0, 0.0], tol=1e-12).x
    fitted = Sigmoid().fit(values, y).arrays
    assert np.allclose([fitted["slope"][0], fitted["offset"][0]], best, atol=1e-4)


def test_the_temperature_recovers_the_scale_the_labels_were_drawn_with():
    values, y = decisions_of(3, n=20_000)
    assert Temperature().fit(values, y).arrays["slope"][0] == pytest.approx(0.6, abs=0.03)


def test_isotonic_equals_scikit_learns():
    values, y = decisions_of(1)
    twin = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(values[:, 0], y)
    assert np.allclose(Isotonic().fit(values, y).probabilities(values)[:, 1], twin.predict(values[:, 0]))


@settings(deadline=None, max_examples=50)
@given(arrays(np.float64, (5, 1), elements=st.floats(-1e6, 1e6)))
def test_a_sigmoid_keeps_the_order_of_decisions(values):
    values_fit, y = decisions_of(1)
    p = Sigmoid().fit(values_fit, y).probabilities(values)[:, 1]
    order = np.argsort(values[:, 0], kind="stable")
    assert (np.diff(p[order]) >= 0).all()


def test_a_statement_that_no_row_claims_gets_even_shares():
    flat = {f"x_{k}": np.asarray([0.0]) for k in range(3)} | {f"y_{k}": np.asarray([0.0]) for k in range(3)}
    assert np.allclose(FittedCalibration("isotonic", flat).probabilities(np.zeros((1, 3))), 1 / 3)


def test_decisions_all_alike_give_the_share_of_the_class():
    p = Sigmoid().fit(np.ones((100, 1)), np.asarray([1] * 30 + [0] * 70)).probabilities(np.ones((1, 1)))
    assert p[0, 1] == pytest.approx(0.3, abs=0.02)
