import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ConfigError
from stance.segmentation import cut, cut_all, segment
from stance.segmentation.units import UNITS
from tests.segmentation.article import PARTS, article_text
from tests.segmentation.cases import LANGUAGES, load_cases

# Pieces that meet the rules, so that random texts reach them.
PIECES = st.sampled_from(
    ["M. ", "« ", " »", "“", "”", '"', "'", "’", "(", ")", ". ", "! ", "? ", "… ", "...", "\n", "\n\n", "\r\n", "\u2029", "—",
     "- ", "Lire aussi ", "Le Kremlin a dit ", "said Smith", "a-t-il dit", "U.S. ", "3.5 ", "art. 5 ", " selon Rome", "\u00a0",
     "\ue000", "\ue001", "É", "ß", "。", "DIPLOMATIE ", ", a indiqué le roi", "he said.", "A", "qui ", "12", "\x85", "\x1c"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=30).map("".join)
)


@given(
    text=TEXTS,
    lang=st.sampled_from(["fr", "en", "de", "es", "it", "pt", "und", None, "ar"]),
    unit=st.sampled_from(UNITS),
)
@settings(deadline=None, max_examples=300)
def test_spans_hold_every_character_that_is_not_space_once_and_in_order(text, lang, unit):
    statements = segment(text, lang, article_id="a", unit=unit)
    end = 0
    for s in statements:
        assert text[end : s.start].strip() == ""
        assert text[s.start : s.end] == s.text == s.text.strip() != ""
        assert s.statement_id == f"a:{s.start}-{s.end}"
        end = s.end
    assert text[end:].strip() == ""


@given(text=TEXTS, lang=st.sampled_from(["fr", "en", "it"]))
@settings(deadline=None, max_examples=200)
def test_speakers_and_cues_stand_where_their_offsets_say(text, lang):
    for s in segment(text, lang):
        assert (s.speaker is None) == (s.speaker_start is None) == (s.speaker_end is None)
        assert (s.cue is None) == (s.cue_start is None) == (s.cue_end is None)
        assert s.speaker is None or text[s.speaker_start : s.speaker_end] == s.speaker
        assert s.cue is None or (
            text[s.cue_start : s.cue_end] == s.cue and s.start <= s.cue_start <= s.cue_end <= s.end
        )


def test_a_whole_article_comes_out_as_a_reader_reads_it():
    found = [(s.kind, s.speaker, s.text) for s in segment(article_text(), "fr")]
    assert found == [part for part in PARTS if part]


def test_the_same_article_gives_the_same_statements():
    assert segment(article_text(), "fr") == segment(article_text(), "fr")


def test_the_language_is_recognised_by_its_small_words():
    assert [s.text for s in segment(article_text())] == [s.text for s in segment(article_text(), "fr-FR")]
    assert {s.lang for s in segment(article_text())} == {"und"}
    assert {s.lang for s in segment(article_text(), "fr-FR")} == {"fr-FR"}


def test_a_quotation_is_one_statement_with_unit_quotations():
    text = "Il pleut. « Non. Jamais. Nous restons », a dit le roi. Il a souri."
    whole = segment(text, "fr", unit="quotations")
    assert [s.text for s in whole] == [
        "Il pleut.",
        "« Non. Jamais. Nous restons », a dit le roi.",
        "Il a souri.",
    ]
    assert (whole[1].kind, whole[1].speaker) == ("direct", "le roi")


def test_a_paragraph_is_one_statement_with_unit_paragraphs():
    text = "Rome a dit oui. Le texte est clos.\n\nParis a dit oui. Berlin a dit non."
    first, second = segment(text, "fr", unit="paragraphs")
    assert first.text == "Rome a dit oui. Le texte est clos."
    assert (first.speaker, first.kind) == ("Rome", "indirect")
    assert (second.speaker, second.kind) == (None, "indirect")


def test_an_unknown_unit_is_refused_with_those_there_are():
    with pytest.raises(ConfigError, match="unit is 'words'; one of sentences, quotations, paragraphs"):
        segment("Bonjour.", unit="words")


def test_the_addressee_is_named():
    told, asked, urged = segment(
        "Le ministre a demandé à la Turquie de patienter. Moscou accuse Kiev de mentir. Rome exhorte les rebelles à céder.",
        "fr",
    )
    assert (told.addressee, asked.addressee, urged.addressee) == ("la Turquie", "Kiev", "les rebelles")
    [english] = segment('The minister told Berlin that the pipeline was "dead".', "en")
    assert english.addressee == "Berlin"


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u00a0"])
def test_a_blank_text_has_no_statements(text):
    assert segment(text) == []


def test_the_time_grows_with_the_length_of_a_hostile_paragraph_no_faster():
    for text in (
        "« " * 20_000,
        "a. " * 20_000,
        "(" * 20_000,
        ", a dit le roi" * 4_000,
        "M. " * 20_000,
        '"' * 20_000,
    ):
        assert segment(text, "fr")


@pytest.mark.parametrize("unit", [".", "…", "!?", " . ", "( ", '"', "« ", "l'"])
def test_a_text_of_marks_alone_takes_time_that_grows_with_its_length(unit):
    started = time.monotonic()
    assert segment(unit * 40_000 + "Paris welcomed the accord.")
    assert time.monotonic() - started < 10


def test_articles_are_cut_together_as_each_by_itself():
    cases = [case for lang in LANGUAGES for case in load_cases(lang)[::9]]
    texts, langs = [case.text for case in cases], [case.lang for case in cases]
    texts += ["Le maire a dit oui. Il part.", "The mayor said yes. He left.", "市长说。", ""]
    langs += [None, None, "zh", "fr"]
    assert cut_all(texts, langs) == [cut(*pair) for pair in zip(texts, langs, strict=True)]
