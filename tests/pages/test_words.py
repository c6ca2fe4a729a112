import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.explanations import Explanation, TermContribution
from stance.pages.words import MAX_NUMBERED, words_of
from tests.test_model import fitted
from tests.texts import NASTY

MODEL = fitted()


def explanation(text: str, *terms: TermContribution) -> Explanation:
    return Explanation(text, "a", {"a": 0.6, "b": 0.4}, sum(t.contribution for t in terms), 0.0, terms)


def term(contribution: float, *spans: tuple[int, int]) -> TermContribution:
    return TermContribution("t", "word", 1.0, contribution, spans)


@pytest.mark.parametrize("text", [*NASTY, "L’accord a été signé; Don't reject the ACCORD!"])
def test_pieces_are_the_text_and_their_contributions_add_up_to_the_decision(text):
    found = MODEL.explain(text)
    words = words_of(found)
    assert "".join(piece.text for piece in words.pieces) == text
    assert all(text[piece.start : piece.end] == piece.text for piece in words.pieces)
    total = found.intercept + words.unplaced + sum(piece.contribution for piece in words.pieces)
    assert total == pytest.approx(found.decision, abs=1e-9)


@given(st.text(max_size=60), st.data())
@settings(deadline=None)
def test_any_spans_keep_the_sum(text, data):
    ends = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(ends, ends).filter(lambda s: s[0] < s[1]), max_size=6))
    values = data.draw(st.lists(st.floats(-5, 5), min_size=len(spans), max_size=len(spans)))
    found = words_of(explanation(text, *(term(v, s) for v, s in zip(values, spans, strict=True)), term(0.25)))
    assert found.unplaced == 0.25
    assert sum(p.contribution for p in found.pieces) == pytest.approx(sum(values), abs=1e-9)
    assert sum(p.is_numbered for p in found.pieces) <= MAX_NUMBERED


def test_a_pair_of_words_is_shared_by_both_and_not_by_the_space_between():
    pieces = words_of(explanation("aa bbbb", term(0.6, (0, 7)))).pieces
    assert [(p.text, round(p.contribution, 9)) for p in pieces] == [("aa", 0.2), (" ", 0.0), ("bbbb", 0.4)]


def test_a_term_that_stands_twice_is_shared_by_both_places():
    pieces = words_of(explanation("ab ab", term(0.6, (0, 2), (3, 5)))).pieces
    assert [round(p.contribution, 9) for p in pieces] == [0.3, 0.0, 0.3]


def test_levels_follow_the_strongest_word_and_the_sign():
    pieces = words_of(
        explanation("a b c d", term(1.0, (0, 1)), term(-0.5, (2, 3)), term(0.2, (4, 5)), term(0.01, (6, 7)))
    ).pieces
    assert [p.level for p in pieces if p.text.strip()] == [3, -2, 1, 0]


def test_numbers_stand_far_enough_from_each_other():
    text = "oui non " * 8
    terms = [term(1.0 + i / 10, (4 * i, 4 * i + 3)) for i in range(16)]
    starts = [p.start for p in words_of(explanation(text, *terms)).pieces if p.is_numbered]
    assert len(starts) == MAX_NUMBERED
    assert (np.diff(starts) >= 6).all()


def test_elisions_and_negations_are_pieces_of_their_own():
    texts = [p.text for p in words_of(explanation("L'accord n’a pas. Don't!")).pieces]
    assert texts == ["L'", "accord", " ", "n’", "a", " ", "pas", ".", " ", "Don't", "!"]
