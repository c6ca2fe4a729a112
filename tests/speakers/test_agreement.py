import pytest

from stance.speakers.agreement import agrees, opening_person


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


@pytest.mark.parametrize(("sentence", "person", "lang"), [
    ("Le maire de Split, Luka Peric, est arrivé.", "Le maire de Split, Luka Peric", "fr"), ("Mr. Ord left the room.", "Mr. Ord", "en"),
    ("President Ana Ruiz was unmoved.", "President Ana Ruiz", "en"), ("Jan Horvat, 61 ans, a perdu son fils.", "Jan Horvat", "fr"),
])  # fmt: skip
def test_a_sentence_begins_with_a_person(sentence, person, lang):
    opening = opening_person(sentence, lang)
    assert sentence[slice(*opening.person)] == person
    assert opening.is_alone


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge is closed.",
        "South Korea has agreed.",
        "The White House was silent.",
        "Rain fell on Jan Horvat.",
    ],
)
def test_other_sentences_begin_with_nobody(sentence):
    assert opening_person(sentence, "en") is None


def test_a_sentence_that_names_another_person_is_about_two():
    assert not opening_person("Jan Horvat met Luka Peric.", "en").is_alone
