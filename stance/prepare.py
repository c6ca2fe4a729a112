"""Command: articles -> statements."""

import logging
import os
import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import orjson
from annotated_types import Ge, Le, MinLen

from stance.articles import ArticleReader, Fields
from stance.errors import EXIT_TOO_MANY_SKIPPED, DataError, printable
from stance.languages import LANGUAGES, check_languages
from stance.predictions.lock import locked
from stance.predictions.manifest import SKIPS, beside, check_not_input, parts_folder
from stance.predictions.merging import write_file
from stance.predictions.output import Output
from stance.progress import bar
from stance.records import STATEMENT_KINDS, Article
from stance.segmentation.units import Unit
from stance.statements import statement_table
from stance.tables import Skip, atomic_file
from stance.tables.streams import packed

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)

PART_CHARS = 2_000_000
PART_ARTICLES = 2_000
"""A part is put on disk at whichever comes first."""

MAX_KNOWN_IDS = 500_000
"""Ids that are remembered to tell articles of one id; they take about 40 MB."""

PARTS = ("*.arrows", "finished.*", SKIPS, ".*.partial")
"""What a run puts into the folder of its parts."""

SHOWN_LANGUAGES = 5
SHOWN_SKIPS = 5
MB = 1e6


@dataclass
class Account:
    """What was read, and what came of it.

    Parameters
    ----------
    written, skipped, left_out : int
        Articles written; articles, rows and files that could not be read; files of a folder that are none.
    repeated_ids : int
        Articles that have the id of one before them.
    spans : Counter of (kind, lang, has_speaker)
    """

    written: int = 0
    skipped: int = 0
    left_out: int = 0
    repeated_ids: int = 0
    spans: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    first_skips: list[Skip] = field(default_factory=list)

    @property
    def read(self) -> int:
        """All articles that were met."""
        return self.written + self.skipped

    def add_skip(self, skip: Skip, listed: IO[bytes]) -> None:
        """Put a skip on the list in a file, and keep the first few."""
        listed.write(orjson.dumps(asdict(skip), option=orjson.OPT_APPEND_NEWLINE))
        if len(self.first_skips) < SHOWN_SKIPS:
            self.first_skips.append(skip)

    def add_spans(self, table: "pa.Table") -> None:
        """Count the rows of a table of statements."""
        has_speaker = table.column("speaker").is_valid().to_pylist()
        kinds, langs = table.column("kind").to_pylist(), table.column("lang").to_pylist()
        self.spans.update(zip(kinds, langs, has_speaker, strict=True))


def prepare(
    *,
    input: str,  # noqa: A002
    output: str,
    unit: Unit = "sentences",
    text_field: str = "text",
    article_field: str = "article_id",
    encoding: str | None = None,
    delimiter: str | None = None,
    languages: Annotated[tuple[str, ...], MinLen(1)] = LANGUAGES,
    max_chars: Annotated[int, Ge(1)] | None = None,
    max_skipped: Annotated[float, Ge(0), Le(1)] = 0.01,
) -> Account:
    """Cut articles into statements, with speakers, languages and actors, and write them as one table.

    Headings, captions and boilerplate are written too, marked by their kind. Memory does not grow with the
    number of articles.

    Raises
    ------
    DataError
        If there is no article to read.
    ConfigError, OutputError
        If the output cannot be written, or would replace what is read; before anything is read.
    """
    target = Output(Path(os.path.realpath(output)))
    target.check()
    check_languages(languages)
    fields = Fields(text=text_field, article_id=article_field)
    reader = ArticleReader(input, fields=fields, encoding=encoding, delimiter=delimiter, max_chars=max_chars)
    check_not_input(target.path, reader.files)
    account = Account(left_out=len(reader.left_out))
    with locked(parts_folder(target.path), output) as folder:
        try:
            _clear(folder)
            with (folder / SKIPS).open("wb") as listed:
                _write_parts(folder, _kept(reader, account, listed), reader, account, unit, languages)
            _check_any_written(input, account)
            _finish(target, folder, has_skips=bool(account.first_skips))
        finally:
            _clear(folder)
    print_account(account, output)
    if account.skipped > max_skipped * account.read:
        sys.exit(EXIT_TOO_MANY_SKIPPED)
    return account


def _kept(reader: ArticleReader, account: Account, listed: IO[bytes]) -> Iterator[Article]:
    """The articles; what is none is counted and put on the list."""
    for skip in reader.left_out:
        account.add_skip(skip, listed)
    for item in reader:
        if isinstance(item, Skip):
            account.skipped += 1
            account.add_skip(item, listed)
        else:
            yield item


