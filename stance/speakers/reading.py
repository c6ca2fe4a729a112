"""One sentence as the patterns of :mod:`stance.speakers.grammar` read it: its words and their letters."""

import re
from collections.abc import Sequence
from itertools import pairwise

from stance.speakers.grammar import RUN, grammar
from stance.speakers.lexicon import Phrase, lexicon
from stance.speakers.wordclasses import SENTENCE_END

Span = tuple[int, int]

_LIGHT_VERB = "[12345l67890r]"
# (Patterns that begin with a set of few letters are searched several times as quickly as others.)
_WITH_NOUN = re.compile(
    rf"{_LIGHT_VERB}(?:(?=[NWDaLOC#+]{{0,6}}[kmnZ]|:?z?D?[Qq])|(?<=[67890r])(?=[NWT]{{0,3}}K|zD?[CesFjL]{{1,4}}[OCL]{{0,2}}K))"
)
_WITH_PARTICLE = re.compile(rf"{_LIGHT_VERB}(?=W?y)")
# *the ruling party*, *the proposed deal*
_ADJECTIVE = re.compile(r"[gG9pY8xX7](?<=[Dda].)(?<!Aa.)(?:(?<![xX7])|(?=[LCFsjmek+]))")
_TO_ACT, _TO_SAY = (
    str.maketrans("12345l67890r", "VXYGJVVXYGJV"),
    str.maketrans("12345l67890r", "vxpgivvxpgiv"),
)
_BEFORE_COMPLEMENT = re.compile("(?<=[LCFsjmeknZ+])L(?=[PzbTW])")
# *Athens and Ankara both said*
_BOTH = re.compile("D(?<=[LCsFj]D)(?=[ABMvxnVXZ])")
_BOTH_WORDS = frozenset({"both", "each"})
_PLACE, _PLACE_WORDS = re.compile("PC+"), frozenset({"in", "at", "from"})
_AFTER_MARK = re.compile("(?<=[-:])C")
_SPEECH = frozenset("vxpginVXYGJZIuwQ")
_SPEECH_WITH = (frozenset("12345l"), frozenset("kmqy")), (frozenset("67890r"), frozenset("kmqK,:-"))
"""Letters of words that can report speech by themselves, and with others in the sentence."""
_WEAK = _SPEECH_WITH[0][0] | _SPEECH_WITH[1][0]

# Longer ones are lists or noise; the patterns look back from each of their verbs.
_LONGEST_READ_WORDS = 5_000

# A capitalised word that opens a sentence is a name unless it is one of the words that only tools are.
_NAMES_WHEN_INITIAL = frozenset("vxpinVXYJZ678r123lLCy")
_PARTICIPLES = {
    "fr": re.compile(
        r".+(?:[^t]ée?s?|tées|enue?s?|ointe?s?|mise?s?|ssue?s?)|citée?s?|consultée?s?|postée?s?|lue?s?|présente?s?"
    ),
    "en": re.compile(r".+[^e]ed|.{3,}ing|known|seen|held"),
}


