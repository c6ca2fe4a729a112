import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression, RidgeClassifier

from stance.classifier import (
    SGD,
    ComplementNB,
    LinearSVC,
    Logistic,
    Majority,
    MultinomialNB,
    Ridge,
    fit_linear,
    naive_bayes_log_ratio,
    statement_weights,
)
from stance.errors import ConfigError

CLASSIFIERS = [Logistic(), LinearSVC(), SGD(), Ridge(), ComplementNB(), MultinomialNB(), Majority()]


def problem(n_classes: int) -> tuple[csr_array, np.ndarray, tuple[str, ...]]:
    random = np.random.default_rng(3)
    y = np.concatenate([np.arange(n_classes), random.integers(n_classes, size=90)])
    X = random.random((len(y), 12)) * (random.random((len(y), 12)) < 0.5)
    X[np.arange(len(y)), y] += 1.0
    return csr_array(X), y, tuple("abcde"[:n_classes])


@pytest.mark.parametrize("n_classes", [2, 3, 5])
@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=lambda c: type(c).__name__)
def test_the_weights_decide_as_the_scikit_learn_estimator_predicts(classifier, n_classes):
    X, y, classes = problem(n_classes)
    model = fit_linear(classifier, X, y, classes, seed=1)
    assert model.coef.shape == (1 if n_classes == 2 else n_classes, X.shape[1])
    values = model.decide(X)
    ours = (values[:, 0] > 0).astype(int) if n_classes == 2 else values.argmax(axis=1)
    assert np.array_equal(ours, classifier.estimator(1).fit(X, y).predict(X))


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=lambda c: type(c).__name__)
def test_the_same_seed_gives_the_same_bits(classifier):
    X, y, classes = problem(3)
    one, two = (fit_linear(classifier, X, y, classes, seed=5) for _ in range(2))
    assert np.array_equal(one.coef, two.coef)
    assert np.array_equal(one.intercept, two.intercept)


def test_balanced_weights_are_those_of_scikit_learn():
    X, y, classes = problem(2)
    keep = np.flatnonzero((y == 0) | (np.arange(len(y)) % 4 == 0))
    model = fit_linear(Logistic(class_weight="balanced"), X[keep], y[keep], classes, seed=0)
    twin = LogisticRegression(class_weight="balanced", max_iter=1000).fit(X[keep], y[keep])
    assert np.allclose(model.coef, twin.coef_, atol=1e-6)


def test_weights_by_name_reach_the_right_class():
    assert statement_weights({"b": 3.0}, np.asarray([0, 1, 1]), ("a", "b")).tolist() == [1.0, 3.0, 3.0]
    with pytest.raises(ConfigError, match=r"'tens' is not one of .* Did you mean 'tense'"):
        statement_weights({"tens": 3.0}, np.asarray([0]), ("cooperative", "tense"))


def test_the_log_count_ratio_is_the_one_worked_by_hand():
    X = csr_array(np.asarray([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]))
    expected = np.log([(2 / 3) / (1 / 4), (1 / 3) / (3 / 4)])
    assert np.allclose(naive_bayes_log_ratio(X, np.asarray([1, 0, 0])), expected)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_naive_bayes_weighting_is_folded_into_the_weights(n_classes):
    X, y, classes = problem(n_classes)
    model = fit_linear(Logistic(), X, y, classes, weighting="naive_bayes", seed=0)
    k, positive = (0, (y == 1).astype(int)) if n_classes == 2 else (2, (y == 2).astype(int))
    ratio = naive_bayes_log_ratio(X, positive)
    twin = LogisticRegression(C=1.0, max_iter=1000).fit(X.toarray() * ratio, positive)
    assert np.allclose(model.decide(X)[:, k], twin.decision_function(X.toarray() * ratio), atol=1e-4)


def test_naive_bayes_beside_is_plain_and_multiplied_features_side_by_side():
    X, y, classes = problem(2)
    model = fit_linear(Ridge(), X, y, classes, weighting="naive_bayes_beside", seed=0)
    both = np.hstack([X.toarray(), X.toarray() * naive_bayes_log_ratio(X, y)])
    twin = RidgeClassifier(solver="cholesky").fit(both, y)
    assert np.allclose(model.decide(X)[:, 0], twin.decision_function(both), atol=1e-3)


@pytest.mark.parametrize("weighting", [None, "naive_bayes", "naive_bayes_beside"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_a_statement_trusted_twice_counts_as_two(n_classes, weighting):
    X, y, classes = problem(n_classes)
    twice = np.r_[np.arange(len(y)), np.arange(5)]
    trust = np.r_[np.full(5, 2.0), np.ones(len(y) - 5)]
    trusted = fit_linear(LinearSVC(tol=1e-8), X, y, classes, weighting=weighting, trust=trust, seed=0)
    repeated = fit_linear(LinearSVC(tol=1e-8), X[twice], y[twice], classes, weighting=weighting, seed=0)
    assert np.allclose(trusted.decide(X), repeated.decide(X), atol=1e-4)
