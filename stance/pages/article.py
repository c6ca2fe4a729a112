"""An article with the tone of each statement, what decided about it, and who says it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from stance.explanations import Explanation, explain
from stance.model import Model
from stance.pages.words import Words, words_of
from stance.progress import steps
from stance.records import STATEMENT_KINDS, UNDETERMINED, Article, Statement

MIN_LANGUAGE_SHARE = 0.02
"""Share of the training statements from which a model counts as trained on a language."""

MAX_TERMS = 50
"""Terms of a statement that are written one by one; the others by their number and sum."""

Status = Literal["scored", "out_of_vocabulary", "not_scored"]


@dataclass(frozen=True, slots=True)
class ExplainedStatement:
    """A span of an article with the decision about it.

    Parameters
    ----------
    number : int or None
        From 1, in reading order; None for headings, captions and boilerplate, which are not scored.
    explanation, words
        None where it is not scored.
    """

    statement: Statement
    number: int | None = None
    explanation: Explanation | None = None
    words: Words | None = None

    @property
    def status(self) -> Status:
        """Whether it is scored, and on known terms."""
        if self.explanation is None:
            return "not_scored"
        return "scored" if self.explanation.terms else "out_of_vocabulary"

    def content(self) -> dict[str, Any]:
        """All of it as plain values; spans are offsets into the statement."""
        found: dict[str, Any] = {**asdict(self.statement), "number": self.number, "status": self.status}
        if self.explanation is None or self.words is None:
            return found
        terms, others = self.explanation.terms[:MAX_TERMS], self.explanation.terms[MAX_TERMS:]
        return {
            **found,
            **_decision(self.explanation),
            "terms": [asdict(term) for term in terms],
            "other_terms": {
                "n_terms": len(others),
                "contribution": sum(term.contribution for term in others),
            },
            "words": [
                {"start": piece.start, "end": piece.end, "contribution": piece.contribution}
                for piece in self.words.pieces
                if piece.contribution
            ],
            "unplaced": self.words.unplaced,
        }


def _decision(explanation: Explanation) -> dict[str, Any]:
    names = ("predicted", "probabilities", "decision", "intercept")
    return {name: getattr(explanation, name) for name in names}


@dataclass(frozen=True)
class ExplainedArticle:
    """An article as a model sees it.

    Parameters
    ----------
    statements : tuple of ExplainedStatement
        In reading order, with headings, captions and boilerplate between them.
    """

    article: Article
    model: Model
    statements: tuple[ExplainedStatement, ...]

    @cached_property
    def scored(self) -> tuple[ExplainedStatement, ...]:
        """The statements that have a tone."""
        return tuple(found for found in self.statements if found.status == "scored")

    @property
    def unfamiliar_languages(self) -> list[str]:
        """Languages of statements that the model was not trained on, most frequent first."""
        shares = self.model.facts.get("languages") or {}
        known = {tag.split("-")[0] for tag, share in shares.items() if share >= MIN_LANGUAGE_SHARE}
        found = Counter(s.statement.lang for s in self.statements if s.explanation is not None)
        return [
            tag
            for tag, _ in found.most_common()
            if known - {UNDETERMINED} and tag != UNDETERMINED and tag.split("-")[0] not in known
        ]

    def tones(self, statements: Sequence[ExplainedStatement] | None = None) -> dict[str, Any]:
        """How many statements have each tone, and the mean probability of each."""
        chosen = self.scored if statements is None else [s for s in statements if s.status == "scored"]
        explanations = [s.explanation for s in chosen if s.explanation is not None]
        counts = Counter(e.predicted for e in explanations)
        return {
            "n_statements": len(explanations),
            "n_per_class": {name: counts[name] for name in self.model.classes},
            "mean_probability": {
                name: sum(e.probabilities[name] for e in explanations) / len(explanations)
                if explanations
                else None
                for name in self.model.classes
            },
        }

    def speakers(self) -> list[dict[str, Any]]:
        """The speakers with the tones of what they say, those who say most first; None is nobody named."""
        by_speaker: dict[str | None, list[ExplainedStatement]] = {}
        for found in self.scored:
            name = found.statement.speaker
            by_speaker.setdefault(None if name is None else name.casefold(), []).append(found)
        rows = [{"speaker": said[0].statement.speaker, **self.tones(said)} for said in by_speaker.values()]
        return sorted(rows, key=lambda row: (row["speaker"] is None, -row["n_statements"]))

    def paragraphs(self) -> Iterator[list[tuple[str, ExplainedStatement]]]:
        """The spans of each paragraph, each with the spaces before it."""
        text, end = self.article.text, 0
        spans: list[tuple[str, ExplainedStatement]] = []
        for found in self.statements:
            gap = text[end : found.statement.start]
            if "\n" in gap and spans:
                yield spans
                spans = []
            spans.append((gap.strip("\n") if spans else "", found))
            end = found.statement.end
        if spans:
            yield spans

    def content(self) -> dict[str, Any]:
        """All that the page shows, as plain values."""
        article = self.article
        return {
            "article": {
                "article_id": article.article_id,
                "title": article.title,
                "lang": article.lang,
                "published_on": article.published_on,
                "source": article.source,
                "text": article.text,
            },
            "model": {
                "model_id": self.model.model_id,
                "classes": list(self.model.classes),
                "dataset": self.model.facts.get("dataset"),
                "languages": self.model.facts.get("languages"),
            },
            "unfamiliar_languages": self.unfamiliar_languages,
            "tones": self.tones(),
            "speakers": self.speakers(),
            "statements": [found.content() for found in self.statements],
        }


def explain_article(
    model: Model, article: Article, statements: Sequence[Statement], *, target: str | None = None
) -> ExplainedArticle:
    """An article with the decision about each of its statements taken apart.

    Parameters
    ----------
    statements : sequence of Statement
        Of this article, in reading order.
    target : str or None
        What all statements are about, for models that read a target.
    """
    found: list[ExplainedStatement] = []
    number = 0
    for statement in steps(list(statements), "statements"):
        if statement.kind in STATEMENT_KINDS:
            number += 1
            explanation = explain(model, statement.text, target)
            found.append(ExplainedStatement(statement, number, explanation, words_of(explanation)))
        else:
            found.append(ExplainedStatement(statement))
    return ExplainedArticle(article, model, tuple(found))
