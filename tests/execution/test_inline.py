import os

from stance.execution import InLine
from tests.execution.works import ProcessIds, Squares, tasks


def test_outcomes_are_those_of_this_process_in_order():
    outcomes = list(InLine().run(Squares(), tasks(3)))
    assert [outcome.task for outcome in outcomes] == tasks(3)
    assert [outcome.result for outcome in outcomes] == [[v * v for v in task.values] for task in tasks(3)]
    assert [outcome.result[0] for outcome in InLine().run(ProcessIds(), tasks(1))] == [os.getpid()]


def test_a_task_is_read_when_it_is_done():
    n_taken = 0

    def counted():
        nonlocal n_taken
        for task in tasks(5):
            n_taken += 1
            yield task

    assert [n_taken for _ in InLine().run(Squares(), counted())] == [1, 2, 3, 4, 5]
