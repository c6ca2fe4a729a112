"""The pieces of a field's texts, numbered once, and what different blocks read of them."""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

from collections.abc import Callable
from copy import copy
from itertools import chain
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stance.kernel.compiled import compiled
from stance.kernel.pieces import NumberedTexts, PieceNumbers, Pieces
from stance.kernel.scan import Bytes
from stance.kernel.slots import Int, grown
from stance.kernel.texts import TextBuffer
from stance.kernel.weighing import Floats
from stance.normalise import clean

PieceView: TypeAlias = Callable[[str], tuple[tuple[str, int], ...]]
"""From a clean piece to what is read in its place in each state in which the pieces before it may leave a text, with the
state that it leaves.

Each text begins in state 0. What is read may hold spaces, or be nothing.
"""

Offsets = NDArray[np.int64]

CACHE_BYTES = 256 << 20
"""What a thread knows of pieces is dropped above this size: memory stays flat however large an archive is."""


class BlockScorer(Protocol):
    """A fitted block that scores."""

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces."""

    def learn(self, lines: Bytes) -> None:
        """Look up the terms of new pieces, a line each."""

    def forget(self) -> None:
        """Drop what is known of pieces."""

    def add_scores(self, texts: NumberedTexts, decisions: Floats, n_known: Offsets) -> None:
        """Add the block's decision values and numbers of known terms."""


class View:
    """Blocks that read the same: pieces as they are, or each by a piece view, once in each of its states.

    To the blocks, piece p of the texts in state s of a piece view of n states is piece n p + s.
    """

    def __init__(self, make: PieceView | None) -> None:
        self._make = make
        self._n_states = len(make("")) if make else 1
        self.blocks: list[BlockScorer] = []
        self.forget()

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces."""
        return self._left.nbytes + sum(block.n_bytes for block in self.blocks)

    def forget(self) -> None:
        """Drop what is known of pieces."""
        self._n_known, self._left = 0, np.zeros(0, np.uint8)
        for block in self.blocks:
            block.forget()

    def learn(self, lines: Bytes) -> None:
        """Read new pieces, a line each."""
        if self._make is not None:
            pieces = clean(lines.tobytes().decode()).split("\n")[:-1]
            read = [*chain.from_iterable(map(self._make, pieces))]
            n_known = self._n_known + len(read)
            left = grown(self._left, n_known)
            left[self._n_known : n_known] = [state for _, state in read]
            self._n_known, self._left = n_known, left
            lines = np.frombuffer("".join([text + "\n" for text, _ in read]).encode(), np.uint8)
        for block in self.blocks:
            block.learn(lines)

    def add_scores(self, texts: NumberedTexts, decisions: Floats, n_known: Offsets) -> None:
        """Add the scores of all blocks."""
        if self._make is not None:
            numbers = np.empty_like(texts.numbers)
            carry_states(texts.numbers, texts.ends, self._left, self._n_states, numbers)
            texts = texts._replace(numbers=numbers)
        for block in self.blocks:
            block.add_scores(texts, decisions, n_known)


@compiled
def carry_states(
    pieces: PieceNumbers, ends: Offsets, left: NDArray[np.uint8], n_states: Int, numbers: PieceNumbers
) -> None:
    """Write the number in a piece view of each piece of each text."""
    for text in range(len(ends) - 1):
        state: Int = 0
        for i in range(ends[text], ends[text + 1]):
            number = n_states * np.int64(pieces[i]) + state
            numbers[i] = number
            state = np.int64(left[number])


class FieldPieces:
    """The pieces of a field's texts, numbered once, and the views that blocks have of them."""

    def __init__(self, name: str, to_ascii: bool) -> None:
        self.name, self._to_ascii = name, to_ascii
        self._views: dict[PieceView | None, View] = {}
        self._pieces = Pieces(to_ascii=to_ascii)

    def add(self, block: BlockScorer, view: PieceView | None) -> None:
        """Have a block read the pieces, or a view of them."""
        self._views.setdefault(view, View(view)).blocks.append(block)

    def twin(self) -> "FieldPieces":
        """Another that gives the same scores and knows no pieces yet."""
        twin = FieldPieces(self.name, self._to_ascii)
        for make, view in self._views.items():
            for block in view.blocks:
                twin.add(copy(block), make)
        twin._forget()
        return twin

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces."""
        return self._pieces.n_bytes + sum(view.n_bytes for view in self._views.values())

    def add_scores(self, texts: TextBuffer, decisions: Floats, n_known: Offsets) -> None:
        """Add the scores of all blocks."""
        if self.n_bytes > CACHE_BYTES:
            self._forget()
        n_before = self._pieces.n_line_bytes
        numbered = self._pieces.number(texts)
        if self._pieces.n_line_bytes > n_before:
            lines = self._pieces.lines(n_before)
            for view in self._views.values():
                view.learn(lines)
        for view in self._views.values():
            view.add_scores(numbered, decisions, n_known)

    def _forget(self) -> None:
        self._pieces = Pieces(to_ascii=self._to_ascii)
        for view in self._views.values():
            view.forget()