class Reading:
    """Words of a sentence, one letter each.

    Parameters
    ----------
    sentence : str
        With its quotations masked.
    pieces : list of str
        Its words and marks, as the lexicon splits it.
    letters : str
        Their letters, each word taken by itself.
    """

    def __init__(self, sentence: str, pieces: list[str], letters: str, lang: str) -> None:
        self.lang = lang
        self.lexicon, self.grammar = lexicon(lang), grammar(lang)
        self._sentence, self._pieces = sentence, pieces
        self.words = pieces
        # Position of the first piece of each word; the offset of each piece.
        self._firsts: Sequence[int] = range(len(pieces) + 1)
        self._starts: list[int] = []
        phrases = self._phrases()
        self.classes = self._opened(self._join(phrases, letters) if phrases else letters)

    def _phrases(self) -> list[tuple[int, Phrase]]:
        """Fixed phrases and where they begin."""
        words, openings = self._pieces, self.lexicon.phrases
        found = []
        for at in [at for at, pair in enumerate(pairwise(words)) if pair in openings]:
            found += self._phrase(at, openings[words[at], words[at + 1]])
        opening = words[0].lower() if len(words) > 1 else ""
        if opening and opening != words[0] and (opening, words[1]) in openings:
            return self._phrase(0, openings[opening, words[1]]) + [one for one in found if one[0]]
        return found

    def _phrase(self, at: int, phrases: list[Phrase]) -> list[tuple[int, Phrase]]:
        """The first of these phrases that stands at a position, the longest."""
        words = self._pieces
        for phrase in phrases:
            if tuple(words[at + 1 : at + len(phrase[0])]) == phrase[0][1:]:
                return [(at, phrase)]
        return []

    def _join(self, phrases: list[tuple[int, Phrase]], letters: str) -> str:
        """Make one word of each fixed phrase (« à l'issue de »); the letters then."""
        words, firsts = list(self._pieces), list(self._firsts)
        last = len(words)
        for at, (parts, text, letter) in reversed(phrases):
            end = at + len(parts)
            if end <= last:
                words[at:end], firsts[at:end] = [text], [at]
                letters = f"{letters[:at]}{letter}{letters[end:]}"
                last = at
        self.words, self._firsts = words, firsts
        return letters

    def _opened(self, letters: str) -> str:
        """The letters with those of the words that only their place gives a capital."""
        opening = len(letters) - len(letters.lstrip(".-(Qq"))
        if letters[opening : opening + 1] == "C":
            letters = f"{letters[:opening]}{self._opening_class(opening)}{letters[opening + 1 :]}"
        if "-C" in letters or ":C" in letters:
            return _AFTER_MARK.sub(lambda match: self._opening_class(match.start()), letters)
        return letters

    def settle(self, letters: str) -> None:
        """Take the letters that the words have beside each other."""
        self.classes = letters
        self.has_quotation = "Q" in letters or "q" in letters

    def with_both(self, letters: str) -> str:
        """The letters, with those of *both* and *each* where they stand beside a name."""
        if _BOTH_WORDS.isdisjoint(self.words):
            return letters
        return _BOTH.sub(self._adverb_if_both, letters)

    def _adverb_if_both(self, match: re.Match[str]) -> str:
        return "W" if self.words[match.start()] in _BOTH_WORDS else "D"

    def _opening_class(self, at: int) -> str:
        """Letter of a word that is capitalised only because it opens the sentence or follows a dash or a colon."""
        word = self.words[at]
        if word == "A" and self.lang == "fr":
            return "z"
        letter = self.lexicon.classes.listed.get(word[0].lower() + word[1:], "C")
        return "C" if letter in _NAMES_WHEN_INITIAL else letter

    def offsets(self, span: Span) -> Span:
        """Character offsets of a span of words."""
        first, last = self._firsts[span[0]], self._firsts[span[1]] - 1
        self._find_pieces(last)
        return self._starts[first], self._starts[last] + len(self._pieces[last])

    def _find_pieces(self, last: int) -> None:
        starts, find = self._starts, self._sentence.index
        known = len(starts)
        end = starts[-1] + len(self._pieces[known - 1]) if known else 0
        for piece in self._pieces[known : last + 1]:
            start = find(piece, end)
            starts.append(start)
            end = start + len(piece)

    def lower(self, span: Span) -> list[str]:
        """Words of a span in lower case."""
        return [word.lower() for word in self.words[slice(*span)]]

    def run_start(self, verb: int) -> int:
        """Where the words of the clause before a verb begin."""
        return len(self.classes[:verb].rstrip(RUN))

    def head(self, name: Span) -> Span:
        """A name without what it belongs to: « la réponse » of « la réponse de Tunis », *answer* of *Tunis's answer*."""
        first, last = name
        owned = [at for at in range(first, last) if self.words[at] in ("'s", "'")]
        first = owned[-1] + 1 if owned else first
        end = next((at for at in range(first + 1, last) if self.classes[at] in "Od"), last)
        return (first, end) if first < end else name

    def delimited(self, name: Span) -> Span:
        """A name without the participle that opens what is said about it, with the place it belongs to.

        « un officier rencontré à Senafé » gives « un officier »; *a prosecutor in Hamburg* stays whole.
        """
        trimmed = self._without_participle(name)
        if self.lang != "en" or trimmed != name or self.classes[name[1] - 1] not in "LsjFr":
            return trimmed
        place = _PLACE.match(self.classes, name[1])
        is_place = place is not None and self.words[name[1]].lower() in _PLACE_WORDS
        return (name[0], place.end()) if place and is_place else name

    def _without_participle(self, name: Span) -> Span:
        pattern = _PARTICIPLES.get(self.lang)
        if pattern is None:
            return name
        for match in _BEFORE_COMPLEMENT.finditer(self.classes, name[0] + 2, name[1] + 1):
            if pattern.fullmatch(self.words[match.start()]):
                return name[0], match.start()
        return name


def read(sentence: str, lang: str) -> Reading:
    """The reading of a sentence."""
    words = lexicon(lang)
    pieces = words.split(sentence)
    letters = "".join(map(words.classes.__getitem__, pieces))
    [reading] = _in_context([Reading(sentence, pieces, letters, lang)], lang)
    return reading


def read_reports(sentences: list[str], lang: str) -> list[Reading | None]:
    """The reading of each sentence, or None where no word could report speech, as in many."""
    words = lexicon(lang)
    letter_of = words.classes.__getitem__
    readings: list[Reading | None] = []
    for sentence, pieces in zip(sentences, words.split_all(sentences), strict=True):
        letters = "".join(map(letter_of, pieces))
        is_read = 0 < len(pieces) <= _LONGEST_READ_WORDS
        may_report = is_read and (_may_report(letters) or words.introduces(pieces))
        readings.append(Reading(sentence, pieces, letters, lang) if may_report else None)
    _in_context([reading for reading in readings if reading], lang)
    return readings


def _in_context(readings: list[Reading], lang: str) -> list[Reading]:
    """The readings with the letters that words have beside each other, found for all at once."""
    classes = _ADJECTIVE.sub("L", SENTENCE_END.join([reading.classes for reading in readings]))
    if lang == "en":
        own = classes.split(SENTENCE_END)
        classes = SENTENCE_END.join(map(Reading.with_both, readings, own))
    classes = _WITH_PARTICLE.sub(lambda match: match.group().translate(_TO_SAY), classes)
    classes = _WITH_NOUN.sub(lambda match: match.group().translate(_TO_ACT), classes)
    for reading, letters in zip(readings, classes.split(SENTENCE_END), strict=False):
        reading.settle(letters)
    return readings


def _may_report(letters: str) -> bool:
    if not _SPEECH.isdisjoint(letters):
        return True
    return not _WEAK.isdisjoint(letters) and any(
        not verbs.isdisjoint(letters) and not others.isdisjoint(letters) for verbs, others in _SPEECH_WITH
    )
