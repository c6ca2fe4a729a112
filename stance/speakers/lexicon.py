"""Words of one language, from tables that ship beside this module: their letters, their phrases, what verbs need."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from stance.speakers.inflection import Forms, inflect
from stance.speakers.wordclasses import (
    ACT,
    FINITE_CUES,
    INCISE,
    LIGHT,
    QUOTED,
    QUOTED_SHORT,
    SAY,
    WORD_CLASSES,
    WordClasses,
)

LANGUAGES = ("de", "en", "es", "fr", "it", "pt")

_SEPARATOR = "\ue002"
_CUE_CLASSES = {"say": SAY, "act": ACT, "incise": INCISE, "light": LIGHT}
_COMPLEMENTS = {"noun": "k", "particle": "y"}

Phrase = tuple[tuple[str, ...], str, str]
"""Words of a fixed phrase, the phrase, its letter."""


class Lexicon:
    """Words of one language: their letters, how its text is cut into words, which words can report speech.

    Parameters
    ----------
    lang : str
        One of ``LANGUAGES``.

    Attributes
    ----------
    classes : mapping of str to str
        Letter of any word.
    phrases : mapping
        Fixed phrases of the tables by their first and second word, the longest first.
    addressees : mapping of str to str
        How a verb form names whom it is said to: ``obj``, or a preposition.
    needs, unless : mapping of str to tuple of str
        Words one of which must follow a verb form for its subject to speak (*called for*), and words that must not
        (*recalled its ambassador*). ``"`` stands for a quotation, ``+`` for any word.
    negatable : frozenset of str
        Verb forms that report speech when negated as well (*did not deny*).
    reflexive : mapping of str to str
        Verb forms that report speech ``only`` or ``also`` when reflexive (« s'indigner », « se dire »).
    organisations : frozenset of str
        Lower-case words of names that are no persons.
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.addressees: dict[str, str] = {}
        self.needs: dict[str, tuple[str, ...]] = {}
        self.unless: dict[str, tuple[str, ...]] = {}
        self.reflexive: dict[str, str] = {}
        negatable: set[str] = set()
        cues = dict(self._read_cues(negatable))
        rows = {word_class: words.split(", ") for word_class, words in _rows(f"words_{lang}.tsv")}
        self.organisations = frozenset(rows.pop("organisation", ()))
        table: dict[str, str] = {}
        for word_class, words in rows.items():
            for word in words:
                table.setdefault(word, WORD_CLASSES[word_class])
        self.negatable = frozenset(negatable)
        weaker = {word: letter for word, letter in cues.items() if table.get(word) == "o"}
        self.classes = WordClasses({**cues, **table, **weaker}, lang)
        self._marks = _spaced_marks(lang)
        self.phrases = self._phrases(table)
        # Words that can name a source when they open the sentence (« Pour Bruxelles, », *Hailing the deal,*).
        self._openings = frozenset(word for word, letter in self.classes.items() if letter in "fbgG9")
        introducers = (phrase for phrase, letter in table.items() if letter in "Iv")
        self._introductions = frozenset(max(self.split(phrase), key=len) for phrase in introducers)

    def introduces(self, pieces: list[str]) -> bool:
        """Whether a sentence holds or opens with a word that can name a source without a verb."""
        opening = pieces[0].lower()
        return opening in self._openings or not self._introductions.isdisjoint((opening, *pieces))

    def split(self, sentence: str) -> list[str]:
        """Words, marks and quotations of a sentence, each a part of it, in order.

        A full stop is a mark at the end only: before that it belongs to an abbreviation.
        """
        return _split_at_spaces(self._spaced(sentence))

    def split_all(self, sentences: list[str]) -> Iterable[list[str]]:
        """The same for the sentences of an article, which are spaced at once to save time."""
        spaced = self._spaced(_SEPARATOR.join(sentences)).split(_SEPARATOR)
        if len(spaced) != len(sentences):  # a text that holds the separator
            return [self.split(sentence) for sentence in sentences]
        return map(_split_at_spaces, spaced)

    def _spaced(self, text: str) -> str:
        for mark, spaced in self._marks:
            text = text.replace(mark, spaced)
        return text

    def _phrases(self, table: dict[str, str]) -> dict[tuple[str, str], list[Phrase]]:
        phrases: dict[tuple[str, str], list[Phrase]] = {}
        for text in sorted(table, key=len, reverse=True):
            words = tuple(self.split(text))
            if len(words) > 1:
                phrases.setdefault((words[0], words[1]), []).append((words, text, table[text]))
        return phrases

    def _read_cues(self, negatable: set[str]) -> Iterator[tuple[str, str]]:
        known: set[str] = set()
        for row in list(_rows(f"cues_{self.lang}.tsv"))[1:]:
            lemma, sort, addressee, parts, needs, unless, negated, reflexive = row
            if sort in _COMPLEMENTS:
                every = {lemma, f"{lemma}s"} - known
                known |= every
                yield from ((form, _COMPLEMENTS[sort]) for form in every)
                continue
            forms = inflect(lemma, parts, self.lang)
            every = {*forms.finite, *forms.participle, *forms.gerund, *forms.infinitive}
            every = {form for form in every - known if not form.startswith("-")}
            known |= every
            self.addressees |= dict.fromkeys(every, addressee) if addressee else {}
            self.needs |= dict.fromkeys(every, tuple(needs.split(","))) if needs else {}
            self.unless |= dict.fromkeys(every, tuple(unless.split(","))) if unless else {}
            self.reflexive |= dict.fromkeys(every, reflexive) if reflexive else {}
            negatable |= every if negated else set()
            yield from (
                (form, letter)
                for form, letter in _cue_letters(forms, sort, self.lang).items()
                if form in every
            )


def _split_at_spaces(sentence: str) -> list[str]:
    return (f"{sentence[:-1]} ." if sentence.endswith(".") else sentence).split()


def _cue_letters(forms: Forms, sort: str, lang: str) -> dict[str, str]:
    finite, both, participle, gerund, infinitive, homograph = tuple(_CUE_CLASSES[sort.removesuffix("*")])
    nouns = forms.finite[: 2 if lang == "en" else 1] if sort.endswith("*") else ()
    return {
        **dict.fromkeys(forms.infinitive, infinitive),
        **dict.fromkeys(forms.gerund, gerund),
        **dict.fromkeys(forms.participle, participle),
        **dict.fromkeys(forms.finite, finite),
        **dict.fromkeys(set(forms.finite) & set(forms.participle), both),
        **dict.fromkeys(nouns, homograph),
    }


def _rows(name: str) -> Iterator[list[str]]:
    table = files("stance.speakers").joinpath(name).read_text(encoding="utf-8")
    return (line.split("\t") for line in table.splitlines())


def _spaced_marks(lang: str) -> tuple[tuple[str, str], ...]:
    """What to replace so that a sentence splits at its spaces into words, marks and quotations."""
    marks = [(mark, f" {mark} ") for mark in ";()[]?!…—–"]
    marks += [("\n", " "), (", ", " , "), (": ", " : "), ("...", " ... ")]
    marks += [(f"{quoted},", f"{quoted} ,") for quoted in (QUOTED, QUOTED_SHORT)]
    if lang in ("fr", "it"):
        return (*marks, ("'", "' "))
    return (*marks, ("'s ", " 's "), ("s' ", "s ' ")) if lang == "en" else tuple(marks)


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language, read once."""
    return Lexicon(lang)


@cache
def reporting_verbs(lang: str) -> frozenset[str]:
    """Finite forms of the verbs that report speech."""
    return frozenset(word for word, letter in Lexicon(lang).classes.items() if letter in FINITE_CUES)
