"""Command: a saved model and an article -> a page with the tone of every statement and the terms that decided."""

import logging
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import orjson

from stance import bundle
from stance.articles import ArticleReader, Fields
from stance.errors import ConfigError, DataError, nearest, printable
from stance.model import Model
from stance.pages.article import ExplainedArticle, ExplainedStatement, explain_article
from stance.pages.article_page import article_page, strongest
from stance.progress import bar
from stance.records import Article
from stance.segmentation.units import Unit
from stance.statements import article_language, statements_of
from stance.tables import Skip, check_writable, write_text

logger = logging.getLogger(__name__)

PAGES = (".html", ".htm")
SHOWN_IDS = 5


def explain(
    *,
    model: str,
    input: str | None = None,  # noqa: A002
    text: str | None = None,
    output: str | None = None,
    article: str | None = None,
    lang: str | None = None,
    target: str | None = None,
    unit: Unit = "sentences",
    text_field: str = "text",
    article_field: str = "article_id",
    encoding: str | None = None,
    delimiter: str | None = None,
) -> ExplainedArticle:
    """Show an article with the tone of each statement, its speaker, and the terms that decided.

    Parameters
    ----------
    output : str or None
        A .html file; the same content is written as .json beside it. None prints on the terminal.
    article : str or None
        Id of the article, where ``input`` holds several.
    """
    page = _page_path(output, input)
    if (input is None) == (text is None):
        raise ConfigError("input, text: one of them is needed, as input=FILE or text='…'.")
    fields = Fields(text=text_field, article_id=article_field)
    if input is None:
        found = _typed(str(text))
    else:
        read = ArticleReader(input, fields=fields, encoding=encoding, delimiter=delimiter)
        found = _article(input, read, article)
    with bar(None, "loading"):
        loaded = bundle.load(model)
    target = _target_of(found, loaded, target)
    found = replace(found, lang=lang or found.lang)
    found = replace(found, lang=article_language(found))
    explained = explain_article(loaded, found, statements_of(found, unit=unit), target=target)
    for tag in explained.unfamiliar_languages:
        logger.warning("%s: the model was not trained on %s; its tones are guesses", found.article_id, tag)
    if page is None:
        print_explained(explained)
    else:
        write_text(page, article_page(explained))
        content = orjson.dumps(explained.content(), option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
        write_text(page.with_suffix(".json"), content.decode())
        print(printable(f"Page:    {page}"))
        print(printable(f"Content: {page.with_suffix('.json')}"))
    return explained


def _page_path(output: str | None, source: str | None) -> Path | None:
    """Where the page goes, known to be writable; None for the terminal."""
    if output is None:
        return None
    page = Path(output)
    if page.suffix.lower() not in PAGES:
        raise ConfigError(f"output is '{output}'; a name that ends in .html is needed. Write page.html.")
    for path in (page, page.with_suffix(".json")):
        if source is not None and os.path.realpath(path) == os.path.realpath(source):
            raise ConfigError(f"output: '{path}' is the input itself. Choose another output.")
        check_writable(path)
    return page


def _typed(text: str) -> Article:
    """The article that was given as a text."""
    if not text.strip():
        raise DataError("text: it is empty. Give an article or a statement.")
    return Article("text", text)


def _article(source: str, read: Iterable[Article | Skip], wanted: str | None) -> Article:
    """The article of the input to explain."""
    skips, ids = [], []
    chosen: Article | None = None
    for found in read:
        if isinstance(found, Skip):
            skips.append(found)
            continue
        if chosen is not None and found.article_id == chosen.article_id:
            raise DataError(
                f"{source}: several rows are of article '{chosen.article_id}', as statements are, not articles. "
                "Give the article that they were cut from."
            )
        ids.append(found.article_id)
        if chosen is None and wanted in (None, found.article_id):
            chosen = found
        if chosen is not None and (found is not chosen if wanted is not None else len(ids) > SHOWN_IDS):
            break
    return _the_one(chosen, source, wanted, ids, skips)


def _the_one(
    chosen: Article | None, source: str, wanted: str | None, ids: list[str], skips: list[Skip]
) -> Article:
    """The chosen article, where the input leaves no doubt."""
    if not ids:
        reason = f" ({skips[0].reason})" if skips else ""
        raise DataError(f"{source}: there is no article in it{reason}. Give a text, a web page or a table.")
    shown = ", ".join(repr(name) for name in ids[:SHOWN_IDS]) + (", …" if len(ids) > SHOWN_IDS else "")
    if chosen is None:
        raise DataError(
            f"{source}: there is no article {wanted!r}; the first are {shown}.{nearest(wanted or '', ids)} Name one of them."
        )
    if wanted is None and len(ids) > 1:
        raise DataError(
            f"{source}: several articles ({shown}). Name the one to explain, as article={ids[0]}."
        )
    return chosen


def _target_of(article: Article, model: Model, typed: str | None) -> str | None:
    """What the statements are about, for models that read it: as typed, or as the row of the article says."""
    stated = article.metadata.get("target") if typed is None else typed
    if not model.features.needs_target:
        return None
    if not isinstance(stated, str):
        raise ConfigError(
            "target is null; this model reads what statements are about. Give it as target=TEXT, or as a column of the table."
        )
    return stated


def print_explained(explained: ExplainedArticle) -> None:
    """The statements with their tones on standard output, one or two lines each."""
    for found in explained.statements:
        if found.explanation is not None:
            for line in _lines(found):
                print(printable(line))
    tones = explained.tones()
    shares = ", ".join(f"{name} {n}" for name, n in tones["n_per_class"].items())
    n = tones["n_statements"]
    print(printable(f"{n} statement{'s' if n != 1 else ''} with a tone: {shares}"))


def _lines(found: ExplainedStatement) -> list[str]:
    """A statement with its tone, and what decided."""
    assert found.explanation is not None
    assert found.words is not None
    text = " ".join(found.statement.text.split())
    by = f" [{found.statement.speaker}]" if found.statement.speaker else ""
    if found.status == "out_of_vocabulary":
        return [f"no known word  {text}{by}"]
    e = found.explanation
    decided = ", ".join(f"{p.text} {p.contribution:+.2f}" for p in strongest(found.words))
    return [f"{e.predicted} {e.probabilities[e.predicted]:.2f}  {text}{by}", f"    {decided}"]
