"""Articles to statements, where they are scored: rows of a table, text files and web pages."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stance.articles import Fields, FileReader, articles_of
from stance.errors import DataError
from stance.predictions.inputs import Reading
from stance.predictions.tasks import NAME, PATH, RowsTask
from stance.records import STATEMENT_KINDS, Article
from stance.statements import statement_table
from stance.tables import Batch, Skip
from stance.tables.batches import RowError

if TYPE_CHECKING:
    import pyarrow as pa

TEXT = "text"
FILE_FIX = "Correct the file, or leave it out."


class Cutter:
    """Cuts the articles of tasks into statements.

    Parameters
    ----------
    is_single : bool
        Whether a file that cannot be read is an error; else it is a skip.
    """

    def __init__(self, reading: Reading, *, is_single: bool) -> None:
        self._reading, self._is_single = reading, is_single
        self._files = FileReader(encoding=reading.encoding, max_chars=reading.max_chars)

    def cut(self, task: RowsTask) -> "tuple[pa.Table, str, list[Skip]]":
        """The statements of a task's articles, the column of their text, and the files that are no articles."""
        skips: list[Skip] = []
        if task.kind == "files":
            articles = self._read(task.rows, skips)
        else:
            fields = Fields(text=self._reading.text_field)
            lines = np.zeros(task.rows.num_rows, np.int64)
            articles = list(articles_of(Batch(task.rows, lines), "", fields)) if task.rows.num_rows else []
        return _statements(articles), TEXT, skips

    def _read(self, rows: "pa.Table", skips: list[Skip]) -> list[Article]:
        """The articles that files are; a skip for each that is none."""
        articles = []
        for path, name in zip(rows.column(PATH).to_pylist(), rows.column(NAME).to_pylist(), strict=True):
            try:
                articles.append(self._files.read(Path(path), name))
            except (RowError, DataError) as error:
                if self._is_single:
                    raise _as_error(path, error) from None
                skips.append(_as_skip(path, error))
        return articles


def _statements(articles: list[Article]) -> "pa.Table":
    """The statements of articles, without headings, captions and what else is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not articles:
        return pa.table({})
    table = statement_table(articles)
    return table.filter(pc.is_in(table.column("kind"), pa.array(STATEMENT_KINDS)))


def _as_skip(path: str, error: RowError | DataError) -> Skip:
    if isinstance(error, RowError):
        return error.skip(path, 0)
    return Skip(path, 0, None, str(error).removeprefix(f"{path}: ").partition("\n")[0], FILE_FIX)


def _as_error(path: str, error: RowError | DataError) -> DataError:
    return DataError(f"{path}: {error.reason}. {error.fix}") if isinstance(error, RowError) else error
