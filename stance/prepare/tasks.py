"""A task: articles that are cut into statements together, by whichever process."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from stance.articles import ArticleReader, source_table
from stance.articles.rows import Row
from stance.records import Article
from stance.tables import Skip
from stance.tables.streams import packed, unpacked

if TYPE_CHECKING:
    import pyarrow as pa

TASK_CHARS = 262_144
"""As many characters as take each step together (stance.statements); an eighth of a second's work."""

TASK_ITEMS = 2_000
"""Articles and skips that end a task earlier."""

SMALL_CHARS = 2_000_000
"""Articles of so many characters together take the time that two workers need to start: about a second."""

SMALL_TASKS = 16
"""More tasks are not held to learn their extent: of skips and tiny articles there may be millions."""


class Placed(NamedTuple):
    """An article with the file and the line where it starts; line 0 where it is a file."""

    article: Article
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" if self.line else self.file


@dataclass(frozen=True)
class ArticlesTask:
    """Articles that are cut together.

    Parameters
    ----------
    placed : tuple of Placed
    skips : tuple of Skip
        What was met among them and is no article.
    bytes_read : int
        How far the input is read where this task ends.
    """

    placed: tuple[Placed, ...]
    skips: tuple[Skip, ...] = ()
    bytes_read: int = 0

    def __len__(self) -> int:
        return len(self.placed)

    def __str__(self) -> str:
        first, last = self.placed[0], self.placed[-1]
        if first is last:
            return str(first)
        return f"{first} to {f'line {last.line}' if last.file == first.file else last}"

    def __reduce__(self) -> Any:
        """Only the articles travel, with the columns of their own rows and not of the whole table."""
        groups = groupby(self.articles, key=lambda article: id(source_table(article)))
        return _received, ([_sent(list(group)) for _, group in groups],)

    @property
    def articles(self) -> list[Article]:
        """The articles alone."""
        return [article for article, *_ in self.placed]

    @property
    def n_chars(self) -> int:
        """Characters of all articles."""
        return sum(len(article.text) for article in self.articles)

    def take(self, items: Sequence[int]) -> Self:
        """A task with these articles only."""
        return replace(self, placed=tuple(self.placed[item] for item in items))


def tasks_of(reader: ArticleReader) -> Iterator[ArticlesTask]:
    """All that a reader gives, in tasks of a fixed extent."""
    for items in _grouped(_placed(reader)):
        placed = tuple(item for item in items if isinstance(item, Placed))
        skips = tuple(item for item in items if isinstance(item, Skip))
        yield ArticlesTask(placed, skips, reader.bytes_read)


def looked_into(tasks: Iterator[ArticlesTask]) -> tuple[Iterator[ArticlesTask], bool]:
    """The tasks, and whether they are so small together that they are best done at once."""
    first: list[ArticlesTask] = []
    n_chars = 0
    for task in tasks:
        first.append(task)
        n_chars += task.n_chars
        if n_chars > SMALL_CHARS or len(first) > SMALL_TASKS:
            return chain(first, tasks), False
    return iter(first), True


def _placed(reader: ArticleReader) -> Iterator[Placed | Skip]:
    for item in reader:
        yield item if isinstance(item, Skip) else Placed(item, *reader.place)


def _grouped(items: Iterable[Placed | Skip]) -> Iterator[list[Placed | Skip]]:
    """The items in groups of a task's extent."""
    held: list[Placed | Skip] = []
    n_chars = 0
    for item in items:
        size = len(item.article.text) if isinstance(item, Placed) else 0
        if held and (n_chars + size > TASK_CHARS or len(held) >= TASK_ITEMS):
            yield held
            held, n_chars = [], 0
        held.append(item)
        n_chars += size
    if held:
        yield held


def _sent(articles: list[Article]) -> "tuple[list[Article], pa.Buffer | None]":
    """Articles from one source, and the rows that they are, if they are rows."""
    source = source_table(articles[0])
    if source is None:
        return articles, None
    indices = [article.metadata.index for article in articles]  # type: ignore[attr-defined]
    return [replace(article, metadata={}) for article in articles], packed(source.take(indices))


def _received(groups: "list[tuple[list[Article], pa.Buffer | None]]") -> ArticlesTask:
    articles: list[Article] = []
    for some, content in groups:
        if content is None:
            articles += some
        else:
            rows = unpacked(content)
            articles += [replace(article, metadata=Row(rows, i)) for i, article in enumerate(some)]
    return ArticlesTask(tuple(Placed(article, "", 0) for article in articles))
