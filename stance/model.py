"""A fitted model: features, weights, calibration; texts in, classes and probabilities out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.calibration import Calibration, FittedCalibration, Uncalibrated
from stance.classifier import Classifier, LinearModel, fit_linear
from stance.duplicates import word_key
from stance.errors import DataError
from stance.features import Counts, Features, FittedFeatures, KeptTerms

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from stance.explanations import Explanation

Array = NDArray[np.float64]

CROSS_FIT_FOLDS = 5


@dataclass(frozen=True)
class Decisions:
    """What a model says of some statements.

    Parameters
    ----------
    values : array of shape (n_statements, n_rows)
        One row of weights for two classes, else one a class.
    n_known_terms : array of shape (n_statements,)
        How many different terms of the vocabulary a statement holds; 0 means that it was not understood.
    """

    values: Array
    n_known_terms: NDArray[np.int64]

    def per_class(self) -> Array:
        """Decision values (n_statements, n_classes); for two classes one is the other's negative."""
        return (
            np.column_stack([-self.values[:, 0], self.values[:, 0]])
            if self.values.shape[1] == 1
            else self.values
        )


@dataclass(frozen=True)
class Scores:
    """Everything a model says of some statements, by class.

    Parameters
    ----------
    predicted : array of shape (n_statements,)
        Index of the class.
    probabilities, decisions : arrays of shape (n_statements, n_classes)
    n_known_terms : array of shape (n_statements,)
    """

    predicted: NDArray[np.int64]
    probabilities: Array
    decisions: Array
    n_known_terms: NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """A linear model of texts, ready to use.

    Parameters
    ----------
    classes : tuple of str
    facts : mapping
        Where the model comes from: data, settings, languages, held-out results.
    model_id : str or None
        Digest of the bundle it was loaded from.
    seen : mapping
        Sorted 64-bit hashes of the ``texts`` and ``articles`` it was trained on, so that an evaluation can
        count what it has seen.
    """

    classes: tuple[str, ...]
    features: FittedFeatures
    linear: LinearModel
    calibration: FittedCalibration
    facts: Mapping[str, Any] = field(default_factory=dict)
    model_id: str | None = None
    seen: Mapping[str, NDArray[np.uint64]] = field(default_factory=dict)

    @property
    def classes_(self) -> NDArray[np.str_]:
        """Classes in the order of all outputs."""
        return np.asarray(self.classes)

    def decide(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Decisions:
        """Decision values and known terms of statements."""
        self._check_texts(texts, targets)
        X = self.features.transform(texts, targets)
        return Decisions(self.linear.decide(X), np.diff(X.indptr).astype(np.int64))

    def probabilities(self, decisions: Decisions) -> Array:
        """Calibrated probabilities (n_statements, n_classes) of decisions."""
        return self.calibration.probabilities(decisions.values)

    def predicted(self, decisions: Decisions) -> NDArray[np.int64]:
        """Index of the most probable class of each statement; the decision settles ties."""
        probabilities, values = self.probabilities(decisions), decisions.per_class()
        on_top = probabilities == probabilities.max(axis=1, keepdims=True)
        return np.asarray(np.where(on_top, values, -np.inf).argmax(axis=1))

    def score(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Scores:
        """Classes, probabilities and decision values of statements."""
        decisions = self.decide(texts, targets)
        return Scores(
            self.predicted(decisions),
            self.probabilities(decisions),
            decisions.per_class(),
            decisions.n_known_terms,
        )

    def decision_function(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Array:
        """Decision values: shape (n_statements,) for two classes (above 0 for the second), else (n_statements, n_classes)."""
        values = self.decide(texts, targets).values
        return values[:, 0] if values.shape[1] == 1 else values

    def predict_proba(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Array:
        """Probabilities, shape (n_statements, n_classes)."""
        return self.probabilities(self.decide(texts, targets))

    def predict(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> NDArray[np.str_]:
        """The class of each statement, shape (n_statements,)."""
        return self.classes_[self.predicted(self.decide(texts, targets))]

    def explain(self, text: str, target: str | None = None) -> "Explanation":
        """The terms that decided about one statement; with the intercept they add up to the decision."""
        from stance.explanations import explain

        return explain(self, text, target)

    def to_sklearn(self) -> Any:
        """The same model as a scikit-learn pipeline over texts (or (text, target) pairs)."""
        from stance.sklearn_pipeline import to_sklearn

        return to_sklearn(self)

    def _check_texts(self, texts: Sequence[str], targets: Sequence[str] | None) -> None:
        if isinstance(texts, str):
            raise DataError("texts is one text; a list of texts is needed. Write [text].")
        for position, text in enumerate(texts):
            if not isinstance(text, str):
                raise DataError(f"texts: item {position} is a {type(text).__name__}; a text is needed.")
        if self.features.needs_target and targets is None:
            raise DataError("targets: this model reads the target of each statement, and none is given.")
        if targets is not None and len(targets) != len(texts):
            raise DataError(f"targets: {len(targets)} targets for {len(texts)} texts; as many are needed.")


def seen_hashes(texts: Sequence[str], articles: Sequence[str]) -> dict[str, NDArray[np.uint64]]:
    """Sorted 64-bit hashes of the different texts and articles, enough to count what is seen again."""
    return {
        "texts": np.unique(_hashes([word_key(text) for text in texts])),
        "articles": np.unique(_hashes(articles)),
    }


def count_seen(
    seen: Mapping[str, NDArray[np.uint64]], texts: Sequence[str], articles: Sequence[str]
) -> dict[str, int]:
    """How many statements have a text, and how many different articles a name, that training had too."""
    same_text, same_article = which_seen(seen, texts, articles)
    shared = {article for article, is_shared in zip(articles, same_article, strict=True) if is_shared}
    return {"statements": int(same_text.sum()), "articles": len(shared)}


def which_seen(
    seen: Mapping[str, NDArray[np.uint64]], texts: Sequence[str], articles: Sequence[str]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which statements have a text, and which an article, that training had too; shape (n_statements,) each."""
    return (
        np.isin(_hashes([word_key(text) for text in texts]), seen["texts"]),
        np.isin(_hashes(articles), seen["articles"]),
    )


def _hashes(values: Sequence[str]) -> NDArray[np.uint64]:
    digests = (hashlib.blake2b(value.encode(), digest_size=8).digest() for value in values)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


@dataclass(frozen=True)
class TrainingData:
    """Labelled statements as fitting needs them.

    Parameters
    ----------
    y : array of shape (n_statements,)
        Index of each label in ``classes``.
    units : array of shape (n_statements,)
        Group of articles (with their copies) that must stay on one side of any split.
    """

    texts: Sequence[str]
    targets: Sequence[str] | None
    y: NDArray[np.int64]
    units: NDArray[np.int64]
    classes: tuple[str, ...]

    def count(self, features: Features) -> Counts:
        """The terms of all statements, counted once for every later fold."""
        return features.count(self.texts, self.targets)


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
        kept = self.counts.keep(rows)
        return kept, self.linear(self.counts.matrix(rows, kept), rows)

    def linear(self, X: "csr_array", rows: NDArray[np.int64]) -> LinearModel:
        """Weights fitted on the matrix X (n_rows, n_features) of some rows."""
        return fit_linear(
            self.classifier,
            X,
            self.data.y[rows],
            self.data.classes,
            weighting=self.features.weighting,
            seed=self.seed,
        )

    def decide(self, kept: tuple[KeptTerms, ...], linear: LinearModel, rows: NDArray[np.int64]) -> Array:
        """Decision values of some rows by terms and weights fitted on others."""
        return linear.decide(self.counts.matrix(rows, kept))

    def cross_decide(self, rows: NDArray[np.int64], n_folds: int = CROSS_FIT_FOLDS) -> Array:
        """Decision values of rows, each by weights fitted on the other folds' articles."""
        from stance.split import deal_folds

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
