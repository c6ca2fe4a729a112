import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from stance.errors import BundleError
from stance.execution import Local, WorkerError
from stance.execution.local import TASKS_AHEAD, TASKS_PER_WORKER
from tests.execution.works import (
    DeadOnArrival,
    KeptBack,
    KilledOnce,
    Numbers,
    ProcessIds,
    Refusing,
    Squares,
    TooMuchTogether,
    WithoutModel,
    tasks,
)

ROOT = Path(__file__).parents[2]


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_outcomes_come_in_the_order_of_the_tasks_however_long_each_takes():
    slow = Squares(seconds={0: 0.3, 10: 0.1, 50: 0.2})
    outcomes = list(Local().run(slow, tasks(9), workers=3))
    assert [outcome.task for outcome in outcomes] == tasks(9)
    assert [outcome.result for outcome in outcomes] == [[v * v for v in task.values] for task in tasks(9)]


def test_tasks_are_read_as_they_are_needed():
    n_taken = 0

    def counted() -> Iterator[Numbers]:
        nonlocal n_taken
        for task in tasks(20):
            n_taken += 1
            yield task

    for n_given, _ in enumerate(Local().run(Squares(), counted(), workers=2)):
        assert n_taken <= n_given + 2 * TASKS_AHEAD


def test_other_workers_go_on_while_one_is_slow(tmp_path):
    work = KeptBack(flag=str(tmp_path / "flag"), until=10 * (TASKS_PER_WORKER * 2 + 1))
    outcomes = list(Local().run(work, tasks(9), workers=2))
    assert [outcome.result for outcome in outcomes] == [[v * v for v in task.values] for task in tasks(9)]


def test_more_workers_start_only_when_there_is_work_for_them():
    outcomes = Local().run(ProcessIds(), tasks(1), workers=4)
    assert len({outcome.result[0] for outcome in outcomes}) == 1
    outcomes = Local().run(ProcessIds(), tasks(12), workers=3)
    assert len({outcome.result[0] for outcome in outcomes}) == 3


def test_no_tasks_give_no_outcomes():
    assert list(Local().run(Squares(), [], workers=2)) == []


@pytest.mark.parametrize("deadly", [{7}, {0, 39}, {20, 21, 22}])
def test_items_that_kill_their_worker_are_left_out_alone(deadly):
    outcomes = list(Local().run(Squares(deadly=frozenset(deadly)), tasks(4), workers=2))
    left_out = {outcome.task.values[item] for outcome in outcomes for item in outcome.killers}
    assert left_out == deadly
    found = [value for outcome in outcomes for value in outcome.result]
    assert found == [v * v for v in range(40) if v not in deadly]


def test_a_worker_that_somebody_kills_costs_nothing_but_time(tmp_path):
    work = KilledOnce(flag=str(tmp_path / "flag"))
    outcomes = list(Local().run(work, tasks(6), workers=2))
    assert [outcome.result for outcome in outcomes] == [[v * v for v in task.values] for task in tasks(6)]
    assert not any(outcome.killers for outcome in outcomes)


def test_a_task_that_is_deadly_only_as_a_whole_is_said_to_be_too_large():
    with pytest.raises(WorkerError, match="memory is short. Use fewer workers"):
        list(Local().run(TooMuchTogether(), tasks(3), workers=1))


def test_an_error_arrives_as_itself_with_the_place_where_it_was_raised():
    with pytest.raises(ZeroDivisionError, match="at 0") as caught:
        list(Local().run(Refusing(), tasks(3), workers=1))
    assert "in compute" in caught.value.__notes__[0]


def test_what_a_worker_cannot_open_is_refused_in_its_words():
    with pytest.raises(BundleError, match="model: refused"):
        list(Local().run(WithoutModel(), tasks(3), workers=2))


def test_workers_that_die_before_they_are_ready_end_the_run():
    with pytest.raises(WorkerError, match=r"before it was ready \(status 9\)"):
        list(Local().run(DeadOnArrival(), tasks(3), workers=2))


def test_a_run_that_is_given_up_leaves_no_process():
    with closing(Local().run(ProcessIds(), tasks(50), workers=2)) as outcomes:
        workers = {next(outcomes).result[0] for _ in range(6)}
    assert workers
    assert not any(map(is_running, workers))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_workers_leave_signals_to_their_parent(number):
    for outcome in Local().run(ProcessIds(), tasks(4), workers=1):
        os.kill(outcome.result[0], number)


def test_workers_are_gone_when_their_parent_is_killed():
    program = (
        "from stance.execution import Local; from tests.execution.works import ProcessIds, tasks\n"
        "for outcome in Local().run(ProcessIds(), tasks(1000), 2): print(outcome.result[0], flush=True)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert parent.stdout is not None
    workers = {int(parent.stdout.readline()) for _ in range(4)}
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 5
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(is_running, workers))


def test_files_in_the_working_folder_are_not_taken_for_modules(tmp_path, monkeypatch):
    for name in ("pickle.py", "queue.py", "json.py"):
        (tmp_path / name).write_text("raise SystemExit('taken')")
    monkeypatch.chdir(tmp_path)
    assert len(list(Local().run(Squares(), tasks(2), workers=1))) == 2
