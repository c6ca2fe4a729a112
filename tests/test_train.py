import shlex
from pathlib import Path

import pytest

from stance.dataset import Files
from stance.train import print_outcome


@pytest.mark.parametrize(
    ("columns", "evaluated", "scored"),
    [
        ({}, [], []),
        ({"target_field": "target"}, ["dataset.target_field=target"], ["target_field=target"]),
        (
            {"text_field": "la phrase", "label_field": "classe", "article_field": None},
            ["dataset.text_field=la phrase", "dataset.label_field=classe", "dataset.article_field=null"],
            ["text_field=la phrase"],
        ),
    ],
)
def test_the_commands_to_go_on_with_work_as_printed_for_tables_like_the_dataset(
    columns, evaluated, scored, capsys, monkeypatch
):
    monkeypatch.setattr("stance.train.print_metrics", lambda metrics: None)
    print_outcome(Path("my run, é=1"), {}, Files(path="a.csv", **columns))
    *_, evaluate, score = (line.partition(":")[2] for line in capsys.readouterr().out.splitlines())
    model = "model=my run, é=1/model"
    assert shlex.split(evaluate) == [
        *("stance", "evaluate", model, "dataset=files", "dataset.path=HELD_OUT.jsonl"),
        *evaluated,
    ]
    assert shlex.split(score) == [
        *("stance", "score", model, "input=ARCHIVE.jsonl", "output=scores.parquet"),
        *scored,
    ]
