import pyarrow as pa
import pytest

from stance import statements
from stance.articles import read_articles
from stance.errors import DataError
from stance.records import Article
from stance.statements import statement_table, statements_of

FRENCH = (
    "Bamako rouvre ses frontières\n\n"
    "Le gouvernement malien a annoncé jeudi la réouverture de ses frontières. « C'est un pont », a dit le ministre.\n\n"
    "“We welcome this step, and we will help,” the envoy of the United States said.\n"
)


def test_every_statement_stands_in_its_article_and_has_an_id():
    found = statements_of(Article("a1", FRENCH))
    assert len(found) >= 4
    for s in found:
        assert FRENCH[s.start : s.end] == s.text
        assert s.statement_id == f"a1:{s.start}-{s.end}"
    covered = "".join(s.text for s in found)
    assert "".join(covered.split()) == "".join(FRENCH.split())


def test_a_statement_has_its_language_and_its_actors():
    found = {s.text: s for s in statements_of(Article("a1", FRENCH))}
    [malian] = [s for text, s in found.items() if "malien" in text]
    [american] = [s for text, s in found.items() if "envoy" in text]
    assert (malian.lang, malian.actors) == ("fr", ("MLI",))
    assert (american.lang, american.actors) == ("en", ("USA",))


def test_the_language_that_an_article_says_is_kept():
    [statement] = statements_of(Article("a1", "Bon.", lang="fr-CA"))
    assert statement.lang == "fr-CA"
    table = statement_table([Article("a1", "Bon.", lang="fr-CA"), Article("a2", "Ok.")])
    assert table.column("article_lang").to_pylist() == ["fr-CA", "und"]


def test_the_table_has_a_row_a_statement_and_what_is_known_of_the_article():
    articles = [
        Article("a1", FRENCH, title="T", published_on="2020-01-02", source="Le Courrier de Meuse"),
        Article("a2", "Rome se tait.", lang="fr", metadata={"author": "Jeanne Kervadec"}),
    ]
    table = statement_table(articles)
    expected = [s for article in articles for s in statements_of(article)]
    assert table.column("statement_id").to_pylist() == [s.statement_id for s in expected]
    assert table.column("actors").to_pylist() == [list(s.actors) for s in expected]
    last = table.to_pylist()[-1]
    assert (last["title"], last["author"], last["article_lang"]) == (None, "Jeanne Kervadec", "fr")
    assert table.schema.field("start").type == pa.int64()
    assert table.schema.field("speaker").type == pa.string()


def test_the_columns_of_a_row_come_out_again_unchanged(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(
        '{"id": "007", "text": "Rome se tait. Le Mali parle.", "year": 2020, "tags": ["a", 1], "start": "x", "big": 123456789012345678901234567890}\n'
        '{"id": "8", "text": "Bon.", "year": 2021, "tags": null, "start": "y", "big": null}\n',
        encoding="utf-8",
    )
    rows = statement_table(list(read_articles(file)))
    assert rows.column("year").to_pylist() == [2020, 2020, 2021]
    assert rows.column("id").to_pylist() == ["007", "007", "8"]
    assert rows.column("original_start").to_pylist() == ["x", "x", "y"]
    assert rows.column("big").to_pylist()[0] == "123456789012345678901234567890"
    assert rows.column("tags").to_pylist() == ['["a", 1]', '["a", 1]', None]
    assert rows.schema.field("tags").metadata == {b"stance:json": b"1"}


def test_articles_of_different_kinds_make_one_table(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "Rome se tait.", "n": 1}\n', encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "Le Mali parle.", "n": "x"}\n', encoding="utf-8")
    (tmp_path / "c.txt").write_text("Le Niger écoute.", encoding="utf-8")
    table = statement_table(list(read_articles(tmp_path)))
    assert table.column("text").to_pylist() == ["Rome se tait.", "Le Mali parle.", "Le Niger écoute."]
    assert table.column("n").to_pylist() == ["1", '"x"', None]


def test_units_other_than_sentences_are_cut_too():
    for unit in ("sentences", "quotations", "paragraphs"):
        for s in statements_of(Article("a1", FRENCH), unit=unit):
            assert FRENCH[s.start : s.end] == s.text


def test_what_articles_repeat_is_taken_in_chunks_that_arrow_can_address(monkeypatch):
    articles = [
        Article(f"a{k}", "Bon. Très bien. Assez dit.", lang="fr", metadata={"page": f"<{k}>" * 20})
        for k in range(9)
    ]
    whole = statement_table(articles)
    monkeypatch.setattr(statements, "MAX_REPEATED_BYTES", 400)
    chunked = statement_table(articles)
    assert chunked.equals(whole)
    assert chunked.column("page").num_chunks > whole.column("page").num_chunks == 1


def test_an_article_that_repeats_too_much_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(statements, "MAX_REPEATED_BYTES", 400)
    long = Article("a1", "Bon. " * 50, metadata={"page": "x" * 10})
    with pytest.raises(DataError, match=r"article 'a1': its columns .* Leave the longest column out"):
        statement_table([long])
