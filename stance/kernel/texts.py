"""Texts as bytes the kernel can read: UTF-8 in one buffer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stance.errors import DataError

BATCH_ROWS = 32768
"""Statements looked at together: fewer would have the cache change between tables more often."""
BATCH_BYTES = 8 << 20
NEW_LINE = np.uint8(ord("\n"))
PADDING = 64
"""Bytes after the last text, so that so many can be read at any position."""

Texts: TypeAlias = Sequence[str] | Any
"""A list of strings, or an Arrow array or chunked array of strings."""


@dataclass(frozen=True)
class TextBuffer:
    """Some texts in UTF-8.

    Parameters
    ----------
    data : array of bytes
        All texts, then padding.
    starts : array of shape (n_texts + 1,)
        First byte of each text, and the end of the last.
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, array: "pa.LargeStringArray") -> "TextBuffer":
        """The texts of an Arrow array."""
        _, offsets, data = array.buffers()
        starts = np.frombuffer(offsets, np.int64, len(array) + 1, array.offset * 8)
        n_bytes = int(starts[-1] - starts[0])
        copy = np.zeros(n_bytes + PADDING, np.uint8)
        if n_bytes:
            copy[:n_bytes] = np.frombuffer(data, np.uint8, n_bytes, int(starts[0]))
        return cls(copy, starts - starts[0])

    @classmethod
    def of_lines(cls, lines: str) -> "TextBuffer":
        """Texts that each end with a line feed, which to a splitter at white space is nothing."""
        encoded = lines.encode()
        data = np.zeros(len(encoded) + PADDING, np.uint8)
        data[: len(encoded)] = np.frombuffer(encoded, np.uint8)
        return cls(data, np.concatenate([[0], np.flatnonzero(data == NEW_LINE) + 1]))

    def __len__(self) -> int:
        return len(self.starts) - 1


def as_arrow(texts: Texts) -> "pa.LargeStringArray":
    """Texts as one Arrow array with 64-bit offsets."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    array = (
        texts.cast(pa.large_string()) if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
    )
    if array.null_count:
        raise DataError(
            f"texts: {array.null_count} of {len(array)} are missing; a text is needed. Leave these rows out."
        )
    return array


def batches(texts: Texts, first: int, n_texts: int) -> Iterator[tuple[slice, TextBuffer]]:
    """Some texts from one on, in order, in batches of bounded size: the rows, and their bytes."""
    array = as_arrow(texts[first : first + n_texts])
    _, offsets, _ = array.buffers()
    starts = np.frombuffer(offsets, np.int64, len(array) + 1, array.offset * 8)
    a = 0
    while a < len(array):
        b = max(a + 1, int(np.searchsorted(starts, starts[a] + BATCH_BYTES, side="right")) - 1)
        yield slice(first + a, first + b), TextBuffer.of(array[a:b])
        a = b
