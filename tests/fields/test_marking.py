import re

import pytest

from stance.fields.marking import ASIDES, NEGATED, REVERSED


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Nous n'avons pas d'accord. Bien", ["avons", "d", "accord"]),
        ("They don't trust us, we do", ["trust", "us"]),
        ("Ils ne signeront jamais mais parleront", ["signeront"]),
        ("Sans dialogue : la guerre", ["dialogue"]),
        ("Plus de dialogue, personne ne doute", ["doute"]),
        ("No deal (yet) but hope", ["deal"]),
        ("A knot of notes", []),
        ("Paris lève les sanctions", []),
    ],
)
def test_a_negation_reaches_to_the_next_mark_or_contrast(text, marked):
    assert re.findall(r"not_(\w+)", NEGATED.text(text)) == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Nous n'avons pas d'accord. Bien", ["avons", "d", "accord"]),
        ("Paris lève les sanctions, Rome les maintient", ["les", "sanctions"]),
        ("LIFTED SANCTIONS (all of them)", ["SANCTIONS"]),
        ("Minsk a refusé tout dialogue mais reste", ["tout", "dialogue"]),
        ("They did not lift the ban", ["lift", "the", "ban"]),
        ("Ending the refusal of _x_", ["the", "refusal", "of"]),
        ("The lift stands still.", ["stands", "still"]),
        ("Peace holds", []),
    ],
)
def test_a_word_of_reversal_reaches_as_far_and_is_marked_where_it_is_reached(text, marked):
    assert re.findall(r"not_(\w+)", REVERSED.text(text)) == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Talks resumed after months of threats, he said", ["months", "of", "threats"]),
        ("Malgré la crise, Rome reste", ["la", "crise"]),
        ("The envoy who was expelled (again) returns", ["was", "expelled"]),
        ("Despite war since May but not after", ["war", "May"]),
        ("He said that talks go on", []),
        ("Il affirme que tout va bien", []),
        ("Depuis _x_ ils parlent", ["ils", "parlent"]),
    ],
)
def test_a_circumstance_reaches_to_the_next_mark_or_contrast(text, marked):
    assert re.findall(r"aside_(\w+)", ASIDES.text(text)) == marked


@pytest.mark.parametrize("marking", [NEGATED, REVERSED, ASIDES])
def test_marks_are_all_that_is_added(marking):
    text = "Il n'a pas dit « non » après cela, et le _user n'y est pour rien : fin du gel !"
    assert marking.text(text).replace(marking.mark, "") == text
