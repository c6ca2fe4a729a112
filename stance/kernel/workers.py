"""Threads that score while what is new is learned."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Workers:
    """Threads that work side by side, and beside the caller; one of them is the caller alone."""

    def __init__(self, n_threads: int) -> None:
        self._pool = ThreadPoolExecutor(n_threads) if n_threads > 1 else None
        self._started: list[Future[None]] = []
        self._postponed: Callable[[], None] | None = None

    def __enter__(self) -> "Workers":
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
