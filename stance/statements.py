"""The statements of articles, with languages and actors, and as a table with all that is known of the articles."""

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.actors import actor_codes
from stance.articles import Row
from stance.languages import LANGUAGES, identify, statement_language
from stance.records import UNDETERMINED, Article, Statement, statement_id
from stance.segmentation import Part, cut, segment
from stance.segmentation.units import Unit
from stance.tables import names_beside, unify

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERS = ("start", "end", "speaker_start", "speaker_end", "cue_start", "cue_end")
OWN_COLUMNS = tuple(field.name for field in fields(Statement))
NAMED_FACTS = ("title", "published_on", "source")
ARTICLE_LANG = "article_lang"
"""The language of the article, beside that of the statement."""


def statements_of(
    article: Article, *, unit: Unit = "sentences", languages: tuple[str, ...] = LANGUAGES
) -> list[Statement]:
    """The statements of an article, and what stands between them, each with its language and actors.

    Parameters
    ----------
    unit : str
        What a statement is: ``sentences``, ``quotations`` or ``paragraphs``.
    languages : tuple of str
        Languages to choose from where the article does not say its own.

    Examples
    --------
    >>> article = Article("a1", "Rome a salué le geste du Mali. Le Kremlin, lui, se tait.", lang="fr")
    >>> [(statement.statement_id, statement.actors) for statement in statements_of(article)]
    [('a1:0-30', ('ITA', 'MLI')), ('a1:31-56', ('RUS',))]
    """
    lang = article_language(article, languages)
    statements = segment(article.text, _known(lang), article_id=article.article_id, unit=unit)
    texts = [statement.text for statement in statements]
    described = zip(statements, *_described(texts, lang, languages), strict=True)
    return [replace(statement, lang=its, actors=actors) for statement, its, actors in described]


def article_language(article: Article, languages: tuple[str, ...] = LANGUAGES) -> str:
    """The language that an article is said to be in, or else looks to be in."""
    return article.lang if article.lang != UNDETERMINED else identify(article.text, languages)


def _known(lang: str) -> str | None:
    return None if lang == UNDETERMINED else lang


def _described(
    texts: list[str], article_lang: str, languages: tuple[str, ...]
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Languages and actors of the statements of one article."""
    langs = [statement_language(text, article_lang, languages) for text in texts]
    return langs, list(map(actor_codes, texts, langs))


def statement_table(
    articles: Sequence[Article], *, unit: Unit = "sentences", languages: tuple[str, ...] = LANGUAGES
) -> "pa.Table":
    """A row for each statement: its own columns, then those of its article, as they were read.

    A column of the article that is called like one of the statement is kept as ``original_<name>``.

    Parameters
    ----------
    articles : sequence of Article
    unit, languages
        As in ``statements_of``.
    """
    import pyarrow as pa

    groups = groupby(articles, key=lambda article: id(_source(article)))
    tables = [_table_of(list(group), unit, languages) for _, group in groups]
    return pa.concat_tables(unify(tables)) if len(tables) > 1 else tables[0]


def _table_of(articles: list[Article], unit: Unit, languages: tuple[str, ...]) -> "pa.Table":
    """The table of articles from one source."""
    articles = [replace(article, lang=article_language(article, languages)) for article in articles]
    columns: dict[str, list[Any]] = {name: [] for name in OWN_COLUMNS}
    cuts = [cut(article.text, _known(article.lang), unit) for article in articles]
    for article, parts in zip(articles, cuts, strict=True):
        texts = [article.text[start:end] for start, end, _ in parts]
        columns["text"] += texts
        _add_parts(columns, article, parts)
        langs, actors = _described(texts, article.lang, languages)
        columns["lang"] += langs
        columns["actors"] += actors
    return _beside(_own_table(columns), _article_columns(articles, list(map(len, cuts))))


def _add_parts(columns: dict[str, list[Any]], article: Article, parts: list[Part]) -> None:
    """Put the parts of an article at the end of the columns, all but their texts, languages and actors."""
    text, id_ = article.text, article.article_id
    columns["statement_id"] += [statement_id(id_, start, end) for start, end, _ in parts]
    columns["article_id"] += [id_] * len(parts)
    columns["start"] += [start for start, _, _ in parts]
    columns["end"] += [end for _, end, _ in parts]
    speeches = [speech for _, _, speech in parts]
    columns["kind"] += [speech.kind for speech in speeches]
    for name, spans in (("speaker", [s.speaker for s in speeches]), ("cue", [s.cue for s in speeches])):
        columns[name] += [text[slice(*span)] if span else None for span in spans]
        columns[f"{name}_start"] += [span[0] if span else None for span in spans]
        columns[f"{name}_end"] += [span[1] if span else None for span in spans]
    columns["addressee"] += [text[slice(*s.addressee)] if s.addressee else None for s in speeches]


def _source(article: Article) -> Any:
    """The table that an article is a row of, or None for an article of its own."""
    return article.metadata.table if isinstance(article.metadata, Row) else None


def _own_table(columns: dict[str, list[Any]]) -> "pa.Table":
    """The fields of statements as a table."""
    import pyarrow as pa

    kinds = {name: pa.int64() for name in NUMBERS} | {"actors": pa.list_(pa.string())}
    return pa.table(
        {name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()}
    )


def _article_columns(articles: list[Article], counts: list[int]) -> "pa.Table":
    """The columns of articles of one source, each as often as its statements."""
    import pyarrow as pa

    langs = pa.array([article.lang for article in articles], pa.string())
    source = _source(articles[0])
    if source is None:
        rows = _fact_columns(articles).append_column(ARTICLE_LANG, langs)
    else:
        indices = pa.array([article.metadata.index for article in articles])  # type: ignore[attr-defined]
        fields = [field for field in source.schema if field.name not in ("article_id", "lang")]
        columns = [source.column(field.name).take(indices) for field in fields]
        names = names_beside([field.name for field in fields], {ARTICLE_LANG})
        fields = [field.with_name(name) for field, name in zip(fields, names, strict=True)]
        schema = pa.schema([*fields, pa.field(ARTICLE_LANG, pa.string())])
        rows = pa.Table.from_arrays([*columns, langs], schema=schema)
    return rows.take(np.repeat(np.arange(len(articles)), counts))


def _fact_columns(articles: list[Article]) -> "pa.Table":
    """What articles that are no rows of a table say of themselves."""
    import pyarrow as pa

    named = {
        name: pa.array([getattr(article, name) for article in articles], pa.string()) for name in NAMED_FACTS
    }
    further = dict.fromkeys(name for article in articles for name in article.metadata)
    values = {name: pa.array([article.metadata.get(name) for article in articles]) for name in further}
    return pa.table(named | values)


def _beside(statements: "pa.Table", articles: "pa.Table") -> "pa.Table":
    """The columns of statements, then those of their articles under names of their own."""
    names = names_beside(articles.column_names, OWN_COLUMNS)
    for name, field, column in zip(names, articles.schema, articles.columns, strict=True):
        statements = statements.append_column(field.with_name(name), column)
    return statements
