"""What is run: tasks that can be divided, the work done on each, and what comes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

from stance.errors import EXIT_BUG, StanceError

PIECES = 16
"""Pieces that a deadly task is divided into: of 32,768 items one is found with 4 more deaths."""

MAX_KILLERS = 100
ATTEMPTS = 2
"""Workers that may die of a task before it is divided: the first may have been killed from outside."""


class WorkerError(StanceError):
    """Workers that die and no item is to blame."""

    exit_status = EXIT_BUG


class Task(Protocol):
    """Items that are computed together."""

    def __len__(self) -> int: ...

    def take(self, items: Sequence[int]) -> Self:
        """The task with these items only."""
        ...


T = TypeVar("T", bound=Task)
R = TypeVar("R")


class Work(Protocol):
    """What a worker does. It travels as plain values, and opens what it needs where it runs."""

    def open(self) -> Callable[[Any], Any]:
        """The function from a task to its result."""
        ...


@dataclass(frozen=True)
class Outcome(Generic[T, R]):
    """A task and its result.

    Parameters
    ----------
    killers : tuple of int
        Items that killed their worker each time; the result is that of the others.
    """

    task: T
    result: R
    killers: tuple[int, ...] = ()


def find_killers(items: Sequence[int], survives: Callable[[Sequence[int]], bool]) -> list[int]:
    """The items that alone are deadly, found by dividing what does not survive.

    Examples
    --------
    >>> find_killers(range(1000), lambda items: 77 not in items and 800 not in items)
    [77, 800]
    """
    if len(items) == 1:
        return list(items)
    step = -(-len(items) // PIECES)
    pieces = (items[i : i + step] for i in range(0, len(items), step))
    killers: list[int] = []
    for piece in pieces:
        if not survives(piece):
            killers += find_killers(piece, survives)
        if len(killers) > MAX_KILLERS:
            raise WorkerError(
                f"workers: more than {MAX_KILLERS} rows of one part kill theirs; a few would be left out. "
                "Check memory and installation, then run again."
            )
    return killers


def too_many_together(task: Task) -> WorkerError:
    """The error for a task that is deadly as a whole only."""
    return WorkerError(
        f"{task}: workers die of these {len(task)} rows together, though each of them alone is fine; "
        "most likely memory is short. Use fewer workers; in scoring, a smaller part_rows helps too."
    )
