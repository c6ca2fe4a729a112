import re

import pytest

from stance.fields.negation import negated


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
    ],
)
def test_a_negation_reaches_to_the_next_mark_or_contrast(text, marked):
    assert re.findall(r"not_(\w+)", negated(text)) == marked


def test_marks_are_all_that_negation_changes():
    text = "Il n'a pas dit « non », et le _user n'y est pour rien !"
    assert negated(text).replace("not_", "") == text
