import pytest

from stance.speakers.agreement import agrees, opens_with_other_person


@pytest.mark.parametrize(("pronoun", "name", "lang"), [
    ("il", "le ministre", "fr"), ("a-t-elle", "la ministre", "fr"), ("ils", "les deux ministres", "fr"), ("il", "l'Élysée", "fr"),
    ("ont-ils", "Paris et Berlin", "fr"), ("he", "Ivan Marenkov", "en"), ("she", "Mrs. Vasquez", "en"), ("it", "the State Department", "en"),
    ("they", "the two ministers", "en"), ("it", "Moscow", "en"), ("he", "the minister", "en"),
])  # fmt: skip
def test_a_pronoun_agrees_with_such_a_name(pronoun, name, lang):
    assert agrees(pronoun, name, lang)


@pytest.mark.parametrize(("pronoun", "name", "lang"), [
    ("elle", "le ministre", "fr"), ("il", "Mme Vasquez", "fr"), ("il", "les ministres", "fr"), ("on", "le ministre", "fr"),
    ("he", "Mrs. Vasquez", "en"), ("he", "the State Department", "en"), ("he", "Moscow", "en"), ("they", "the minister", "en"), ("we", "Rome", "en"),
])  # fmt: skip
def test_a_pronoun_does_not_agree_with_such_a_name(pronoun, name, lang):
    assert not agrees(pronoun, name, lang)


def test_another_person_in_between_makes_a_pronoun_unclear():
    assert opens_with_other_person("Le maire de Split, Luka Peric, est arrivé.", "Jan Horvat", "fr")
    assert opens_with_other_person("Mr. Ord left the room.", "Jan Horvat", "en")
    assert not opens_with_other_person("Jan Horvat left the room.", "Horvat", "en")
    assert not opens_with_other_person("The bridge is closed.", "Jan Horvat", "en")
