"""TF-IDF features: blocks over fields, counted once, fitted on the rows of any fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from stance.errors import ConfigError, DataError
from stance.features.blocks import FRENCH_ENGLISH_TOKENS, Block
from stance.fields import Actors, field_texts

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Features", "Block", "BlockCounts", "FittedBlock", "FittedFeatures", "FRENCH_ENGLISH_TOKENS"]

Weighting = Literal["naive_bayes"]


@dataclass(frozen=True, kw_only=True)
class Features:
    """Settings of all feature blocks.

    Parameters
    ----------
    blocks : mapping of str to Block
        Named TF-IDF vectorisers; their columns stand side by side in this order.
    actors : str
        ``keep`` names of countries, leaders and institutions, ``mask`` them by a placeholder, or ``drop``
        them; the same in training and scoring.
    weighting : str or None
        ``naive_bayes`` multiplies features by their log-count ratios before a linear classifier is
        fitted (NB-SVM).

    References
    ----------
    Wang and Manning (2012), Baselines and bigrams, ACL, section 2.
    """

    blocks: Mapping[str, Block]
    actors: Actors = "keep"
    weighting: Weighting | None = None

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ConfigError(
                "features.blocks: no block is given; at least one is needed. Try features=word_char."
            )
        for name in self.blocks:
            if not name.isidentifier():
                raise ConfigError(
                    f"features.blocks: '{name}' cannot name a block; use letters, digits and _."
                )

    def count(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> "tuple[BlockCounts, ...]":
        """Counts of every term of every block, before any term is left out.

        Done once; each fold then takes its rows and its own terms from them.
        """
        read: dict[str, list[str]] = {}
        counts = []
        for name, block in self.blocks.items():
            if block.field not in read:
                read[block.field] = field_texts(block.field, texts, targets, actors=self.actors)
            counts.append(BlockCounts.of(name, block, read[block.field]))
        return tuple(counts)

    def fit(
        self, counts: "tuple[BlockCounts, ...]", rows: NDArray[np.int64]
    ) -> "tuple[FittedFeatures, csr_array]":
        """The features fitted on some rows, and the matrix of these rows (n_rows, n_features)."""
        fitted = FittedFeatures(tuple(block_counts.fit(rows) for block_counts in counts), self.actors)
        return fitted, fitted.weigh(counts, rows)


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
        """Count the terms of clean texts."""
        from scipy.sparse import csr_array
        from sklearn.feature_extraction.text import CountVectorizer

        vectoriser = CountVectorizer(analyzer=block.analyze(), dtype=np.float64)
        try:
            counts = vectoriser.fit_transform(texts)
        except ValueError:
            return cls(name, block, csr_array((len(texts), 0), dtype=np.float64), [])
        return cls(name, block, csr_array(counts), vectoriser.get_feature_names_out().tolist())

    @cached_property
    def _index(self) -> dict[str, int]:
        return {term: column for column, term in enumerate(self.terms)}

    def columns_of(self, fitted: "FittedBlock") -> NDArray[np.int64]:
        """The columns of the counts that a fitted block kept, in its order."""
        return np.fromiter((self._index[term] for term in fitted.terms), np.int64, len(fitted.terms))

    def fit(self, rows: NDArray[np.int64]) -> "FittedBlock":
        """The block with the terms and document frequencies of some rows, as scikit-learn's TfidfVectorizer."""
        part = self.counts[rows]
        n_statements = len(rows)
        frequencies = np.bincount(part.indices, minlength=len(self.terms))
        low = _as_count(self.block.min_df, n_statements)
        high = _as_count(self.block.max_df, n_statements)
        keep = (frequencies >= max(low, 1)) & (frequencies <= high)
        if self.block.max_features is not None and keep.sum() > self.block.max_features:
            totals = np.asarray(part.sum(axis=0)).ravel()[keep]
            chosen = np.flatnonzero(keep)[(-totals).argsort()[: self.block.max_features]]
            keep[:] = False
            keep[chosen] = True
        columns = np.flatnonzero(keep)
        if not len(columns):
            raise DataError(
                f"features.blocks.{self.name}: no term is left of {int((frequencies > 0).sum())} in "
                f"{n_statements} statements with min_df={self.block.min_df} and max_df={self.block.max_df}. "
                "Lower min_df, or check that the texts are what they should be."
            )
        smooth = int(self.block.smooth_idf)
        idf = np.log((n_statements + smooth) / (frequencies[columns] + float(smooth))) + 1.0
        return FittedBlock(
            self.name,
            self.block,
            [self.terms[column] for column in columns],
            idf if self.block.use_idf else np.ones(len(columns)),
        )


