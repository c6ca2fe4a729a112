"""A worker process: tasks in, results out, over one connection; gone when its parent is gone."""

import ctypes
import os
import pickle
import queue
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from typing import Any, Literal

READY: Literal["ready"] = "ready"
DONE: Literal["done"] = "done"
FAILED: Literal["failed"] = "failed"

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}
"""Environment of a worker: each computes on one core."""

START = (
    "import sys; sys.path[:] = sys.argv[2:]; from stance.execution.worker import main; main(int(sys.argv[1]))"
)
"""Program of a worker; its arguments are the connection's file descriptor and the parent's import path."""

PR_SET_PDEATHSIG = 1
OUT_OF_MEMORY = 137


def main(descriptor: int) -> None:
    """Serve tasks until the parent hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with_parent()
    connection = Connection(descriptor)
    incoming: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(connection, incoming), daemon=True).start()
    try:
        _serve(connection, incoming)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:
        connection.send((FAILED, _portable(error)))
    finally:
        os._exit(0)


def _receive(connection: Connection, incoming: "queue.SimpleQueue[bytes]") -> None:
    """Take every message off the connection at once, so that the parent never waits to send."""
    while True:
        try:
            incoming.put(connection.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)


def _serve(connection: Connection, incoming: "queue.SimpleQueue[bytes]") -> None:
    compute = pickle.loads(incoming.get()).open()
    connection.send((READY, None))
    while True:
        connection.send((DONE, compute(pickle.loads(incoming.get()))))


def _die_with_parent() -> None:
    """Ask Linux to kill this process with its parent, whatever it is doing then."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _portable(error: BaseException) -> Any:
    """The error with its traceback as a note, or where it cannot travel, one that can."""
    error.add_note("in a worker process:\n" + traceback.format_exc())
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        plain = RuntimeError(f"{type(error).__name__}: {error}")
        plain.__notes__ = error.__notes__
        return plain
    return error
