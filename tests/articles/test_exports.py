"""Exports of press databases are read as they come; what is not sure stays as it is, and is said."""

import csv
import logging
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.articles import Fields, read_article_rows, read_articles
from stance.articles.exports import recognised
from stance.errors import DataError

BODY = "Les ministres ont signé un accord."


def write_csv(path, head, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def facts(path, **settings):
    return [(a.title, a.published_on, a.source) for a in read_articles(path, **settings)]


def days(path):
    return [article.published_on for article in read_articles(path)]


@pytest.mark.parametrize(
    ("head", "written"),
    [
        (["Headline", "Load-Date", "Publication", "Full-Text"], "March 4, 2023 Saturday"),
        (["HEADLINE", "Publication date", "Publisher", "Full Text"], "4 March 2023"),
        (["Titre", "Date de publication", "Journal", "Texte"], "4 mars 2023"),
        (["titre", "DATE", "Source", "Texte intégral"], "samedi 4 mars 2023"),
        (["Title", "Published", "source_", "full_text"], "2023-03-04T00:00:00Z"),
        (["title", "publication_date", "source", "text"], "20230304"),
    ],
)
def test_columns_of_press_databases_are_recognised(tmp_path, head, written):
    file = write_csv(tmp_path / "export.csv", head, ["Un accord", written, "Le Courrier", BODY])
    assert facts(file) == [("Un accord", "2023-03-04", "Le Courrier")]
    [article] = read_articles(file)
    assert article.text == BODY
    kept = [name for name in head if article.metadata.get(name) in ("Un accord", written, "Le Courrier")]
    assert kept == head[:3]


def test_our_names_come_first_and_columns_that_have_them_are_not_touched(tmp_path):
    head = ["text", "published_on", "Date", "Full-Text", "title", "Headline"]
    file = write_csv(tmp_path / "a.csv", head, [BODY, "4 mars 2023", "5 mars 2023", "no", "own", "no"])
    [article] = read_articles(file)
    assert (article.text, article.published_on, article.title) == (BODY, "4 mars 2023", "own")
    assert list(article.metadata) == ["published_on", "Date", "Full-Text", "title", "Headline"]


def test_the_day_of_publication_is_preferred_to_that_of_loading():
    names = ["Load-Date", "Publication date", "Publisher", "Source"]
    assert recognised(names, "x") == {"published_on": "Publication date", "source": "Source"}


def test_a_column_of_texts_that_is_named_is_the_one_that_is_read(tmp_path):
    file = write_csv(tmp_path / "a.csv", ["Full-Text", "Abstract", "Text"], ["no", BODY, "no"])
    [article] = read_articles(file, fields=Fields(text="Abstract"))
    assert article.text == BODY
    with pytest.raises(DataError, match=r"no column 'Bodi'; its columns are 'Full-Text', 'Abstract', 'Text'"):
        list(read_articles(file, fields=Fields(text="Bodi")))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["12/09/2023", "25/09/2023"], ["2023-09-12", "2023-09-25"]),
        (["12/09/2023", "09/25/2023"], ["2023-12-09", "2023-09-25"]),
        (["12/09/2023", "05/05/2023"], [None, "2023-05-05"]),
        (["12/09/2023", "25/09/2023", "09/25/2023"], [None, "2023-09-25", "2023-09-25"]),
        (["12/09/2023", "", "March 4, 2023"], [None, None, "2023-03-04"]),
    ],
)
def test_the_order_of_numbers_is_that_which_the_file_shows(tmp_path, written, expected):
    file = write_csv(tmp_path / "a.csv", ["Date", "Full-Text"], *([day, BODY] for day in written))
    assert days(file) == expected
    for rows_at_once in (1, 2):
        batches = list(read_article_rows(file, batch_rows=rows_at_once))
        assert [day for batch in batches for day in batch.rows["published_on"].to_pylist()] == expected
        assert [day for batch in batches for day in batch.rows["Date"].to_pylist()] == written


def test_french_columns_say_that_the_day_is_first(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    file = write_csv(tmp_path / "a.csv", ["Date", "Titre", "Texte"], ["12/09/2023", "t", BODY])
    assert days(file) == ["2023-09-12"]
    assert "dates of 'Date' are read with the day first, as the columns are in French" in caplog.text


def test_dates_that_are_not_sure_are_said_once(tmp_path, caplog):
    rows = [[day, BODY] for day in ("12/09/2023", "11/09/2023", "soon", "later", "4 mars 2023")]
    file = write_csv(tmp_path / "a.csv", ["Date", "Full-Text"], *rows)
    assert days(file) == [None, None, None, None, "2023-03-04"]
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings == [
        f"{file}: column 'Date': the date '12/09/2023' may be two days, and no other date shows which. "
        "Such rows have no published_on; write their dates as 2023-09-12.",
        f"{file}: column 'Date': the date 'soon' is not understood. Write dates as 2023-09-12.",
    ]


def test_dates_that_are_stored_as_dates_are_read_as_such(tmp_path):
    table = pa.table({"Full-Text": [BODY] * 2, "Date": [date(2023, 3, 4), None], "Publisher": ["P", None]})
    pq.write_table(table, tmp_path / "a.parquet")
    assert facts(tmp_path / "a.parquet") == [(None, "2023-03-04", "P"), (None, None, None)]
