"""Words marked by what reaches them: a negation, a word that reverses, a circumstance; in a whole text or piece by piece."""

import re
from collections.abc import Callable, Mapping

from stance.fields.polarity import reverses

NOT = "not_"
"""What stands before a word that a negation, or a word that reverses, reaches."""

ASIDE = "aside_"
"""What stands before a word of a circumstance."""

Reached = tuple[str, int]
"""What stands for a piece, and the state that it leaves: 1 where something reaches on behind it."""

_SCOPE = re.compile(r"\b\w+n't\b|\bn'(?=\w)|\w+|[.,;:!?()«»\"]", re.IGNORECASE)
_NEGATIONS = (
    "not no never none nobody nothing neither nor without cannot cant dont doesnt didnt wont isnt arent wasnt "
    "werent hasnt havent hadnt wouldnt shouldnt couldnt aint ne n' pas jamais guère aucun aucune ni sans"
)
# Without that and que, behind which stands as often what is reported.
_CIRCUMSTANCES = "after since despite amid following who which whose whom malgré après depuis qui dont"
_ENDS = "but however although though yet except unless mais cependant pourtant toutefois sauf sinon"
_NEGATION_WORDS = frozenset(_NEGATIONS.split())
_CIRCUMSTANCE_WORDS = frozenset(_CIRCUMSTANCES.split())
_END_WORDS = frozenset(_ENDS.split())
_IS_END = _END_WORDS.__contains__
_TURNS = frozenset((*_NEGATION_WORDS, *_CIRCUMSTANCE_WORDS, *_END_WORDS)).__contains__
_WORD = re.compile(r"\w+")


def passes(piece: str) -> bool:
    """Whether a piece is one word where no reach begins or ends; of words of reversal only the lexicons know."""
    return piece.isalnum() and not _TURNS(piece.lower())


def _negates(word: str) -> bool:
    return word in _NEGATION_WORDS or word.endswith("n't")


def _never(word: str) -> bool:
    return False


class Marking:
    """A mark before each word that words of some sort reach: up to a punctuation mark or a contrast.

    A word that begins with an underscore stands for something else and is left as it is.

    Parameters
    ----------
    mark : str
        What stands before a word that is reached.
    opens : callable
        Whether a lower-case word reaches what follows; such a word is never marked.
    carries : callable
        Whether another word reaches what follows too; it is marked itself where it is reached.

    References
    ----------
    Pang et al. (2002), Thumbs up?, EMNLP, section 5, for negations.

    Examples
    --------
    >>> NEGATED.text("Il n'a pas signé, mais il reste."), NEGATED.piece("signed,")
    ("Il n'not_a pas not_signé, mais il reste.", (('signed,', 0), ('not_signed,', 0)))
    >>> REVERSED.text("Oslo lifted all sanctions, but did not end its patrols.")
    'Oslo lifted not_all not_sanctions, but did not not_end not_its not_patrols.'
    >>> ASIDES.text("They met after weeks of threats, and will meet again.")
    'They met after aside_weeks aside_of aside_threats, and will meet again.'
    """

    def __init__(
        self, mark: str, opens: Callable[[str], bool], carries: Callable[[str], bool] = _never
    ) -> None:
        self.mark, self._opens, self._carries = mark, opens, carries

    def text(self, text: str) -> str:
        """The text with its marks."""
        return self._marked(text, self.starts(text))

    def starts(self, text: str) -> list[int]:
        """Where the words that are reached begin."""
        lowered = text.lower()
        words = _WORD.findall(lowered)
        if "n'" not in lowered and not any(map(self._opens, words)) and not any(map(self._carries, words)):
            return []
        return self._reached(text, is_inside=False)[0]

    def piece(self, piece: str) -> tuple[Reached, Reached]:
        """A piece of a text as ``text`` has it where nothing before it reaches it, and where something does.

        No mark or word of a negation holds white space, so the pieces of a text between white space, read one after
        the other, give what the text gives.
        """
        if piece.isalnum() or (piece[:1] != "_" and piece.replace("_", "").isalnum()):
            word = piece.lower()
            if _IS_END(word) or self._opens(word):
                reached = piece, int(not _IS_END(word))
                return reached, reached
            return (piece, int(self._carries(word))), (self.mark + piece, 1)
        outside, goes_on = self._reached(piece, is_inside=False)
        inside, goes_on_inside = self._reached(piece, is_inside=True)
        return (self._marked(piece, outside), int(goes_on)), (
            self._marked(piece, inside),
            int(goes_on_inside),
        )

    def _reached(self, text: str, is_inside: bool) -> tuple[list[int], bool]:
        """Where the words that are reached begin, and whether something reaches behind the end."""
        reached = []
        for match in _SCOPE.finditer(text):
            word = match[0].lower()
            if _IS_END(word) or not (word[0].isalnum() or word[0] == "_"):
                is_inside = False
            elif self._opens(word):
                is_inside = True
            else:
                if is_inside and word[0] != "_":
                    reached.append(match.start())
                is_inside = is_inside or self._carries(word)
        return reached, is_inside

    def _marked(self, text: str, starts: list[int]) -> str:
        parts, last = [], 0
        for start in starts:
            parts += [text[last:start], self.mark]
            last = start
        return "".join(parts) + text[last:]


NEGATED = Marking(NOT, _negates)
"""What negations reach."""

REVERSED = Marking(NOT, _negates, reverses)
"""What negations reach, and the words that the lexicons call reversals."""

ASIDES = Marking(ASIDE, _CIRCUMSTANCE_WORDS.__contains__)
"""What is told beside the point: what came before, in spite of what, who somebody is."""

MARKINGS: Mapping[str, Marking] = {"negated": NEGATED, "reversed": REVERSED, "aside": ASIDES}
"""By the names of their views."""
