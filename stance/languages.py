"""The language of a text, or ``und`` where that is not sure."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from stance.errors import ConfigError, nearest
from stance.records import UNDETERMINED

_CODES = "ar bg cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sr sv tr uk zh"
LANGUAGES = tuple(_CODES.split())
"""Languages to choose from: those in which international news is most written."""

MIN_CONFIDENCE = 0.7
"""Below this a language is not sure. Of the first 40 characters of French, English and Spanish sentences (UN
documents, 1,339), 0.1 % get a wrong language at it, and 5 % none; at 0.5 it is 0.3 % and 2 %."""

SURE_CONFIDENCE = 0.9
"""From here on a statement may be in another language than its article."""

MIN_LETTER_BYTES = 12
"""Shorter texts have no sure language; in bytes, as one Chinese character tells as much as three letters."""

SAMPLE_CHARS = 480
"""Characters whose function words are looked at in one place of a text: the start, the middle, the end."""

MODEL_CHARS = 160
"""Characters of them that the model is asked about."""

MIN_DIVIDED_CHARS = 100
"""Texts from half of this on are looked at in two or three places, which must not differ."""

FUNCTION_WORDS = {
    "fr": "le la les des du un une et est dans pour que qui sur avec par ont été ce cette ses aux au il elle nous",
    "en": "the of and to is that was with for said by has have it be are from his its were this which will not they",
    "de": "der die das und ist den von mit dem ein eine nicht auf für im des sich auch werden wird hat nach bei aus",
    "es": "el la los las del y es en que un una por con para se su al como más fue ha sus pero está han lo",
    "it": "il la di che e è un una per con del della gli le dei nel sono ha alla più anche dal si delle non",
    "pt": "o a os as do da dos das e é em que um uma para com no na por se mais foi não ao pela pelo são",
    "nl": "de het een van en is dat op te voor met niet zijn aan er om heeft ook door naar bij werd wordt uit",
}
"""Words that show a language at a glance."""

MANY_FUNCTION_WORDS = 4

NONE: frozenset[str] = frozenset()
_FUNCTION_WORDS = {lang: frozenset(words.split()) for lang, words in FUNCTION_WORDS.items()}
_PROPER_WORDS = {
    lang: words - NONE.union(*(other for name, other in _FUNCTION_WORDS.items() if name != lang))
    for lang, words in _FUNCTION_WORDS.items()
}
_LANGUAGE_OF = {word: lang for lang, words in _PROPER_WORDS.items() for word in words}
_ALL_FUNCTION_WORDS = NONE.union(*_FUNCTION_WORDS.values())
_WORD = re.compile(r"[^\W\d_]+")


def check_languages(languages: tuple[str, ...]) -> None:
    """Raise ConfigError where a language is not one that can be identified."""
    if not set(languages) <= set(LANGUAGES):  # to ask for the others, the model is read
        _identifier(languages)


def identify(text: str, languages: tuple[str, ...] = LANGUAGES) -> str:
    """The BCP 47 tag of a text's language; ``und`` for texts that are short, mixed or in none of the languages.

    Parameters
    ----------
    text : str
        Only samples of a long text are looked at, so the time does not grow with its length.
    languages : tuple of str
        Tags to choose from.

    Raises
    ------
    ConfigError
        If a language is not one that can be identified.

    Examples
    --------
    >>> identify("Les deux ministres ont signé l'accord à l'issue de la rencontre.")
    'fr'
    >>> identify("OK"), identify("Le ministre a donné son accord hier soir. The talks will go on until the weekend.")
    ('und', 'und')
    """
    samples = list(_samples(text))
    found = {
        _evident(sample) or _identified(sample[:MODEL_CHARS], languages, MIN_CONFIDENCE) for sample in samples
    }
    if len(found) == 1:
        lang = found.pop()
        return lang if lang in languages else UNDETERMINED
    sure = found - {UNDETERMINED}
    whole = _identified(text[: 3 * MODEL_CHARS], languages, MIN_CONFIDENCE)
    return whole if sure == {whole} else UNDETERMINED


def _evident(text: str) -> str | None:
    """The language in which many words are that no other has, with hardly any of another; None where none is evident."""
    langs = [_LANGUAGE_OF[word] for word in _LANGUAGE_OF.keys() & text.lower().split()]
    if len(langs) < MANY_FUNCTION_WORDS:
        return None
    lang = max({*langs}, key=langs.count)
    most, second = langs.count(lang), max(map(langs.count, {*langs} - {lang}), default=0)
    return lang if most >= MANY_FUNCTION_WORDS and most >= 3 * second else None


def statement_language(text: str, article_lang: str, languages: tuple[str, ...] = LANGUAGES) -> str:
    """The language of a statement: its article's, unless it clearly is in another.

    Examples
    --------
    >>> statement_language("OK.", "fr"), statement_language("We will not accept this, the minister said.", "fr")
    ('fr', 'en')
    """
    if article_lang == UNDETERMINED:
        return identify(text, languages)
    primary = article_lang.split("-")[0]
    proper = _PROPER_WORDS.get(primary, NONE)
    if len(proper.intersection(text.split())) >= 2 or len(proper.intersection(text.lower().split())) >= 2:
        return article_lang
    words = _ALL_FUNCTION_WORDS.intersection(map(str.lower, _WORD.findall(text)))
    own = len(words & _FUNCTION_WORDS.get(primary, NONE))
    if own and all(own >= len(words & known) for known in _FUNCTION_WORDS.values()):
        return article_lang
    found = _identified(text[: 2 * MODEL_CHARS], languages, SURE_CONFIDENCE)
    return article_lang if found in (UNDETERMINED, primary) else found


def _samples(text: str) -> Iterator[str]:
    """Stretches of a text, from its start, middle and end."""
    text = text.strip()
    if len(text) < MIN_DIVIDED_CHARS // 2:
        yield text
    elif len(text) < 3 * SAMPLE_CHARS:
        middle = len(text) // 2
        middle = max(middle, text.find(" ", middle))
        yield text[:middle][-SAMPLE_CHARS:]
        yield text[middle:][:SAMPLE_CHARS]
    else:
        for start in (0, (len(text) - SAMPLE_CHARS) // 2, len(text) - SAMPLE_CHARS):
            yield text[start : start + SAMPLE_CHARS]


def _identified(sample: str, languages: tuple[str, ...], min_confidence: float) -> str:
    letters = "".join(_WORD.findall(sample))
    if len(letters.encode("utf-8", "replace")) < MIN_LETTER_BYTES:
        return UNDETERMINED
    lang, confidence = _identifier(languages).classify(sample)
    return str(lang) if confidence >= min_confidence else UNDETERMINED


@cache
def _identifier(languages: tuple[str, ...]) -> Any:
    """The model of py3langid, restricted to some languages; read once, without a network."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = identifier.labels
    for lang in languages:
        if lang not in known:
            raise ConfigError(
                f"languages: '{lang}' cannot be identified; {len(known)} languages can, by their two-letter codes, "
                f"as fr, en, de.{nearest(lang, known)} Leave it out."
            )
    identifier.set_languages(languages)
    return identifier
