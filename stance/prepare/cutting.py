"""The work of preparing: the articles of a task to the table of their statements, in whichever process."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stance.prepare.tasks import ArticlesTask
from stance.segmentation.units import Unit
from stance.statements import statement_table
from stance.tables.streams import packed

if TYPE_CHECKING:
    import pyarrow as pa

Spans = Counter[tuple[str, str, bool]]
"""Statements, and what stands between them, by kind, language, and whether a speaker is known."""


@dataclass(frozen=True)
class CutPart:
    """What becomes of a task.

    Parameters
    ----------
    content : pyarrow.Buffer or None
        The table of statements as an Arrow stream; None of no article.
    spans : Counter
    """

    content: "pa.Buffer | None" = None
    spans: Spans = field(default_factory=Counter)


@dataclass(frozen=True)
class Cutting:
    """Cuts the articles of tasks.

    Parameters
    ----------
    unit, languages
        As in ``statement_table``.
    """

    unit: Unit
    languages: tuple[str, ...]

    def open(self) -> Callable[[ArticlesTask], CutPart]:
        """The function that cuts the articles of a task."""
        return self._cut

    def _cut(self, task: ArticlesTask) -> CutPart:
        if not len(task):
            return CutPart()
        table = statement_table(task.articles, unit=self.unit, languages=self.languages)
        return CutPart(packed(table), _spans_of(table))


def _spans_of(table: "pa.Table") -> Spans:
    has_speaker = table.column("speaker").is_valid().to_pylist()
    kinds, langs = table.column("kind").to_pylist(), table.column("lang").to_pylist()
    return Counter(zip(kinds, langs, has_speaker, strict=True))
