from collections import Counter
from importlib.resources import files

import pytest

from stance.lexicon import TONES, ToneLexicon
from stance.lexicon.polarity import word_polarities

LINES = (files("stance.lexicon") / "data" / "tone.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in LINES[1:]]


def test_each_language_has_enough_entries_of_each_tone_and_none_twice():
    counts = Counter(row[:2] for row in ROWS)
    assert set(counts) == {(lang, tone) for lang in ("fr", "en") for tone in TONES}
    assert min(counts.values()) >= 1_100
    assert len(set(ROWS)) == len(ROWS)


def test_no_entry_is_of_both_tones():
    for lang in ("fr", "en"):
        first, second = ({row[2] for row in ROWS if row[:2] == (lang, tone)} for tone in TONES)
        assert not first & second


@pytest.mark.parametrize(
    ("text", "lang", "counts"),
    [
        ("The ministers welcomed the truce.", "en", (2, 0)),
        ("The minister condemned the attack.", "en", (0, 2)),
        ("L\u2019ambassadeur a \u00e9te\u0301 expulsé.", "fr", (0, 1)),
        ("LE CESSEZ-LE-FEU TIENT", "fr-CA", (1, 0)),
        ("Warm words, no war.", "en", (1, 1)),
        ("La guerre and the war", None, (0, 2)),
        ("Der Krieg", "de", (0, 0)),
        ("", "fr", (0, 0)),
    ],
)
def test_words_are_counted_by_language_whatever_their_form(text, lang, counts):
    assert ToneLexicon.load().count(text, lang) == counts


@pytest.mark.parametrize(
    "word",
    [
        "according",
        "definition",
        "demographic",
        "fundamental",
        "investigation",
        "pacific",
        "razor",
        "respectively",
        "shark",
        "subsidiary",
        "successor",
        "tactics",
        "trusteeship",
        "attention",
        "construction",
        "convient",
        "données",
        "définir",
        "ensemble",
        "mention",
        "position",
        "restaurant",
        "résilience",
        "siège",
        "température",
        "troupeau",
    ],
)
def test_no_start_catches_a_word_of_another_meaning(word):
    assert not [name for name in word_polarities(word) if name.startswith(TONES)]


@pytest.mark.parametrize(
    "word", ["refused", "lifted", "suspension", "refuse", "lève", "levées", "annulation"]
)
def test_what_reverses_says_so_last_so_that_it_stands_next_to_what_it_reverses(word):
    assert word_polarities(word)[-1].startswith("reversal_")


def test_no_entry_of_a_language_is_covered_by_a_start_of_the_same_tone():
    starts = {(lang, tone, entry[:-1]) for lang, tone, entry in ROWS if entry.endswith("*")}
    assert not [
        row
        for row in ROWS
        for n_chars in range(1, len(row[2].rstrip("*")) + (not row[2].endswith("*")))
        if (*row[:2], row[2][:n_chars]) in starts
    ]


def test_the_table_is_in_order():
    keys = [(lang != "fr", *rest) for lang, *rest in ROWS]
    assert keys == sorted(keys)


def test_an_undecided_text_is_neutral_where_there_is_such_a_class_and_else_the_class_given():
    texts, langs = ["Nothing here.", "A truce.", "A war."], ["en"] * 3
    lexicon = ToneLexicon.load()
    assert lexicon.predict(texts, langs, ["tense", "neutral", "cooperative"], otherwise=0).tolist() == [
        1,
        2,
        0,
    ]
    assert lexicon.predict(texts, langs, ["tense", "cooperative"], otherwise=0).tolist() == [0, 1, 0]
