from importlib.resources import files

import pytest

from stance.speakers.lexicon import LANGUAGES, lexicon, reporting_verbs
from stance.speakers.reading import read


def rows(name):
    text = files("stance.speakers").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_at_least_150_words_report_speech(lang):
    header, *cues = rows(f"cues_{lang}.tsv")
    assert header == ["lemma", "sort", "addressee", "forms", "needs", "unless", "negated", "reflexive"]
    assert len({cue[0] for cue in cues if cue[1] != "noun"}) >= 150
    assert len({cue[0] for cue in cues if cue[1] == "noun"}) >= 50


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_reads_and_knows_the_commonest_verbs(lang):
    said = {"fr": "dit", "en": "said", "de": "sagte", "es": "dijo", "it": "disse", "pt": "disse"}[lang]
    assert said in reporting_verbs(lang)
    assert all(len(letter) == 1 for letter in lexicon(lang).classes.values())


@pytest.mark.parametrize(("lang", "sentence", "classes"), [
    ("fr", "Le Kremlin a indiqué mardi que l'accord tient.", "DCApTKDLM."),
    ("fr", "Rien, a-t-il dit, n'est sûr.", "W,ux,NBL."),
    ("fr", "D'après Rome, le gouvernement a lancé un appel.", "IC,D+AYDk."),
    ("en", "The Kremlin's spokesman said on Tuesday that it had ruled it out.", "DCOjxPTKHAxHP."),
    ("en", "According to Rome, the U.S. issued a denial.", "IC,DCXDk."),
])  # fmt: skip
def test_a_sentence_becomes_a_string_of_letters(lang, sentence, classes):
    assert read(sentence, lang).classes == classes


def test_the_offsets_of_words_are_exact_over_joined_phrases():
    sentence = "Par ailleurs, à l'issue de la rencontre, M. N'Diaye s'est tu."
    reading = read(sentence, "fr")
    shown = [sentence[slice(*reading.offsets((at, at + 1)))] for at in range(len(reading.words))]
    assert shown == [
        "Par ailleurs",
        ",",
        "à l'issue de",
        "la",
        "rencontre",
        ",",
        "M.",
        "N'",
        "Diaye",
        "s'",
        "est",
        "tu",
        ".",
    ]


def test_a_word_is_taken_for_the_same_whatever_was_read_before():
    sentence = "Zorbage et négoce, selon le zorb. Rossi."
    first = read(sentence, "it").classes
    read("lo zorbage, un zorb, negoce", "it")
    assert read(sentence, "it").classes == first


def test_words_outside_the_tables_are_remembered_only_up_to_a_limit():
    classes = lexicon("it").classes
    before = len(classes)
    for i in range(60_000):
        assert classes[f"xq{i}"] == "L"
    assert len(classes) <= before + 50_000
