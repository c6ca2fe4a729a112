"""What each word can do in a sentence: one letter a word.

A sentence becomes a string of these letters, and the patterns of :mod:`stance.speakers.grammar` read that string.

    D determiner      d plural article (« des »)   a adjective before its noun   L other lower-case word
    C capitalised     t title                      s source (« un témoin »)      + word in -ment (French)
    F office (« ministre »)                        j role with a post (« ambassadeur à »)
    m document        e media                      k speech noun                 c noun that is no source
    # number          T time                       W adverb                      N clitic or negation
    H subject pronoun E other pronoun              O of   f for   z to   b by    P other preposition
    R relative        K that                       S while, but                  U if, when     & and     @ as
    A have            B be                         M modal                       h modal participle
    o other finite verb                            y completes a reporting verb (fait *savoir*)
    I according to    Q quotation                  q short quotation
    u auxiliary with pronoun (« a-t-il »)          w reporting verb with pronoun (« dit-il »)

Reporting verbs, by what they take and by form:

    say     v finite  x finite or participle  p participle  g gerund  i infinitive  n finite or noun
    act     V         X                       Y             G         J             Z
    incise  6         7                       8             9         0             r
    light   1         2                       3             4         5             l

*say* reports what is said (affirmer); *act* is done by speaking and takes an object (condamner); *incise* is a manner
of speaking, a report only beside a quotation (soupirer); *light* reports with a speech noun (lancer un appel).
"""

import re

QUOTED, QUOTED_SHORT = "\ue000", "\ue001"
"""What a quotation is replaced by, character for character, before its sentence is read."""

FORMS = ("finite", "both", "participle", "gerund", "infinitive", "noun")
SAY, ACT, INCISE, LIGHT = "vxpgin", "VXYGJZ", "67890r", "12345l"
"""Letters of each sort of reporting verb, in the order of ``FORMS``."""

SENTENCE_END = "\n"
"""The letter of what stands between two sentences that are read together."""

WORD_CLASSES = {
    "determiner": "D", "plural article": "d", "adjective": "a", "title": "t", "source": "s", "office": "F", "role": "j",
    "name particle": "C", "noun": "L", "document": "m", "media": "e", "not a source": "c", "tally": "k", "time": "T",
    "adverb": "W", "clitic": "N", "pronoun": "H", "oblique": "E", "of": "O", "for": "f", "to": "z", "by": "b",
    "preposition": "P", "relative": "R", "that": "K", "contrast": "S", "subordinator": "U", "conjunction": "&",
    "as": "@", "have": "A", "be": "B", "modal": "M", "modal participle": "h", "verb": "o", "introducer": "I", "cue": "v",
}  # fmt: skip
"""Letters of the classes that the tables name."""

FINITE_CUES = frozenset("vxnVXZ67r12l")
"""Letters of the verb forms that can report speech by themselves."""

# French adverbs, and not the nouns « gouvernement », « parlement », « règlement ».
_FRENCH_ADVERB = re.compile(
    r"(?:ément|[ae]mment|[eé]llement|alement|ivement|eusement|iquement|airement|[ai]blement|ièrement)$"
)
_FRENCH_VERB = re.compile(r"(?:aient|èrent|[ei]ront|(?:[ei]r|[dvt]r)a|(?<!tr)(?<!f)(?<!h)(?<!^l)ait)$")
_NAME_WITH_PARTICLE = re.compile(r"(?:al|el|ben|bin|as|ash|ar|an|ad|at|az)-[A-ZÀ-Þ]")
_INVERTED_PRONOUN = re.compile(r"(.+?)(?:-t)?-(?:ils?|elles?|on)$")
_MAX_CACHED_WORDS = 50_000


class WordClasses(dict[str, str]):
    """Letter of each word; words outside the tables are classed by their shape, and remembered.

    Attributes
    ----------
    listed : dict of str to str
        Those of the tables alone, so that no word is taken for what it is by the articles read before.
    """

    def __init__(self, table: dict[str, str], lang: str) -> None:
        super().__init__(table)
        self.listed = table
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
        if word[-1] == "." and word[:-1] in self.listed:
            return self.listed[word[:-1]]
        return self._class_of_unlisted(word)

    def _class_of_unlisted(self, word: str) -> str:
        french = self._lang == "fr"
        if french and "-" in word and (inverted := _INVERTED_PRONOUN.match(word.lower())):
            verb = self.listed.get(inverted[1], "L")
            return "u" if verb in "AB" else "w" if verb in FINITE_CUES else "o"
        if word[0].isupper() or _NAME_WITH_PARTICLE.match(word):
            return "C"
        if (french and _FRENCH_ADVERB.search(word)) or (self._lang == "en" and word.endswith("ly")):
            return "W"
        if french and word.endswith("ment"):
            return "+"
        return "o" if french and _FRENCH_VERB.search(word) else "L"
