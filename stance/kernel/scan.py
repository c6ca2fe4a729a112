"""Finding the pieces of a text between white space, eight bytes at a time.

A piece is what ``str.split()`` gives. White space is Python's: 29 characters, 25 of which are left when a text
is reduced to ASCII. Bytes are looked at eight at a time (Mycroft's test for a zero byte in a word); the few words
that hold a control character or a byte with which other white space may start are looked at byte by byte.

References
----------
Warren (2012), Hacker's Delight, section 6-1.
"""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from stance.kernel.compiled import inlined
from stance.kernel.slots import EMPTY, Int, U, mixed

Bytes = NDArray[np.uint8]

_ONES = U(0x0101010101010101)
_HIGH = U(0x8080808080808080)
_SPACES = U(0x2020202020202020)
_LEAD_C2 = U(0xC2C2C2C2C2C2C2C2)
_LEAD_E0_TO_E3 = U(0xE0E0E0E0E0E0E0E0)
_SIX_BITS = U(0xFCFCFCFCFCFCFCFC)

LONG = U(0xFF00000000000000)
"""Keys from here on are hashes; below, they are the bytes of a piece and their number."""


@intrinsic  # type: ignore[untyped-decorator]
def load(context: Any, texts: Any, position: Any) -> Any:
    """Eight bytes of an array of bytes from any position on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = builder.gep(array.data, [arguments[1]])
        word = builder.load(builder.bitcast(address, ir.IntType(64).as_pointer()))
        word.align = 1
        return word

    return types.uint64(texts, types.int64), generate


@inlined
def low_bytes(n: Int) -> np.uint64:
    """A mask of the first n of eight bytes, n < 8."""
    return (U(1) << (U(n) << U(3))) - U(1)


@inlined
def window(texts: Bytes, position: Int, end: Int) -> np.uint64:
    """Eight bytes of a text; spaces beyond its end."""
    left = end - position
    if left >= 8:
        return load(texts, position)
    if left <= 0:
        return _SPACES
    mask = low_bytes(left)
    return (load(texts, position) & mask) | (_SPACES & ~mask)


@inlined
def _zeros(x: np.uint64) -> np.uint64:
    """A flag (the high bit) at zero bytes, right up to and with the lowest."""
    return (x - _ONES) & ~x & _HIGH


@inlined
def width_of_space(texts: Bytes, position: Int, end: Int, to_ascii: bool) -> Int:
    """Number of bytes of the white space character that starts here; 0 if none does."""
    first = texts[position]
    if first <= 0x20:
        return 1 if first == 0x20 or 0x09 <= first <= 0x0D or first >= 0x1C else 0
    if first == 0xC2 and position + 1 < end:
        second = texts[position + 1]
        return 2 if second == 0xA0 or (second == 0x85 and not to_ascii) else 0
    if first < 0xE1 or first > 0xE3 or position + 2 >= end:
        return 0
    second, third = texts[position + 1], texts[position + 2]
    if first == 0xE1:
        return 3 if second == 0x9A and third == 0x80 and not to_ascii else 0
    if first == 0xE3:
        return 3 if second == 0x80 and third == 0x80 else 0
    if second == 0x80:
        line = (third == 0xA8 or third == 0xA9) and not to_ascii
        return 3 if 0x80 <= third <= 0x8A or third == 0xAF or line else 0
    return 3 if second == 0x81 and third == 0x9F else 0


@inlined
def spaces_in(texts: Bytes, position: Int, end: Int, x: np.uint64, to_ascii: bool) -> np.uint64:
    """A flag (the high bit) at bytes of a window where white space starts, right up to and with the lowest."""
    flags = _zeros(x ^ _SPACES)
    doubtful = ((x - _SPACES) & ~x & _HIGH) | _zeros((x & _SIX_BITS) ^ _LEAD_E0_TO_E3) | _zeros(x ^ _LEAD_C2)
    while doubtful != U(0):
        lowest = doubtful & (~doubtful + U(1))
        if width_of_space(texts, position + _bytes_below(lowest), end, to_ascii):
            return (flags & (lowest - U(1))) | lowest
        doubtful ^= lowest
    return flags


@inlined
def _bytes_below(flag: np.uint64) -> Int:
    """How many bytes stand below the one flagged."""
    return np.int64(((((flag >> U(7)) - U(1)) & _ONES) * _ONES) >> U(56))


@inlined
def piece_from(
    texts: Bytes, start: Int, end: Int, x: np.uint64, flags: np.uint64, to_ascii: bool, factor: np.uint64
) -> tuple[Int, np.uint64]:
    """Number of bytes and key of the piece whose first window and flags are known."""
    position, hashed = start, U(0)
    while flags == U(0):
        hashed = mixed(hashed ^ x, factor)
        position += 8
        x = window(texts, position, end)
        flags = spaces_in(texts, position, end, x, to_ascii)
    flag = flags & (~flags + U(1))
    before = (flag >> U(7)) - U(1)
    n_bytes = position - start + _bytes_below(flag)
    if n_bytes < 8:
        return n_bytes, (x & before) | (U(n_bytes) << U(56))
    key = mixed(hashed ^ (x & before), factor) | LONG
    return n_bytes, LONG if key == EMPTY else key
