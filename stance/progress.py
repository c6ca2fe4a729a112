"""Progress of long work: a bar with rate and time left on a terminal, a line now and then elsewhere."""

import logging
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

T = TypeVar("T")

logger = logging.getLogger(__name__)

LINE_EVERY_S = 30.0


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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    ]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(total, what, unit, progress, progress.add_task(what, total=total, rate=""))


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
            done = f"{self._n:,.0f}" if self._total is None else f"{self._n:,.0f} of {self._total:,.0f}"
            logger.info("%s: %s", self._what, ", ".join(filter(None, (done, self._rate(), self._left()))))


class _Bar(Advance):
    """The same on a terminal."""

    def __init__(
        self, total: float | None, what: str, unit: str, progress: "Progress", task: "TaskID"
    ) -> None:
        super().__init__(total, what, unit)
        self._progress, self._task = progress, task

    def _show(self, n: float) -> None:
        self._progress.update(self._task, advance=n, total=self._total, rate=self._rate())
