"""A model given back as an ordinary scikit-learn pipeline."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import FunctionTransformer

from stance.classifier import Decisions
from stance.features import FittedBlock
from stance.fields import field_texts

if TYPE_CHECKING:
    from stance.model import Model


class CalibratedLinearClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Weights and calibration of a stance model behind scikit-learn's methods."""

    def __init__(self, model: "Model"):
        self.model = model
        self.classes_ = model.classes_
        self.coef_ = model.linear.coef
        self.intercept_ = model.linear.intercept

    def fit(self, X: Any, y: Any = None) -> "CalibratedLinearClassifier":
        """Nothing: the weights are given."""
        return self

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Decision values, (n_statements,) for two classes."""
        values = self.model.linear.decide(X)
        return values[:, 0] if values.shape[1] == 1 else values

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probabilities, (n_statements, n_classes)."""
        return self.model.calibration.probabilities(self.model.linear.decide(X))

    def predict(self, X: Any) -> NDArray[np.str_]:
        """The class of each statement."""
        decisions = Decisions(self.model.linear.decide(X), np.zeros(0, dtype=np.int64))
        return self.classes_[self.model.predicted(decisions)]


def to_sklearn(model: "Model") -> Pipeline:
    """A pipeline of TfidfVectorizers and the model's weights; it agrees with the model to 1e-9.

    It takes texts, or (text, target) pairs where the model reads a target.
    """
    actors = model.features.actors
    union = FeatureUnion(
        [(block.name, _block_pipeline(block, actors)) for block in model.features.blocks],
        transformer_weights={block.name: block.block.weight for block in model.features.blocks},
    )
    union._validate_transformers()
    return Pipeline([("features", union), ("classifier", CalibratedLinearClassifier(model))])


def _block_pipeline(fitted: FittedBlock, actors: Any) -> Pipeline:
    block = fitted.block
    own_tokens = block.stems is not None
    vectoriser = TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=block.ngram_range,
        lowercase=block.lowercase,
        strip_accents=block.strip_accents,
        token_pattern=None if own_tokens or block.analyzer != "word" else block.token_pattern,
        tokenizer=block.tokenize() if own_tokens and block.analyzer == "word" else None,
        stop_words=list(block.stop_words) or None if block.analyzer == "word" and not own_tokens else None,
        vocabulary=fitted.vocabulary,
        binary=block.binary,
        use_idf=block.use_idf,
        smooth_idf=block.smooth_idf,
        sublinear_tf=block.sublinear_tf,
        norm=block.norm,
        dtype=np.float64,
    )
    vectoriser.fit([""])
    if block.use_idf:
        vectoriser.idf_ = fitted.idf

    def read(rows: Sequence[Any]) -> list[str]:
        pairs = [(row, "") if isinstance(row, str) else tuple(row) for row in rows]
        texts, targets = [text for text, _ in pairs], [target for _, target in pairs]
        return field_texts(block.field, texts, targets, actors=actors)

    reader = FunctionTransformer(read, validate=False).fit([""])
    return Pipeline([("field", reader), ("tfidf", vectoriser)])
