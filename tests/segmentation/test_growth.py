"""The time an article takes grows in step with its length, whatever it holds much of."""

import gc
import time

import pytest

from stance.segmentation import cut
from stance.segmentation.units import UNITS

# Each in its language: what is there once, and what is there again and again.
SHAPES = {
    "quotations": ("en", "", '"A," he said. '),
    "guillemets": ("fr", "", "« Oui », dit-il. "),
    "German quotations": ("de", "", "„Ja“, sagte er. "),
    "quotations of several sentences": ("en", "", "“No. Never,” she said. He left. "),
    "quotations in one sentence": ("en", "", '"A" said '),
    "quoted words": ("fr", "", "Rome « regrette » "),
    "quotations never closed": ("en", "", '"A he said. '),
    "guillemets never opened": ("fr", "", "Oui », dit-il. "),
    "paragraphs that open a quotation": ("en", "", "“A.\n\n"),
    "exclamations in one quotation": ("fr", "« ", "abc abc! "),
    "possessives in one quotation": ("en", "'x ", "ministers' plan "),
    "nested quotations": ("en", "", "“He said ‘no’ to me,” "),
    "pronouns": ("en", "John Smith said no. ", "Ann left early. He said so. "),
    "pronouns of a long name": ("en", "Smith " * 2_000 + "said no. ", "He said so. "),
    "parentheses": ("en", "", "(A. B.) He said. "),
    "initials after a parenthesis": ("en", "(x) ", "A. B. "),
    "initials in an open parenthesis": ("en", "(", "A. B. "),
    "dashes": ("fr", "", "- a dit le roi - "),
    "stammering": ("fr", "", "je… "),
    "verbs in one sentence": ("en", "", "said by the "),
    "commas in one sentence": ("fr", "", "le roi, qui a dit, "),
    "statements": ("en", "", "He left. "),
    "list items": ("en", "", "- Item one\n"),
    "headings": ("en", "", "A small heading\n\nThe text is long and said so.\n\n"),
    "titles of other articles": ("fr", "", "Lire aussi\n\nUn titre court\n\nIl a dit oui.\n\n"),
    "persons introduced": ("en", "", "Ann Lee left. Lee sang. He said no. "),
    "surnames alone": ("en", "", "Moscow said no. He said yes. "),
    "rows of one paragraph": ("en", "", "Aaaaaaaaa\n"),
    "line separators": ("en", "A", "\u2028"),
}
_CHARS = 30_000
# In step with the length it is 4, as the square of it 16; a machine that does other work is asked again.
_RATIO, _TRIES = 9, 4


def _cpu_seconds(text, lang, unit):
    gc.collect()
    started = time.process_time()
    cut(text, lang, unit)
    return time.process_time() - started


def _grows_too_fast(text, lang, unit, times):
    short, long = text(times), text(4 * times)
    return _cpu_seconds(long, lang, unit) > _RATIO * _cpu_seconds(short, lang, unit) + 0.01


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_in_step_with_the_length_of_an_article(shape):
    lang, once, again = SHAPES[shape]
    times = _CHARS // len(again)
    cut(once + again * 9, lang)
    assert not all(
        _grows_too_fast(lambda n: once + again * n, lang, "sentences", times) for _ in range(_TRIES)
    )


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_in_step_with_the_length_in_every_unit(unit):
    text = '"A," he said. '.__mul__
    cut(text(9), "en", unit)
    assert not all(_grows_too_fast(text, "en", unit, _CHARS // 14) for _ in range(_TRIES))


@pytest.mark.parametrize(
    ("lang", "opening", "again"),
    [
        ("fr", "« A », a dit", ", avec joie"),
        ("fr", "« A », a dit", " avec joie,"),
        ("fr", "Oui, a dit", ", hier, bien,"),
        ("es", "«A», dijo", ", con alegría"),
        ("it", "«A», ha detto", ", con gioia"),
        ("fr", "Il pleut.\n\nPar", "    Aa"),
    ],
)
def test_complements_and_gaps_do_not_double_the_time_with_each(lang, opening, again):
    started = time.process_time()
    for n in range(40):
        cut(opening + again * n + "x" * 85 + ".", lang)
    assert time.process_time() - started < 5


def test_a_sentence_of_a_megabyte_is_read():
    for unit in ("word ", "Smith and ", "(", "A", "a, "):
        started = time.process_time()
        assert len(cut(unit * (1_000_000 // len(unit)), "en")) == 1
        assert time.process_time() - started < 5
