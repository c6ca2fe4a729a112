"""The output, made while its parts still come, by a thread of its own."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from stance.errors import StanceError
from stance.predictions.parts import Parts
from stance.predictions.stages import Stages

logger = logging.getLogger(__name__)


class _Stopped(Exception):  # noqa: N818
    """Ends the thread, and with it the output that is not whole."""


class GrowingOutput:
    """The output of the parts that are there, in order, as they come.

    It goes on as long as all parts have the columns of the first one; what it does not finish is left to
    the end of the run, when the columns of all parts are known. Its bytes are the same as then.

    Parameters
    ----------
    make : callable
        Makes the output of an iterator of parts.
    is_wanted : bool
        Whether it can be made of an iterator at all.
    """

    def __init__(self, make: Callable[[Iterator[Path]], None], *, is_wanted: bool) -> None:
        self._make, self._is_wanted = make, is_wanted
        self._incoming: SimpleQueue[Path | None] = SimpleQueue()
        self._n_taken = 0
        self._is_whole = self._is_stopped = False
        self._thread: Thread | None = None
        self.stages = Stages()

    def follow(self, parts: Parts) -> None:
        """Take the parts that are the next ones."""
        while self._n_taken in parts:
            self._incoming.put(parts.path(self._n_taken))
            self._n_taken += 1
        if self._is_wanted and self._n_taken and self._thread is None:
            self._thread = Thread(target=self._run, daemon=True)
            self._thread.start()

    def finish(self) -> bool:
        """Whether the output is there, with all parts."""
        self._incoming.put(None)
        if self._thread is not None:
            self._thread.join()
        return self._is_whole

    def stop(self) -> None:
        """Give the output up."""
        self._is_stopped = True
        self.finish()

    def _run(self) -> None:
        try:
            with self.stages("encoding"):
                self._make(self.stages.each("waiting", self._parts()))
            self._is_whole = True
        except (_Stopped, StanceError, OSError, ValueError) as error:
            logger.debug("left to the end of the run (%s)", error)

    def _parts(self) -> Iterator[Path]:
        while (part := self._incoming.get()) is not None and not self._is_stopped:
            yield part
        if self._is_stopped:
            raise _Stopped
