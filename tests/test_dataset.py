import json
import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest

from stance.dataset import Files, Hub
from stance.dataset.labels import check_distinct
from stance.dataset.sources import Auxiliary
from stance.errors import ConfigError, DataError


def table(tmp_path: Path, rows: list[object], name: str = "d.jsonl") -> str:
    path = tmp_path / name
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return str(path)


def rows(*labels: object) -> list[object]:
    return [{"text": f"statement number {i}", "label": label} for i, label in enumerate(labels)]


GOOD = ["a", "b", "a", "b"]


def test_rows_come_out_with_class_labels_ids_and_their_metadata(tmp_path):
    given = [
        {"body": "one", "tone": "tense", "doc": "d1", "topic": "gas", "n": 3},
        {"body": "two", "tone": "cooperative", "doc": "d1", "topic": None, "n": 4},
        {"body": "three", "tone": "tense", "doc": None, "topic": "sea", "n": None},
        {"body": "four", "tone": "cooperative", "doc": "d2", "topic": "sea", "n": 12345678901234567890123},
    ]
    found = Files(path=table(tmp_path, given), text_field="body", label_field="tone", article_field="doc")()
    assert found.classes == ("cooperative", "tense")
    assert found.rows["label"][:] == [1, 0, 1, 0]
    articles = found.rows["article_id"][:]
    assert (articles[:2], articles[3]) == (["d1", "d1"], "d2")
    assert articles[2].startswith("text-")
    assert found.rows["statement_id"][:] == ["d1:1", "d1:2", f"{articles[2]}:1", "d2:1"]
    assert found.rows["n"][:] == ["3", "4", None, "12345678901234567890123"]


@pytest.mark.parametrize("name", ["d.jsonl", "d.csv"])
def test_classes_called_na_no_and_none_are_names(tmp_path, name):
    labels = ["NA", "no", "None", "NA", "no", "None"]
    if name == "d.csv":
        path = tmp_path / name
        path.write_text("text,label\n" + "".join(f"text {i},{x}\n" for i, x in enumerate(labels)))
        found = Files(path=str(path))()
    else:
        found = Files(path=table(tmp_path, rows(*labels)))()
    assert found.classes == ("NA", "None", "no")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([*GOOD, None], "d.jsonl, line 5: the label is missing (1 such row)"),
        ([*GOOD, ""], "line 5: the label is missing"),
        ([*GOOD, " "], "line 5: the label is missing"),
        ([*GOOD, "nan"], "line 5: the label is missing"),
        ([1, "1", 1, "1"], "line 2: column 'label' mixes texts with numbers"),
        (["a", "b", "a", 3], "line 4: column 'label' mixes texts with numbers"),
        ([True, False, True, False], "true or false"),
        ([1.5, 2.5, 1.5, 2.5], "texts are needed"),
        (["a"] * 4, "4 statements of 1 class ('a': 4)"),
        (["a"], "1 statements of 1 class"),
        (["a", "b"], "2 classes in 2 statements"),
        (["a", "b", "c", "d"], "labels are meant to repeat"),
        (["a", "a", "a", "b"], "too few statements for a class ('b': 1)"),
        (["tense", "Tense", "a", "a"], "differ only in case"),
        (["a", "b", "a", "A"], "line 1: label 'a' and label 'A' of"),
        (["tense", "tense ", "tеnse", "a"], "line 3: label 'tеnse' ('t\\u0435nse') and label 'tense' of"),
        (["é", "é\u200b\u0301", "a", "a"], "labels"),
        (["a", "b", "a", "b" * 201], "line 4: the label in column 'label' has more than 200 characters"),
    ],
)
def test_labels_that_cannot_be_learned_from_are_refused(tmp_path, labels, message):
    with pytest.raises(DataError) as refusal:
        Files(path=table(tmp_path, rows(*labels)))()
    assert message in str(refusal.value)


def test_labels_equal_after_normalisation_are_one_class(tmp_path):
    found = Files(path=table(tmp_path, rows("cafe\u0301", "café ", "b", "b")))()
    assert found.classes == ("b", "café")


