"""Linear classifiers: settings that fit to one weight vector a class."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

import numpy as np
from annotated_types import Ge, Gt
from numpy.typing import NDArray

from stance.errors import ConfigError, nearest
from stance.features import Weighting

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Logistic", "LinearSVC", "SGD", "Ridge", "ComplementNB", "MultinomialNB", "Majority"]

ClassWeight = Literal["balanced"] | Mapping[str, Annotated[float, Gt(0)]] | None
Positive = Annotated[float, Gt(0)]


@dataclass(frozen=True)
class LinearModel:
    """Weights of a linear classifier.

    Parameters
    ----------
    coef : array of shape (n_rows, n_features)
        One row for two classes (its sign decides for the second), else one row a class.
    intercept : array of shape (n_rows,)
    """

    coef: NDArray[np.float64]
    intercept: NDArray[np.float64]

    def decide(self, X: "csr_array") -> NDArray[np.float64]:
        """Decision values, shape (n_statements, n_rows)."""
        return np.asarray(X @ self.coef.T + self.intercept)


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

    values: NDArray[np.float64]
    n_known_terms: NDArray[np.int64]

    def per_class(self) -> NDArray[np.float64]:
        """Decision values (n_statements, n_classes); for two classes one is the other's negative."""
        return (
            np.column_stack([-self.values[:, 0], self.values[:, 0]])
            if self.values.shape[1] == 1
            else self.values
        )


class Classifier(Protocol):
    """What every entry of conf/classifier gives."""

    @property
    def class_weight(self) -> ClassWeight:
        """Weights of the classes in the loss."""

    def estimator(self, seed: int) -> Any:
        """The scikit-learn estimator with these settings."""


@dataclass(frozen=True, kw_only=True)
class Logistic:
    """Logistic regression with an L2 penalty; multinomial for three classes and more."""

    C: Positive = 1.0
    class_weight: ClassWeight = None
    tol: Positive = 1e-4
    max_iter: Annotated[int, Ge(1)] = 1000

    def estimator(self, seed: int) -> Any:
        """scikit-learn's LogisticRegression."""
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=self.C, tol=self.tol, max_iter=self.max_iter)


@dataclass(frozen=True, kw_only=True)
class LinearSVC:
    """Linear support vector machine with squared hinge loss; one against the rest.

    References
    ----------
    Hsieh et al. (2008), A dual coordinate descent method for large-scale linear SVM, ICML.
    """

    C: Positive = 1.0
    class_weight: ClassWeight = None
    tol: Positive = 1e-4
    max_iter: Annotated[int, Ge(1)] = 10_000

    def estimator(self, seed: int) -> Any:
        """scikit-learn's LinearSVC."""
        from sklearn.svm import LinearSVC as SklearnLinearSVC

        return SklearnLinearSVC(C=self.C, tol=self.tol, max_iter=self.max_iter, random_state=seed)


@dataclass(frozen=True, kw_only=True)
class SGD:
    """Linear model fitted by stochastic gradient descent, for large training sets."""

    loss: Literal["hinge", "log_loss", "modified_huber"] = "modified_huber"
    alpha: Positive = 1e-5
    class_weight: ClassWeight = None
    max_iter: Annotated[int, Ge(1)] = 1000

    def estimator(self, seed: int) -> Any:
        """scikit-learn's SGDClassifier."""
        from sklearn.linear_model import SGDClassifier

        return SGDClassifier(
            loss=self.loss, alpha=self.alpha, max_iter=self.max_iter, average=True, random_state=seed
        )


@dataclass(frozen=True, kw_only=True)
class Ridge:
    """Least squares on labels of -1 and 1 with an L2 penalty."""

    alpha: Positive = 1.0
    class_weight: ClassWeight = None

    def estimator(self, seed: int) -> Any:
        """scikit-learn's RidgeClassifier."""
        from sklearn.linear_model import RidgeClassifier

        return RidgeClassifier(alpha=self.alpha, solver="sparse_cg", random_state=seed)


@dataclass(frozen=True, kw_only=True)
class MultinomialNB:
    """Multinomial naive Bayes, kept as log-weights."""

    alpha: Positive = 1.0
    class_weight: ClassWeight = None

    def estimator(self, seed: int) -> Any:
        """scikit-learn's MultinomialNB."""
        from sklearn.naive_bayes import MultinomialNB as SklearnMultinomialNB

        return SklearnMultinomialNB(alpha=self.alpha)


@dataclass(frozen=True, kw_only=True)
class ComplementNB:
    """Complement naive Bayes, steadier than multinomial when classes differ in size.

    References
    ----------
    Rennie et al. (2003), Tackling the poor assumptions of naive Bayes text classifiers, ICML.
    """

    alpha: Positive = 1.0
    norm: bool = False
    class_weight: ClassWeight = None

    def estimator(self, seed: int) -> Any:
        """scikit-learn's ComplementNB."""
        from sklearn.naive_bayes import ComplementNB as SklearnComplementNB

        return SklearnComplementNB(alpha=self.alpha, norm=self.norm)


