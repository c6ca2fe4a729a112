"""Articles from files, folders and patterns: web pages, text files, and tables with one article a row."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from stance.articles.decoding import decode_page, decode_text
from stance.articles.exports import read_article_rows
from stance.articles.pages import PAGE_TIMEOUT_S, PageReader
from stance.articles.plain import title_of
from stance.articles.rows import Fields, articles_of
from stance.errors import DataError
from stance.records import Article
from stance.tables import FoundFiles, Skip, find_files
from stance.tables.batches import RowError
from stance.tables.opening import open_input
from stance.tables.reading import FORMATS
from stance.tables.recognition import START_BYTES, looks_like
from stance.tables.suffixes import PACKED, table_suffix

PAGES = (".html", ".htm", ".xhtml")
TEXTS = (".txt", ".text")
TABLES = (*FORMATS, *(suffix + PACKED for suffix, kind in FORMATS.items() if kind != "parquet"))
SUFFIXES = (*PAGES, *TEXTS, *TABLES)

MAYBE_PAGES = (None, "an XML file")
MARKUP = re.compile(rb"<\0?[A-Za-z!?]")
"""A tag, also in UTF-16; a file without any is plain text, whatever it is called."""

MAX_FILE_BYTES = 16 << 20
"""Longest text file or web page; an article has a thousandth of it."""

FILE_FIX = "Correct the file, or leave it out."


class FileReader:
    """Reads files that are one article each: web pages, in a process of their own, and text files.

    Parameters
    ----------
    encoding : str or None
        Where None, as it shows.
    max_chars : int or None
        Longer articles are refused.
    page_timeout_s : float
        Seconds that a web page may take.
    """

    def __init__(
        self,
        *,
        encoding: str | None = None,
        max_chars: int | None = None,
        page_timeout_s: float = PAGE_TIMEOUT_S,
    ) -> None:
        self._encoding, self._max_chars = encoding, max_chars
        self._pages = PageReader(page_timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pages.close()

    def read(self, file: Path, name: str) -> Article:
        """The article that a text file or a web page is.

        Parameters
        ----------
        name : str
            What the article is called.

        Raises
        ------
        RowError, DataError
            If the file is no article, or cannot be read.
        """
        content = _content(file)
        kind = looks_like(content[:START_BYTES])
        is_page = kind == "a web page" or (table_suffix(file) in PAGES and kind in MAYBE_PAGES)
        is_page = is_page and MARKUP.search(content) is not None
        if kind and not is_page:
            raise RowError(f"is {kind}, not an article", fix="Save its text as .txt, or leave it out.")
        article = self._page(file, name, content) if is_page else self._text(file, name, content)
        if not article.text.strip():
            raise RowError("holds no text", fix=FILE_FIX)
        if self._max_chars is not None and len(article.text) > self._max_chars:
            raise RowError(
                f"is longer than {self._max_chars} characters", fix="Raise max_chars, or leave it out."
            )
        return article

    def _text(self, file: Path, name: str, content: bytes) -> Article:
        text = decode_text(str(file), content, self._encoding)
        return Article(name, text, title=title_of(text))

    def _page(self, file: Path, name: str, content: bytes) -> Article:
        page = self._pages.read(decode_page(str(file), content, self._encoding))
        author = {"author": page.author} if page.author else {}
        return Article(
            name,
            page.text,
            title=page.title,
            published_on=page.published_on,
            source=page.outlet,
            metadata=author,
        )


def is_table(file: Path) -> bool:
    """Whether a file holds rows; by its name, or else by its first bytes."""
    suffix = table_suffix(file)
    return suffix in TABLES or (suffix not in SUFFIXES and _start(file).lstrip().startswith((b"{", b"PAR1")))


class ArticleReader:
    """The articles of a path, in order, with an account of everything that is not one.

    Parameters
    ----------
    path : str or Path
        A file, a folder with everything below it, or a pattern.
    fields : Fields
        Columns of tables.
    encoding, delimiter : str or None
        Of text files and tables; where None, as they show.
    max_chars : int or None
        Longer articles are skipped.
    page_timeout_s : float
        Seconds that a web page may take.

    Attributes
    ----------
    files : list of Path
    left_out : list of Skip
        Files in a folder that are not read, with the reason.
    bytes_read, size_bytes : int
        How far the reading is, in bytes on disk.
    place : tuple of (str, int)
        File and line of the article that was given last; line 0 where it is a file.

    Raises
    ------
    DataError
        If there is nothing to read, or a file that is named as such cannot be read.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        fields: Fields | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        max_chars: int | None = None,
        page_timeout_s: float = PAGE_TIMEOUT_S,
    ) -> None:
        found: FoundFiles = find_files(path, suffixes=SUFFIXES)
        self.files, self.left_out = found.files, found.skipped
        self._is_single = found.files == [Path(path)]
        self._fields = fields or Fields()
        self._encoding, self._delimiter, self._max_chars = encoding, delimiter, max_chars
        self._files = FileReader(encoding=encoding, max_chars=max_chars, page_timeout_s=page_timeout_s)
        self.size_bytes = sum(file.stat().st_size for file in self.files)
        self.bytes_read = 0
        self.place = ("", 0)

    def __iter__(self) -> Iterator[Article | Skip]:
        folder = os.path.commonpath([file.parent for file in self.files])
        with self._files:
            for file in self.files:
                end = self.bytes_read + file.stat().st_size
                yield from self._read(file, Path(os.path.relpath(file, folder)).as_posix())
                self.bytes_read = end

    def _read(self, file: Path, name: str) -> Iterator[Article | Skip]:
        """The articles of one file; what is wrong with it is an error only where the file itself was named."""
        try:
            if is_table(file):
                yield from self._rows(file, name)
            else:
                article = self._files.read(file, name)
                self.place = (str(file), 0)
                yield article
        except RowError as fault:
            if self._is_single:
                raise DataError(f"{file}: {fault.reason}. {fault.fix}") from fault
            yield fault.skip(str(file), 0)
        except DataError as error:
            if self._is_single:
                raise
            reason = str(error).removeprefix(f"{file}: ").partition("\n")[0]
            yield Skip(str(file), 0, None, reason, FILE_FIX)

    def _rows(self, file: Path, name: str) -> Iterator[Article | Skip]:
        before = self.bytes_read
        batches = read_article_rows(
            file,
            (self._fields.text,),
            encoding=self._encoding,
            delimiter=self._delimiter,
            max_chars=self._max_chars,
        )
        with closing(batches):  # type: ignore[type-var]
            for batch in batches:
                start, end = self.bytes_read, before + batch.bytes_read
                places = zip(articles_of(batch, name, self._fields), batch.lines.tolist(), strict=True)
                for n, (article, line) in enumerate(places, 1):
                    self.place = (str(file), line)
                    self.bytes_read = start + (end - start) * n // batch.rows.num_rows
                    yield article
                yield from batch.skips
                self.bytes_read = end


