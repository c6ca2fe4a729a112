"""The account of a run: what was read, what came of it, and how it is told."""

import logging
import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import orjson

from stance.errors import printable
from stance.execution import Outcome
from stance.predictions.manifest import SKIPS, beside
from stance.prepare.cutting import CutPart, Spans
from stance.prepare.tasks import ArticlesTask, Placed
from stance.records import STATEMENT_KINDS
from stance.tables import Skip

logger = logging.getLogger(__name__)

MAX_KNOWN_IDS = 500_000
"""Ids that are remembered to tell articles of one id; they take about 40 MB."""

KILLER_FIX = "Cut it into several articles, or leave it out."
SHOWN_LANGUAGES = 5
SHOWN_SKIPS = 5


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
    spans: Spans = field(default_factory=Counter)
    first_skips: list[Skip] = field(default_factory=list)
    _known_ids: set[int] = field(default_factory=set, repr=False)

    @property
    def read(self) -> int:
        """All articles that were met."""
        return self.written + self.skipped

    def add(self, outcome: Outcome[ArticlesTask, CutPart], listed: IO[bytes]) -> None:
        """Count the articles and the statements of a task, and put its skips on the list in a file."""
        task, killers = outcome.task, set(outcome.killers)
        for skip in (*task.skips, *(_killer(task.placed[item]) for item in outcome.killers)):
            self.skipped += 1
            self.add_skip(skip, listed)
        ids = [article.article_id for item, article in enumerate(task.articles) if item not in killers]
        self.written += len(ids)
        self._count_repeated(ids)
        self.spans.update(outcome.result.spans)

    def add_skip(self, skip: Skip, listed: IO[bytes]) -> None:
        """Put a skip on the list in a file, and keep the first few."""
        listed.write(orjson.dumps(asdict(skip), option=orjson.OPT_APPEND_NEWLINE))
        if len(self.first_skips) < SHOWN_SKIPS:
            self.first_skips.append(skip)

    def _count_repeated(self, ids: Iterable[str]) -> None:
        for key in map(hash, ids):
            self.repeated_ids += key in self._known_ids
            if len(self._known_ids) < MAX_KNOWN_IDS:
                self._known_ids.add(key)


def _killer(placed: Placed) -> Skip:
    """The skip for an article that ended the process that cut it."""
    return Skip(placed.file, placed.line, None, "kills the process that cuts it", KILLER_FIX)


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