def _write_parts(
    folder: Path,
    articles: Iterable[Article],
    reader: ArticleReader,
    account: Account,
    unit: Unit,
    languages: tuple[str, ...],
) -> None:
    """Write the statements of all articles, part by part."""
    known: set[int] = set()
    done = 0
    with bar(reader.size_bytes / MB, "preparing", "MB") as advance:
        for number, group in enumerate(_grouped(articles)):
            table = statement_table(group, unit=unit, languages=languages)
            with atomic_file(folder / f"{number:08d}.arrows") as file:
                file.write(packed(table))
            account.written += len(group)
            account.repeated_ids += _count_repeated(group, known)
            account.add_spans(table)
            advance((reader.bytes_read - done) / MB)
            done = reader.bytes_read


def _grouped(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """The articles in groups of a part's size."""
    held: list[Article] = []
    n_chars = 0
    for article in articles:
        held.append(article)
        n_chars += len(article.text)
        if n_chars >= PART_CHARS or len(held) >= PART_ARTICLES:
            yield held
            held, n_chars = [], 0
    if held:
        yield held


def _count_repeated(articles: list[Article], known: set[int]) -> int:
    """How many articles have an id that one before them has."""
    n_repeated = 0
    for article in articles:
        key = hash(article.article_id)
        n_repeated += key in known
        if len(known) < MAX_KNOWN_IDS:
            known.add(key)
    return n_repeated


def _check_any_written(path: str, account: Account) -> None:
    if not account.written:
        first = next((f", first {skip.file}: {skip.reason}" for skip in account.first_skips), "")
        raise DataError(
            f"{path}: no article could be read ({account.skipped} skipped{first}). Correct the input."
        )


def _finish(target: Output, folder: Path, *, has_skips: bool) -> None:
    """Make the output of the parts and put it in its place, with the list of skips beside it."""
    made = folder / f"finished{target.suffix}"
    write_file(made, sorted(folder.glob("*.arrows")), {})
    listed = beside(target.path, SKIPS)
    if has_skips:
        (folder / SKIPS).replace(listed)
    else:
        listed.unlink(missing_ok=True)
    made.replace(target.path)


def _clear(folder: Path) -> None:
    """Remove the parts of this run, or of one that was killed."""
    for path in (p for pattern in PARTS for p in folder.glob(pattern)):
        with suppress(OSError):
            path.unlink()


def print_account(account: Account, output: str) -> None:
    """The account of a run on standard output: what was read, kinds by language, what to do next."""
    from stance.report import print_table

    n_statements = sum(n for (kind, _, _), n in account.spans.items() if kind in STATEMENT_KINDS)
    title = f"{n_statements} statements of {account.written} articles"
    print_table(title, *_kinds_by_language(account))
    left_out = f", {account.left_out} other files left out" if account.left_out else ""
    print(f"Read {account.read}: {account.written} written, {account.skipped} skipped{left_out}")
    if account.repeated_ids:
        print(f"Repeated: {account.repeated_ids} articles have the id of another; all are kept")
    for skip in account.first_skips:
        where = f"{skip.file}, line {skip.line}" if skip.line else skip.file
        logger.info("%s: %s", where, f"{skip.field} {skip.reason}" if skip.field else skip.reason)
    if account.first_skips:
        print(printable(f"Left out: {beside(Path(output), SKIPS)}"))
    print(printable(f"Output:   {output}"))
    print(printable(f"Score:    stance score model=FOLDER input={shlex.quote(output)} output=scores.parquet"))


def _kinds_by_language(account: Account) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Columns and rows of the table of kinds: all, by language, and with a speaker."""
    by_language: Counter[str] = Counter()
    for (_, lang, _), n in account.spans.items():
        by_language[lang] += n
    shown = [lang for lang, _ in by_language.most_common(SHOWN_LANGUAGES)]
    others = ["other"] if len(by_language) > len(shown) else []
    kinds = sorted({kind for kind, _, _ in account.spans}, key=_order)
    rows = []
    for kind in kinds:
        found = {key: n for key, n in account.spans.items() if key[0] == kind}
        counts = [sum(n for (_, lang, _), n in found.items() if lang == wanted) for wanted in shown]
        rest = [sum(found.values()) - sum(counts)] if others else []
        with_speaker = sum(n for (_, _, has_speaker), n in found.items() if has_speaker)
        rows.append((kind, *map(str, (sum(found.values()), *counts, *rest, with_speaker))))
    return ("kind", "all", *shown, *others, "with speaker"), rows


def _order(kind: str) -> tuple[bool, str]:
    return kind not in STATEMENT_KINDS, kind
