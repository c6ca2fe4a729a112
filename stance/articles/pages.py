"""Web pages read by one process that serves many, and is replaced when a page hangs or kills it."""

import os
import pickle
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from stance.articles.extraction import Extraction, Page
from stance.execution.worker import DONE, FAILED, ONE_THREAD, START
from stance.tables.batches import RowError

PAGE_TIMEOUT_S = 10.0
START_TIMEOUT_S = 120.0
PAGES_PER_PROCESS = 1000
"""After so many pages the process is replaced: what the libraries keep of them must not add up."""

PAGE_FIX = "Save the page's text as a .txt file, or leave the page out."


class PageReader:
    """Gives the articles of web pages; a page that is hostile costs at most ``timeout_s``.

    Parameters
    ----------
    timeout_s : float
        Seconds that a page may take.
    """

    def __init__(self, timeout_s: float = PAGE_TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._n_pages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, source: str) -> Page:
        """The article of a page.

        Raises
        ------
        RowError
            If the page holds none, takes too long or kills its process.
        """
        if self._n_pages >= PAGES_PER_PROCESS:
            self.close()
        connection = self._connection or self._start()
        self._n_pages += 1
        try:
            connection.send_bytes(pickle.dumps(source))
            if not connection.poll(self._timeout_s):
                self.close()
                raise RowError(f"takes more than {self._timeout_s:g} s to read", fix=PAGE_FIX)
            found = self._received(connection)
        except (EOFError, OSError) as error:
            self.close()
            raise RowError("kills the process that reads it", fix=PAGE_FIX) from error
        if isinstance(found, str):
            raise RowError(found, fix=PAGE_FIX)
        return found  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None
        self._n_pages = 0

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", START, str(theirs.fileno()), *sys.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=os.environ | ONE_THREAD,
            )
        self._connection = Connection(ours.detach())
        self._connection.send_bytes(pickle.dumps(Extraction()))
        if not self._connection.poll(START_TIMEOUT_S):
            self.close()
            raise TimeoutError(f"the process that reads web pages did not start within {START_TIMEOUT_S:g} s")
        self._received(self._connection)
        return self._connection

    @staticmethod
    def _received(connection: Connection) -> Any:
        status, value = connection.recv()
        if status == FAILED:
            raise value
        assert status == DONE or value is None
        return value