def test_a_label_outside_the_classes_is_counted_and_placed(tmp_path):
    path = table(tmp_path, rows("a", "b", "a", "tensed", "b", "tensed"))
    with pytest.raises(DataError, match=r"line 4: labels that are not among .*'tensed': 2.*dataset=files"):
        Files(path=path, classes=("a", "b"))()
    assert Files(path=path, classes=("a", "b"), drop_labels=("tensed",))().rows.num_rows == 4


def test_evaluation_takes_the_order_of_the_models_classes_and_may_lack_one(tmp_path):
    found = Files(path=table(tmp_path, rows("a", "b", "a")))(classes=("z", "b", "a"))
    assert found.rows["label"][:] == [2, 1, 2]
    with pytest.raises(DataError, match=r"dataset.drop_labels=\[b\]"):
        Files(path=table(tmp_path, rows("a", "b", "a")))(classes=("a", "c"))


def test_bad_rows_stop_training_or_are_skipped_and_counted(tmp_path, caplog):
    path = table(tmp_path, [*rows(*GOOD), '{"text": "cut', '{"label": "a"}', {"text": 3, "label": "a"}])
    with pytest.raises(DataError, match=r"line 5.*3 bad rows"):
        Files(path=path)()
    found = Files(path=path, on_bad_row="skip")()
    assert (found.rows.num_rows, [skip.line for skip in found.skips]) == (4, [5, 6, 7])
    assert "3 bad rows left out\n  line 5: " in caplog.text


def test_a_missing_column_names_those_there_are_and_the_setting(tmp_path):
    path = table(tmp_path, [{"text": "a", "labels": "b"}] * 3)
    with pytest.raises(DataError, match=r"no column 'label'.*Did you mean 'labels'.*dataset.label_field"):
        Files(path=path)()


def test_repeated_texts_and_conflicting_labels_are_reported(tmp_path, caplog):
    path = table(tmp_path, [{"text": "same", "label": x} for x in "abab"] + rows(*GOOD))
    with caplog.at_level(logging.WARNING, "stance"):
        Files(path=path)()
    assert "3 rows repeat a text" in caplog.text
    assert "1 of these texts carry different labels" in caplog.text


def test_the_fingerprint_follows_content_not_place(tmp_path):
    one = Files(path=table(tmp_path, rows(*GOOD), "one.jsonl"))()
    two = Files(path=table(tmp_path, rows(*GOOD), "two.jsonl"))()
    other = Files(path=table(tmp_path, rows("b", "a", "a", "b"), "three.jsonl"))()
    assert one.fingerprint == two.fingerprint != other.fingerprint


@pytest.mark.parametrize("classes", [("a",), ("a", "a"), ("a", "A"), ("a", ""), ("a", "NaN")])
def test_classes_that_are_not_different_are_refused(classes):
    with pytest.raises((ConfigError, DataError)):
        Files(path="x", classes=classes)


def test_look_alikes_across_scripts_are_one_label():
    with pytest.raises(DataError, match=re.escape("look-alike")):
        check_distinct({"cooperative": "x, line 1", "сooperative": "x, line 7"})


def test_several_files_are_read_as_one_and_each_row_keeps_its_place(tmp_path):
    one = table(tmp_path, rows(*GOOD), "one.jsonl")
    two = table(tmp_path, [{"text": "more", "label": "a", "topic": "sea"}], "two.jsonl")
    found = Files(path=(one, two))()
    assert found.rows["label"][:] == [0, 1, 0, 1, 0]
    assert found.rows["topic"][:] == [None] * 4 + ["sea"]
    broken = table(tmp_path, [*rows(*GOOD), {"text": "x", "label": ""}], "broken.jsonl")
    with pytest.raises(DataError, match="broken.jsonl, line 5: the label is missing"):
        Files(path=(one, broken))()
    with pytest.raises(DataError, match="no rows in .*empty.jsonl|empty"):
        Files(path=(one, table(tmp_path, [], "empty.jsonl")))()


def test_a_path_with_a_comma_is_one_path():
    assert Files(path="a.jsonl,b.jsonl").paths == ("a.jsonl,b.jsonl",)


