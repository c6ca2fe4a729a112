"""A Dask cluster: one of its own on this machine, or one that is reached over TLS."""

import ipaddress
import logging
import pickle
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stance.errors import ConfigError, OutputError
from stance.execution.local import available_cores, without_killers
from stance.execution.work import Outcome, T, Work
from stance.provenance import versions

if TYPE_CHECKING:
    from distributed import Client, Future

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
TASKS_PER_WORKER = 2
CONNECT_S = 20.0
PING_EVERY_S = 5.0
ANSWER_S = 30.0
"""With these a run without scheduler ends within a minute, also where nothing says that it is gone."""

SILENT = logging.CRITICAL + 1

SETTINGS = {
    "distributed.admin.large-graph-warning-threshold": "1GiB",
    "distributed.comm.timeouts.connect": f"{CONNECT_S}s",
}
"""Tasks carry their rows, so that those of a dead worker can be given to another."""

COMPARED = ("python", "stance", "numpy", "scipy", "pyarrow", "numba")
"""Versions that must be equal, as they can change a score or what can be read."""


@dataclass(frozen=True, kw_only=True)
class Dask:
    """A Dask cluster.

    Parameters
    ----------
    address : str or None
        Of the scheduler, ``tls://HOST:PORT``; None starts a cluster on this machine, loopback only.
    ca_file, cert_file, key_file : str or None
        PEM files for TLS.
    """

    address: str | None = None
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None

    def __post_init__(self) -> None:
        if self.address is not None:
            _check_address(self.address)

    def run(
        self, work: Work, tasks: Iterable[T], workers: int | None = None
    ) -> Generator[Outcome[T, Any], None, None]:
        """Outcomes in the order of the tasks, which are read as they are needed.

        Parameters
        ----------
        workers : int or None
            Processes of a cluster on this machine; None for one a core.

        Raises
        ------
        OutputError
            If the scheduler is gone.
        ConfigError
            If a worker has other versions than this process.
        """
        with _quiet(), self._client(workers) as client:
            yield from _Round(client, pickle.dumps(work)).run(tasks)

    @contextmanager
    def joblib(self, workers: int | None = None) -> Iterator[None]:
        """A block in which joblib gives its work to the cluster, with equal results.

        Parameters
        ----------
        workers : int
            Processes of a cluster on this machine; None for one a core.
        """
        with (
            _quiet(),
            self._client(workers) as client,
            _import("joblib").parallel_config(backend="dask", client=client),
        ):
            yield

    @contextmanager
    def _client(self, workers: int | None) -> "Iterator[Client]":
        dask, distributed = _import("dask"), _import("distributed")
        with dask.config.set(SETTINGS), self._cluster(workers) as place:
            try:
                client = distributed.Client(
                    place, security=self._security(), timeout=CONNECT_S, set_as_default=False
                )
            except OSError as error:
                raise OutputError(
                    f"engine.address is {self.address}: no scheduler answers there ({str(error)[:200]}). "
                    "Start it, then run again."
                ) from None
            with client:
                _import("distributed.gc").disable_gc_diagnosis(force=True)  # its callback swallows interrupts
                yield client

    @contextmanager
    def _cluster(self, workers: int | None) -> Iterator[Any]:
        """What a client connects to."""
        if self.address is not None:
            yield self.address
            return
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="stance-dask-"))
            with _without_interrupts():
                cluster = _import("distributed").LocalCluster(
                    n_workers=workers or available_cores(),
                    threads_per_worker=1,
                    processes=True,
                    host=LOOPBACK,
                    dashboard_address=f"{LOOPBACK}:0",
                    worker_dashboard_address=f"{LOOPBACK}:0",
                    local_directory=folder,
                    silence_logs=SILENT,
                )
                stack.enter_context(cluster)
            yield cluster

    def _security(self) -> Any:
        """What TLS needs, from our settings or else from those of Dask; None without TLS."""
        if self.address is None or not self.address.startswith("tls://"):
            return None
        files = {
            "tls_ca_file": self.ca_file,
            "tls_client_cert": self.cert_file,
            "tls_client_key": self.key_file,
        }
        given = {name: file for name, file in files.items() if file is not None}
        try:
            security = _import("distributed.security").Security(require_encryption=True, **given)
            is_complete = security.get_connection_args("client").get("ssl_context") is not None
        except (OSError, TypeError) as error:
            raise ConfigError(
                f"engine: the files for TLS cannot be used ({str(error)[:200]}). "
                "Check engine.ca_file, engine.cert_file and engine.key_file."
            ) from None
        if not is_complete:
            raise ConfigError(
                f"engine.address is {self.address}; TLS needs engine.ca_file, engine.cert_file and "
                "engine.key_file. Give them the PEM files of this cluster."
            )
        return security


