"""Progress of long work: a bar with rate and time left on a terminal, a line now and then elsewhere."""

import logging
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, TaskID

T = TypeVar("T")

logger = logging.getLogger(__name__)

LINE_EVERY_S = 30.0
BAR_CHARS = 20
"""With it a bar over millions of rows, with rate and time left, fits into 80 columns."""

_shown: "Progress | None" = None
"""What is on the terminal: bars within bars stand below each other."""


def steps(items: Sequence[T], what: str) -> Iterator[T]:
    """The items one by one, with a bar that moves after each."""
    with bar(len(items), what) as advance:
        for item in items:
            yield item
            advance(1)


@contextmanager
def bar(total: float | None, what: str, unit: str = "") -> "Iterator[Advance]":
    """A function that moves a bar on; ``total`` None is for work whose length is not known yet.

    Where standard error is no terminal, a line is logged every half minute. Where the log is to be quiet, so is this.
    """
    if not sys.stderr.isatty() or not logger.isEnabledFor(logging.INFO):
        yield Advance(total, what, unit)
        return
    with _display() as progress:
        task = progress.add_task(what, total=total, done="")
        try:
            yield _Bar(total, what, unit, progress, task)
        finally:
            progress.remove_task(task)


@contextmanager
def stage(what: str) -> Iterator[None]:
    """A moving bar with the time taken, round work that cannot say how far it is; elsewhere a line at its start."""
    if not sys.stderr.isatty():
        logger.info("%s", what)
    with bar(None, what):
        yield


@contextmanager
def _display() -> "Iterator[Progress]":
    """What is on the terminal, put there by the outermost bar."""
    global _shown
    if _shown is not None:
        yield _shown
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(*_columns(), console=Console(stderr=True), transient=True) as _shown:
        try:
            yield _shown
        finally:
            _shown = None


def _columns() -> "list[ProgressColumn]":
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class Time(ProgressColumn):
        """Time left, or taken where nobody knows the end."""

        max_refresh = 0.5

        def render(self, task: Task) -> Text:
            seconds = task.elapsed if task.total is None else task.time_remaining
            text = "" if seconds is None else str(timedelta(seconds=int(seconds)))
            return Text(f"{text} left" if text and task.total is not None else text)

    return [
        TextColumn("{task.description}"),
        BarColumn(BAR_CHARS),
        TextColumn("{task.fields[done]}"),
        Time(),
    ]


class Advance:
    """Moves on by some steps, and says so from time to time."""

    def __init__(self, total: float | None, what: str, unit: str) -> None:
        self._total, self._what, self._unit = total, what, unit
        self._n = 0.0
        self._started = self._said = time.monotonic()

    def __call__(self, n: float, total: float | None = None) -> None:
        """Move on by ``n`` steps; ``total`` is a better estimate of all steps, where there is one."""
        self._n += n
        self._total = total or self._total
        self._show(n)

    def _rate(self) -> str:
        elapsed_s = max(time.monotonic() - self._started, 1e-3)
        if not self._unit:
            return f"{elapsed_s / max(self._n, 1.0):,.1f} s each"
        return f"{self._n / elapsed_s:,.0f} {self._unit}/s"

    def _left(self) -> str:
        if self._total is None:
            return ""
        elapsed_s = time.monotonic() - self._started
        return f"{elapsed_s * max(0.0, self._total - self._n) / max(self._n, 1.0):,.0f} s left"

    def _show(self, n: float) -> None:
        if time.monotonic() - self._said >= LINE_EVERY_S:
            self._said = time.monotonic()
            logger.info(
                "%s: %s", self._what, ", ".join(filter(None, (self._done(), self._rate(), self._left())))
            )

    def _done(self) -> str:
        return f"{self._n:,.0f}" if self._total is None else f"{self._n:,.0f} of {self._total:,.0f}"


class _Bar(Advance):
    """The same on a terminal."""

    def __init__(
        self, total: float | None, what: str, unit: str, progress: "Progress", task: "TaskID"
    ) -> None:
        super().__init__(total, what, unit)
        self._progress, self._task = progress, task

    def _show(self, n: float) -> None:
        done = f"{self._done()}, {self._rate()}"
        self._progress.update(self._task, advance=n, total=self._total, done=done)
