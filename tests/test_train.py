import json
import shlex
from pathlib import Path

import pytest

from stance.calibration import Uncalibrated
from stance.classifier import LinearSVC
from stance.dataset import Files
from stance.errors import DataError
from stance.evaluate import evaluate
from stance.features import Block, Features
from stance.search import NoSearch
from stance.split import ByArticle
from stance.train import print_outcome, train

BY_TARGET = Features(blocks={"word": Block(field="text"), "target": Block(field="target")})


def rows(**more: object) -> list[dict[str, object]]:
    labels = ("cooperative", "tense")
    return [
        {"text": f"statement {k} {labels[k % 2]}", "label": labels[k % 2], "article_id": f"a{k // 2}", **more}
        for k in range(40)
    ]


def written(path: Path, found: list[dict[str, object]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    return str(path)


def trained(path: str, output: Path, features: Features) -> None:
    train(
        dataset=Files(path=path),
        split=ByArticle(seed=1),
        features=features,
        classifier=LinearSVC(),
        calibration=Uncalibrated(),
        search=NoSearch(),
        seed=1,
        output=str(output),
    )


def test_a_column_called_target_is_read_without_being_named_where_the_features_or_the_model_need_it(tmp_path):
    path = written(tmp_path / "a.jsonl", rows(target="the accord"))
    trained(path, tmp_path / "run", BY_TARGET)
    model = str(tmp_path / "run" / "model")
    found = evaluate(model=model, dataset=Files(path=path), seed=1, output=str(tmp_path / "e"))
    assert found.metrics["n_statements"] == 40
    lacking = written(tmp_path / "b.jsonl", rows())
    with pytest.raises(DataError, match="no column 'target'"):
        evaluate(model=model, dataset=Files(path=lacking), seed=1, output=str(tmp_path / "f"))


@pytest.mark.parametrize("target", [None, 3])
def test_a_target_that_is_no_text_is_a_bad_row_only_where_targets_are_read(tmp_path, target):
    path = written(tmp_path / "a.jsonl", rows(target=target))
    with pytest.raises(DataError, match="40 bad rows"):
        trained(path, tmp_path / "run", BY_TARGET)
    trained(path, tmp_path / "run", Features(blocks={"word": Block()}))


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
