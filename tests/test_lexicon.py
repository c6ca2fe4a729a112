from collections import Counter
from importlib.resources import files

import pytest

from stance.lexicon import TONES, ToneLexicon

LINES = (files("stance.lexicon") / "data" / "tone.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in LINES[1:]]


def test_each_language_has_enough_entries_of_each_tone_and_none_twice():
    counts = Counter(row[:2] for row in ROWS)
    assert set(counts) == {(lang, tone) for lang in ("fr", "en") for tone in TONES}
    assert min(counts.values()) >= 150
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


def test_an_undecided_text_is_neutral_where_there_is_such_a_class_and_else_the_class_given():
    texts, langs = ["Nothing here.", "A truce.", "A war."], ["en"] * 3
    lexicon = ToneLexicon.load()
    assert lexicon.predict(texts, langs, ["tense", "neutral", "cooperative"], otherwise=0).tolist() == [
        1,
        2,
        0,
    ]
    assert lexicon.predict(texts, langs, ["tense", "cooperative"], otherwise=0).tolist() == [0, 1, 0]
