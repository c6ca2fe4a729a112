"""Terms counted once, before any is left out; each fold then takes its rows and its own terms."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stance import kernel
from stance.errors import ConfigError, DataError
from stance.features.blocks import Block
from stance.features.fitted import FittedBlock, FittedFeatures, weigh
from stance.fields import Actors

if TYPE_CHECKING:
    from scipy.sparse import csr_array

KeptTerms = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Columns of a block's counts that some rows keep, and their idf."""


@dataclass(frozen=True)
class Counts:
    """The counts of all blocks; what is fitted on some rows is a choice of columns with their idf."""

    blocks: "tuple[BlockCounts, ...]"
    actors: Actors

    def keep(self, rows: NDArray[np.int64]) -> tuple[KeptTerms, ...]:
        """The terms that some rows keep, block by block."""
        return tuple(block.keep(rows) for block in self.blocks)

    def without_terms(self) -> "Counts":
        """The same counts, without the strings."""
        return Counts(tuple(replace(block, terms=[]) for block in self.blocks), self.actors)

    def matrix(self, rows: NDArray[np.int64], kept: tuple[KeptTerms, ...]) -> "csr_array":
        """The feature matrix (n_rows, n_features) of some rows with the terms kept."""
        from scipy.sparse import hstack

        matrices = [block.matrix(rows, *terms) for block, terms in zip(self.blocks, kept, strict=True)]
        return hstack(matrices, format="csr")

    def fitted(self, kept: tuple[KeptTerms, ...]) -> FittedFeatures:
        """Features with the terms kept, for texts that are not counted here."""
        blocks = tuple(block.fitted(*terms) for block, terms in zip(self.blocks, kept, strict=True))
        return FittedFeatures(blocks, self.actors)


@dataclass(frozen=True)
class BlockCounts:
    """How often each term of a block occurs in each statement.

    Parameters
    ----------
    counts : sparse array of shape (n_statements, n_terms)
    terms : list of length n_terms, sorted
    """

    name: str
    block: Block
    counts: "csr_array"
    terms: list[str]

    @classmethod
    def of(cls, name: str, block: Block, texts: list[str]) -> "BlockCounts":
        """Count the terms of clean texts, by the compiled kernel where it can and ends sooner: the counts are the same."""
        if kernel.supports(block) is None and kernel.worth_it(len(texts), [block]):
            return cls(name, block, *kernel.count_block(texts, block))
        from scipy.sparse import csr_array
        from sklearn.feature_extraction.text import CountVectorizer

        vectoriser = CountVectorizer(analyzer=block.analyze(), dtype=np.float64)
        try:
            counts = vectoriser.fit_transform(texts)
        except ValueError:
            return cls(name, block, csr_array((len(texts), 0), dtype=np.float64), [])
        return cls(name, block, csr_array(counts), vectoriser.get_feature_names_out().tolist())

    def keep(self, rows: NDArray[np.int64]) -> KeptTerms:
        """The terms that some rows keep, with their idf, as scikit-learn's TfidfVectorizer."""
        part = self.counts[rows]
        n_statements = len(rows)
        frequencies = np.bincount(part.indices, minlength=self.counts.shape[1])
        low = _as_count(self.block.min_df, n_statements)
        high = _as_count(self.block.max_df, n_statements)
        keep = (frequencies >= max(low, 1)) & (frequencies <= high)
        if self.block.max_features is not None and keep.sum() > self.block.max_features:
            totals = np.asarray(part.sum(axis=0)).ravel()[keep]
            chosen = np.flatnonzero(keep)[(-totals).argsort()[: self.block.max_features]]
            keep[:] = False
            keep[chosen] = True
        columns = np.flatnonzero(keep)
        if not frequencies.any() and self.block.analyzer == "word" and not self.block.has_known_pattern:
            raise ConfigError(
                f"features.blocks.{self.name}.token_pattern is {self.block.token_pattern!r}; it finds nothing in "
                f"{n_statements} statements. Correct it."
            )
        if not len(columns):
            raise DataError(
                f"features.blocks.{self.name}: no term is left of {int((frequencies > 0).sum())} in "
                f"{n_statements} statements with min_df={self.block.min_df} and max_df={self.block.max_df}. "
                "Lower min_df, or check that the texts are what they should be."
            )
        smooth = int(self.block.smooth_idf)
        idf = np.log((n_statements + smooth) / (frequencies[columns] + float(smooth))) + 1.0
        return columns, idf if self.block.use_idf else np.ones(len(columns))

    def fitted(self, columns: NDArray[np.int64], idf: NDArray[np.float64]) -> "FittedBlock":
        """The block with the terms of some columns."""
        return FittedBlock(self.name, self.block, [self.terms[column] for column in columns], idf)

    def matrix(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], idf: NDArray[np.float64]
    ) -> "csr_array":
        """TF-IDF values (n_rows, n_columns) of some rows and columns."""
        part = self.counts[rows][:, columns]
        part.sort_indices()
        return weigh(self.block, part, idf)


def _as_count(bound: int | float, n_statements: int) -> float:
    return bound * n_statements if isinstance(bound, float) else bound
