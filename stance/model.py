"""A fitted model: features, weights, calibration; texts in, classes and probabilities out."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Union

import numpy as np
from numpy.typing import NDArray

from stance.calibration import FittedCalibration
from stance.classifier import Decisions, LinearModel
from stance.errors import DataError
from stance.features import FittedFeatures
from stance.fields import read_fields
from stance.fields.piecewise import piecewise
from stance.seen import Seen

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.explanations import Explanation
    from stance.kernel import Tables

Array = NDArray[np.float64]
Texts = Union[Sequence[str], "pa.StringArray", "pa.LargeStringArray", "pa.ChunkedArray"]

logger = logging.getLogger(__name__)

ARROW_TEXTS = ("string", "large_string")
"""Arrow types of which every value that is there is a text."""

SHOWN_ID = 12
"""Characters of a model's id that tell it from others in a notebook."""


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

    def of(self, rows: NDArray[np.bool_]) -> "Scores":
        """The scores of some of the statements."""
        return Scores(
            self.predicted[rows], self.probabilities[rows], self.decisions[rows], self.n_known_terms[rows]
        )


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
        Sorted 64-bit hashes of the ``texts`` and ``articles`` it was trained on, and ``signatures`` of the
        texts, so that an evaluation can count what it has seen. A bundle of format 1 has no signatures.
    path : str
        Way of scoring: ``plain``, compiled (``kernel``), or ``auto`` for what ends sooner.
    n_threads : int
        Threads of the compiled way.
    """

    classes: tuple[str, ...]
    features: FittedFeatures
    linear: LinearModel
    calibration: FittedCalibration
    facts: Mapping[str, Any] = field(default_factory=dict)
    model_id: str | None = None
    seen: Seen = field(default_factory=dict)
    path: Literal["auto", "plain", "kernel"] = "auto"
    n_threads: int = 1

    def __repr__(self) -> str:
        """The classes, the blocks with their terms, and the id: one line, as arrays and vocabularies fill a notebook."""
        terms = {fitted.name: len(fitted.terms) for fitted in self.features.blocks}
        name = None if self.model_id is None else self.model_id[:SHOWN_ID]
        return f"Model(classes={self.classes}, terms={terms}, model_id={name!r})"

    @property
    def classes_(self) -> NDArray[np.str_]:
        """Classes in the order of all outputs."""
        return np.asarray(self.classes)

    def prepared_for(self, n_statements: int) -> "Model":
        """This model with the way of scoring that ends soonest for so many statements, kept from then on.

        The two ways agree to 1e-9; a run that keeps to one gives the same bits in whatever batches.
        """
        return replace(self, path="kernel" if self._is_kernel_for(n_statements) else "plain")

    def decide(self, texts: Texts, targets: Texts | None = None) -> Decisions:
        """Decision values and known terms of statements."""
        self._check_texts(texts, targets)
        if self._is_kernel_for(len(texts)):
            read = self._read(self._kernel.fields, texts, targets)
            return Decisions(*self._kernel.decide(read, n_threads=self.n_threads))
        X = self.features.transform(_as_list(texts), None if targets is None else _as_list(targets))
        return Decisions(self.linear.decide(X), np.diff(X.indptr).astype(np.int64))

    def _is_kernel_for(self, n_statements: int) -> bool:
        if self.path != "auto":
            return self.path == "kernel"
        from stance import kernel

        blocks = [fitted.block for fitted in self.features.blocks]
        reasons = [reason for block in blocks if (reason := kernel.supports(block)) is not None]
        if reasons:
            logger.info("scoring without the compiled kernel: %s", reasons[0])
        return not reasons and kernel.worth_it(n_statements, blocks)

    def _read(self, fields: Sequence[str], texts: Texts, targets: Texts | None) -> dict[str, Texts]:
        """The texts of fields: those as they are that the kernel itself cleans, and views made of them."""
        raw: dict[str, Texts] = {"text": texts} if "text" in fields and self.features.actors == "keep" else {}
        others = [field for field in fields if field not in raw]
        if not others:
            return raw
        given_targets = None if targets is None else _as_list(targets)
        return {**read_fields(others, _as_list(texts), given_targets, actors=self.features.actors), **raw}

    @cached_property
    def _kernel(self) -> "Tables":
        """The compiled scorer of this model."""
        from stance.kernel import Tables

        blocks = self.features.blocks
        return Tables.build(
            [fitted.block for fitted in blocks],
            [fitted.terms for fitted in blocks],
            [fitted.idf for fitted in blocks],
            self.linear.coef,
            self.linear.intercept,
            piecewise,
        )

    def probabilities(self, decisions: Decisions) -> Array:
        """Calibrated probabilities (n_statements, n_classes) of decisions."""
        return self.calibration.probabilities(decisions.values)

    def predicted(self, decisions: Decisions) -> NDArray[np.int64]:
        """Index of the most probable class of each statement; the decision settles ties."""
        probabilities, values = self.probabilities(decisions), decisions.per_class()
        on_top = probabilities == probabilities.max(axis=1, keepdims=True)
        return np.asarray(np.where(on_top, values, -np.inf).argmax(axis=1))

    def score(self, texts: Texts, targets: Texts | None = None) -> Scores:
        """Classes, probabilities and decision values of statements."""
        decisions = self.decide(texts, targets)
        return Scores(
            self.predicted(decisions),
            self.probabilities(decisions),
            decisions.per_class(),
            decisions.n_known_terms,
        )

    def decision_function(self, texts: Texts, targets: Texts | None = None) -> Array:
        """Decision values: shape (n_statements,) for two classes (above 0 for the second), else (n_statements, n_classes)."""
        values = self.decide(texts, targets).values
        return values[:, 0] if values.shape[1] == 1 else values

    def predict_proba(self, texts: Texts, targets: Texts | None = None) -> Array:
        """Probabilities, shape (n_statements, n_classes)."""
        return self.probabilities(self.decide(texts, targets))

    def predict(self, texts: Texts, targets: Texts | None = None) -> NDArray[np.str_]:
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

    def _check_texts(self, texts: Texts, targets: Texts | None) -> None:
        _check_are_texts(texts, "texts")
        if targets is not None and len(targets) != len(texts):
            raise DataError(f"targets: {len(targets)} targets for {len(texts)} texts; as many are needed.")
        if not self.features.needs_target:
            return
        if targets is None:
            raise DataError("targets: this model reads the target of each statement, and none is given.")
        _check_are_texts(targets, "targets")


def _check_are_texts(values: Texts, name: str) -> None:
    """Raise DataError for one text in place of several, and for what among them is no text."""
    if isinstance(values, str):
        raise DataError(f"{name} is one text; a list of texts is needed. Write [text].")
    if str(getattr(values, "type", "")) in ARROW_TEXTS and not values.null_count:  # type: ignore[union-attr]
        return
    for position, value in enumerate(_as_list(values)):
        if not isinstance(value, str):
            raise DataError(f"{name}: item {position} is a {type(value).__name__}; a text is needed.")


def _as_list(texts: Texts) -> Sequence[str]:
    return (
        texts
        if isinstance(texts, (list, tuple))
        else texts.to_pylist()
        if hasattr(texts, "to_pylist")
        else list(texts)
    )
