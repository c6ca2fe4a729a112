from pathlib import Path

import pytest

from stance.errors import DataError
from stance.execution import Local
from tests.predictions.builders import (
    read_jsonl,
    text,
    write_jsonl,
)
from tests.score.files import digest


@pytest.fixture
def articles(tmp_path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "Un accord à Genève\n\nLes ministres ont signé un accord. L'armée a attaqué le port, selon M. Dupont.\n",
        encoding="utf-8",
    )
    body = "<p>" + "Both sides welcomed the ceasefire and agreed to talks. " * 9 + "</p>"
    (folder / "b.html").write_text(
        f"<html lang=en><title>T</title><article><h1>T</h1>{body}</article></html>"
    )
    (folder / "c.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    return folder


def test_articles_are_cut_into_statements_that_point_back_into_them(scored, articles, tmp_path):
    account = scored(articles, engine=Local(), workers=1, unit="article", max_skipped=0.5)
    assert (account["read"], account["scored"], account["skipped"]) == (3, 2, 1)
    assert [Path(skip["file"]).name for skip in account["skips"]] == ["c.html"]
    found = read_jsonl(tmp_path / "scores.jsonl")
    source = (articles / "a.txt").read_text(encoding="utf-8")
    own = [row for row in found if row["article_id"] == "a.txt"]
    assert [row["text"] for row in own] == [
        "Les ministres ont signé un accord.",
        "L'armée a attaqué le port, selon M. Dupont.",
    ]
    for row in own:
        assert source[row["start"] : row["end"]] == row["text"]
        assert row["statement_id"] == f"a.txt:{row['start']}-{row['end']}"
    assert {row["kind"] for row in found} <= {"direct", "indirect", "narration"}
    assert account["rows"] == len(found)


def test_articles_in_rows_keep_their_columns_with_every_statement(scored, tmp_path):
    records = [
        {
            "article_id": f"x{i}",
            "text": f"{text(i).capitalize()}. The talks go on.",
            "note": {"k": i},
            "source": "s",
        }
        for i in range(40)
    ]
    for name, part_rows in (("one", 10_000), ("many", 64)):
        scored(
            write_jsonl(tmp_path / "in.jsonl", records), f"{name}.jsonl", unit="article", part_rows=part_rows
        )
    assert digest(tmp_path / "one.jsonl") == digest(tmp_path / "many.jsonl")
    found = read_jsonl(tmp_path / "one.jsonl")
    assert list(dict.fromkeys(row["article_id"] for row in found)) == [f"x{i}" for i in range(40)]
    assert all(row["note"] == {"k": int(row["article_id"][1:])} for row in found)


def test_a_page_is_an_article_also_where_rows_are_statements(scored, articles):
    assert scored(articles / "a.txt")["rows"] == 2


def test_the_one_page_that_is_named_must_be_one(scored, articles):
    with pytest.raises(DataError, match=r"c.html: is a PNG picture, not an article"):
        scored(articles / "c.html")
