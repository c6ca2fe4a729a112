"""Which terms decided: exact contributions, with the places where each term stands."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stance.actors import find_actors
from stance.features import Block, FittedBlock
from stance.features.blocks import word_ngram_spans
from stance.fields.tracing import traced
from stance.normalise import clean_with_offsets

if TYPE_CHECKING:
    from stance.model import Model

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TermContribution:
    """What one term adds to the decision for the predicted class.

    Parameters
    ----------
    value : float
        TF-IDF value of the term in the statement.
    contribution : float
        ``value`` times its weight, counted for the predicted class.
    spans : tuple of (start, end)
        Where it stands in the statement's text, or the words that it stands for; empty where it is made of another
        text: of the target, or of a masked name.
    """

    term: str
    block: str
    value: float
    contribution: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision taken apart: ``intercept`` plus all contributions give ``decision``.

    Parameters
    ----------
    decision : float
        Decision value of the predicted class.
    terms : tuple of TermContribution
        Strongest first.
    """

    text: str
    predicted: str
    probabilities: dict[str, float]
    decision: float
    intercept: float
    terms: tuple[TermContribution, ...]

    def __str__(self) -> str:
        lines = [f"{self.predicted} ({self.probabilities[self.predicted]:.2f})"]
        lines += [f"{t.contribution:+.3f}  {t.term!r} ({t.block})" for t in self.terms[:12]]
        return "\n".join(lines)


def explain(model: "Model", text: str, target: str | None = None) -> Explanation:
    """The decision about one statement, term by term."""
    targets = None if target is None else [target]
    decisions = model.decide([text], targets)
    X = model.features.transform([text], targets)
    k = int(model.predicted(decisions)[0])
    row, sign = (0, 1.0 if k == 1 else -1.0) if len(model.linear.coef) == 1 else (k, 1.0)
    contributions = dict(
        zip(X.indices.tolist(), (X.data * model.linear.coef[row][X.indices] * sign).tolist(), strict=True)
    )
    values = dict(zip(X.indices.tolist(), X.data.tolist(), strict=True))
    terms: list[TermContribution] = []
    for start, fitted in zip(model.features.starts[:-1], model.features.blocks, strict=True):
        columns = [c for c in contributions if start <= c < start + len(fitted.terms)]
        spans = term_spans(fitted, text, {fitted.terms[c - start] for c in columns}, model.features.actors)
        terms += [
            TermContribution(
                term=fitted.terms[c - start],
                block=fitted.name,
                value=values[c],
                contribution=contributions[c],
                spans=spans.get(fitted.terms[c - start], ()),
            )
            for c in columns
        ]
    return Explanation(
        text=text,
        predicted=model.classes[k],
        probabilities=dict(zip(model.classes, model.probabilities(decisions)[0].tolist(), strict=True)),
        decision=float(decisions.per_class()[0, k]),
        intercept=float(sign * model.linear.intercept[row]),
        terms=tuple(sorted(terms, key=lambda t: (-abs(t.contribution), t.block, t.term))),
    )


def term_spans(fitted: FittedBlock, text: str, wanted: set[str], actors: str) -> dict[str, tuple[Span, ...]]:
    """Offsets in ``text`` of each wanted term that the block reads there, outside of the names it does not see."""
    cleaned, offsets = clean_with_offsets(text)
    view = traced(fitted.block.field, cleaned)
    if view is None:
        return {}
    prepared = fitted.block.prepare(view.text)
    if len(prepared) != len(view.text):  # lower-casing or accents changed lengths, so offsets no longer fit
        return {}
    hidden = [] if actors == "keep" else [(m.start, m.end) for m in find_actors(cleaned)]
    found: dict[str, list[Span]] = defaultdict(list)
    for term, *place in _occurrences(fitted.block, prepared):
        start, end = view.origin(*place)
        if term in wanted and not any(start < last and first < end for first, last in hidden):
            found[term].append((int(offsets[start]), int(offsets[end - 1]) + _length_at(offsets, end - 1)))
    return {term: tuple(spans) for term, spans in found.items()}


def _length_at(offsets: "np.ndarray[tuple[int], np.dtype[np.int64]]", position: int) -> int:
    """How many characters of the text the cleaned character at ``position`` stands for."""
    return max(1, int(offsets[position + 1] - offsets[position]))


def _occurrences(block: Block, prepared: str) -> Iterator[tuple[str, int, int]]:
    if block.analyzer == "word":
        yield from word_ngram_spans(block, prepared)
        return
    low, high = block.ngram_range
    if block.analyzer == "char":
        for n in range(low, high + 1):
            for start in range(len(prepared) - n + 1):
                yield prepared[start : start + n], start, start + n
        return
    position = 0
    for word in prepared.split():
        begin = prepared.index(word, position)
        position = begin + len(word)
        padded = f" {word} "
        for n in range(low, high + 1):
            for i in range(max(1, len(padded) - n + 1)):
                gram = padded[i : i + n]
                start, end = max(begin, begin + i - 1), min(position, begin + i - 1 + len(gram))
                if start < end:
                    yield gram, start, end
            if n >= len(padded):
                break
