import pytest

from stance.fields.targets import around, clause, masked, mention, near

TEXT = "The Senate thanked Trump, but critics who dislike Trump called Clinton weak."


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("Trump", "The Senate thanked Trump"),
        ("Clinton", "dislike Trump called Clinton weak."),
        ("Senate", "The Senate thanked Trump"),
        ("Merkel", TEXT),
        ("", TEXT),
    ],
)
def test_the_clause_of_a_target(target, expected):
    assert clause(TEXT, target) == expected


def test_the_placeholder_marks_the_target_as_well_as_its_name():
    assert mention(masked(TEXT, "Clinton"), "Clinton") is not None
    assert near(masked(TEXT, "Clinton"), "Clinton") == near(TEXT, "Clinton")
    assert around(masked(TEXT, "Senate"), "Senate") == around(TEXT, "Senate")


def test_a_target_is_found_as_a_whole_word_and_whatever_its_characters():
    assert mention("Trumpism and Trump", "Trump") == (13, 18)
    assert masked("C++ (a+b)* and C", "(a+b)*") == "C++ _target and C"


@pytest.mark.parametrize("view", [near, around, clause, masked])
def test_a_target_that_is_not_named_leaves_the_text_whole(view):
    assert view("Nobody is named.", "Ana") == "Nobody is named."
