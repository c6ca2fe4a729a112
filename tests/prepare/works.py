"""Works for tests, in a module of their own: worker processes import it."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

from stance.prepare.cutting import CutPart, Cutting
from stance.prepare.tasks import ArticlesTask

DEADLY = "☠"
"""In a text, kills the process that cuts it."""


@dataclass(frozen=True)
class DeadlyCutting(Cutting):
    """Cutting in which some texts kill the process."""

    def open(self) -> Callable[[ArticlesTask], CutPart]:
        cut = super().open()

        def compute(task: ArticlesTask) -> CutPart:
            if any(DEADLY in article.text for article in task.articles):
                os.kill(os.getpid(), signal.SIGKILL)
            return cut(task)

        return compute
