import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from stance.calibration import Uncalibrated
from stance.classifier import LinearSVC
from stance.dataset import Files, LabelledDataset
from stance.errors import DataError
from stance.evaluate import evaluate
from stance.features import Block, Features
from stance.search import NoSearch
from stance.split import ByArticle, ByDate, KFold, LeaveOneOut, Parts
from stance.train import print_outcome, split_table, train
from tests.split.builders import press_archive

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


def stored_folds(rows):
    """The parts of each fold as a table of splits says."""
    numbers = sorted({row["fold"] for row in rows} - {None})
    for k in numbers:
        part = [row["part"] if len(numbers) == 1 or row["fold"] == k else "train" for row in rows]
        part = ["left_out" if k in row["left_out_of"] else name for row, name in zip(rows, part, strict=True)]
        yield Parts(*(np.flatnonzero(np.asarray(part) == name) for name in Parts.__annotations__))


@pytest.mark.parametrize("split", [KFold(n_folds=3, seed=1), LeaveOneOut(), ByDate(calibrate_from=0.2)])
def test_all_folds_can_be_made_again_from_the_table_of_splits(split):
    rows = press_archive()
    rows = rows.add_column("statement_id", [f"s{i}" for i in range(len(rows))])
    parts = split(rows)
    found = list(stored_folds(split_table(LabelledDataset("made", rows), parts).to_pylist()))
    assert len(found) == len(parts.folds)
    assert any(len(fold.left_out) for fold in parts.folds) == (not isinstance(split, KFold))
    for ours, theirs in zip(found, parts.folds, strict=True):
        assert all(
            np.array_equal(*pair) for pair in zip(vars(ours).values(), vars(theirs).values(), strict=True)
        )
