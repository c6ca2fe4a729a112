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

Read: TypeAlias = tuple[str, bool]
PieceView: TypeAlias = Callable[[str], tuple[Read, Read]]
"""From a clean piece to what is read in its place where no mark is carried, and where one is; each with what is carried on.

Each text begins without the mark. What is read may hold spaces, or be nothing.
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
    """Blocks that read the same: pieces as they are, or each by a piece view, once without the mark and once with it.

    To the blocks, piece p of the texts is piece 2 p of a piece view where it stands without the mark, else 2 p + 1.
    """

    def __init__(self, make: PieceView | None) -> None:
        self._make = make
        self.blocks: list[BlockScorer] = []
        self.forget()

    @property
    def n_bytes(self) -> int:
        """Memory of what is known of pieces."""
        return self._goes_on.nbytes + sum(block.n_bytes for block in self.blocks)

    def forget(self) -> None:
        """Drop what is known of pieces."""
        self._n_known, self._goes_on = 0, np.zeros(0, np.bool_)
        for block in self.blocks:
            block.forget()

    def learn(self, lines: Bytes) -> None:
        """Read new pieces, a line each."""
        if self._make is not None:
            pieces = clean(lines.tobytes().decode()).split("\n")[:-1]
            read = [*chain.from_iterable(map(self._make, pieces))]
            n_known = self._n_known + len(read)
            goes_on = grown(self._goes_on, n_known)
            goes_on[self._n_known : n_known] = [mark for _, mark in read]
            self._n_known, self._goes_on = n_known, goes_on
            lines = np.frombuffer("".join([text + "\n" for text, _ in read]).encode(), np.uint8)
        for block in self.blocks:
            block.learn(lines)

    def add_scores(self, texts: NumberedTexts, decisions: Floats, n_known: Offsets) -> None:
        """Add the scores of all blocks."""
        if self._make is not None:
            numbers = np.empty_like(texts.numbers)
            carry_marks(texts.numbers, texts.ends, self._goes_on, numbers)
            texts = texts._replace(numbers=numbers)
        for block in self.blocks:
            block.add_scores(texts, decisions, n_known)


@compiled
def carry_marks(
    pieces: PieceNumbers, ends: Offsets, goes_on: NDArray[np.bool_], numbers: PieceNumbers
) -> None:
    """Write the number in a piece view of each piece of each text."""
    for text in range(len(ends) - 1):
        mark: Int = 0
        for i in range(ends[text], ends[text + 1]):
            number = 2 * np.int64(pieces[i]) + mark
            numbers[i] = number
            mark = np.int64(goes_on[number])


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
