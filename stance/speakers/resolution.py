"""Who says each statement of an article: pronouns and quotations resolved over its paragraphs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from stance.records import Kind
from stance.speakers.agreement import (
    Opening,
    agrees,
    is_listed,
    named_before,
    names_another,
    opening_person,
    surnames,
)
from stance.speakers.attribution import Attribution, find_attributions, find_incise, find_quoted_verb
from stance.speakers.lexicon import LANGUAGES, reporting_verbs
from stance.speakers.masking import Sentence, mask
from stance.speakers.quotations import Quotation, touching
from stance.speakers.reading import Span

# How many paragraphs back a pronoun may look for its speaker.
_MEMORY_PARAGRAPHS = 2
_MAJORITY = 0.5
# How far back an article may have named in full a person of whom only the surname stands here.
_NEAR_CHARS = 20_000
_FIRST_WORD = re.compile(r"\w+")
_OPENING_MARKS = frozenset("«“„\"‘'»")


class Speech(NamedTuple):
    """Who says one statement; spans are offsets into the article.

    Parameters
    ----------
    kind : str
        ``direct``, ``indirect`` or ``narration``; of parts that are no statements, what they are.
    speaker : tuple of int or None
        Span of the speaker's name, which may stand in another statement.
    cue : tuple of int or None
        Span of the reporting verb or phrase.
    addressee : tuple of int or None
        Span of whom it is said to.
    """

    kind: Kind = "narration"
    speaker: Span | None = None
    cue: Span | None = None
    addressee: Span | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Statements of one paragraph, in reading order, and its quotations."""

    statements: Sequence[Span]
    quotations: Sequence[Quotation]


_NARRATION = Speech()


def find_speakers(
    texts: Sequence[str], paragraphs: Sequence[Sequence[Paragraph]], langs: Sequence[str]
) -> list[list[Speech]]:
    """For each article one :class:`Speech` a statement, in the order of its paragraphs and their statements.

    A pronoun stands for the last named speaker, where number and gender allow it and no other person has come in
    between, or for the one person whom the sentence before it is about. A quotation over several statements or
    paragraphs has one speaker; a quotation that follows speech in its paragraph, and names nobody, goes on with the
    same speaker.
    """
    found: list[list[Speech]] = [[] for _ in texts]
    for lang in dict.fromkeys(langs):
        of_lang = [i for i, own in enumerate(langs) if own == lang]
        speeches = _speeches([texts[i] for i in of_lang], [paragraphs[i] for i in of_lang], lang)
        for i, own in zip(of_lang, speeches, strict=True):
            found[i] = own
    return found


def _speeches(
    texts: Sequence[str], paragraphs: Sequence[Sequence[Paragraph]], lang: str
) -> Iterator[list[Speech]]:
    """The same of articles in one language, whose sentences are read together."""
    if lang not in LANGUAGES:
        yield from ([_NARRATION for paragraph in own for _ in paragraph.statements] for own in paragraphs)
        return
    plain = [text.replace("’", "'") for text in texts]
    masked = [
        [_masked(text, *pair) for pair in zip(own, [*own[1:], None], strict=False)]
        for text, own in zip(plain, paragraphs, strict=True)
    ]
    sentences = [sentence.masked for own in masked for paragraph in own for sentence in paragraph.sentences]
    attributions = iter(find_attributions(sentences, lang))
    for text, own in zip(plain, masked, strict=True):
        article = _Article(text, lang)
        for paragraph in own:
            article.read(paragraph, list(islice(attributions, len(paragraph.sentences))))
        yield article.speeches


class _Masked(NamedTuple):
    """The sentences of a paragraph with its quotations masked; whether the last of these may go on in the next."""

    sentences: list[Sentence]
    quotations: list[Quotation]
    goes_on: bool


def _masked(plain: str, paragraph: Paragraph, following: Paragraph | None) -> _Masked:
    goes_on = following is not None and plain[following.statements[0][0]] in _OPENING_MARKS
    quotations = [q if q.closed or goes_on else _settled(q, paragraph) for q in paragraph.quotations]
    sentences = [mask(plain, start, end, quotations) for start, end in paragraph.statements]
    return _Masked(sentences, quotations, goes_on)