@dataclass(frozen=True, kw_only=True)
class Majority:
    """The most frequent class for every statement: the floor that each model must beat."""

    class_weight: ClassWeight = None

    def estimator(self, seed: int) -> Any:
        """scikit-learn's DummyClassifier, which predicts by class shares."""
        from sklearn.dummy import DummyClassifier

        return DummyClassifier(strategy="prior")


def fit_linear(
    classifier: Classifier,
    X: "csr_array",
    y: NDArray[np.int64],
    classes: tuple[str, ...],
    *,
    weighting: Weighting | None = None,
    trust: NDArray[np.float64] | None = None,
    seed: int,
) -> LinearModel:
    """A classifier's weights on X (n_statements, n_features) and y (n_statements,), in class order.

    One BLAS thread, so that the bits do not depend on the number of cores.

    Parameters
    ----------
    trust : array of shape (n_statements,) or None
        How much each statement counts, beside the weight of its class; None where all count alike.
    """
    from threadpoolctl import threadpool_limits

    weights = statement_weights(classifier.class_weight, y, classes)
    if trust is not None:
        weights = trust if weights is None else weights * trust
    with threadpool_limits(limits=1):
        if weighting is None:
            return _fit(classifier, X, y, weights, len(classes), seed)
        rows = [
            _fit_scaled(classifier, X, positive, weights, _scales(weighting, X, positive, trust), seed)
            for positive in (
                [y] if len(classes) == 2 else [(y == k).astype(np.int64) for k in range(len(classes))]
            )
        ]
    return LinearModel(np.vstack([m.coef for m in rows]), np.concatenate([m.intercept for m in rows]))


def statement_weights(
    class_weight: ClassWeight, y: NDArray[np.int64], classes: tuple[str, ...]
) -> NDArray[np.float64] | None:
    """The weight of each statement in the loss, or None where all weigh the same."""
    if class_weight is None:
        return None
    if class_weight == "balanced":
        counts = np.bincount(y, minlength=len(classes))
        return np.asarray((len(y) / (len(classes) * np.maximum(counts, 1)))[y])
    for name in class_weight:
        if name not in classes:
            raise ConfigError(
                f"classifier.class_weight: '{name}' is not one of {list(classes)}.{nearest(name, classes)}"
            )
    return np.asarray([class_weight.get(name, 1.0) for name in classes])[y]


def _fit(
    classifier: Classifier,
    X: "csr_array",
    y: NDArray[np.int64],
    weights: NDArray[np.float64] | None,
    n_classes: int,
    seed: int,
) -> LinearModel:
    estimator = classifier.estimator(seed).fit(X, y, sample_weight=weights)
    coef, intercept = _weights_of(estimator, X.shape[1], n_classes)
    return LinearModel(np.ascontiguousarray(coef, dtype=np.float64), np.asarray(intercept, dtype=np.float64))


def _weights_of(estimator: Any, n_features: int, n_classes: int) -> tuple[Any, Any]:
    """The weights and intercepts of a fitted estimator, one row for two classes."""
    if hasattr(estimator, "coef_"):
        return np.atleast_2d(estimator.coef_), np.atleast_1d(estimator.intercept_)
    if hasattr(estimator, "feature_log_prob_"):
        is_complement = type(estimator).__name__ == "ComplementNB"
        coef = estimator.feature_log_prob_
        intercept = np.zeros(n_classes) if is_complement else estimator.class_log_prior_
    else:
        coef, intercept = np.zeros((n_classes, n_features)), np.log(estimator.class_prior_)
    if n_classes == 2:
        return coef[1:] - coef[:1], intercept[1:] - intercept[:1]
    return coef, intercept


def _scales(
    weighting: Weighting, X: "csr_array", y: NDArray[np.int64], trust: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """What each feature is multiplied by: its log-count ratio, or the length of (1, ratio).

    The second is the kernel of features that stand both plain and multiplied, side by side.
    """
    ratio = naive_bayes_log_ratio(X if trust is None else X.multiply(trust[:, None]).tocsr(), y)
    return ratio if weighting == "naive_bayes" else np.hypot(1.0, ratio)


def _fit_scaled(
    classifier: Classifier,
    X: "csr_array",
    y: NDArray[np.int64],
    weights: NDArray[np.float64] | None,
    scales: NDArray[np.float64],
    seed: int,
) -> LinearModel:
    """Two classes on features times their scales, which are folded back into the weights."""
    scaled = X.copy()
    scaled.data = scaled.data * scales[scaled.indices]
    model = _fit(classifier, scaled, y, weights, 2, seed)
    return LinearModel(model.coef * scales, model.intercept)


def naive_bayes_log_ratio(X: "csr_array", y: NDArray[np.int64], alpha: float = 1.0) -> NDArray[np.float64]:
    """The log-count ratio of each feature, shape (n_features,), for y of 0 and 1.

    References
    ----------
    Wang and Manning (2012), Baselines and bigrams, ACL, section 2.1.
    """
    positive = alpha + np.asarray(X[y == 1].sum(axis=0)).ravel()
    negative = alpha + np.asarray(X[y == 0].sum(axis=0)).ravel()
    return np.asarray(np.log((positive / positive.sum()) / (negative / negative.sum())))
