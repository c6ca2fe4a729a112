"""A folder of articles of every kind."""

import json

import pytest

from tests.articles.pages import FRENCH, LEAD

TEXT = f"Bamako rouvre ses frontières\n\n{LEAD} « Un pont », a dit le ministre Amadou Sissaye.\n"


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles, été #1"
    (folder / "2021").mkdir(parents=True)
    (folder / "2021" / "page.html").write_text(FRENCH, encoding="utf-8")
    (folder / "bamako.txt").write_text(TEXT, encoding="utf-8")
    rows = [
        {
            "article_id": "../x",
            "text": "Rome protests. Mali agreed, the envoy said.",
            "lang": "en",
            "page": 3,
        },
        {"article_id": "y", "text": "", "page": 4},
        {"article_id": "y", "text": "Le Niger écoute.", "page": "5"},
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "export.jsonl").write_text(lines, encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    return folder
