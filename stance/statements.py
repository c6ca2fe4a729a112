"""The statements of articles, with languages and actors, and as a table with all that is known of the articles."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from itertools import accumulate, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.actors import actor_codes
from stance.articles import source_table
from stance.errors import DataError
from stance.languages import LANGUAGES, identify, statement_language
from stance.records import UNDETERMINED, Article, Statement, statement_id
from stance.segmentation import cut_all, segment
from stance.segmentation.units import Unit
from stance.speakers import Speech
from stance.tables import names_beside, unify

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERS = ("start", "end", "speaker_start", "speaker_end", "cue_start", "cue_end")
OWN_COLUMNS = tuple(field.name for field in fields(Statement))
NAMED_FACTS = ("title", "published_on", "source")
ARTICLE_LANG = "article_lang"
"""The language of the article, beside that of the statement."""

MAX_REPEATED_BYTES = 2_000_000_000
"""Of what the rows of one article repeat; a chunk of a column of texts holds 2 GiB."""

GROUP_CHARS = 262_144
"""Articles of so many characters take each step together, so that the processor's caches hold the rules and tables of
a step while it is taken; more would only take memory."""


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
    described = zip(statements, *_described(texts, [lang] * len(texts), languages), strict=True)
    return [replace(statement, lang=its, actors=actors) for statement, its, actors in described]


def article_language(article: Article, languages: tuple[str, ...] = LANGUAGES) -> str:
    """The language that an article is said to be in, or else looks to be in."""
    return article.lang if article.lang != UNDETERMINED else identify(article.text, languages)


def _known(lang: str) -> str | None:
    return None if lang == UNDETERMINED else lang


def _described(
    texts: list[str], article_langs: list[str], languages: tuple[str, ...]
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Languages and actors of statements."""
    langs = [
        statement_language(text, lang, languages) for text, lang in zip(texts, article_langs, strict=True)
    ]
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

    groups = groupby(articles, key=lambda article: id(source_table(article)))
    tables = [_table_of(list(group), unit, languages) for _, group in groups]
    return pa.concat_tables(unify(tables)) if len(tables) > 1 else tables[0]


def _table_of(articles: list[Article], unit: Unit, languages: tuple[str, ...]) -> "pa.Table":
    """The table of articles from one source."""
    columns: dict[str, list[Any]] = {name: [] for name in OWN_COLUMNS}
    counts: list[int] = []
    articles = [replace(article, lang=article_language(article, languages)) for article in articles]
    for group in _grouped(articles):
        langs = [article.lang for article in group]
        cuts = cut_all([article.text for article in group], list(map(_known, langs)), unit)
        parts = [(article, *part) for article, own in zip(group, cuts, strict=True) for part in own]
        for name, values in _part_columns(parts, languages).items():
            columns[name] += values
        counts += map(len, cuts)
    return _beside(_own_table(columns), _article_columns(articles, counts))


def _grouped(articles: list[Article]) -> Iterator[list[Article]]:
    """The articles in groups of about ``GROUP_CHARS``."""
    ends = accumulate(len(article.text) for article in articles)
    for _, group in groupby(zip(ends, articles, strict=True), key=lambda pair: pair[0] // GROUP_CHARS):
        yield [article for _, article in group]


def _part_columns(
    parts: list[tuple[Article, int, int, Speech]], languages: tuple[str, ...]
) -> dict[str, list[Any]]:
    """The columns of parts of articles."""
    articles, starts, ends, speeches = zip(*parts, strict=True) if parts else ((), (), (), ())
    texts = [article.text[start:end] for article, start, end, _ in parts]
    ids = [article.article_id for article in articles]
    langs, actors = _described(texts, [article.lang for article in articles], languages)
    columns: dict[str, list[Any]] = {
        "statement_id": list(map(statement_id, ids, starts, ends)),
        "article_id": ids,
        "text": texts,
        "start": list(starts),
        "end": list(ends),
        "kind": [speech.kind for speech in speeches],
        "lang": langs,
        "addressee": list(map(_slice, articles, [speech.addressee for speech in speeches])),
        "actors": actors,
    }
    for name in ("speaker", "cue"):
        spans = list(map(attrgetter(name), speeches))
        columns[name] = list(map(_slice, articles, spans))
        columns[f"{name}_start"] = [span and span[0] for span in spans]
        columns[f"{name}_end"] = [span and span[1] for span in spans]
    return columns


def _slice(article: Article, span: tuple[int, int] | None) -> str | None:
    return article.text[span[0] : span[1]] if span else None


def _own_table(columns: dict[str, list[Any]]) -> "pa.Table":
    """The fields of statements as a table."""
    import pyarrow as pa

    kinds = {name: pa.int64() for name in NUMBERS} | {"actors": pa.list_(pa.string())}
    return pa.table({name: pa.array(columns[name], kinds.get(name, pa.string())) for name in OWN_COLUMNS})


def _article_columns(articles: list[Article], counts: list[int]) -> "pa.Table":
    """The columns of articles of one source, each as often as its statements."""
    import pyarrow as pa

    langs = pa.array([article.lang for article in articles], pa.string())
    source = source_table(articles[0])
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
    return _repeated(rows, np.asarray(counts), [article.article_id for article in articles])


def _repeated(rows: "pa.Table", counts: NDArray[np.int64], ids: list[str]) -> "pa.Table":
    """Each row as often as its article has statements, in chunks that Arrow's offsets can address.

    Raises
    ------
    DataError
        If the columns of one article take more than that.
    """
    import pyarrow as pa

    n_bytes = _text_bytes(rows)
    largest = int(np.argmax(n_bytes * counts))
    if n_bytes[largest] * counts[largest] > MAX_REPEATED_BYTES:
        raise DataError(
            f"article {ids[largest][:80]!r}: its columns beside the text take {n_bytes[largest] / 1e6:.1f} MB, and are repeated for "
            f"each of its {counts[largest]} statements; 2 GB of them are allowed. Leave the longest column out of the table."
        )
    indices = np.repeat(np.arange(len(counts)), counts)
    chunks = np.cumsum(n_bytes[indices]) // (MAX_REPEATED_BYTES // 2)
    parts = np.split(indices, np.flatnonzero(np.diff(chunks)) + 1)
    return pa.concat_tables([rows.take(part) for part in parts])


def _text_bytes(rows: "pa.Table") -> NDArray[np.int64]:
    """Bytes that the texts of each row take together, shape (n_rows,)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = [c for c in rows.columns if pa.types.is_string(c.type) or pa.types.is_binary(c.type)]
    lengths = [pc.fill_null(pc.binary_length(column), 0).to_numpy() for column in texts]
    total: NDArray[np.int64] = np.sum(lengths, axis=0, dtype=np.int64)
    return total


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