class _Round:
    """Tasks on a cluster, and their outcomes in order."""

    def __init__(self, client: "Client", work: bytes) -> None:
        self._client, self._work = client, work
        self._versions = compared_versions()

    def run(self, tasks: Iterable[T]) -> Generator[Outcome[T, Any], None, None]:
        """Outcomes in order; at most ``TASKS_PER_WORKER`` tasks for each core of the cluster are open."""
        waiting: deque[tuple[T, Future]] = deque()
        source = iter(tasks)
        more = True
        while more or waiting:
            while more and len(waiting) < self._width():
                task = next(source, None)
                more = task is not None
                if task is not None:
                    waiting.append((task, self._submit(task)))
            if waiting:
                task, future = waiting.popleft()
                yield self._outcome(task, future)

    def _width(self) -> int:
        """Tasks that are open at a time."""
        with _scheduler_needed():
            n_cores: int = sum(self._client.nthreads().values())
        return TASKS_PER_WORKER * max(1, n_cores)

    def _submit(self, task: Any) -> "Future":
        packed = pickle.dumps(task, protocol=5)
        with _scheduler_needed():
            return self._client.submit(compute, self._work, packed, self._versions, pure=False)

    def _outcome(self, task: T, future: "Future") -> Outcome[T, Any]:
        from distributed import KilledWorker

        try:
            return Outcome(task, self._result(future))
        except KilledWorker:
            logger.warning("%s: workers died of it; its rows are tried apart, on this machine", task)
            return without_killers(self._work, task)

    def _result(self, future: "Future") -> Any:
        """The result of a task, waited for as long as the scheduler answers."""
        from distributed import CancelledError

        while True:
            try:
                return future.result(timeout=PING_EVERY_S)
            except TimeoutError:
                self._ping()
            except CancelledError:
                raise _scheduler_gone() from None
            except ModuleNotFoundError as error:
                raise ConfigError(
                    f"engine: a worker has no {error.name}. Install stance on all machines."
                ) from None

    def _ping(self) -> None:
        """Raise OutputError where the scheduler does not answer."""
        if self._client.status != "running":
            raise _scheduler_gone()
        with _scheduler_needed():
            self._client.sync(self._client.scheduler.ncores, callback_timeout=ANSWER_S)


@contextmanager
def _scheduler_needed() -> Iterator[None]:
    """Dask's many errors for a scheduler that is gone as one line."""
    from distributed import CancelledError

    try:
        yield
    except (CancelledError, TimeoutError, OSError, RuntimeError):
        raise _scheduler_gone() from None


def _scheduler_gone() -> OutputError:
    return OutputError(
        "engine: the Dask scheduler is gone; finished parts are kept. Start it, then run again with resume=true."
    )


def _check_address(address: str) -> None:
    """Raise ConfigError unless the scheduler is on this machine or reached over TLS."""
    parts = urlsplit(address)
    if parts.scheme not in ("tls", "tcp") or not parts.hostname:
        raise ConfigError(f"engine.address is {address!r}; tls://HOST:PORT is needed.")
    if parts.scheme == "tcp" and not _is_loopback(parts.hostname):
        raise ConfigError(
            f"engine.address is {address!r}; beyond this machine TLS is needed. Start the scheduler with "
            "--tls-ca-file, --tls-cert and --tls-key, and give tls://HOST:PORT."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask logs to itself: what matters is raised here."""
    _import("distributed")
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    loggers = [logging.getLogger(name) for name in names]
    states = [(log.handlers, log.propagate) for log in loggers]
    for log in loggers:
        log.handlers, log.propagate = [logging.NullHandler()], False
    yield
    # After an error or an interrupt it stays quiet: what closes then would talk on.
    for log, (handlers, propagate) in zip(loggers, states, strict=True):
        log.handlers, log.propagate = handlers, propagate


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Start processes that no Ctrl-C reaches: they inherit that it is blocked. Here it only has to wait."""
    resource_tracker.ensure_running()  # which would unblock it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _import(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"engine is dask, and {error.name} is not installed. Install it with: pip install 'stance[cluster]'"
        ) from None


_opened: dict[bytes, Callable[[Any], Any]] = {}


def compute(work: bytes, task: bytes, expected: dict[str, str | None]) -> Any:
    """On a worker: the result of a task; what the work needs is opened once."""
    found = compared_versions()
    if found != expected:
        name = next(name for name in expected if found.get(name) != expected[name])
        raise ConfigError(
            f"engine: a worker has {name} {found.get(name)}, this process has {expected[name]}; both must be "
            "the same. Install the same versions on all machines."
        )
    if work not in _opened:
        _opened.clear()
        _opened[work] = pickle.loads(work).open()
    return _opened[work](pickle.loads(task))


def compared_versions() -> dict[str, str | None]:
    """The versions that workers must share; of Python, the first two numbers."""
    found = versions()
    minor = ".".join((found["python"] or "").split(".")[:2])
    return {name: found[name] for name in COMPARED} | {"python": minor}