def test_advice_of_the_readers_names_the_settings_of_a_dataset(tmp_path):
    path = tmp_path / "a.csv"
    for content, advice in (
        (b"text;label\na b;tense\n", "set dataset.delimiter=';'"),
        (b"text,label\n" + "l’été,tense\n".encode("cp1252") * 9, "Set dataset.encoding=windows-1252"),
        (b"body,label\na b,tense\n", "dataset.text_field="),
    ):
        path.write_bytes(content)
        with pytest.raises(DataError, match=re.escape(advice)):
            Files(path=str(path))()


def test_a_label_that_is_read_without_what_cannot_be_seen_is_reported(tmp_path, caplog):
    path = tmp_path / "a.csv"
    path.write_text("text,label\na,x\nb, x\nc,y\nd,y\u200b\n", encoding="utf-8")
    assert Files(path=str(path))().classes == ("x", "y")
    assert "line 3: label read without" in caplog.text
    assert "(2 such rows)" in caplog.text


def test_a_column_whose_name_a_dataset_would_cut_is_refused(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "a b", "label": "x", "a\\u0000b": 1}\n')
    with pytest.raises(DataError, match=r"a.jsonl: the name of column 'a\\x00b' holds a NUL"):
        Files(path=str(tmp_path / "a.jsonl"))()


def test_columns_that_a_dataset_does_not_know_become_text(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"text": list("abcd"), "label": list("xyxy")}
    maps = pa.array([[("a", 1)], None, [], [("b", 2)]], pa.map_(pa.string(), pa.int64()))
    pq.write_table(pa.table(columns | {"map": maps}), tmp_path / "a.parquet")
    assert Files(path=str(tmp_path / "a.parquet"))().rows["map"][:] == ['[["a",1]]', None, "[]", '[["b",2]]']


@pytest.mark.parametrize("name", ["pandas", "../x", "https://example.org/x", "here/there", "/tmp", "a/b/c"])
def test_only_the_name_of_a_hub_dataset_leads_to_the_hub(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here" / "there").mkdir(parents=True)
    with pytest.raises(ConfigError, match="owner/name, is needed"):
        Hub(path=name)()


def test_auxiliary_statements_are_read_with_the_classes_of_the_dataset_and_only_for_training(tmp_path):
    other = table(
        tmp_path, [{"body": f"other {i}", "label": label} for i, label in enumerate("babac")], "o.jsonl"
    )
    auxiliary = {"other": Auxiliary(path=other, text_field="body", drop_labels=("c",), weight=0.25)}
    files = Files(path=table(tmp_path, rows(*GOOD)), classes=("b", "a"), auxiliary=auxiliary)
    (found,) = files().auxiliary
    assert (found.name, found.weight, found.classes) == ("other", 0.25, ("b", "a"))
    assert found.rows["text"][:] == [f"other {i}" for i in range(4)]
    assert found.rows["label"][:] == [0, 1, 0, 1]
    assert files(("b", "a")).auxiliary == ()
    assert files().fingerprint == files(("b", "a")).fingerprint


def test_the_classes_averaged_are_classes_of_the_dataset(tmp_path):
    files = Files(path=table(tmp_path, rows(*GOOD)), averaged=("a",))
    assert files().averaged == ("a",)
    with pytest.raises(ConfigError, match=r"dataset.averaged: 'c' is not one of \['a', 'b'\]"):
        replace(files, averaged=("c",))()


def test_auxiliary_statements_may_be_those_of_one_language(tmp_path):
    given = [{"text": f"t{i}", "label": "ab"[i // 2 % 2], "lang": ("fr", "en")[i % 2]} for i in range(8)]
    other = table(tmp_path, given, "o.jsonl")
    found = Auxiliary(path=other, lang="en", weight=0.1).read("other", ("a", "b"))
    assert found.rows["text"][:] == ["t1", "t3", "t5", "t7"]
    with pytest.raises(DataError, match=r"dataset.auxiliary.other: no statement is in 'es'"):
        Auxiliary(path=other, lang="es", weight=0.1).read("other", ("a", "b"))
