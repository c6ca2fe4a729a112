"""A model fitted on labelled statements, or many of them on folds of the same, with their terms counted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance.calibration import Calibration, Uncalibrated
from stance.classifier import Classifier, LinearModel, fit_linear
from stance.errors import SplitError
from stance.features import Counts, Features, KeptTerms
from stance.model import Model

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = NDArray[np.float64]

CROSS_FIT_FOLDS = 5


@dataclass(frozen=True)
class AuxiliaryData:
    """Labelled statements of other sources that are fitted on and never tested.

    Parameters
    ----------
    y : array of shape (n_statements,)
    trust : array of shape (n_statements,)
        How much each counts beside a statement of the training data's own, a fraction.
    """

    texts: Sequence[str]
    targets: Sequence[str]
    y: NDArray[np.int64]
    trust: Array


@dataclass(frozen=True)
class TrainingData:
    """Labelled statements as fitting needs them.

    Parameters
    ----------
    y : array of shape (n_statements,)
        Index of each label in ``classes``.
    units : array of shape (n_statements,)
        Group of articles (with their copies) that must stay on one side of any split.
    auxiliary : AuxiliaryData or None
        What every fit also learns from.
    """

    texts: Sequence[str]
    targets: Sequence[str] | None
    y: NDArray[np.int64]
    units: NDArray[np.int64]
    classes: tuple[str, ...]
    auxiliary: AuxiliaryData | None = None

    def count(self, features: Features) -> Counts:
        """The terms of all statements, the auxiliary ones last, counted once for every later fold."""
        if self.auxiliary is None:
            return features.count(self.texts, self.targets)
        targets = None if self.targets is None else [*self.targets, *self.auxiliary.targets]
        return features.count([*self.texts, *self.auxiliary.texts], targets)


@dataclass(frozen=True)
class Fit:
    """How a model is fitted, with its terms counted once."""

    data: TrainingData
    features: Features
    classifier: Classifier
    calibration: Calibration
    seed: int
    counted: Counts | None = None

    @cached_property
    def counts(self) -> Counts:
        """Counts of all terms in all statements."""
        return self.counted if self.counted is not None else self.data.count(self.features)

    def weights(self, rows: NDArray[np.int64]) -> tuple[tuple[KeptTerms, ...], LinearModel]:
        """Terms and weights fitted on some rows."""
        fitted_on = self.fitted_on(rows)
        kept = self.counts.keep(fitted_on)
        return kept, self.linear(self.counts.matrix(fitted_on, kept), rows)

    def fitted_on(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of the counts that a fit on some rows learns from: these, and all auxiliary ones."""
        if self.data.auxiliary is None:
            return rows
        n_own = len(self.data.y)
        return np.concatenate([rows, np.arange(n_own, n_own + len(self.data.auxiliary.y))])

    def linear(self, X: "csr_array", rows: NDArray[np.int64]) -> LinearModel:
        """Weights fitted on the matrix X (n_fitted_on, n_features) of some rows and the auxiliary ones."""
        y, trust, auxiliary = self.data.y[rows], None, self.data.auxiliary
        if auxiliary is not None:
            trust = np.concatenate([np.ones(len(y)), auxiliary.trust])
            y = np.concatenate([y, auxiliary.y])
        return fit_linear(
            self.classifier,
            X,
            y,
            self.data.classes,
            weighting=self.features.weighting,
            trust=trust,
            seed=self.seed,
        )

    def decide(self, kept: tuple[KeptTerms, ...], linear: LinearModel, rows: NDArray[np.int64]) -> Array:
        """Decision values of some rows by terms and weights fitted on others."""
        return linear.decide(self.counts.matrix(rows, kept))

    def cross_decide(self, rows: NDArray[np.int64], n_folds: int = CROSS_FIT_FOLDS) -> Array:
        """Decision values of rows, each by weights fitted on the other folds' articles."""
        from stance.split import deal_folds

        n_units = len(np.unique(self.data.units[rows]))
        if n_units < n_folds:
            raise SplitError(
                f"calibration: probabilities are learnt on {n_folds} folds of the train articles; {n_units} that share no "
                "text cannot fill them. Add articles, or set calibration=none."
            )
        folds = deal_folds(self.data.y[rows], self.data.units[rows], n_folds=n_folds, seed=self.seed)
        decisions: Array | None = None
        for fold in np.unique(folds):
            train, held_out = rows[folds != fold], folds == fold
            values = self.decide(*self.weights(train), rows[held_out])
            if decisions is None:
                decisions = np.zeros((len(rows), values.shape[1]))
            decisions[held_out] = values
        assert decisions is not None
        return decisions

    def model(self, train: NDArray[np.int64], calibrate: NDArray[np.int64]) -> Model:
        """A model fitted on ``train`` and calibrated on ``calibrate``, or by cross-fitting where that is empty."""
        kept, linear = self.weights(train)
        if len(calibrate):
            decisions, y = self.decide(kept, linear, calibrate), self.data.y[calibrate]
        elif isinstance(self.calibration, Uncalibrated):
            decisions, y = np.zeros((0, len(linear.coef))), self.data.y[:0]
        else:
            decisions, y = self.cross_decide(train), self.data.y[train]
        return Model(self.data.classes, self.counts.fitted(kept), linear, self.calibration.fit(decisions, y))
