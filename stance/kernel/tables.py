"""A fitted model made ready to score texts at speed."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import WeighingBlock
from stance.kernel.characters import CharacterScorer
from stance.kernel.texts import BATCH_ROWS, Texts, batches
from stance.kernel.views import BlockScorer, FieldPieces, PieceView
from stance.kernel.weighing import Floats, Weights
from stance.kernel.words import WordScorer


def _as_given(field: str) -> tuple[str, None]:
    return field, None


class Tables:
    """The scorer of a linear model over TF-IDF blocks; made by ``Tables.build``."""

    def __init__(self, fields: list[FieldPieces], intercept: Floats) -> None:
        self._fields, self._intercept = fields, intercept
        self._at_rest: list[list[FieldPieces]] = []

    @classmethod
    def build(
        cls,
        blocks: Sequence[WeighingBlock],
        vocabularies: Sequence[Sequence[str]],
        idfs: Sequence[Floats],
        coef: Floats,
        intercept: Floats,
        piecewise: Callable[[str], tuple[str, PieceView | None]] = _as_given,
    ) -> "Tables":
        """The scorer of a model.

        Parameters
        ----------
        blocks : sequence of Block
            Each must be one that ``supports`` accepts.
        vocabularies : sequence of lists of str
            The terms of each block, in the order of its columns.
        idfs : sequence of arrays of shape (n_terms,)
        coef : array of shape (n_rows, n_features)
            One row of weights for two classes, else one a class; blocks side by side.
        intercept : array of shape (n_rows,)
        piecewise : callable
            From a field to the one whose texts will be given, and the view of its pieces that then gives the field.
        """
        fields: dict[tuple[str, bool], FieldPieces] = {}
        starts = np.cumsum([0, *map(len, vocabularies)])
        coef = np.asarray(coef, np.float64)
        for block, terms, idf, a, b in zip(blocks, vocabularies, idfs, starts, starts[1:], strict=False):
            base, view = piecewise(block.field)
            key = base, block.strip_accents == "ascii"
            field = fields.setdefault(key, FieldPieces(*key))
            field.add(_block_scorer(block, terms, np.asarray(idf, np.float64), coef[:, a:b]), view)
        return cls(list(fields.values()), np.asarray(intercept, np.float64))

    @property
    def fields(self) -> list[str]:
        """The fields whose texts are to be given."""
        return list(dict.fromkeys(field.name for field in self._fields))

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces; for each thread bounded by ``CACHE_BYTES`` and what one batch adds."""
        return sum(field.n_bytes for fields in self._at_rest for field in fields)

    def decide(self, fields: Mapping[Any, Texts], n_threads: int = 1) -> tuple[Floats, NDArray[np.int64]]:
        """Decision values (n_texts, n_rows), and the number of known terms of each text.

        Parameters
        ----------
        fields : mapping of str to texts
            The texts of ``self.fields``, as lists or Arrow arrays; clean or not makes no difference.
        n_threads : int
            Changes the time only.
        """
        n_texts = len(next(iter(fields.values())))
        decisions = np.tile(self._intercept, (n_texts, 1))
        n_known = np.zeros(n_texts, np.int64)
        n_batches = n_threads * ceil(n_texts / (n_threads * BATCH_ROWS))
        size = ceil(n_texts / max(n_batches, 1))

        def score(first: int) -> None:
            own = self._own_fields()
            for field in own:
                for rows, texts in batches(fields[field.name], first, size):
                    field.add_scores(texts, decisions[rows], n_known[rows])
            self._at_rest.append(own)

        firsts = range(0, n_texts, max(size, 1))
        if n_threads == 1:
            for first in firsts:
                score(first)
        else:
            with ThreadPoolExecutor(n_threads) as pool:
                list(pool.map(score, firsts))
        return decisions, n_known

    def _own_fields(self) -> list[FieldPieces]:
        """Fields for one thread alone, with what they learned before; they come to rest again unless it fails."""
        try:
            return self._at_rest.pop()
        except IndexError:
            return [field.twin() for field in self._fields]


def _block_scorer(block: WeighingBlock, terms: Sequence[str], idf: Floats, coef: Floats) -> BlockScorer:
    """The scorer of a block; frequent terms get places side by side, so that they share the cache."""
    order = np.argsort(idf, kind="stable")
    places = np.empty(len(terms), np.uint32)
    places[order] = np.arange(len(terms), dtype=np.uint32)
    weights = Weights.of(block, idf[order], coef[:, order])
    return (WordScorer if block.analyzer == "word" else CharacterScorer)(block, terms, places, weights)
