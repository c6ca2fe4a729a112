"""Decisions to probabilities, fitted on articles that the weights have not seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sigmoid", "Isotonic", "Temperature", "Uncalibrated"]

Array = NDArray[np.float64]
CalibrationKind = Literal["sigmoid", "isotonic", "temperature", "none"]


@dataclass(frozen=True)
class FittedCalibration:
    """A map from decision values to probabilities, as arrays only.

    Parameters
    ----------
    arrays : mapping
        sigmoid: ``slope`` and ``offset`` of shape (n_rows,). temperature: ``slope`` of shape (1,).
        isotonic: ``x_<row>`` and ``y_<row>``, the corners of each row's step line. none: nothing.
    """

    kind: CalibrationKind
    arrays: Mapping[str, Array]

    def probabilities(self, decisions: Array) -> Array:
        """Probabilities (n_statements, n_classes) of decisions (n_statements, n_rows); rows sum to 1."""
        two_classes = decisions.shape[1] == 1
        if self.kind == "isotonic":
            shares = np.column_stack(
                [
                    np.interp(decisions[:, k], self.arrays[f"x_{k}"], self.arrays[f"y_{k}"])
                    for k in range(decisions.shape[1])
                ]
            )
        elif self.kind == "sigmoid":
            shares = _expit(decisions * self.arrays["slope"] + self.arrays["offset"])
        else:
            scaled = decisions * self.arrays["slope"] if self.kind == "temperature" else decisions
            shares = _expit(scaled) if two_classes else _softmax(scaled)
        if two_classes:
            return np.column_stack([1.0 - shares[:, 0], shares[:, 0]])
        totals = shares.sum(axis=1, keepdims=True)
        even = np.full_like(shares, 1.0 / shares.shape[1])
        return np.asarray(np.divide(shares, totals, out=even, where=totals > 0))


def _expit(z: Array) -> Array:
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, small) / (1.0 + small))


def _softmax(z: Array) -> Array:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True, kw_only=True)
class Sigmoid:
    """A logistic curve for each row of decisions.

    References
    ----------
    Platt (1999), Probabilistic outputs for support vector machines, section 2.2 (with his smoothed labels).
    """

    def fit(self, decisions: Array, y: NDArray[np.int64]) -> FittedCalibration:
        """Fit to decisions (n_statements, n_rows) and labels (n_statements,)."""
        curves = [_fit_sigmoid(d, positive) for d, positive in _rows(decisions, y)]
        slope, offset = (np.asarray(values) for values in zip(*curves, strict=True))
        return FittedCalibration("sigmoid", {"slope": slope, "offset": offset})


@dataclass(frozen=True, kw_only=True)
class Isotonic:
    """A rising step line for each row of decisions; needs about a thousand statements."""

    def fit(self, decisions: Array, y: NDArray[np.int64]) -> FittedCalibration:
        """Fit to decisions (n_statements, n_rows) and labels (n_statements,)."""
        from sklearn.isotonic import IsotonicRegression

        arrays: dict[str, Array] = {}
        for k, (d, positive) in enumerate(_rows(decisions, y)):
            line = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(d, positive)
            arrays[f"x_{k}"] = np.asarray(line.X_thresholds_, dtype=np.float64)
            arrays[f"y_{k}"] = np.asarray(line.y_thresholds_, dtype=np.float64)
        return FittedCalibration("isotonic", arrays)


@dataclass(frozen=True, kw_only=True)
class Temperature:
    """One factor on all decisions; it never changes which class is on top.

    References
    ----------
    Guo et al. (2017), On calibration of modern neural networks, ICML, section 4.2.
    """

    def fit(self, decisions: Array, y: NDArray[np.int64]) -> FittedCalibration:
        """Fit to decisions (n_statements, n_rows) and labels (n_statements,)."""
        from scipy.optimize import minimize_scalar

        rows = np.arange(len(y))

        def log_loss(log_slope: float) -> float:
            scaled = FittedCalibration("temperature", {"slope": np.exp([log_slope])})
            return float(-np.log(np.maximum(scaled.probabilities(decisions)[rows, y], 1e-300)).mean())

        found = minimize_scalar(log_loss, bounds=(-7.0, 7.0), method="bounded", options={"xatol": 1e-8})
        return FittedCalibration("temperature", {"slope": np.exp([found.x])})


@dataclass(frozen=True, kw_only=True)
class Uncalibrated:
    """Probabilities by the logistic function (softmax for three classes and more) of the decisions."""

    def fit(self, decisions: Array, y: NDArray[np.int64]) -> FittedCalibration:
        """Nothing to fit."""
        return FittedCalibration("none", {})


Calibration = Sigmoid | Isotonic | Temperature | Uncalibrated


def _rows(decisions: Array, y: NDArray[np.int64]) -> list[tuple[Array, Array]]:
    """Each row's decisions with 1.0 where its class is the label: class 1 of two, else class k for row k."""
    if decisions.shape[1] == 1:
        return [(decisions[:, 0], (y == 1).astype(np.float64))]
    return [(decisions[:, k], (y == k).astype(np.float64)) for k in range(decisions.shape[1])]


def _fit_sigmoid(decisions: Array, positive: Array) -> tuple[float, float]:
    """Slope and offset of Platt's curve by Newton's method on his smoothed labels, log loss."""
    n_positive = positive.sum()
    n_negative = len(positive) - n_positive
    goal = np.where(positive == 1, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))
    scale = max(float(np.abs(decisions).max(initial=0.0)), 1e-12)
    x = decisions / scale
    parameters = np.array([0.0, np.log((n_positive + 1) / (n_negative + 1))])

    def loss(slope: float, offset: float) -> float:
        z = slope * x + offset
        return float((np.logaddexp(0, z) - goal * z).sum())

    for _ in range(100):
        p = _expit(parameters[0] * x + parameters[1])
        gradient = np.array([((p - goal) * x).sum(), (p - goal).sum()])
        w = p * (1 - p)
        hessian = np.array([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]]) + 1e-12 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        before, factor = loss(*parameters), 1.0
        while factor > 1e-10 and loss(*(parameters - factor * step)) > before:
            factor /= 2
        parameters = parameters - factor * step
        if np.abs(gradient).max() < 1e-10 * len(x):
            break
    return float(parameters[0] / scale), float(parameters[1])
