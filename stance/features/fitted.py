"""Fitted features: vocabularies and idf; texts in, TF-IDF values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from stance.features.blocks import Block
from stance.fields import Actors, read_fields, reads_target

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class FittedBlock:
    """A block with its vocabulary.

    Parameters
    ----------
    terms : sequence of str, of length n_terms
    idf : array of shape (n_terms,)
    """

    name: str
    block: Block
    terms: Sequence[str]
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
        return weigh(self.block, counts, self.idf)


def weigh(block: Block, counts: "csr_array", idf: NDArray[np.float64]) -> "csr_array":
    """Counts (n_statements, n_terms) turned into TF-IDF values times the block's weight; they stay as they are."""
    from scipy.sparse import csr_array

    values = np.ones_like(counts.data) if block.binary else counts.data.astype(np.float64)
    if block.sublinear_tf:
        values = np.log(values) + 1.0
    values = values * idf[counts.indices]
    if block.norm is not None:
        values = values / np.repeat(_lengths(values, counts, block.norm), np.diff(counts.indptr))
    return csr_array((values * block.weight, counts.indices, counts.indptr), shape=counts.shape)


def _lengths(
    values: NDArray[np.float64], counts: "csr_array", norm: Literal["l1", "l2"]
) -> NDArray[np.float64]:
    terms = values**2 if norm == "l2" else np.abs(values)
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    sums = np.bincount(rows, weights=terms, minlength=counts.shape[0])
    return np.asarray(np.sqrt(sums) if norm == "l2" else sums, dtype=np.float64)


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
        return any(reads_target(block.block.field) for block in self.blocks)

    @property
    def fields(self) -> list[str]:
        """The fields that some block reads."""
        return list(dict.fromkeys(block.block.field for block in self.blocks))

    def read(self, texts: Sequence[str], targets: Sequence[str] | None) -> dict[str, list[str]]:
        """The clean texts of each field that some block reads."""
        return read_fields(self.fields, texts, targets, actors=self.actors)

    def transform(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> "csr_array":
        """The feature matrix (n_statements, n_features)."""
        from scipy.sparse import hstack

        read = self.read(texts, targets)
        return hstack([block.transform(read[block.block.field]) for block in self.blocks], format="csr")
