"""Where the time of a run goes: seconds of each stage, in the main process and in the workers."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Stages:
    """Seconds of named stages; the time of one within another is its own alone.

    Examples
    --------
    >>> stages = Stages()
    >>> with stages("reading"):
    ...     pass
    >>> list(stages.seconds)
    ['reading']
    """

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Count the time within as that of a stage."""
        self._count()
        self._open.append(name)
        try:
            yield
        finally:
            self._count()
            self._open.pop()

    def _count(self) -> None:
        """Count the time since the last call as that of the innermost stage."""
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since  # type: ignore[assignment]
        self._since = now

    def each(self, name: str, items: Iterable[T]) -> Iterator[T]:
        """The items, with the time that each takes to come counted as that of a stage."""
        source = iter(items)
        while True:
            with self(name):
                item = next(source, None)
            if item is None:
                return
            yield item


def print_stages(title: str, seconds: Mapping[str, float]) -> None:
    """The stages on standard output, with their share of the whole."""
    total = sum(seconds.values())
    print(f"{title}: {total:.2f} s")
    for name, spent in seconds.items():
        print(f"  {name:<12}{spent:10.2f} s {spent / max(total, 1e-9):7.3f}")
