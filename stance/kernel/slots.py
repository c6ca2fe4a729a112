"""Open-addressing hash tables: a key and a value side by side in each slot, at most half of them in use."""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

from typing import Any, TypeAlias, TypeVar

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic
from numpy.typing import NDArray

from stance.kernel.compiled import compiled, inlined

Words = NDArray[np.uint64]
U = np.uint64
Int: TypeAlias = Any
"""An int, or an integer of NumPy."""
Scalar = TypeVar("Scalar", bound=np.generic)

EMPTY = U(0xFFFFFFFFFFFFFFFF)
"""Key of an empty slot."""
MIN_SLOTS = 1 << 10


def new_slots(n_keys: int) -> Words:
    """An empty table with room for some keys."""
    return np.full(2 * max(MIN_SLOTS, 1 << (2 * n_keys - 1).bit_length()), EMPTY)


def grown(array: NDArray[Scalar], size: int) -> NDArray[Scalar]:
    """The array with room for at least ``size`` entries, at least doubled if it has to grow."""
    if size <= len(array):
        return array
    larger = np.zeros((max(size, 2 * len(array)), *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger


@intrinsic  # type: ignore[untyped-decorator]
def prefetch(context: Any, array: Any, index: Any) -> Any:
    """Have the cache fetch an entry of an array of one dimension, or a row of one of two; nothing waits for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        structure = context.make_array(signature.args[0])(context, builder, arguments[0])
        stride = builder.extract_value(structure.strides, 0)
        bytes_pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        base = builder.bitcast(structure.data, bytes_pointer)
        address = builder.gep(base, [builder.mul(arguments[1], stride)])
        kind = ir.FunctionType(ir.VoidType(), [bytes_pointer, number, number, number])
        function = get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


@inlined
def mixed(key: np.uint64, factor: np.uint64) -> np.uint64:
    """A key multiplied and folded, so that every bit counts in the low ones."""
    product = key * factor
    return product ^ (product >> U(32))


@inlined
def slot_of(slots: Words, key: np.uint64, factor: np.uint64) -> np.uint64:
    """The slot where the search for a key starts."""
    return mixed(key, factor) & U((len(slots) >> 1) - 1)


@inlined
def next_slot(slots: Words, slot: np.uint64) -> np.uint64:
    """The slot looked at next."""
    return (slot + U(1)) & U((len(slots) >> 1) - 1)


@compiled
def rehash(old: Words, new: Words, factor: np.uint64) -> None:
    """Copy all keys and values of one table into another, empty one."""
    for i in range(0, len(old), 2):
        key = old[i]
        if key != EMPTY:
            slot = slot_of(new, key, factor)
            while new[slot << U(1)] != EMPTY:
                slot = next_slot(new, slot)
            new[slot << U(1)] = key
            new[(slot << U(1)) + U(1)] = old[i + 1]


def with_room(slots: Words, n_keys: int, factor: np.uint64) -> Words:
    """The table with room for some keys in all."""
    if 4 * n_keys <= len(slots):
        return slots
    larger = new_slots(n_keys)
    rehash(slots, larger, factor)
    return larger
