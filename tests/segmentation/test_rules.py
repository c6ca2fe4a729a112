import pytest

from stance.segmentation.rules import LANGUAGES, rules, rules_language


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_titles_abbreviations_and_openers(lang):
    own = rules(lang)
    assert own.lang == lang
    assert all((own.titles, own.before_numbers, own.others))
    assert len(own.starters) > 80
    assert own.starters == {word.lower() for word in own.starters}


def test_a_language_without_a_table_is_read_with_english_rules():
    assert rules("und") == rules("en")


@pytest.mark.parametrize(("text", "lang"), [
    ("Les deux ministres ont signé le texte à l'issue de la rencontre.", "fr"),
    ("The two ministers signed the text at the end of the meeting.", "en"),
    ("Die beiden Minister haben den Text am Ende des Treffens unterzeichnet.", "de"),
    ("Los dos ministros firmaron el texto al final de la reunión.", "es"),
    ("I due ministri hanno firmato il testo alla fine della riunione.", "it"),
    ("Os dois ministros assinaram o texto no final da reunião.", "pt"),
    ("« Le port est ouvert. Il le restera », a dit le maire. La mer est calme.", "fr"),
    ("Xyzzy plugh frotz", "und"),
    ("", "und"),
])  # fmt: skip
def test_the_language_that_a_text_looks_to_be_in_decides_where_none_is_given(text, lang):
    assert rules_language(text, None) == rules_language(text, "und") == lang


def test_a_language_that_is_given_is_taken_at_its_word():
    assert rules_language("The ministers signed.", "fr-CA") == "fr"
    assert rules_language("Les ministres ont signé.", "ar") == "und"
