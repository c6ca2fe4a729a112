"""Where sentences end inside one paragraph."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from stance.segmentation.rules import Rules
from stance.speakers.lexicon import reporting_verbs
from stance.speakers.quotations import Quotation

# A terminator counts where a gap, a closing or opening mark, a dash or the end follows; the last branch is a full stop
# glued to the next sentence (« coupé.Les »), a common fault of saved web pages. A run is tried from its start alone: where
# none of its ends counts, a later start finds none either, and a million full stops would take a million tries each. (The
# pattern begins with a set of characters, which is looked for four times as quickly as anything else.)
_TERMINATOR = re.compile(
    r"[.!?…。！？؟।](?<![.!?…。！？؟।]{2})[.!?…。！？؟।]*(?:(?<=[。！？؟।])|(?=[\s»”“\"'’)\]›—–]|$)|(?<=[a-zà-ÿ]{2}[.!?…])(?=[A-ZÀ-Ý«][a-zà-ÿ'’ ]))"
)
_CLOSERS_ANYWHERE = frozenset("»”")
_CLOSERS_ADJACENT = frozenset(")]›”“\"'’»")
_GOES_ON = frozenset(",;:.!?)]»%…/")
_OPENERS = " \u00a0\u202f\n\t«“„\"'‘([—–-•"
_LAST_WORD = re.compile(r"[\w.&'’§°-]+$")
_NEXT_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*['’]?")
_DOTTED = re.compile(r"\w(?:\.-?\w)+")
_INITIAL_PARTICLE = re.compile(r"(?:Le|La|De|Du|Des|Di|Da|Von|Van|Mc|O['’])\s?[A-ZÀ-Ý]")
_ROMAN = re.compile(r"[IVX]{1,5}")
_DATELINE = re.compile(
    r"[A-ZÀ-Ý][\w'’ .-]{1,30}(?: \([^()]{1,40}\))?, (?:le )?\d{1,2}(?:er)? \w+\.?(?: \d{4})?\.?"
    r"(?: \([^()]{1,40}\)\.?)? ?[–—-] "
)
_NO_SPACE = re.compile(r"\S")
_NAMED = re.compile(r"(?:(?:[A-Z][\w.'’-]*|of|for|the|de|van|von|al|bin)\s+){1,7}([a-z]+)")
# *"Where is it?" Ann Smith, the minister of defence, asked*
_NAMED_WITH_POST = re.compile(r"(?:[A-Z][\w.'’-]*\s+){1,4}[A-Z][\w.'’-]*,\s[^,.!?\"“”]{3,80},\s([a-z]+)")
_LONGEST_ABBREVIATION_CHARS = 8
_LONGEST_EMBEDDED_CHARS = 80
_LONGEST_LABEL_CHARS = 30
_LAST_WORD_CHARS = 24


def split_sentences(
    text: str, start: int, end: int, rules: Rules, quotations: Sequence[Quotation]
) -> list[tuple[int, int]]:
    """Trimmed spans of the sentences of ``text[start:end]``, one paragraph without outer space.

    Every character that is not space belongs to one of them.
    """
    ends = _SentenceEnds(text, start, end, rules, quotations)
    spans = []
    opened = start
    for match in _TERMINATOR.finditer(text, start, end):
        closed = ends.end_of_sentence(match.start(), match.end(), opened)
        if closed:
            spans.append((opened, closed))
            opened = closed
            while text[opened].isspace():
                opened += 1
    spans.append((opened, end))
    return spans


def _positions(mark: str, text: str, start: int, end: int) -> "array[int]":
    """Where a mark stands, in order."""
    found = array("q")
    at = text.find(mark, start, end)
    while at >= 0:
        found.append(at)
        at = text.find(mark, at + 1, end)
    return found


class _SentenceEnds:
    """Decides for each terminator of one paragraph."""

    def __init__(
        self, text: str, start: int, end: int, rules: Rules, quotations: Sequence[Quotation]
    ) -> None:
        self._text, self._start, self._end = text, start, end
        self._rules, self._quotations = rules, quotations
        self._opening = {q.start for q in quotations}
        self._closing = {q.end - 1 for q in quotations if q.closed}
        self._quotation_ends = [q.end for q in quotations]
        self._brackets = _positions("(", text, start, end), _positions(")", text, start, end)
        self._last_mark, self._searched = -1, start
        dateline = _DATELINE.match(text, start, end)
        self._after_dateline = dateline.end() if dateline else start

    def end_of_sentence(self, at: int, after: int, opened: int) -> int:
        """Where the sentence opened at ``opened`` ends if the terminator ``text[at:after]`` ends it, else 0."""
        if at < self._after_dateline:
            return 0
        if self._ends_plainly(at, after):
            return 0 if self._is_inside(at, after, opened) else after
        closed, following = self._skip_closers(after)
        if following >= self._end or not self._can_start(at, closed, following):
            return 0
        if self._is_inside(at, closed, opened):
            return 0
        mark = self._text[after - 1]
        if mark == "." and after - at == 1:
            return closed if self._ends_with_full_stop(at, following, opened) else 0
        if mark in "!?":
            return 0 if closed > after and self._names_speaker(following) else closed
        return closed if self._ends_with_ellipsis(at, following, opened) else 0

    def _ends_plainly(self, at: int, after: int) -> bool:
        """Whether it is a full stop between a lower-case word and a capital, as most are."""
        text = self._text
        if after >= self._end or text[at : after + 1] != ". " or not text[after + 1 : after + 2].isupper():
            return False
        word = text[text.rfind(" ", self._start, at) + 1 : at]
        return len(word) > 1 and word.isalpha() and word.islower() and word not in self._rules.lower_case

    def _skip_closers(self, after: int) -> tuple[int, int]:
        """Past the closing marks that belong to the sentence; then past the gap."""
        text, closed, here = self._text, after, after
        while True:
            while here < self._end and text[here].isspace():
                here += 1
            if here >= self._end or not self._is_closer(here, closed):
                return closed, here
            here = closed = here + 1

    def _is_closer(self, at: int, closed: int) -> bool:
        if at in self._closing:
            return True
        if at in self._opening:
            return False
        mark = self._text[at]
        return mark in _CLOSERS_ANYWHERE or (at == closed and mark in _CLOSERS_ADJACENT)

    def _can_start(self, at: int, closed: int, following: int) -> bool:
        """Whether a sentence can start at ``following``: a capital, a figure, or a mark before one."""
        text, first = self._text, self._text[following]
        if first in _GOES_ON or (at > self._start and text[at - 1] in "(["):
            return False
        if following == closed and text[closed - 1] == ".":
            word = self._word_before(at)
            return word.islower() and first.isupper()
        if first.islower():
            return text[following + 1 : following + 2].isupper()
        if first.isalnum():
            return True
        return self._opens_sentence(following)

    def _opens_sentence(self, at: int) -> bool:
        """Whether the mark at ``at`` opens a sentence: what stands behind it is not in lower case."""
        text, here = self._text, at
        while here < self._end and text[here] in _OPENERS:
            here += 1
        if here >= self._end or here == at:
            return True
        return not text[here].islower() or text[at] in '«“„"‘'

    def _is_inside(self, at: int, closed: int, opened: int) -> bool:
        """Whether the terminator stands inside a short quotation or a parenthesis that the sentence contains."""
        if self._is_in_parenthesis(at, closed, opened):
            return True
        i = bisect_right(self._quotation_ends, at)
        if i == len(self._quotations) or self._quotations[i].start >= at:
            return False
        quotation = self._quotations[i]
        return closed < quotation.end and self._keeps_together(quotation, at, opened)

    def _is_in_parenthesis(self, at: int, closed: int, opened: int) -> bool:
        opening, closing = self._brackets
        i = bisect_left(opening, at) - 1
        if i < 0 or opening[i] < opened:
            return False
        k = bisect_left(closing, opening[i])
        return k < len(closing) and closing[k] >= closed

    def _keeps_together(self, quotation: Quotation, at: int, opened: int) -> bool:
        text = self._text
        if text[at] in "!?" and self._is_fragment(max(quotation.start + 1, opened), at):
            return True
        if not quotation.closed or quotation.end - quotation.start > _LONGEST_EMBEDDED_CHARS:
            return False
        before = quotation.start - 1
        while before > opened and text[before].isspace():
            before -= 1
        return before > opened and text[before].isalnum() and not self._ends_with(quotation)

    def _ends_with(self, quotation: Quotation) -> bool:
        """Whether a quotation of whole sentences ends the sentence (*He said "No. Never."*)."""
        text, end = self._text, quotation.end - 1
        while end > quotation.start and text[end - 1].isspace():
            end -= 1
        if quotation.end - quotation.start <= _LONGEST_LABEL_CHARS or text[end - 1] not in ".!?…":
            return False
        following = _NO_SPACE.search(text, quotation.end, self._end)
        return following is None or following.group().isupper()

    def _is_fragment(self, start: int, at: int) -> bool:
        """Whether one or two words stand before the terminator (« Quand ? Où ? Avec qui ? »)."""
        # Terminators are asked about in order: what stands before the last one has been searched.
        last = max(self._text.rfind(mark, self._searched, at) for mark in ".!?…")
        self._last_mark, self._searched = max(self._last_mark, last), at
        return len(self._text[max(start, self._last_mark + 1) : at].replace("-", " ").split()) <= 2

    def _word_before(self, at: int) -> str:
        while at > self._start and self._text[at - 1].isspace():
            at -= 1
        match = _LAST_WORD.search(self._text[max(self._start, at - _LAST_WORD_CHARS) : at])
        return match.group().lstrip("-'’._") if match else ""

    def _ends_with_ellipsis(self, at: int, following: int, opened: int) -> bool:
        """Whether points of suspension end the sentence, and neither open it nor stand in a stammer."""
        end = at
        while end > opened and self._text[end - 1] in _OPENERS:
            end -= 1
        if end == opened or self._text[end - 1] in ":,;":
            return False
        return self._word_before(at) != self._next_word(following)

    def _ends_with_full_stop(self, at: int, following: int, opened: int) -> bool:
        rules, word = self._rules, self._word_before(at)
        if rules.lang in ("fr", "it"):
            word = re.split("['’]", word)[-1]
        if not word or len(word) > _LONGEST_ABBREVIATION_CHARS:
            return True
        if word in rules.titles:
            return False
        if "-" in word and "." in word:
            word = word.rpartition("-")[2] if not _DOTTED.fullmatch(word) else word
        lower = word.lower()
        first = self._text[following]
        if first.isdigit() or (first in "IVX" and self._next_word(following).isupper()):
            return word not in rules.before_numbers and lower not in rules.before_numbers
        if word.isdigit() or (_ROMAN.fullmatch(word) and at - len(word) == opened):
            return self._number_ends_sentence(word, at, following, opened)
        if word in rules.clock:
            return self._next_word(following) not in rules.after_clock
        is_initial = len(word) == 1 and word.isupper()
        if is_initial or word in rules.others or lower in rules.others or _DOTTED.fullmatch(word):
            return self._is_starter(following, is_initial)
        return True

    def _number_ends_sentence(self, word: str, at: int, following: int, opened: int) -> bool:
        if at - len(word) == opened and (len(word) <= 2 or not word.isdigit()):
            return False
        is_ordinal = self._rules.lang == "de" and len(word) <= 2
        return not is_ordinal or self._is_starter(following, False)

    def _is_starter(self, following: int, is_initial: bool) -> bool:
        if is_initial and _INITIAL_PARTICLE.match(self._text, following):
            return False
        if self._text[following] in '«“„"':
            return True
        word = self._next_word(following).lower().replace("’", "'")
        if len(word) == 1 and self._text[following + 1 : following + 2] == ".":
            return False
        return word in self._rules.starters or word[: word.find("'") + 1] in self._rules.starters

    def _next_word(self, at: int) -> str:
        match = _NEXT_WORD.search(self._text, at, min(self._end, at + _LAST_WORD_CHARS))
        return match.group() if match else ""

    def _names_speaker(self, following: int) -> bool:
        """Whether `"Where is it?" Smith asked` goes on with its speaker."""
        if self._rules.lang != "en":
            return False
        verbs = reporting_verbs("en")
        matches = (pattern.match(self._text, following, self._end) for pattern in (_NAMED, _NAMED_WITH_POST))
        return any(match is not None and match[1] in verbs for match in matches)
