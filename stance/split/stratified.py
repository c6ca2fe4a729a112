"""Splits by chance: whole articles, every class at its share in each part."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray

from stance.errors import ConfigError, SplitError
from stance.settings import Seed
from stance.split.dealing import deal, deal_folds
from stance.split.parts import Labelled, Split, cut, read_labels

if TYPE_CHECKING:
    from datasets import Dataset

PartName = Literal["train", "calibrate", "test"]
Fractions = Mapping[PartName, Annotated[float, Ge(0), Le(1)]]

PART_NAMES: tuple[PartName, ...] = ("train", "calibrate", "test")


def _default_fractions() -> Fractions:
    return {"train": 0.8, "calibrate": 0.0, "test": 0.2}


@dataclass(frozen=True, kw_only=True)
class ByArticle:
    """One fold of whole articles, stratified by class as far as they allow.

    Parameters
    ----------
    fractions : mapping
        Share of the statements of each class for train, calibrate and test, in sum 1.
    """

    fractions: Fractions = field(default_factory=_default_fractions)
    seed: Seed

    def __post_init__(self) -> None:
        _check_fractions(self._shares)

    @property
    def _shares(self) -> NDArray[np.float64]:
        return np.asarray([self.fractions.get(name, 0.0) for name in PART_NAMES])

    def __call__(self, dataset: "Dataset") -> Split:
        """Split a dataset with columns text, label and, where known, article_id."""
        shares = self._shares
        data = read_labels(dataset)
        part = deal(data.labels, data.units, shares, seed=self.seed)
        _check_filled(data, part, shares)
        return Split((cut(data, test=part == 2, calibrate=part == 1),), data.units)


@dataclass(frozen=True, kw_only=True)
class KFold:
    """Folds of whole articles: each statement is tested once, by a model that knows nothing of its article.

    Nested cross-validation is this split with a search: the search folds the train part of each fold again.

    Parameters
    ----------
    n_folds : int
    """

    n_folds: Annotated[int, Ge(2)] = 5
    seed: Seed

    def __call__(self, dataset: "Dataset") -> Split:
        """Split a dataset with columns text, label and, where known, article_id."""
        data = read_labels(dataset)
        fold = deal_folds(data.labels, data.units, n_folds=self.n_folds, seed=self.seed)
        where = "split, fold {} of {}".format
        folds = (cut(data, test=fold == k, where=where(k + 1, self.n_folds)) for k in range(self.n_folds))
        return Split(tuple(folds), data.units)


def _check_fractions(shares: NDArray[np.float64]) -> None:
    if (shares < 0).any() or shares[0] == 0 or abs(shares.sum() - 1) > 1e-6:
        shown = ", ".join(f"{name}: {share:g}" for name, share in zip(PART_NAMES, shares, strict=True))
        raise ConfigError(
            f"split.fractions is {{{shown}}}, in sum {shares.sum():g}; fractions from 0 to 1, train above 0, "
            f"in sum 1 are needed. Try split.fractions.train=0.8 split.fractions.test=0.2."
        )


def _check_filled(data: Labelled, part: NDArray[np.int64], shares: NDArray[np.float64]) -> None:
    n_units = len(np.unique(data.units))
    for k, name in enumerate(PART_NAMES):
        if shares[k] > 0 and not (part == k).any():
            raise SplitError(
                f"split: part {name!r} would hold 0 of {n_units} articles that share no text, at fraction "
                f"{shares[k]:g}. Raise split.fractions.{name} to {_enough(n_units)} or more, or add articles."
            )


def _enough(n_units: int) -> float:
    """A fraction that is sure to be worth one whole article, in steps of 0.05."""
    return min(0.5, math.ceil(20 / n_units) / 20)
