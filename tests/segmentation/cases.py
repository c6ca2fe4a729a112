"""Cases written by hand: texts with the statements, kinds and speakers a reader sees in them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stance.records import Statement
from stance.segmentation import segment

LANGUAGES = ("fr", "en", "de", "es", "it", "pt")
_NO_STATEMENTS = ("heading", "caption", "boilerplate")


@dataclass(frozen=True)
class Case:
    """One text; ``kinds`` are those of records.py, or ``statement`` where the case does not say which."""

    id: str
    lang: str
    topic: str
    text: str
    statements: list[str]
    kinds: list[str]
    speakers: list[str | None]

    def spans(self) -> Iterator[tuple[int, int]]:
        """Offsets of the expected statements."""
        end = 0
        for statement in self.statements:
            start = self.text.index(statement, end)
            end = start + len(statement)
            yield start, end


@dataclass
class Score:
    """Hits, false alarms and misses, with the cases that are not right."""

    hits: int = 0
    false_alarms: int = 0
    misses: int = 0
    wrong: set[str] = field(default_factory=set)

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.misses)

    @property
    def f1(self) -> float:
        return 2 * self.hits / (2 * self.hits + self.false_alarms + self.misses)

    def count(self, case: Case, expected: set[object], found: set[object]) -> None:
        self.hits += len(expected & found)
        self.false_alarms += len(found - expected)
        self.misses += len(expected - found)
        if expected != found:
            self.wrong.add(case.id)


def load_cases(lang: str) -> list[Case]:
    """The cases of a language."""
    path = Path(__file__).with_name(f"cases_{lang}.jsonl")
    return [Case(lang=lang, **json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def load_corpus(lang: str) -> list[Case]:
    """The articles of data/tone, their title and statements, as others wrote and divided them."""
    folder = Path(__file__).parents[2] / "data" / "tone"
    statements: dict[str, list[str]] = {}
    for line in (folder / "statements.jsonl").read_text(encoding="utf-8").splitlines():
        statement = json.loads(line)
        if statement["lang"].startswith(lang):
            statements.setdefault(statement["article_id"], []).append(statement["text"])
    cases = []
    for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        if article["article_id"] in statements:
            texts = [article["title"], *statements[article["article_id"]]]
            n = len(texts)
            cases.append(
                Case(
                    article["article_id"],
                    lang,
                    "corpus",
                    article["text"],
                    texts,
                    ["statement"] * n,
                    [None] * n,
                )
            )
    return cases


def found_statements(case: Case) -> list[Statement]:
    return segment(case.text, case.lang)


def score_boundaries(cases: list[Case]) -> Score:
    """Exact offsets of all spans."""
    score = Score()
    for case in cases:
        score.count(case, set(case.spans()), {(s.start, s.end) for s in found_statements(case)})
    return score


def score_speakers(cases: list[Case]) -> Score:
    """Speaker of each statement, as written but for capitals; statements with wrong bounds count as missed."""
    score = Score()
    for case in cases:
        expected = {
            (*span, name.lower()) for span, name in zip(case.spans(), case.speakers, strict=True) if name
        }
        found = {(s.start, s.end, s.speaker.lower()) for s in found_statements(case) if s.speaker}
        score.count(case, expected, found)
    return score


def score_kinds(cases: list[Case]) -> Score:
    """Kind of each span with right bounds, where the case says it."""
    score = Score()
    for case in cases:
        found = {(s.start, s.end): s.kind for s in found_statements(case)}
        for span, kind in zip(case.spans(), case.kinds, strict=True):
            if span in found:
                own = found[span]
                shown = own if kind != "statement" or own in _NO_STATEMENTS else "statement"
                score.count(case, {(span, kind)}, {(span, shown)})
    return score
