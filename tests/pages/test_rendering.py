import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.pages import colour_numbers, visible
from stance.pages.rendering import N_COLOURS, number, shown_term


@given(st.text())
def test_no_control_or_direction_survives_and_all_else_does(text):
    found = visible(text)
    assert not [c for c in found if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r"]
    assert not [
        c
        for c in found
        if unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    ]
    assert visible(found) == found


def test_joiners_and_accents_stay_as_they_are():
    for text in ("👩‍👩‍👧", "e\u0301", "नमस्ते", "mot\u00adcoupé"):
        assert visible(text) == text


@given(st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=20))
def test_every_class_has_a_colour_and_few_classes_have_different_ones(classes):
    found = colour_numbers(classes)
    assert list(found) == classes
    assert set(found.values()) <= set(range(N_COLOURS))
    if len(classes) <= N_COLOURS:
        assert len(set(found.values())) == len(classes)


def test_two_names_for_one_meaning_do_not_share_its_colour():
    assert colour_numbers(("tense", "conflict")) == {"tense": 0, "conflict": 1}


@pytest.mark.parametrize(("value", "shown"), [(0.5, "0.500"), (-0.25, "−0.250"), (None, "–"), (1, "1.000")])
def test_numbers_have_fixed_digits_and_a_true_minus(value, shown):
    assert number(value) == shown


def test_spaces_at_the_ends_of_a_term_are_shown():
    assert [shown_term(t) for t in (" ac", "ac ", "a b", " ", "  ")] == ["␣ac", "ac␣", "a b", "␣", "␣␣"]
