"""Processes of this machine: ordered results, bounded memory, and a way past tasks that kill their worker."""

import logging
import os
import pickle
import socket
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Generic, Self

from stance.execution.work import (
    ATTEMPTS,
    Outcome,
    R,
    T,
    Task,
    Work,
    WorkerError,
    find_killers,
    too_many_together,
)
from stance.execution.worker import DONE, FAILED, ONE_THREAD, READY, START

logger = logging.getLogger(__name__)

TASKS_PER_WORKER = 2
"""One computed, one waiting, so that a worker never waits for the reader."""

TASKS_AHEAD = 4
"""Tasks for each worker that are open or held for their turn: while one that shares its core computes the next
outcome, the others go on."""


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Local:
    """Processes of this machine."""

    def run(
        self, work: Work, tasks: Iterable[T], workers: int | None = None
    ) -> Generator[Outcome[T, Any], None, None]:
        """Outcomes in the order of the tasks, which are read as they are needed.

        Parameters
        ----------
        workers : int or None
            Number of processes; None for one a core.

        Raises
        ------
        WorkerError
            If workers die and no item of a task is to blame.
        """
        with _Pool[T, Any](work, workers or available_cores()) as pool:
            yield from pool.run(tasks)

    def joblib(self, workers: int | None = None) -> AbstractContextManager[None]:
        """A block in which joblib works as it always does."""
        return nullcontext()


class _Worker:
    """A process with its connection and the tasks it has been given."""

    def __init__(self, work: bytes) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", START, str(theirs.fileno()), *sys.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                process_group=0,
                env=os.environ | ONE_THREAD,
            )
        self.connection = Connection(ours.detach())
        self.waiting: deque[int] = deque()
        self.is_ready = False
        self.send(work)

    def send(self, message: bytes) -> None:
        """Send, also to one that is dead: that it is shows when its answer is read."""
        try:
            self.connection.send_bytes(message)
        except (BrokenPipeError, ConnectionResetError):
            logger.debug("worker %d is gone", self.process.pid)

    def kill(self) -> None:
        """End the process now and wait for it."""
        self.process.kill()
        self.process.wait()
        self.connection.close()


class _Pool(Generic[T, R]):
    """Workers, the tasks that are open, and the outcomes that wait for their turn."""

    def __init__(self, work: Work, size: int) -> None:
        self._work, self._size = pickle.dumps(work), size
        self._workers: list[_Worker] = []
        self._open: dict[int, T] = {}
        self._done: dict[int, Outcome[T, R]] = {}
        self._deaths: Counter[int] = Counter()
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.kill()

    def run(self, tasks: Iterable[T]) -> Generator[Outcome[T, R], None, None]:
        """Outcomes in order; at most ``TASKS_AHEAD`` tasks a worker are open or held."""
        source = enumerate(tasks)
        n_taken = n_given = 0
        more = True
        while more or n_given < n_taken:
            if more and n_taken - n_given < TASKS_AHEAD * self._size and self._has_room():
                number, task = next(source, (n_taken, None))
                more = task is not None
                if task is not None:
                    n_taken = number + 1
                    self._submit(number, task)
            elif n_given in self._done:
                yield self._done.pop(n_given)
                n_given += 1
            elif n_given < n_taken:
                self._collect()

    def _has_room(self) -> bool:
        """Whether a worker has less to do than it may, or another one may start."""
        least = min((len(worker.waiting) for worker in self._workers), default=0)
        return least < TASKS_PER_WORKER or len(self._workers) < self._size

    def _start(self) -> _Worker:
        worker = _Worker(self._work)
        self._workers.append(worker)
        return worker

    def _submit(self, number: int, task: T) -> None:
        self._open[number] = task
        worker = min(self._workers, key=lambda w: len(w.waiting), default=None)
        if worker is None or (worker.waiting and len(self._workers) < self._size):
            worker = self._start()
        worker.waiting.append(number)
        worker.send(pickle.dumps(task, protocol=5))

    def _collect(self) -> None:
        """Wait for an answer, or a death, and deal with all that there are."""
        by_connection = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection)):
            worker = by_connection[connection]  # type: ignore[index]
            try:
                kind, value = worker.connection.recv()
            except (EOFError, ConnectionResetError):
                self._bury(worker)
                continue
            if kind == FAILED:
                raise value
            worker.is_ready = worker.is_ready or kind == READY
            if kind == DONE:
                number = worker.waiting.popleft()
                self._done[number] = Outcome(self._open.pop(number), value)

    def _bury(self, worker: _Worker) -> None:
        """Give the tasks of a dead worker to others; the one it died of is searched if it is deadly again."""
        worker.kill()
        self._workers.remove(worker)
        if not worker.is_ready:
            raise _cannot_start(worker)
        for position, number in enumerate(worker.waiting):
            self._deaths[number] += position == 0
            if self._deaths[number] < ATTEMPTS:
                self._submit(number, self._open[number])
            else:
                self._done[number] = without_killers(self._work, self._open.pop(number))
        if worker.waiting:
            logger.warning("a worker died (%s); its work is done again", _cause(worker))


def without_killers(work: bytes, task: T) -> Outcome[T, Any]:
    """The outcome of a task that workers died of, tried here: the result of the items that do not kill.

    Parameters
    ----------
    work : bytes
        The pickled work.
    """
    trials = _Trials(work)
    try:
        killers: list[int] = []
        result = trials.result(task)
        if result is None:
            items = range(len(task))
            killers = find_killers(items, lambda some: trials.result(task.take(some)) is not None)
            others = [item for item in items if item not in set(killers)]
            result = trials.result(task.take(others)) if killers else None
    finally:
        trials.close()
    if result is None:
        raise too_many_together(task)
    return Outcome(task, result[0], tuple(killers))


class _Trials:
    """Tries tasks in a worker that does nothing else, and is replaced when it dies."""

    def __init__(self, work: bytes) -> None:
        self._work = work
        self._worker: _Worker | None = None

    def result(self, task: Task) -> tuple[Any] | None:
        """The result of a task, or None where the worker dies of it."""
        worker = self._worker = self._worker or _Worker(self._work)
        worker.send(pickle.dumps(task, protocol=5))
        try:
            while True:
                kind, value = worker.connection.recv()
                if kind == FAILED:
                    raise value
                if kind == DONE:
                    return (value,)
        except (EOFError, ConnectionResetError):
            self.close()
            return None

    def close(self) -> None:
        """End the worker, if there is one."""
        if self._worker is not None:
            self._worker.kill()
        self._worker = None


def _cannot_start(worker: _Worker) -> WorkerError:
    return WorkerError(
        f"workers: one died before it was ready ({_cause(worker)}); each needs memory of its own. "
        "Use fewer workers, or check the installation."
    )


def _cause(worker: _Worker) -> str:
    code = worker.process.returncode
    return f"signal {-code}" if code < 0 else f"status {code}"
