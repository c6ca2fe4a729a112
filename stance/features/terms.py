"""The terms of a vocabulary in little memory: their bytes one after the other, as read from a saved model."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

CHUNK = 4096
"""Terms that are made into texts together where all are asked for."""


class Terms(Sequence[str]):
    """A sequence of texts that takes their UTF-8 and eight bytes each; a list of texts takes 60 bytes more each.

    Parameters
    ----------
    data : array of bytes
        All terms, without anything between them.
    ends : array of shape (n_terms + 1,)
        0, and where each term ends.

    Examples
    --------
    >>> terms = Terms.of([["accord", "crise"], ["trêve"]], n_terms=3, n_bytes=20)
    >>> terms[2], terms[:2], len(terms)
    ('trêve', ['accord', 'crise'], 3)
    """

    def __init__(self, data: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self._data, self._ends = data, ends

    @classmethod
    def of(cls, parts: Iterable[Sequence[str]], n_terms: int, n_bytes: int) -> Self:
        """The terms of consecutive parts, of which there are ``n_terms`` in all, of at most ``n_bytes``."""
        data, ends = np.empty(n_bytes, np.uint8), np.zeros(n_terms + 1, np.int64)
        n = 0
        for part in parts:
            encoded = [term.encode() for term in part]
            start = int(ends[n])
            lengths = accumulate(map(len, encoded), initial=start)
            ends[n : n + len(part) + 1] = np.fromiter(lengths, np.int64, len(part) + 1)
            n += len(part)
            data[start : ends[n]] = np.frombuffer(b"".join(encoded), np.uint8)
        return cls(data[: ends[n]], ends)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self._term(i) for i in range(*index.indices(len(self)))]
        return self._term(range(len(self))[index])

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), CHUNK):
            ends = self._ends[first : first + CHUNK + 1].tolist()
            data, start = self._data[ends[0] : ends[-1]].tobytes(), ends[0]
            for a, b in pairwise(ends):
                yield data[a - start : b - start].decode()

    def _term(self, i: int) -> str:
        return self._data[self._ends[i] : self._ends[i + 1]].tobytes().decode()
