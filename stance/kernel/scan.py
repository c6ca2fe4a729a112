"""Finding the pieces of a text between white space, 64 bytes at a time.

A piece is what ``str.split()`` gives. White space is Python's: 29 characters, 25 of which are left when a text
is reduced to ASCII. One bit a byte says whether it is white; the few bytes with which white space beyond ASCII
may start are looked at one by one.
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

WINDOW = 64
"""Bytes looked at together; at any position of a text so many can be read."""
LONG = U(0xFF00000000000000)
"""Keys from here on are hashes; below, they are the bytes of a piece and their number."""


@intrinsic  # type: ignore[untyped-decorator]
def load(context: Any, texts: Any, position: Any) -> Any:
    """Eight bytes of an array of bytes from any position on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _load(context, builder, signature, arguments, ir.IntType(64))

    return types.uint64(texts, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def bytes_within(context: Any, texts: Any, position: Any, low: Any, n_values: Any) -> Any:
    """A bit for each of 64 bytes from any position on: whether it is one of n values from a lowest on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        x = _load(context, builder, signature, arguments, ir.VectorType(ir.IntType(8), WINDOW))
        lowest, n = (_everywhere(builder, x.type, value) for value in arguments[2:])
        return builder.bitcast(builder.icmp_unsigned("<", builder.sub(x, lowest), n), ir.IntType(64))

    return types.uint64(texts, types.int64, types.int64, types.int64), generate


def _everywhere(builder: Any, window: Any, value: Any) -> Any:
    """A window whose bytes are all the low byte of a number."""
    undefined, places = ir.Constant(window, ir.Undefined), ir.VectorType(ir.IntType(32), WINDOW)
    one = builder.insert_element(undefined, builder.trunc(value, ir.IntType(8)), ir.IntType(32)(0))
    return builder.shuffle_vector(one, undefined, ir.Constant(places, [0] * WINDOW))


def _load(context: Any, builder: Any, signature: Any, arguments: Any, kind: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    address = builder.gep(array.data, [arguments[1]])
    loaded = builder.load(builder.bitcast(address, kind.as_pointer()))
    loaded.align = 1
    return loaded


@intrinsic  # type: ignore[untyped-decorator]
def n_zeros_below(context: Any, bits: Any) -> Any:
    """How many zeros stand below the lowest 1."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(0))

    return types.int64(types.uint64), generate


@inlined
def low_bits(n: Int) -> np.uint64:
    """The lowest n bits, n < 64."""
    return (U(1) << U(n)) - U(1)


@inlined
def width_of_space(texts: Bytes, position: Int, to_ascii: bool) -> Int:
    """Number of bytes of the white space character beyond ASCII that starts here; 0 if none does."""
    first = texts[position]
    if first == 0xC2:
        second = texts[position + 1]
        return 2 if second == 0xA0 or (second == 0x85 and not to_ascii) else 0
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
def bounds_of_pieces(texts: Bytes, start: Int, end: Int, to_ascii: bool, bounds: NDArray[np.int64]) -> Int:
    """Write where each piece of a text starts and where it ends, in turn; returns the number of pieces."""
    n, position, after_space, last = U(0), start, start, U(1)
    while position <= end:
        white = bytes_within(texts, position, 0x1C, 5) | bytes_within(texts, position, 0x09, 5)
        doubtful = bytes_within(texts, position, 0xE1, 3) | bytes_within(texts, position, 0xC2, 1)
        if position < after_space:  # white space that began in the window before
            white |= low_bits(after_space - position)
        if end - position < WINDOW:
            beyond = ~low_bits(end - position)
            white |= beyond
            doubtful &= ~beyond
        while doubtful != U(0):
            i = n_zeros_below(doubtful)
            width = width_of_space(texts, position + i, to_ascii)
            white |= low_bits(width) << U(i)
            after_space = max(after_space, position + i + width)
            doubtful &= doubtful - U(1)
        changes = white ^ ((white << U(1)) | last)
        last = white >> U(WINDOW - 1)
        while changes != U(0):
            bounds[n] = position + n_zeros_below(changes)
            n += U(1)
            changes &= changes - U(1)
        position += WINDOW
    return np.int64(n >> U(1))


@inlined
def key_of(texts: Bytes, start: Int, end: Int, factor: np.uint64) -> np.uint64:
    """The key of a piece: its bytes where there is room for them, else a hash."""
    n_bytes, x = end - start, load(texts, start)
    short = (x & low_bits(8 * (n_bytes & 7))) | (U(n_bytes) << U(56))
    hashed = mixed(x, factor)
    for i in range(start + 8, end - 8, 8):
        hashed = mixed(hashed ^ load(texts, i), factor)
    hashed = mixed(hashed ^ load(texts, max(start, end - 8)), factor) | LONG
    long = LONG if hashed == EMPTY else hashed
    return short if n_bytes < 8 else long
