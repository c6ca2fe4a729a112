from pathlib import Path

import pytest

from stance.errors import DataError
from stance.execution import Local
from stance.prepare import prepare
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


def test_exports_of_press_databases_are_scored_as_they_come(scored, tmp_path):
    rows = [
        {"Headline": f"H{i}", "Date": f"{9 + i % 9:02d}/05/2023", "Publication": "P", "Texte": f"{text(i)}."}
        for i in range(40)
    ]
    archive = write_jsonl(tmp_path / "in.jsonl", rows)
    for name, part_rows in (("one", 10_000), ("many", 64)):
        account = scored(archive, f"{name}.jsonl", unit="article", part_rows=part_rows)
        assert account["scored"] == 40
        assert {name: n["n"] for name, n in account["coverage"]["years"].items()} == {"2023": account["rows"]}
        assert list(account["coverage"]["sources"]) == ["P"]
    assert digest(tmp_path / "one.jsonl") == digest(tmp_path / "many.jsonl")
    found = read_jsonl(tmp_path / "one.jsonl")
    assert all(row[name] == value for row in found[:1] for name, value in rows[0].items() if name != "Texte")
    assert [row["published_on"] for row in found[:2]] == ["2023-05-09", "2023-05-10"]


def test_a_page_is_an_article_also_where_rows_are_statements(scored, articles):
    assert scored(articles / "a.txt")["rows"] == 2


def test_the_one_page_that_is_named_must_be_one(scored, articles):
    with pytest.raises(DataError, match=r"c.html: is a PNG picture, not an article"):
        scored(articles / "c.html")


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_what_prepare_marks_as_no_statement_stays_without_a_score(scored, articles, tmp_path, capsys, suffix):
    prepared = tmp_path / f"prepared{suffix}"
    for page in ("b.html", "c.html"):
        (articles / page).unlink()
    prepare(input=str(articles), output=str(prepared))
    account = scored(prepared, output="prepared_scores.jsonl")
    scored(articles, unit="article")
    found, cut = read_jsonl(tmp_path / "prepared_scores.jsonl"), read_jsonl(tmp_path / "scores.jsonl")
    others = [row for row in found if row["kind"] in ("heading", "caption", "boilerplate")]
    assert others
    assert account["read"] == account["rows"] == len(found)
    assert account["not_statements"] == account["skipped"] == len(others)
    assert sum(account["coverage"]["predicted"].values()) == pytest.approx(1)
    assert f"{len(others)} headings, captions and boilerplate" in capsys.readouterr().out
    for row in others:
        assert row["status"] == "skipped"
        assert all(row[name] is None for name in ("predicted", "p_tense", "decision_tense", "n_known_terms"))
    wanted = ("statement_id", "text", "predicted", "p_tense", "status")
    scores = [[row[name] for name in wanted] for row in found if row not in others]
    assert scores == [[row[name] for name in wanted] for row in cut]
