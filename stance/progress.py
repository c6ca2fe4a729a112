"""Progress of long work: a bar with rate and time left on a terminal, nothing elsewhere."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

T = TypeVar("T")


def steps(items: Sequence[T], what: str) -> Iterator[T]:
    """The items one by one, with a bar that moves after each."""
    with bar(len(items), what) as advance:
        for item in items:
            yield item
            advance(1)


@contextmanager
def bar(total: float | None, what: str, unit: str = "") -> "Iterator[Advance]":
    """A function that moves a bar on; ``total`` None is for work of unknown length."""
    if not sys.stderr.isatty():
        yield Advance(None, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{unit} {{task.speed}}" if unit else ""),
        TimeRemainingColumn(),
    ]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Advance(progress, progress.add_task(what, total=total))


class Advance:
    """Moves a bar on by some steps."""

    def __init__(self, progress: "Progress | None", task: int | None):
        self._progress, self._task = progress, task

    def __call__(self, n: float) -> None:
        """Move on by ``n`` steps."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task, n)  # type: ignore[arg-type]
