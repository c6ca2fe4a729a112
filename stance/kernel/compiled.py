"""Compilation of the kernel: once per machine, by numba."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numba
from numba import njit
from numba.extending import register_jitable

from stance.kernel.cache import cache_folder

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The function in machine code that runs without the interpreter lock; kept on disk where that is safe."""
    folder = cache_folder()
    with _numba_folder(folder):
        decorate: Callable[[Function], Function] = njit(
            nogil=True, error_model="numpy", cache=folder is not None
        )
        return decorate(function)


def inlined(function: Function) -> Function:
    """A function that becomes part of each compiled function that calls it."""
    decorate: Callable[[Function], Function] = register_jitable(forceinline=True)
    return decorate(function)


@contextlib.contextmanager
def _numba_folder(folder: Path | None) -> Iterator[None]:
    """Numba looks for its folder when a function is decorated; other packages keep theirs."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder) if folder else before
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