def read_articles(
    path: str | Path, *, fields: Fields | None = None, encoding: str | None = None
) -> Iterator[Article | Skip]:
    """The articles of a file, a folder or a pattern; every file and row is read once or given as a skip.

    Parameters
    ----------
    path : str or Path
    fields : Fields, optional
        Columns of tables.
    encoding : str, optional
        Of text files and tables; without it, as they show.

    Raises
    ------
    DataError
        If there is nothing to read, or the one file that is named cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "bamako.txt"
    >>> _ = file.write_text("Bamako rouvre ses frontières\\n\\nLe Niger s'en félicite.", encoding="utf-8")
    >>> [(article.article_id, article.title) for article in read_articles(file)]
    [('bamako.txt', 'Bamako rouvre ses frontières')]
    """
    reader = ArticleReader(path, fields=fields, encoding=encoding)
    yield from reader.left_out
    yield from reader


def _start(file: Path) -> bytes:
    with open_input(file) as opened:
        return opened.read(START_BYTES)


def _content(file: Path) -> bytes:
    """All bytes of a file, if they are not too many."""
    with open_input(file) as opened:
        content = opened.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise RowError(
            f"is longer than {MAX_FILE_BYTES >> 20} MiB", fix="Cut it into articles, as rows of a table."
        )
    return content
