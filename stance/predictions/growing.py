"""The finished file, written while its parts still come, by a thread of its own."""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from stance.errors import StanceError
from stance.predictions.merging import write_file
from stance.predictions.parts import Parts

logger = logging.getLogger(__name__)


class _Stopped(Exception):  # noqa: N818
    """Ends the thread, and with it the file that is not whole."""


class GrowingFile:
    """One file of the parts that are there, in order, as they come.

    It goes on as long as all parts have the columns of the first one; what it does not finish is left to
    the end of the run, when the columns of all parts are known. Its bytes are the same as then.

    Parameters
    ----------
    facts : mapping
        For the metadata of a Parquet file.
    is_file : bool
        Whether one file is wanted at all.
    """

    def __init__(self, path: Path, facts: Mapping[str, str], *, is_file: bool) -> None:
        self._path, self._facts, self._is_file = path, facts, is_file
        self._incoming: SimpleQueue[Path | None] = SimpleQueue()
        self._n_taken = 0
        self._is_whole = self._is_stopped = False
        self._thread: Thread | None = None

    def follow(self, parts: Parts) -> None:
        """Take the parts that are the next ones."""
        while self._n_taken in parts:
            self._incoming.put(parts.path(self._n_taken))
            self._n_taken += 1
        if self._is_file and self._n_taken and self._thread is None:
            self._thread = Thread(target=self._write, daemon=True)
            self._thread.start()

    def finish(self) -> bool:
        """Whether the file is there, with all parts."""
        self._incoming.put(None)
        if self._thread is not None:
            self._thread.join()
        return self._is_whole

    def stop(self) -> None:
        """Give the file up."""
        self._is_stopped = True
        self.finish()

    def _write(self) -> None:
        try:
            write_file(self._path, self._parts(), self._facts)
            self._is_whole = True
        except (_Stopped, StanceError, OSError, ValueError) as error:
            logger.debug("%s: left to the end of the run (%s)", self._path, error)

    def _parts(self) -> Iterator[Path]:
        while (part := self._incoming.get()) is not None and not self._is_stopped:
            yield part
        if self._is_stopped:
            raise _Stopped
