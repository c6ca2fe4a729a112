"""Articles to statements, where they are scored: rows of a table, text files and web pages."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stance.articles import Fields, FileReader, articles_of
from stance.errors import DataError
from stance.predictions.inputs import Reading
from stance.predictions.table import are_statements
from stance.predictions.tasks import LABEL, NAME, PATH, RowsTask
from stance.records import Article
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
        for row in rows.to_pylist():
            try:
                articles.append(self._files.read(Path(row[PATH]), row[NAME]))
            except (RowError, DataError) as error:
                fault = _fault(row, error)
                if self._is_single:
                    raise DataError(f"{fault.file}: {fault.reason}. {fault.fix}") from None
                skips.append(fault)
        return articles


def _statements(articles: list[Article]) -> "pa.Table":
    """The statements of articles, without headings, captions and what else is none."""
    import pyarrow as pa

    if not articles:
        return pa.table({})
    table = statement_table(articles)
    return table.filter(are_statements(table))


def _fault(row: dict[str, str], error: RowError | DataError) -> Skip:
    if isinstance(error, RowError):
        return error.skip(row[LABEL], 0)
    reason = str(error).removeprefix(f"{row[PATH]}: ").partition("\n")[0]
    return Skip(row[LABEL], 0, None, reason.rstrip("."), FILE_FIX)
