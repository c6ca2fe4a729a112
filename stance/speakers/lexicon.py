"""What each word can do in a sentence: one letter a word, from tables that ship beside this module.

A sentence becomes a string of these letters, and the patterns of :mod:`stance.speakers.grammar` read that string.

    D determiner   d plural article (« des »)     a adjective before its noun   L other lower-case word
    + noun or adverb in -ment (French)
    C capitalised  t title   s source (« un témoin »)   F office (« ministre »)   j role with a post (« ambassadeur à »)
    m document     e media
    k speech noun  c noun that is no source   # number   T time   W adverb   N clitic or negation
    H subject pronoun   E other pronoun   O of   f for   z to   b by   P other preposition
    R relative     K that    S while, but     U if, when     & and      @ as
    A have         B be      M modal          h modal participle        o other finite verb
    y what completes a reporting verb (ruled *out*, fait *savoir*)      I according to
    Q quotation    q short quotation    u auxiliary with pronoun (« a-t-il »)    w verb with pronoun (« dit-il »)

Reporting verbs, by what they take and by form:

    say     v finite  x finite or participle  p participle  g gerund  i infinitive  n finite or noun
    act     V         X                       Y             G         J             Z
    incise  6         7                       8             9         0             r
    light   1         2                       3             4         5             l

*say* reports what is said (affirmer); *act* is done by speaking and takes an object (condamner); *incise* is a manner
of speaking, a report only beside a quotation (soupirer); *light* reports with a speech noun (lancer un appel).
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from stance.speakers.inflection import Forms, inflect

LANGUAGES = ("de", "en", "es", "fr", "it", "pt")

QUOTED, QUOTED_SHORT = "\ue000", "\ue001"
"""What a quotation is replaced by, character for character, before its sentence is read."""

_SEPARATOR = "\ue002"
_WORD_CLASSES = {
    "determiner": "D", "plural article": "d", "adjective": "a", "title": "t", "source": "s", "office": "F", "role": "j", "name particle": "C", "noun": "L",
    "document": "m", "media": "e", "not a source": "c", "tally": "k", "time": "T", "adverb": "W", "clitic": "N",
    "pronoun": "H", "oblique": "E", "of": "O", "for": "f", "to": "z", "by": "b", "preposition": "P", "relative": "R",
    "that": "K", "contrast": "S", "subordinator": "U", "conjunction": "&", "as": "@", "have": "A", "be": "B",
    "modal": "M", "modal participle": "h", "verb": "o", "introducer": "I", "cue": "v",
}  # fmt: skip
_CUE_CLASSES = {"say": "vxpgin", "act": "VXYGJZ", "incise": "67890r", "light": "12345l"}
_COMPLEMENTS = {"noun": "k", "particle": "y"}
_FINITE_CUES = frozenset("vxnVXZ67r12l")
# French adverbs, and not the nouns « gouvernement », « parlement », « règlement ».
_FRENCH_ADVERB = re.compile(
    r"(?:ément|[ae]mment|[eé]llement|alement|ivement|eusement|iquement|airement|ablement|ièrement)$"
)
_FRENCH_VERB = re.compile(r"(?:aient|èrent|[ei]ront|(?:[ei]r|[dvt]r)a|(?<!tr)(?<!f)(?<!h)(?<!^l)ait)$")
_NAME_WITH_PARTICLE = re.compile(r"(?:al|el|ben|bin|as|ash|ar|an|ad|at|az)-[A-ZÀ-Þ]")
_INVERTED_PRONOUN = re.compile(r"(.+?)(?:-t)?-(?:ils?|elles?|on)$")
_MAX_CACHED_WORDS = 50_000


class _Classes(dict[str, str]):
    """Letter of each word; words outside the tables are classed by their shape, and remembered."""

    def __init__(self, table: dict[str, str], lang: str) -> None:
        super().__init__(table)
        self._lang = lang
        self._capacity = len(table) + _MAX_CACHED_WORDS

    def __missing__(self, word: str) -> str:
        letter = self._class_by_shape(word)
        if len(self) < self._capacity:
            self[word] = letter
        return letter

    def _class_by_shape(self, word: str) -> str:
        first = word[0]
        if first in (QUOTED, QUOTED_SHORT):
            return "Q" if first == QUOTED else "q"
        if first.isdigit() or first in "$€£¥":
            return "#"
        if not first.isalpha():
            return first if first in ",;:?!()-" else "-" if first in "–—" else "."
        if word[-1] == "." and word[:-1] in self:
            return self[word[:-1]]
        return self._class_of_unlisted(word)

    def _class_of_unlisted(self, word: str) -> str:
        french = self._lang == "fr"
        if french and "-" in word and (inverted := _INVERTED_PRONOUN.match(word.lower())):
            verb = self.get(inverted[1], "L")
            return "u" if verb in "AB" else "w" if verb in _FINITE_CUES else "o"
        if word[0].isupper() or _NAME_WITH_PARTICLE.match(word):
            return "C"
        if (french and _FRENCH_ADVERB.search(word)) or (self._lang == "en" and word.endswith("ly")):
            return "W"
        if french and word.endswith("ment"):
            return "+"
        return "o" if french and _FRENCH_VERB.search(word) else "L"


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
                table.setdefault(word, _WORD_CLASSES[word_class])
        self.negatable = frozenset(negatable)
        weaker = {word: letter for word, letter in cues.items() if table.get(word) == "o"}
        self.classes = _Classes({**cues, **table, **weaker}, lang)
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

    def split_all(self, sentences: list[str]) -> list[list[str]]:
        """The same for the sentences of a paragraph, which are spaced at once to save time."""
        spaced = self._spaced(_SEPARATOR.join(sentences)).split(_SEPARATOR)
        if len(spaced) != len(sentences):  # a text that holds the separator
            return [self.split(sentence) for sentence in sentences]
        return [_split_at_spaces(sentence) for sentence in spaced]

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
            every -= known
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
    return frozenset(word for word, letter in Lexicon(lang).classes.items() if letter in _FINITE_CUES)
