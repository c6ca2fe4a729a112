import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import joblib
import pytest

from stance.errors import ConfigError, OutputError
from stance.execution import Dask, Local, cluster
from tests.execution.works import KilledOnce, ProcessIds, Refusing, Squares, square_and_process, tasks

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")

pytestmark = pytest.mark.filterwarnings("ignore")
"""Warnings of Dask's own, which differ with its version."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler on this machine with two workers."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=60,
    ) as running:
        yield running.scheduler_address


def results(engine, work, given):
    return [(outcome.task, outcome.result, outcome.killers) for outcome in engine.run(work, given, 2)]


def test_a_cluster_gives_what_this_machine_gives(address):
    slow = Squares(seconds={0: 0.2, 30: 0.1})
    assert results(Dask(address=address), slow, tasks(9)) == results(Local(), slow, tasks(9))


def test_a_worker_that_is_killed_costs_nothing_but_time(address, tmp_path):
    work = KilledOnce(flag=str(tmp_path / "flag"))
    assert results(Dask(address=address), work, tasks(6)) == results(Local(), Squares(), tasks(6))


def test_items_that_kill_their_worker_are_left_out_alone(address):
    outcomes = results(Dask(address=address), Squares(deadly=frozenset({13})), tasks(3))
    assert outcomes[1] == (tasks(3)[1], [v * v for v in range(10, 20) if v != 13], (3,))
    assert [result for _, result, _ in outcomes[::2]] == [[v * v for v in t.values] for t in tasks(3)[::2]]


def test_an_error_arrives_as_itself(address):
    with pytest.raises(ZeroDivisionError, match="at 0"):
        results(Dask(address=address), Refusing(), tasks(3))


def test_workers_of_another_version_are_refused_with_both(address, monkeypatch):
    own = cluster.compared_versions()
    monkeypatch.setattr(cluster, "compared_versions", lambda: own | {"numpy": "1.0"})
    with pytest.raises(ConfigError, match=f"has numpy {own['numpy']}, this process has 1.0"):
        results(Dask(address=address), Squares(), tasks(3))


def test_a_cluster_of_its_own_listens_to_this_machine_only_and_ends_with_the_run():
    here = psutil.Process()
    others = set(here.children(recursive=True))
    with closing(Dask().run(ProcessIds(), tasks(12), 2)) as outcomes:
        next(outcomes)
        workers = set(here.children(recursive=True)) - others
        connections = [c for process in (here, *workers) for c in process.net_connections()]
    assert len(workers) >= 2
    assert {c.laddr.ip for c in connections if c.status == "LISTEN"} == {"127.0.0.1"}
    assert not any(process.is_running() for process in workers)


def test_joblib_gives_its_work_to_the_cluster(address):
    with Dask(address=address).joblib():
        found = joblib.Parallel(n_jobs=2)(joblib.delayed(square_and_process)(k) for k in range(6))
    assert [square for square, _ in found] == [k * k for k in range(6)]
    assert os.getpid() not in {process for _, process in found}
    with Local().joblib():
        assert joblib.Parallel(n_jobs=1)(joblib.delayed(square_and_process)(k) for k in (2,)) == [
            (4, os.getpid())
        ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("tcp://10.0.0.7:8786", "beyond this machine TLS is needed"),
        ("tcp://scheduler.example:8786", "beyond this machine TLS is needed"),
        ("10.0.0.7:8786", "tls://HOST:PORT is needed"),
        ("http://localhost:8786", "tls://HOST:PORT is needed"),
        ("tls://", "tls://HOST:PORT is needed"),
    ],
)
def test_only_this_machine_is_reached_without_tls(wrong, message):
    with pytest.raises(ConfigError, match=message):
        Dask(address=wrong)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "TLS needs engine.ca_file, engine.cert_file"),
        ({"ca_file": "none.pem", "cert_file": "none.pem", "key_file": "none.pem"}, "cannot be used"),
    ],
)
def test_tls_without_its_files_is_refused(files, message):
    with pytest.raises(ConfigError, match=message):
        results(Dask(address="tls://10.0.0.7:8786", **files), Squares(), tasks(1))


def test_a_scheduler_that_does_not_answer_is_an_output_error(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    with pytest.raises(OutputError, match="no scheduler answers there"):
        results(Dask(address="tcp://127.0.0.1:9"), Squares(), tasks(1))


def test_without_its_library_the_engine_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"pip install 'stance\[cluster\]'"):
        results(Dask(), Squares(), tasks(1))


SCHEDULER = """
import asyncio
from distributed import Scheduler, Worker

async def serve():
    async with Scheduler(host="127.0.0.1", port=0, dashboard_address="127.0.0.1:0") as scheduler:
        async with Worker(scheduler.address, nthreads=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"):
            print(scheduler.address, flush=True)
            await scheduler.finished()

asyncio.run(serve())
"""


def test_a_scheduler_that_goes_away_ends_the_run_with_one_line():
    scheduler = subprocess.Popen(
        [sys.executable, "-c", SCHEDULER],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert scheduler.stdout is not None
    try:
        outcomes = Dask(address=scheduler.stdout.readline().strip()).run(ProcessIds(), tasks(1000))
        next(outcomes)
        os.kill(scheduler.pid, signal.SIGKILL)
        with pytest.raises(OutputError, match="scheduler is gone; finished parts are kept"):
            list(outcomes)
    finally:
        scheduler.kill()
        scheduler.communicate()
