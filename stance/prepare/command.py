"""Command: articles -> statements."""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

from annotated_types import Ge, Le, MinLen

from stance.articles import ArticleReader, Fields
from stance.errors import EXIT_TOO_MANY_SKIPPED, DataError
from stance.execution import InLine, Local, Outcome
from stance.execution.local import available_cores
from stance.languages import LANGUAGES, check_languages
from stance.predictions.lock import locked
from stance.predictions.manifest import SKIPS, beside, check_not_input, parts_folder
from stance.predictions.merging import write_file
from stance.predictions.output import Output
from stance.prepare.account import Account, print_account
from stance.prepare.cutting import CutPart, Cutting
from stance.prepare.tasks import ArticlesTask, looked_into, tasks_of
from stance.progress import bar
from stance.segmentation.units import Unit
from stance.tables import atomic_file, unify
from stance.tables.streams import packed, unpacked

if TYPE_CHECKING:
    import pyarrow as pa

PART_BYTES = 8 << 20
"""A part is put on disk when its statements take so many bytes: those of some 2,000,000 characters of articles."""

PARTS = ("*.arrows", "finished.*", SKIPS, ".*.partial")
"""What a run puts into the folder of its parts."""

MB = 1e6


def prepare(
    *,
    input: str,  # noqa: A002
    output: str,
    unit: Unit = "sentences",
    workers: Annotated[int, Ge(1)] | None = None,
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

    Parameters
    ----------
    workers : int or None
        Processes that cut; None for one a core, 1 for this one alone, as for an input that is small. The
        output is the same for any number.

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
            _write_parts(folder, reader, Cutting(unit, languages), workers or available_cores(), account)
            _check_any_written(input, account)
            _finish(target, folder, has_skips=bool(account.first_skips))
        finally:
            _clear(folder)
    print_account(account, output)
    if account.skipped > max_skipped * account.read:
        sys.exit(EXIT_TOO_MANY_SKIPPED)
    return account


def _write_parts(folder: Path, reader: ArticleReader, work: Cutting, workers: int, account: Account) -> None:
    """Write the statements of all articles, part by part, and what is no article to the list of skips."""
    import pyarrow as pa

    with (
        (folder / SKIPS).open("wb") as listed,
        closing(_outcomes(work, tasks_of(reader), workers)) as outcomes,
        bar(reader.size_bytes / MB, "preparing", "MB") as advance,
    ):
        for skip in reader.left_out:
            account.add_skip(skip, listed)
        for number, tables in enumerate(_grouped(_accounted(outcomes, account, listed, advance))):
            with atomic_file(folder / f"{number:08d}.arrows") as file:
                file.write(packed(pa.concat_tables(unify(tables))))


def _outcomes(
    work: Cutting, tasks: Iterator[ArticlesTask], workers: int
) -> Generator[Outcome[ArticlesTask, CutPart], None, None]:
    """What becomes of each task, in order; other processes would only delay a small input, so this one cuts it."""
    is_small = workers == 1
    if not is_small:
        tasks, is_small = looked_into(tasks)
    yield from (InLine() if is_small else Local()).run(work, tasks, workers)


def _accounted(
    outcomes: Iterator[Outcome[ArticlesTask, CutPart]],
    account: Account,
    listed: IO[bytes],
    advance: Callable[[float], None],
) -> "Iterator[pa.Table]":
    """The tables of statements; all that became of the tasks is counted."""
    done = 0
    for outcome in outcomes:
        account.add(outcome, listed)
        advance((outcome.task.bytes_read - done) / MB)
        done = outcome.task.bytes_read
        if outcome.result.content is not None:
            yield unpacked(outcome.result.content)


def _grouped(tables: "Iterator[pa.Table]") -> "Iterator[list[pa.Table]]":
    """The tables in groups of a part's size."""
    held: list[pa.Table] = []
    n_bytes = 0
    for table in tables:
        held.append(table)
        n_bytes += table.nbytes
        if n_bytes >= PART_BYTES:
            yield held
            held, n_bytes = [], 0
    if held:
        yield held


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
