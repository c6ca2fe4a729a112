"""The page of an article: every statement with its tone, and what decided about it."""

from dataclasses import dataclass
from typing import Any

from stance.explanations import Explanation
from stance.pages.article import ExplainedArticle
from stance.pages.rendering import colour_numbers, render_page
from stance.pages.words import Piece, Words

SHOWN_TERMS = 10
SHOWN_WORDS = 3
MAX_LANES = 6
WIDTH, HEIGHT = 1000.0, 30.0
"""Size of the ribbon of one class, in units of its own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A statement in the ribbon of a class: as wide as it is long, as high as it is probable."""

    number: int
    probability: float
    is_predicted: bool
    x: float
    width: float

    @property
    def height(self) -> float:
        """Height in units of the ribbon."""
        return round(HEIGHT * self.probability, 2)

    @property
    def y(self) -> float:
        """Upper edge in units of the ribbon."""
        return round(HEIGHT - self.height, 2)


def article_page(explained: ExplainedArticle) -> str:
    """The page as HTML, in one piece."""
    model, article = explained.model, explained.article
    tones, statements = explained.tones(), explained.statements
    n_statements = sum(found.explanation is not None for found in statements)
    return render_page(
        "article.html.j2",
        style="article.css",
        explained=explained,
        article=article,
        title=article.title or article.article_id,
        model=model,
        classes=model.classes,
        colours=colour_numbers(model.classes),
        languages=", ".join(tag for tag in model.facts.get("languages") or {} if tag != "und"),
        tones=tones,
        n_statements=n_statements,
        n_unknown=n_statements - tones["n_statements"],
        statements=statements,
        paragraphs=list(explained.paragraphs()),
        speakers=explained.speakers(),
        lanes=_lanes(explained, tones),
        ribbon={name: _bars(explained, name) for name in model.classes},
        shown_terms=SHOWN_TERMS,
        strength=_strength,
        strongest=strongest,
    )


def _lanes(explained: ExplainedArticle, tones: dict[str, Any]) -> list[str]:
    """The classes that have a ribbon: all of them where they are few, else those predicted most."""
    classes = explained.model.classes
    if len(classes) <= MAX_LANES:
        return list(classes)
    return sorted(classes, key=lambda name: -tones["n_per_class"][name])[:MAX_LANES]


def _bars(explained: ExplainedArticle, name: str) -> list[Bar]:
    scale = WIDTH / max(len(explained.article.text), 1)
    return [
        Bar(
            found.number or 0,
            found.explanation.probabilities[name],
            found.explanation.predicted == name,
            round(found.statement.start * scale, 2),
            round(max((found.statement.end - found.statement.start) * scale - 1, 1), 2),
        )
        for found in explained.scored
        if found.explanation is not None
    ]


def _strength(explanation: Explanation) -> int:
    """How far the probability of the class is above chance, from 1 to 4."""
    chance = 1 / len(explanation.probabilities)
    above = (explanation.probabilities[explanation.predicted] - chance) / (1 - chance)
    return min(1 + max(int(4 * above), 0), 4)


def strongest(words: Words) -> list[Piece]:
    """The few words that add most, for or against."""
    ranked = sorted((p for p in words.pieces if p.level), key=lambda p: (-abs(p.contribution), p.start))
    return ranked[:SHOWN_WORDS]
