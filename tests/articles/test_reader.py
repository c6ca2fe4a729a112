import gzip
import json
import os
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.articles import ArticleReader, Fields, articles_of_dataset, read_articles
from stance.errors import ConfigError, DataError
from stance.records import Article
from stance.tables import Skip
from tests.articles.pages import FRENCH, LEAD, page, paragraph

TEXT = f"Bamako rouvre ses frontières\n\n{LEAD}\n"


def articles(path, **settings):
    found = list(read_articles(path, **settings))
    assert all(isinstance(item, Article) for item in found)
    return found


def write_jsonl(path, *rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_text_file_is_one_article_with_its_text_as_it_stands(tmp_path):
    file = tmp_path / "l'été, 2024 #1=[a].txt"
    file.write_bytes(TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    [article] = articles(file)
    assert (article.article_id, article.text, article.title) == (
        file.name,
        TEXT,
        "Bamako rouvre ses frontières",
    )
    assert (article.lang, article.source, dict(article.metadata)) == ("und", None, {})


def test_a_web_page_is_one_article_with_its_metadata(tmp_path):
    file = tmp_path / "page.html"
    file.write_text(FRENCH, encoding="utf-8")
    [article] = articles(file)
    assert (article.article_id, article.title) == ("page.html", "Bamako rouvre ses frontières")
    assert (article.published_on, article.source) == ("2021-03-04", "Le Courrier de Meuse")
    assert dict(article.metadata) == {"author": "Jeanne Kervadec"}
    assert "motdescript" not in article.text


@pytest.mark.parametrize("name", ["page.HTM", "page.xhtml", "page.txt", "page"])
def test_a_web_page_is_known_by_its_content(tmp_path, name):
    file = tmp_path / name
    file.write_text(FRENCH, encoding="utf-8")
    assert LEAD in articles(file)[0].text


@pytest.mark.parametrize("name", ["article.html", "article.txt", "article", "article.md"])
def test_a_text_without_markup_is_read_as_text_whatever_its_name(tmp_path, name):
    file = tmp_path / name
    file.write_text(TEXT, encoding="utf-8")
    assert articles(file)[0].text == TEXT


def test_the_rows_of_a_table_are_articles_with_all_their_columns(tmp_path):
    file = write_jsonl(
        tmp_path / "export.jsonl",
        {
            "article_id": "a1",
            "text": "Un.",
            "title": "T",
            "lang": "fr",
            "published_on": "2020-01-02",
            "page": 3,
        },
        {"article_id": 7, "text": "Deux.", "source": "Le Courrier de Meuse", "tags": ["a", 1]},
        {"text": "Trois."},
    )
    first, second, third = articles(file)
    assert (first.article_id, first.text, first.title, first.lang) == ("a1", "Un.", "T", "fr")
    assert (first.published_on, first.metadata["page"]) == ("2020-01-02", 3)
    assert (second.lang, second.source, second.metadata["tags"]) == (
        "und",
        "Le Courrier de Meuse",
        '["a", 1]',
    )
    assert third.article_id == "export.jsonl:3"
    assert set(first.metadata) == {"article_id", "title", "lang", "published_on", "page", "source", "tags"}
    with pytest.raises(KeyError):
        first.metadata["text"]


def test_tables_of_every_kind_are_read(tmp_path):
    (tmp_path / "a.csv").write_text("id;corps\n1;Un.\n", encoding="utf-8")
    with gzip.open(tmp_path / "b.jsonl.gz", "wt", encoding="utf-8") as packed:
        packed.write('{"id": "2", "corps": "Deux."}\n')
    rows = pa.table({"id": ["3"], "corps": ["Trois."], "published_on": [date(2020, 1, 2)]})
    pq.write_table(rows, tmp_path / "c.parquet")
    reader = ArticleReader(tmp_path, fields=Fields(text="corps", article_id="id"), delimiter=";")
    found = list(reader)
    assert [(a.article_id, a.text) for a in found] == [("1", "Un."), ("2", "Deux."), ("3", "Trois.")]
    assert found[2].published_on == "2020-01-02"
    assert reader.bytes_read == reader.size_bytes > 0


def test_bad_rows_are_skips_and_every_row_is_accounted_for(tmp_path):
    file = tmp_path / "export.jsonl"
    file.write_text(
        '{"text": "Un."}\n{"text": ""}\nnot json\n{"text": "Deux."}\n{"body": "x"}\n', encoding="utf-8"
    )
    found = list(read_articles(file))
    assert [item.text for item in found if isinstance(item, Article)] == ["Un.", "Deux."]
    assert [item.line for item in found if isinstance(item, Skip)] == [2, 3, 5]


def test_a_folder_is_read_with_all_below_it_in_order_each_file_once(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/b/c.html", "a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(
            page(paragraph(LEAD)) if name.endswith("html") else TEXT, encoding="utf-8"
        )
    (tmp_path / ".hidden.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "link.txt").symlink_to(tmp_path / "b.txt")
    os.link(tmp_path / "b.txt", tmp_path / "c.txt")
    found = list(read_articles(tmp_path))
    assert [a.article_id for a in found if isinstance(a, Article)] == [
        "a/b/c.html",
        "a/z.txt",
        "a.txt",
        "b.txt",
    ]
    left_out = {Path(item.file).name: item.reason for item in found if isinstance(item, Skip)}
    assert set(left_out) == {".hidden.txt", "photo.png", "link.txt", "c.txt"}
    assert left_out["link.txt"] == "is a link"


def test_a_pattern_takes_the_files_that_match(tmp_path):
    for name in ("2020/a.txt", "2020/b.html", "2021/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert [a.article_id for a in articles(f"{tmp_path}/*/*.txt")] == ["2020/a.txt", "2021/a.txt"]


BAD_FILES = {
    "latin.txt": ("Réunion à Genève".encode("windows-1252"), "windows-1252 fits"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "is a PNG picture"),
    "paper.html": (b"%PDF-1.7 ...", "is a PDF document"),
    "empty.txt": (b"", "holds no text"),
    "blank.txt": (b" \n\n ", "holds no text"),
    "empty.html": (b"<html><body></body></html>", "holds no article text"),
    "zero.txt": (b"abc\0" + b"x" * 99, "zero byte"),
    "broken.jsonl": (b"\x89PNG\r\n\x1a\n", "is a PNG picture"),
    "without.csv": (b"id,summary\n1,a\n", "has no column 'text'"),
    "huge.txt": (b"a" * ((16 << 20) + 1), "is longer than 16 MiB"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_is_an_error_if_named_and_a_skip_in_a_folder(tmp_path, name):
    content, reason = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=reason) as caught:
        list(read_articles(tmp_path / name))
    assert str(tmp_path / name) in str(caught.value)
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    found = {type(item).__name__: item for item in read_articles(tmp_path)}
    assert found["Article"].article_id == "good.txt"
    assert reason in found["Skip"].reason
    assert found["Skip"].file == str(tmp_path / name)
    assert found["Skip"].fix


def test_an_encoding_that_is_given_counts_for_all_text(tmp_path):
    (tmp_path / "a.txt").write_bytes("Réunion à Genève.".encode("windows-1252"))
    (tmp_path / "b.csv").write_bytes("text\nÉchec à Genève.\n".encode("windows-1252"))
    texts = [a.text for a in articles(tmp_path, encoding="windows-1252")]
    assert texts == ["Réunion à Genève.", "Échec à Genève."]


def test_longer_articles_than_allowed_are_skipped(tmp_path):
    (tmp_path / "a.txt").write_text("abc", encoding="utf-8")
    (tmp_path / "b.txt").write_text("abcd", encoding="utf-8")
    write_jsonl(tmp_path / "c.jsonl", {"text": "abc"}, {"text": "abcd"})
    found = list(ArticleReader(tmp_path, max_chars=3))
    assert [item.text for item in found if isinstance(item, Article)] == ["abc", "abc"]
    assert sum(isinstance(item, Skip) for item in found) == 2


def test_ids_are_only_names(tmp_path):
    ids = ["../../etc/passwd", "/abs", "a\nb", "CON", "x" * 5000, "\x1b[31m"]
    file = write_jsonl(tmp_path / "a.jsonl", *({"article_id": i, "text": "Un."} for i in ids))
    assert [a.article_id for a in articles(file)] == ids
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl"]


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("nothing.txt", DataError, "no such file"),
        ("https://example.org/a.html", ConfigError, "no connection was made"),
        ("*.html", DataError, "matches no file"),
    ],
)
def test_a_path_that_leads_nowhere_is_an_error(tmp_path, monkeypatch, path, error, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=message):
        list(read_articles(path))


def test_a_hugging_face_dataset_is_read_row_by_row():
    from datasets import Dataset

    dataset = Dataset.from_dict({"body": ["Un.", " ", "Trois."], "id": ["a", "b", ""], "page": [1, 2, 3]})
    found = list(articles_of_dataset(dataset, Fields(text="body", article_id="id")))
    assert [(a.article_id, a.text, a.metadata["page"]) for a in found if isinstance(a, Article)] == [
        ("a", "Un.", 1),
        ("dataset:3", "Trois.", 3),
    ]
    assert [skip.line for skip in found if isinstance(skip, Skip)] == [2]
    with pytest.raises(DataError, match="has no column 'text'"):
        list(articles_of_dataset(dataset))