def _as_count(bound: int | float, n_statements: int) -> float:
    return bound * n_statements if isinstance(bound, float) else bound


@dataclass(frozen=True)
class FittedBlock:
    """A block with its vocabulary.

    Parameters
    ----------
    terms : list of length n_terms
    idf : array of shape (n_terms,)
    """

    name: str
    block: Block
    terms: list[str]
    idf: NDArray[np.float64]

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """The column of each term."""
        return {term: column for column, term in enumerate(self.terms)}

    def transform(self, texts: Sequence[str]) -> "csr_array":
        """TF-IDF values of clean texts, shape (n_statements, n_terms)."""
        from scipy.sparse import csr_array

        analyze, find = self.block.analyze(), self.vocabulary.get
        indices: list[int] = []
        values: list[int] = []
        ends = [0]
        for text in texts:
            counted: dict[int, int] = {}
            for term in analyze(text):
                column = find(term)
                if column is not None:
                    counted[column] = counted.get(column, 0) + 1
            indices += counted
            values += counted.values()
            ends.append(len(indices))
        counts = csr_array(
            (np.asarray(values, dtype=np.float64), np.asarray(indices, dtype=np.int32), np.asarray(ends)),
            shape=(len(texts), len(self.terms)),
        )
        counts.sort_indices()
        return self.weigh(counts)

    def weigh(self, counts: "csr_array") -> "csr_array":
        """Counts turned into TF-IDF values times the block's weight; the counts stay as they are."""
        from scipy.sparse import csr_array

        values = np.ones_like(counts.data) if self.block.binary else counts.data.astype(np.float64)
        if self.block.sublinear_tf:
            values = np.log(values) + 1.0
        values = values * self.idf[counts.indices]
        if self.block.norm is not None:
            values = values / np.repeat(self._lengths(values, counts), np.diff(counts.indptr))
        return csr_array((values * self.block.weight, counts.indices, counts.indptr), shape=counts.shape)

    def _lengths(self, values: NDArray[np.float64], counts: "csr_array") -> NDArray[np.float64]:
        terms = values**2 if self.block.norm == "l2" else np.abs(values)
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        sums = np.bincount(rows, weights=terms, minlength=counts.shape[0])
        return np.asarray(np.sqrt(sums) if self.block.norm == "l2" else sums, dtype=np.float64)


@dataclass(frozen=True)
class FittedFeatures:
    """All blocks with their vocabularies; columns are the blocks' terms side by side."""

    blocks: tuple[FittedBlock, ...]
    actors: Actors = "keep"

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return sum(len(block.terms) for block in self.blocks)

    @property
    def starts(self) -> list[int]:
        """The first column of each block, and the number of columns."""
        return [0, *np.cumsum([len(block.terms) for block in self.blocks]).tolist()]

    @property
    def needs_target(self) -> bool:
        """Whether some block reads the target of a statement."""
        return any(block.block.field != "text" for block in self.blocks)

    def read(self, texts: Sequence[str], targets: Sequence[str] | None) -> dict[str, list[str]]:
        """The clean texts of each field that some block reads."""
        fields = dict.fromkeys(block.block.field for block in self.blocks)
        return {name: field_texts(name, texts, targets, actors=self.actors) for name in fields}

    def weigh(self, counts: tuple[BlockCounts, ...], rows: NDArray[np.int64]) -> "csr_array":
        """The feature matrix (n_rows, n_features) of statements whose terms are counted."""
        from scipy.sparse import hstack

        matrices = []
        for block, block_counts in zip(self.blocks, counts, strict=True):
            part = block_counts.counts[rows][:, block_counts.columns_of(block)]
            part.sort_indices()
            matrices.append(block.weigh(part))
        return hstack(matrices, format="csr")

    def transform(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> "csr_array":
        """The feature matrix (n_statements, n_features)."""
        from scipy.sparse import hstack

        read = self.read(texts, targets)
        return hstack([block.transform(read[block.block.field]) for block in self.blocks], format="csr")
