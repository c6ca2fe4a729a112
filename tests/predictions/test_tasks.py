import pickle

import numpy as np
import pyarrow as pa
import pytest

from stance.model import Scores
from stance.predictions.scoring import ScoredPart
from stance.predictions.tasks import RowsTask

ROWS = pa.table({"text": ["a", "b", "c"], "target": ["x", "y", "z"], "source": ["s"] * 3})


def sent(thing):
    return pickle.loads(pickle.dumps(thing, protocol=5))


def test_of_statements_only_what_is_scored_is_sent():
    task = RowsTask(3, "statements", ROWS, read_fields=("text", "target"))
    assert sent(task).rows.equals(ROWS.select(["text", "target"]))
    assert (
        sent(RowsTask(3, "statements", ROWS.slice(0, 0).select([]), read_fields=("text",))).rows.num_rows == 0
    )


def test_of_articles_all_columns_are_sent_as_statements_keep_them():
    assert sent(RowsTask(3, "articles", ROWS, read_fields=("text",))).rows.equals(ROWS)


def test_a_piece_of_a_table_is_sent_without_the_rest():
    large = pa.table({"text": ["x" * 100] * 10_000})
    task = RowsTask(0, "statements", large.slice(5000, 2), read_fields=("text",))
    assert len(pickle.dumps(task, protocol=5)) < 2000
    assert sent(task).rows.equals(large.slice(5000, 2))


@pytest.mark.parametrize(("items", "left"), [((), "abc"), ((1,), "ac"), ((0, 1, 2), "")])
def test_rows_that_are_taken_out_leave_the_others_in_order(items, left):
    assert RowsTask(0, "statements", ROWS).without(items).rows.column("text").to_pylist() == list(left)


@pytest.mark.parametrize("rows", [None, ROWS.slice(1)])
def test_scores_are_sent_with_the_statements_that_were_cut(rows):
    values = np.arange(4.0).reshape(2, 2)
    part = sent(ScoredPart(rows, Scores(np.arange(2), values, values, np.arange(2)), (), {"scoring": 0.5}))
    assert part.rows is None if rows is None else part.rows.equals(rows)
    assert part.scores.decisions.tolist() == values.tolist()
    assert part.seconds == {"scoring": 0.5}
