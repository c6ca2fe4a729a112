import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stance.errors import ConfigError
from stance.languages import LANGUAGES, check_languages, identify, statement_language

TEXTS = {
    "fr": "Les deux ministres ont repris les pourparlers mardi, après trois semaines de silence.",
    "en": "The two ministers resumed their talks on Tuesday after three weeks of silence.",
    "de": "Die beiden Minister haben am Dienstag nach drei Wochen des Schweigens die Gespräche wieder aufgenommen.",
    "es": "Los dos ministros reanudaron el martes las conversaciones tras tres semanas de silencio.",
    "it": "I due ministri hanno ripreso martedì i colloqui dopo tre settimane di silenzio.",
    "pt": "Os dois ministros retomaram as conversações na terça-feira, depois de três semanas de silêncio.",
    "nl": "De twee ministers hebben dinsdag na drie weken stilte de gesprekken hervat.",
    "ru": "Министры возобновили переговоры во вторник после трёх недель молчания.",
    "ar": "استأنف الوزيران المحادثات يوم الثلاثاء بعد ثلاثة أسابيع من الصمت.",
    "zh": "两国部长在沉默三周之后于周二恢复了会谈。",
    "pl": "Dwaj ministrowie wznowili we wtorek rozmowy po trzech tygodniach milczenia.",
}


@pytest.mark.parametrize("lang", TEXTS)
def test_a_sentence_has_its_language(lang):
    assert identify(TEXTS[lang]) == lang


@pytest.mark.parametrize(
    "text", ["", "   ", "OK", "12 345 678,90 %", "M. Dupont", "http://example.org/a?b=1", "—" * 200]
)
def test_a_text_that_tells_too_little_is_undetermined(text):
    assert identify(text) == "und"


def test_a_text_in_two_languages_is_undetermined():
    assert identify(TEXTS["fr"] + " " + TEXTS["en"]) == "und"
    assert identify(TEXTS["en"] * 8 + TEXTS["de"] * 8) == "und"


def test_only_configured_languages_are_given():
    assert identify(TEXTS["pl"], ("fr", "en")) in ("fr", "en", "und")
    assert identify(TEXTS["fr"] * 5, ("de", "en")) in ("de", "en", "und")


def test_a_language_that_cannot_be_identified_is_refused_with_the_nearest():
    check_languages(LANGUAGES)
    check_languages(("fr", "sw"))
    with pytest.raises(ConfigError, match=r"'xx' cannot be identified.*Leave it out"):
        check_languages(("fr", "xx"))


@pytest.mark.parametrize("lang", ["fr", "en", "de", "es", "ru", "ar", "zh"])
def test_a_statement_has_the_language_of_its_article_or_clearly_another(lang):
    for other in ("fr", "en", "es"):
        assert statement_language(TEXTS[lang], other) == lang
    assert statement_language("Oui.", lang) == lang
    assert statement_language("Vladivostok, Almaty", lang) == lang
    assert statement_language(TEXTS[lang], "und") == lang


def test_a_regional_tag_of_an_article_is_kept():
    assert statement_language(TEXTS["fr"], "fr-CA") == "fr-CA"
    assert statement_language(TEXTS["en"], "fr-CA") == "en"


@pytest.mark.parametrize("text", ["\ud800" * 50, "a" * 100_000, "\x00" * 500, "é" * 200, "中" * 200])
def test_odd_texts_have_some_answer(text):
    assert identify(text) in (*LANGUAGES, "und")
    assert statement_language(text, "fr") in (*LANGUAGES, "und")


def test_the_model_is_loaded_only_when_needed():
    code = "import sys, stance.languages; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("lang", ["fr", "en", "es"])
def test_sentences_of_the_united_nations_have_their_language(lang):
    folder = os.environ.get("STANCE_BENCHMARKS")
    if not folder:
        pytest.skip("STANCE_BENCHMARKS names no folder of public data")
    lines = (Path(folder) / f"un_quad/consensus_{lang}_valid.jsonl").read_text(encoding="utf-8").splitlines()
    found = [identify(json.loads(line)["text"]) for line in lines]
    assert set(found) <= {lang, "und"}
    assert found.count(lang) >= 0.98 * len(found)
