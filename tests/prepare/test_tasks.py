import json
import pickle

import pytest

from stance.articles import ArticleReader
from stance.articles.rows import Row
from stance.prepare import tasks
from stance.prepare.tasks import ArticlesTask, Placed, looked_into, tasks_of
from stance.statements import statement_table


def table(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def many(tmp_path):
    rows = [{"article_id": f"a{k}", "text": "Rome se tait. " * 10, "n": k, "any": [k]} for k in range(50)]
    return table(tmp_path / "many.jsonl", rows)


def test_tasks_hold_all_that_was_read_in_order(articles):
    [task] = tasks_of(ArticleReader(articles))
    assert [article.article_id for article in task.articles] == ["2021/page.html", "bamako.txt", "../x", "y"]
    places = [(file.rpartition("/")[2], line) for _, file, line in task.placed]
    assert places == [("page.html", 0), ("bamako.txt", 0), ("export.jsonl", 1), ("export.jsonl", 3)]
    assert [(skip.line, skip.reason) for skip in task.skips] == [(2, "is empty")]
    assert task.bytes_read == sum(path.stat().st_size for path in articles.rglob("*.[htj][txs]*"))


@pytest.mark.parametrize(("chars", "items", "expected"), [(700, 99, 5), (99_999, 8, 8), (1, 99, 1)])
def test_a_task_ends_before_it_has_too_much(many, monkeypatch, chars, items, expected):
    monkeypatch.setattr(tasks, "TASK_CHARS", chars)
    monkeypatch.setattr(tasks, "TASK_ITEMS", items)
    sizes = [len(task) for task in tasks_of(ArticleReader(many))]
    assert sizes == [expected] * (50 // expected) + [50 % expected] * bool(50 % expected)


def test_the_reading_is_as_far_as_the_tasks_are(many, monkeypatch):
    monkeypatch.setattr(tasks, "TASK_ITEMS", 10)
    read = [task.bytes_read / many.stat().st_size for task in tasks_of(ArticleReader(many))]
    assert read == pytest.approx([0.22, 0.42, 0.62, 0.82, 1], abs=0.01)


def test_a_task_that_has_travelled_gives_the_same_statements(articles):
    (articles / "2021" / "page.html").write_text("Le Mali parle.", encoding="utf-8")
    [task] = tasks_of(ArticleReader(articles))
    arrived = pickle.loads(pickle.dumps(task))
    ours, theirs = statement_table(task.articles), statement_table(arrived.articles)
    assert theirs.equals(ours)
    assert theirs.schema.equals(ours.schema, check_metadata=True)


def test_an_article_travels_without_the_rows_of_others(many):
    [task] = tasks_of(ArticleReader(many))
    [article] = pickle.loads(pickle.dumps(task.take([33]))).articles
    assert isinstance(article.metadata, Row)
    assert article.metadata.table.num_rows == 1
    assert dict(article.metadata) == {"article_id": "a33", "n": 33, "any": "[33]"}


def test_a_look_into_the_tasks_takes_none_of_them(many, monkeypatch):
    monkeypatch.setattr(tasks, "TASK_ITEMS", 10)
    for limit, expected in ((6999, False), (7000, True)):
        monkeypatch.setattr(tasks, "SMALL_CHARS", limit)
        found, is_small = looked_into(tasks_of(ArticleReader(many)))
        assert (is_small, [len(task) for task in found]) == (expected, [10] * 5)


def test_a_look_into_tasks_without_text_holds_few_of_them():
    tasks_without_text = iter([ArticlesTask(())] * 1000)
    found, is_small = looked_into(tasks_without_text)
    assert not is_small
    assert sum(1 for _ in tasks_without_text) == 1000 - tasks.SMALL_TASKS - 1
    assert sum(1 for _ in found) == tasks.SMALL_TASKS + 1


def test_a_task_says_where_it_is_from(many):
    [task] = tasks_of(ArticleReader(many))
    assert str(task) == f"{many}, line 1 to line 50"
    page = Placed(task.articles[0], "a.txt", 0)
    assert str(ArticlesTask((page,))) == "a.txt"
    assert str(ArticlesTask((page, task.placed[1]))) == f"a.txt to {many}, line 2"
