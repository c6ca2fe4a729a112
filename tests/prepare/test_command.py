import json
import os
from pathlib import Path

import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from stance.errors import ConfigError, DataError, OutputError
from stance.predictions.lock import locked
from stance.predictions.manifest import parts_folder
from stance.prepare import command, cutting, prepare, tasks
from tests.articles.pages import LEAD
from tests.prepare.conftest import TEXT
from tests.programs import run


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_articles_of_every_kind_become_statements_with_an_account(articles, tmp_path, capsys):
    output = tmp_path / "out put=é.jsonl"
    account = prepare(input=str(articles), output=str(output), max_skipped=0.5)
    rows = read(output)
    assert (account.read, account.written, account.skipped, account.left_out) == (5, 4, 1, 1)
    assert {row["article_id"] for row in rows} == {"2021/page.html", "bamako.txt", "../x", "y"}
    assert len({row["statement_id"] for row in rows}) == len(rows)
    assert sum(account.spans.values()) == len(rows)
    kinds = {row["kind"] for row in rows if row["article_id"] == "bamako.txt"}
    assert "heading" in kinds
    for row in rows:
        if row["article_id"] == "bamako.txt":
            assert TEXT[row["start"] : row["end"]] == row["text"]
    [page] = [row for row in rows if row["text"] == LEAD and row["title"] and row["source"]]
    assert (page["source"], page["published_on"]) == ("Le Courrier de Meuse", "2021-03-04")
    assert [row["page"] for row in rows if row["article_id"] in ("../x", "y")] == [3, 3, "5"]
    skips = read(tmp_path / "out put=é.skips.jsonl")
    assert [(Path(s["file"]).name, s["line"], bool(s["reason"] and s["fix"])) for s in skips] == [
        ("photo.jpg", 0, True),
        ("export.jsonl", 2, True),
    ]
    shown = capsys.readouterr().out
    assert "Read 5: 4 written, 1 skipped, 1 other files left out" in shown
    assert "with speaker" in shown
    assert f"input='{output}'" in shown
    assert sorted(p.name for p in tmp_path.iterdir()) == [articles.name, output.name, "out put=é.skips.jsonl"]


def test_every_format_holds_the_same_rows(articles, tmp_path):
    for suffix in ("jsonl", "parquet", "csv"):
        prepare(input=str(articles), output=str(tmp_path / f"o.{suffix}"), max_skipped=0.5)
    rows = read(tmp_path / "o.jsonl")
    stored = pq.read_table(tmp_path / "o.parquet")
    assert stored.drop_columns("page").to_pylist() == [
        {k: v for k, v in row.items() if k != "page"} for row in rows
    ]
    assert pc.read_csv(tmp_path / "o.csv").column("statement_id").to_pylist() == [
        r["statement_id"] for r in rows
    ]


def test_a_unit_may_be_a_paragraph(tmp_path):
    (tmp_path / "a.txt").write_text("Rome se tait. Le Mali parle.\n\nLe Niger écoute.", encoding="utf-8")
    prepare(input=str(tmp_path / "a.txt"), output=str(tmp_path / "o.jsonl"), unit="paragraphs")
    assert [row["text"] for row in read(tmp_path / "o.jsonl")] == [
        "Rome se tait. Le Mali parle.",
        "Le Niger écoute.",
    ]


def test_articles_with_one_id_are_all_kept_and_counted(tmp_path, capsys):
    (tmp_path / "a.jsonl").write_text('{"article_id": "a", "text": "Rome se tait."}\n' * 3, encoding="utf-8")
    assert prepare(input=str(tmp_path / "a.jsonl"), output=str(tmp_path / "o.jsonl")).repeated_ids == 2
    assert len(read(tmp_path / "o.jsonl")) == 3
    assert "2 articles have the id of another" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("output", "error", "message"),
    [
        ("o.xlsx", ConfigError, "a name that ends in one of"),
        ("missing/o.jsonl", OutputError, "cannot be written"),
        ("articles, été #1", OutputError, "it is a folder"),
        ("articles, été #1/export.jsonl", ConfigError, "which is read as input"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_anything_is_written(
    articles, tmp_path, output, error, message
):
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(error, match=message):
        prepare(input=str(articles), output=str(tmp_path / output))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_output_that_another_run_writes_is_refused(articles, tmp_path):
    output = tmp_path / "o.jsonl"
    with locked(parts_folder(output), str(output)), pytest.raises(OutputError, match="another run"):
        prepare(input=str(articles), output=str(output))


def test_nothing_to_read_is_an_error_and_leaves_no_output(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "a" / "y.html").write_bytes(b"<html></html>")
    with pytest.raises(
        DataError, match=r"no article could be read \(2 skipped, first .*x\.txt: is a PNG picture"
    ):
        prepare(input=str(tmp_path / "a"), output=str(tmp_path / "o.jsonl"))
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_run_that_fails_leaves_the_old_output_and_no_parts(articles, tmp_path, monkeypatch):
    output = tmp_path / "o.jsonl"
    output.write_text("old", encoding="utf-8")
    monkeypatch.setattr(tasks, "TASK_ITEMS", 1)
    monkeypatch.setattr(command, "PART_BYTES", 1)
    whole = cutting.statement_table
    calls = iter(range(9))

    def failing(*args, **settings):
        if next(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args, **settings)

    monkeypatch.setattr(cutting, "statement_table", failing)
    with pytest.raises(KeyboardInterrupt):
        prepare(input=str(articles), output=str(output))
    assert output.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == [articles.name, "o.jsonl"]


def test_what_a_killed_run_left_is_removed(articles, tmp_path):
    parts = parts_folder(tmp_path / "o.jsonl")
    parts.mkdir()
    for name in ("00000000.arrows", "finished.jsonl", "skips.jsonl", ".ab.partial"):
        (parts / name).write_text("stale", encoding="utf-8")
    prepare(input=str(articles), output=str(tmp_path / "o.jsonl"), max_skipped=0.5)
    assert not parts.exists()


def test_the_program_ends_with_the_status_of_what_went_wrong(articles, tmp_path):
    done = run("prepare", f"input={articles}", "output=o.jsonl", cwd=tmp_path)
    assert (done.returncode, "Read 5: 4 written, 1 skipped" in done.stdout) == (6, True), done.stderr
    assert "export.jsonl, line 2: text is empty" in done.stderr
    done = run("prepare", f"input={articles}", "output=o.jsonl", "languages=[fr,xx]", cwd=tmp_path)
    assert (done.returncode, "'xx' cannot be identified" in done.stderr) == (2, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_refused(articles, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(OutputError):
        prepare(input=str(articles), output=str(tmp_path / "closed" / "o.jsonl"))
