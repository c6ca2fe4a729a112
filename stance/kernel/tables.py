"""A fitted model made ready to score texts at speed."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from stance.kernel.blocks import WeighingBlock
from stance.kernel.characters import CharacterScorer
from stance.kernel.pieces import NumberedTexts, Pieces
from stance.kernel.texts import BATCH_ROWS, TextBuffer, Texts, batches
from stance.kernel.weighing import Floats, Weights
from stance.kernel.words import WordScorer

CACHE_BYTES = 256 << 20
"""What is known of pieces is dropped above this size: memory stays flat however large an archive is."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class BlockScorer(Protocol):
    """A fitted block that scores."""

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces."""

    def learn(self, lines: str) -> None:
        """Look up the terms of new pieces, a line each."""

    def forget(self) -> None:
        """Drop what is known of pieces."""

    def add_scores(self, texts: NumberedTexts, decisions: Floats, n_known: NDArray[np.int64]) -> None:
        """Add the block's decision values and numbers of known terms."""


class Tables:
    """The scorer of a linear model over TF-IDF blocks; made by ``Tables.build``."""

    def __init__(self, views: "list[_View]", intercept: Floats) -> None:
        self._views, self._intercept = views, intercept
        self._in_use = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_in_use"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _in_use=threading.Lock())

    @classmethod
    def build(
        cls,
        blocks: Sequence[WeighingBlock],
        vocabularies: Sequence[Sequence[str]],
        idfs: Sequence[Floats],
        coef: Floats,
        intercept: Floats,
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
        """
        views: dict[tuple[str, bool], _View] = {}
        starts = np.cumsum([0, *map(len, vocabularies)])
        coef = np.asarray(coef, np.float64)
        for block, terms, idf, a, b in zip(blocks, vocabularies, idfs, starts, starts[1:], strict=False):
            key = block.field, block.strip_accents == "ascii"
            view = views.setdefault(key, _View(*key))
            view.blocks.append(_block_scorer(block, terms, np.asarray(idf, np.float64), coef[:, a:b]))
        return cls(list(views.values()), np.asarray(intercept, np.float64))

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces; bounded by ``CACHE_BYTES`` and what one batch adds."""
        return sum(view.n_bytes for view in self._views)

    def decide(self, fields: Mapping[Any, Texts], n_threads: int = 1) -> tuple[Floats, NDArray[np.int64]]:
        """Decision values (n_texts, n_rows), and the number of known terms of each text.

        Parameters
        ----------
        fields : mapping of str to texts
            The texts that blocks read, by field, as lists or Arrow arrays; clean or not makes no difference.
        n_threads : int
            Changes the time only.
        """
        n_texts = len(next(iter(fields.values())))
        decisions = np.tile(self._intercept, (n_texts, 1))
        n_known = np.zeros(n_texts, np.int64)
        with self._in_use, _Workers(n_threads) as workers:
            for view in self._views:
                for rows, texts in batches(fields[view.field], BATCH_ROWS * n_threads):
                    view.add_scores(texts.parts(n_threads), decisions[rows], n_known[rows], workers)
                workers.finish()
        return decisions, n_known


class _Workers:
    """Threads that work side by side, and beside the caller; one of them is the caller alone."""

    def __init__(self, n_threads: int) -> None:
        self._pool = ThreadPoolExecutor(n_threads) if n_threads > 1 else None
        self._started: list[Future[None]] = []
        self._postponed: Callable[[], None] | None = None

    def __enter__(self) -> "_Workers":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Item], Answer], items: Iterable[Item]) -> list[Answer]:
        """The answers for all items, when all are there; then begins what was put off, beside the caller."""
        answers = list(map(function, items) if self._pool is None else self._pool.map(function, items))
        self._begin()
        return answers

    def put_off(self, function: Callable[[Item], None], items: Iterable[Item]) -> None:
        """Work that begins when the next answers are there, while the caller does what cannot be shared."""
        self._postponed = lambda: self._start(function, items)

    def finish(self) -> None:
        """Return when all work is done."""
        self._begin()
        for future in self._started:
            future.result()
        self._started = []

    def _begin(self) -> None:
        begin, self._postponed = self._postponed, None
        if begin is not None:
            begin()

    def _start(self, function: Callable[[Item], None], items: Iterable[Item]) -> None:
        if self._pool is None:
            for item in items:
                function(item)
        else:
            self._started += [self._pool.submit(function, item) for item in items]


def _block_scorer(block: WeighingBlock, terms: Sequence[str], idf: Floats, coef: Floats) -> BlockScorer:
    """The scorer of a block; frequent terms get places side by side, so that they share the cache."""
    order = np.argsort(idf, kind="stable")
    places = np.empty(len(terms), np.uint32)
    places[order] = np.arange(len(terms), dtype=np.uint32)
    weights = Weights.of(block, idf[order], coef[:, order])
    return (WordScorer if block.analyzer == "word" else CharacterScorer)(block, terms, places, weights)


class _View:
    """Blocks that read the same pieces: the pieces of a field."""

    def __init__(self, field: str, to_ascii: bool) -> None:
        self.field, self.to_ascii = field, to_ascii
        self.blocks: list[BlockScorer] = []
        self.pieces = Pieces(to_ascii=to_ascii)

    def add_scores(
        self, parts: list[TextBuffer], decisions: Floats, n_known: NDArray[np.int64], workers: _Workers
    ) -> None:
        """Add the scores of all blocks, in the end; what is new is learned while others score the batch before."""
        if self.n_bytes > CACHE_BYTES:
            workers.finish()
            self._forget()
        found = workers.map(self.pieces.find, parts)
        n_before = self.pieces.n_line_bytes
        for texts in found:
            self.pieces.add(texts)
        if self.pieces.n_line_bytes > n_before:
            lines = self.pieces.lines(n_before)
            for block in self.blocks:
                block.learn(lines)
        cuts = np.cumsum([0, *map(len, parts)])

        def score(part: int) -> None:
            rows = slice(cuts[part], cuts[part + 1])
            for block in self.blocks:
                block.add_scores(found[part], decisions[rows], n_known[rows])

        workers.put_off(score, range(len(parts)))

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces."""
        return self.pieces.n_bytes + sum(block.n_bytes for block in self.blocks)

    def _forget(self) -> None:
        self.pieces = Pieces(to_ascii=self.to_ascii)
        for block in self.blocks:
            block.forget()