class _Article:
    """Reads the paragraphs of one article in order and remembers who spoke."""

    def __init__(self, plain: str, lang: str) -> None:
        self.speeches: list[Speech] = []
        self._plain = plain
        self._lang = lang
        self._n_paragraphs = 0
        self._last: Span | None = None
        self._last_paragraph = 0
        self._people: set[str] = set()
        # Speakers whose surnames are not among these people yet.
        self._named: list[Span] = []
        # Sentences of the newspaper's own since the last named speaker that no pronoun has looked at yet, with their paragraph.
        self._since: list[tuple[Sentence, int]] = []
        self._interrupted = False
        # Statements of a quotation that goes on in the next paragraph.
        self._open: list[int] = []

    def read(self, paragraph: _Masked, attributions: list[Attribution | None]) -> None:
        """Add the speech of each statement of the next paragraph."""
        self._n_paragraphs += 1
        sentences, quotations, goes_on = paragraph
        speeches = [self._read_sentence(*pair) for pair in zip(sentences, attributions, strict=True)]
        for quotation in quotations:
            _spread(quotation, sentences, speeches)
        _carry_on(sentences, speeches)
        if self._goes_on_alone(sentences, quotations):
            speeches = self._with_last_speaker(sentences, speeches)
        continued = self._continue(sentences, speeches, quotations)
        first = len(self.speeches)
        self.speeches += speeches
        self._leave_open(first, sentences, quotations[-1] if quotations and goes_on else None, continued)

    def _goes_on_alone(self, sentences: list[Sentence], quotations: list[Quotation]) -> bool:
        """Whether a paragraph of nothing but a whole quotation follows one that ends with speech."""
        if not (self.speeches and quotations and quotations[0].closed and sentences[0].is_quoted):
            return False
        return not self._open and self._plain[sentences[0].start] in _OPENING_MARKS

    def _with_last_speaker(self, sentences: list[Sentence], speeches: list[Speech]) -> list[Speech]:
        n_quoted = next((i for i, s in enumerate(sentences) if not s.is_quoted), len(sentences))
        own = [_with_speaker(speech, self.speeches[-1].speaker) for speech in speeches[:n_quoted]]
        return own + speeches[n_quoted:]

    def _continue(
        self, sentences: list[Sentence], speeches: list[Speech], quotations: list[Quotation]
    ) -> list[int]:
        """One speaker for the quotation that the paragraph before left open; what still waits for one."""
        if not self._open:
            return []
        here = [
            i for i, s in enumerate(sentences) if quotations and s.is_quoted and s.end <= quotations[0].end
        ]
        speaker = speeches[0].speaker or self.speeches[self._open[-1]].speaker
        if speaker is None and here and quotations[0].closed and self._open[0]:
            speaker = self.speeches[self._open[0] - 1].speaker  # the quotation has ended and names nobody
        if speaker is None:
            return self._open
        for i in self._open:
            self.speeches[i] = _with_speaker(self.speeches[i], speaker)
        for i in here:
            speeches[i] = _with_speaker(speeches[i], speaker)
        return []

    def _leave_open(
        self, first: int, sentences: list[Sentence], last: Quotation | None, waiting: list[int]
    ) -> None:
        """Remember the statements of a quotation that goes on in the next paragraph."""
        self._open = []
        if last and not last.closed:
            own = [first + i for i, sentence in enumerate(sentences) if sentence.end > last.start]
            waiting += own
            self._open = waiting

    def _read_sentence(self, sentence: Sentence, attribution: Attribution | None) -> Speech:
        if attribution is None and sentence.quotations and self._may_hold_incise(sentence):
            attribution = find_incise(self._plain[sentence.start : sentence.end], self._lang)
        if attribution is None and sentence.quotations and not sentence.is_quoted:
            attribution = self._quoted_verb(sentence)
        kind = self._kind(sentence, attribution)
        if attribution is None:
            if not sentence.is_quoted:
                self._since.append((sentence, self._n_paragraphs))
            return _NARRATION if kind == "narration" else Speech(kind)
        at = sentence.start
        speaker = self._speaker(attribution, at)
        return Speech(kind, speaker, _moved(attribution.cue, at), _moved(attribution.addressee, at))

    def _quoted_verb(self, sentence: Sentence) -> Attribution | None:
        """The attribution by a reporting verb that opens the first quotation."""
        start, end = max(sentence.quotations[0].start, sentence.start), sentence.quotations[0].end
        first = _FIRST_WORD.search(self._plain, start, end)
        if start == sentence.start or first is None or first.group() not in reporting_verbs(self._lang):
            return None
        own = self._plain[sentence.start : sentence.end]
        return find_quoted_verb(own, start - sentence.start, self._lang)

    def _may_hold_incise(self, sentence: Sentence) -> bool:
        """English closes a quotation before it says whose it is, unless a mark is lost."""
        return self._lang != "en" or not all(quotation.closed for quotation in sentence.quotations)

    def _kind(self, sentence: Sentence, attribution: Attribution | None) -> Kind:
        if sentence.is_quoted or (sentence.quotations and self._quotes_main_clause(sentence, attribution)):
            return "direct"
        return "narration" if attribution is None else "indirect"

    def _quotes_main_clause(self, sentence: Sentence, attribution: Attribution | None) -> bool:
        if attribution is not None and attribution.beside_quotation:
            return True
        first, last = sentence.quotations[0], sentence.quotations[-1]
        if last.end >= sentence.end and self._before(last, sentence).endswith(":"):
            return True
        if self._before(first, sentence).strip("-–— "):
            return False
        if attribution is not None and attribution.cue[0] + sentence.start < first.end:
            return True
        quoted = sum(min(q.end, sentence.end) - max(q.start, sentence.start) for q in sentence.quotations)
        after = self._plain[first.end : sentence.end].lstrip()
        return after[:1] in (",", "") and quoted > _MAJORITY * (sentence.end - sentence.start)

    def _before(self, quotation: Quotation, sentence: Sentence) -> str:
        return self._plain[sentence.start : max(quotation.start, sentence.start)].rstrip()

    def _speaker(self, attribution: Attribution, start: int) -> Span | None:
        if attribution.speaker is None:
            return self._antecedent(attribution.pronoun)
        return self._remember((attribution.speaker[0] + start, attribution.speaker[1] + start))

    def _remember(self, speaker: Span) -> Span:
        self._last, self._last_paragraph = speaker, self._n_paragraphs
        self._since, self._interrupted = [], False
        self._named.append(speaker)
        return speaker

    def _antecedent(self, pronoun: str) -> Span | None:
        """The last named speaker or the person just introduced, where it is clear that the pronoun means it."""
        introduced = self._introduced()
        if introduced and self._agrees(pronoun, introduced):
            return self._remember(introduced)
        if self._last is None or self._n_paragraphs - self._last_paragraph > _MEMORY_PARAGRAPHS:
            return None
        return self._last if not self._interrupted and self._agrees(pronoun, self._last) else None

    def _introduced(self) -> Span | None:
        """The one person whom the newspaper's last sentence is about, if that is not the last speaker.

        Notes whether somebody else has come in since that speaker.
        """
        found = None
        last = self._plain[slice(*self._last)] if self._last else ""
        for i, (sentence, paragraph) in enumerate(reversed(self._since)):
            opening = opening_person(sentence.masked, self._lang) or self._opening_surname(sentence)
            person = _moved(opening.person, sentence.start) if opening else None
            if opening and person and not _is_same(self._plain[slice(*person)], last):
                self._interrupted = True
                is_near = i == 0 and self._n_paragraphs - paragraph <= 1
                found = person if is_near and opening.is_alone else None
                break
        self._since = []
        return found

    def _opening_surname(self, sentence: Sentence) -> Opening | None:
        """The person of whom a sentence begins with the surname alone."""
        first = _FIRST_WORD.match(sentence.masked)
        if first is None or not first.group()[0].isupper() or is_listed(first.group(), self._lang):
            return None
        if not self._is_surname(first.group(), sentence.start):
            return None
        return Opening(first.span(), not names_another(sentence.masked, first.end()))

    def _is_surname(self, word: str, at: int) -> bool:
        """Whether an article has named a person of this surname, not far above."""
        while self._named:
            self._people.update(surnames(self._plain[slice(*self._named.pop())], self._lang))
        if word not in self._people and named_before(
            self._plain[max(0, at - _NEAR_CHARS) : at], word, self._lang
        ):
            self._people.add(word)
        return word in self._people

    def _agrees(self, pronoun: str, speaker: Span) -> bool:
        name = self._plain[slice(*speaker)]
        is_surname = self._lang == "en" and name.isalpha() and self._is_surname(name, speaker[0])
        return agrees(pronoun, name, self._lang, (name,) if is_surname else ())


