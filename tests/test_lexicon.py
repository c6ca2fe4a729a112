from collections import Counter
from importlib.resources import files

import pytest

from stance.lexicon import TONES, ToneLexicon
from stance.lexicon.polarity import word_polarities


def read_rows(table):
    lines = (files("stance.lexicon") / "data" / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines[1:]]


ROWS = read_rows("tone")
TABLES = pytest.mark.parametrize("rows", [ROWS, read_rows("sentiment")], ids=["tone", "sentiment"])


def test_each_language_has_enough_entries_of_each_tone_and_none_twice():
    counts = Counter(row[:2] for row in ROWS)
    assert set(counts) == {(lang, tone) for lang in ("fr", "en") for tone in TONES}
    assert min(counts.values()) >= 1_100
    assert len(set(ROWS)) == len(ROWS)


@TABLES
def test_no_entry_is_of_both_classes(rows):
    assert len({(lang, entry) for lang, _, entry in rows}) == len(rows)


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
    "word",
    [
        *(
            "haïti",
            "ratifié",
            "souligne",
            "ravisseurs",
            "ravitaillement",
            "guérilla",
            "unis",
            "unies",
            "saint",
        ),
        *("conseiller", "contentieux", "chancelier", "respectivement", "mensuel", "manifestement", "estime"),
        *(
            "united",
            "crimea",
            "admiral",
            "denmark",
            "bashar",
            "issues",
            "health",
            "wood",
            "successor",
            "victoria",
        ),
        *(
            "trustees",
            "creditors",
            "worship",
            "smartphone",
            "respectively",
            "accustomed",
            "allegiance",
            "painted",
        ),
    ],
)
def test_no_start_of_praise_or_blame_catches_a_word_of_another_meaning(word):
    assert not [name for name in word_polarities(word) if name.startswith(("praise", "blame"))]


@pytest.mark.parametrize(
    "word",
    [
        "libéria",
        "libérien",
        "quelle",
        "quelles",
        "combats",
        "violent",
        "redressement",
        "fragile",
        "remerciement",
        "annuel",
        "levier",
        "finale",
    ],
)
def test_no_start_of_reversal_catches_a_word_of_another_meaning(word):
    assert not [name for name in word_polarities(word) if name.startswith("reversal_")]


@pytest.mark.parametrize(
    "word", ["refused", "lifted", "suspension", "refuse", "lève", "levées", "annulation"]
)
def test_what_reverses_says_so_last_so_that_it_stands_next_to_what_it_reverses(word):
    assert word_polarities(word)[-1].startswith("reversal_")


@TABLES
def test_no_entry_of_a_language_is_covered_by_a_start_of_the_same_class(rows):
    starts = {(lang, name, entry[:-1]) for lang, name, entry in rows if entry.endswith("*")}
    assert not [
        row
        for row in rows
        for n_chars in range(1, len(row[2].rstrip("*")) + (not row[2].endswith("*")))
        if (*row[:2], row[2][:n_chars]) in starts
    ]


@TABLES
def test_a_table_is_in_order(rows):
    keys = [(lang != "fr", *rest) for lang, *rest in rows]
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
