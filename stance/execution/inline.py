"""This process alone: for work that is not worth a worker's start."""

from collections.abc import Generator, Iterable
from typing import Any

from stance.execution.work import Outcome, T, Work


class InLine:
    """This process; what kills it ends the run."""

    def run(
        self, work: Work, tasks: Iterable[T], workers: int | None = None
    ) -> Generator[Outcome[T, Any], None, None]:
        """Outcomes in the order of the tasks, which are read one by one."""
        compute = work.open()
        for task in tasks:
            yield Outcome(task, compute(task))
