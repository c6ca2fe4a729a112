"""Works for tests, in a module of their own: worker processes import it."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from stance.errors import BundleError


@dataclass(frozen=True)
class Numbers:
    """A task: some numbers."""

    values: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, items: Sequence[int]) -> Self:
        return type(self)(tuple(self.values[i] for i in items))


def tasks(n: int, size: int = 10) -> list[Numbers]:
    return [Numbers(tuple(range(k * size, (k + 1) * size))) for k in range(n)]


@dataclass(frozen=True)
class Squares:
    """Squares; some numbers kill the process, some take their time."""

    deadly: frozenset[int] = frozenset()
    seconds: dict[int, float] = field(default_factory=dict)

    def open(self) -> Callable[[Numbers], list[int]]:
        return self.compute

    def compute(self, task: Numbers) -> list[int]:
        for value in task.values:
            time.sleep(self.seconds.get(value, 0))
            if value in self.deadly:
                os.kill(os.getpid(), signal.SIGKILL)
        return [value * value for value in task.values]


@dataclass(frozen=True)
class KilledOnce(Squares):
    """Dies the first time, as if somebody killed it."""

    flag: str = ""

    def compute(self, task: Numbers) -> list[int]:
        if not Path(self.flag).exists():
            Path(self.flag).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().compute(task)


@dataclass(frozen=True)
class KeptBack(Squares):
    """Keeps the number 0 back until another process has come to a later one."""

    flag: str = ""
    until: int = 0

    def compute(self, task: Numbers) -> list[int]:
        if self.until in task.values:
            Path(self.flag).touch()
        deadline = time.monotonic() + 20
        while 0 in task.values and not Path(self.flag).exists():
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.01)
        return super().compute(task)


@dataclass(frozen=True)
class TooMuchTogether(Squares):
    """Has memory for few numbers at a time."""

    def compute(self, task: Numbers) -> list[int]:
        if len(task) > 4:
            raise MemoryError
        return super().compute(task)


@dataclass(frozen=True)
class Refusing(Squares):
    """Meets a number it cannot work with."""

    def compute(self, task: Numbers) -> list[int]:
        raise ZeroDivisionError(f"at {task.values[0]}")


@dataclass(frozen=True)
class WithoutModel(Squares):
    """Cannot open what it needs."""

    def open(self) -> Callable[[Numbers], list[int]]:
        raise BundleError("model: refused.")


@dataclass(frozen=True)
class DeadOnArrival(Squares):
    """Dies before it is ready."""

    def open(self) -> Callable[[Numbers], list[int]]:
        os._exit(9)


@dataclass(frozen=True)
class ProcessIds(Squares):
    """Tells which process works, and for which."""

    def compute(self, task: Numbers) -> list[int]:
        time.sleep(0.05)
        return [os.getpid(), os.getppid()]


def square_and_process(value: int) -> tuple[int, int]:
    return value * value, os.getpid()