def _is_same(person: str, name: str) -> bool:
    return bool(name) and (person.split()[-1] in name or name.split()[-1] in person)


def _settled(quotation: Quotation, paragraph: Paragraph) -> Quotation:
    """A quotation whose closing mark is missing, ended with the statement that opens it."""
    ends = (end for start, end in paragraph.statements if end > quotation.start)
    return replace(quotation, end=min(quotation.end, next(ends)))


def _spread(quotation: Quotation, sentences: list[Sentence], speeches: list[Speech]) -> None:
    """Give the statements that begin inside one quotation the speaker of the statement that attributes it."""
    inside = touching(sentences, quotation.start, quotation.end)
    known = [speeches[i].speaker for i in inside if speeches[i].speaker]
    for i in inside:
        if known and (
            sentences[i].is_quoted or (sentences[i].start > quotation.start and not speeches[i].cue)
        ):
            speeches[i] = _with_speaker(speeches[i], known[-1])


def _with_speaker(speech: Speech, speaker: Span | None) -> Speech:
    """The speech with this speaker, unless it has its own."""
    return speech if speech.speaker or speech.cue else speech._replace(speaker=speaker)


def _carry_on(sentences: list[Sentence], speeches: list[Speech]) -> None:
    """Give a quotation that names nobody the speaker of the statement before it."""
    for i in range(1, len(sentences)):
        if sentences[i].is_quoted:
            speeches[i] = _with_speaker(speeches[i], speeches[i - 1].speaker)


def _moved(span: Span | None, by: int) -> Span | None:
    return span and (span[0] + by, span[1] + by)
