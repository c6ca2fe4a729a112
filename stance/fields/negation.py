"""What a negation, or a word that reverses, reaches: marked word by word, in a whole text or piece by piece."""

import re
from collections.abc import Callable

from stance.fields.polarity import reverses

NOT = "not_"
"""What stands before a word that is reached."""

Reached = tuple[str, bool]
"""What stands for a piece, and whether something reaches on behind it."""

_SCOPE = re.compile(r"\b\w+n't\b|\bn'(?=\w)|\w+|[.,;:!?()«»\"]", re.IGNORECASE)
_NEGATIONS = (
    "not no never none nobody nothing neither nor without cannot cant dont doesnt didnt wont isnt arent wasnt "
    "werent hasnt havent hadnt wouldnt shouldnt couldnt aint ne n' pas jamais guère aucun aucune ni sans"
)
_ENDS = "but however although though yet except unless mais cependant pourtant toutefois sauf sinon"
_NEGATION_WORDS = frozenset(_NEGATIONS.split())
_IS_NEGATION = _NEGATION_WORDS.__contains__
_IS_END = frozenset(_ENDS.split()).__contains__
_WORD = re.compile(r"\w+")


class Marking:
    """``not_`` before each word that a negation reaches, or a word of some other sort: up to a punctuation mark or a contrast.

    A word that begins with an underscore stands for something else and is left as it is.

    Parameters
    ----------
    reverses : callable
        Whether a lower-case word that is no negation reaches what follows too. It is marked itself where it is reached;
        a negation never is.

    References
    ----------
    Pang et al. (2002), Thumbs up?, EMNLP, section 5, for negations.

    Examples
    --------
    >>> NEGATED.text("Il n'a pas signé, mais il reste."), NEGATED.piece("signed,")
    ("Il n'not_a pas not_signé, mais il reste.", (('signed,', False), ('not_signed,', False)))
    >>> REVERSED.text("Oslo lifted all sanctions, but did not end its patrols.")
    'Oslo lifted not_all not_sanctions, but did not not_end not_its not_patrols.'
    """

    def __init__(self, reverses: Callable[[str], bool]) -> None:
        self._reverses = reverses

    def text(self, text: str) -> str:
        """The text with its marks."""
        return _marked(text, self.words(text))

    def words(self, text: str) -> list[int]:
        """Where the words that are reached begin."""
        lowered = text.lower()
        words = _WORD.findall(lowered)
        if "n'" not in lowered and _NEGATION_WORDS.isdisjoint(words) and not any(map(self._reverses, words)):
            return []
        return self._reached(text, is_inside=False)[0]

    def piece(self, piece: str) -> tuple[Reached, Reached]:
        """A piece of a text as ``text`` has it where nothing before it reaches it, and where something does.

        No mark or word of a negation holds white space, so the pieces of a text between white space, read one after
        the other, give what the text gives.
        """
        if piece.isalnum():
            word = piece.lower()
            if _IS_END(word) or _IS_NEGATION(word):
                reached = piece, _IS_NEGATION(word)
                return reached, reached
            return (piece, self._reverses(word)), (NOT + piece, True)
        outside, goes_on = self._reached(piece, is_inside=False)
        inside, goes_on_inside = self._reached(piece, is_inside=True)
        return (_marked(piece, outside), goes_on), (_marked(piece, inside), goes_on_inside)

    def _reached(self, text: str, is_inside: bool) -> tuple[list[int], bool]:
        """Where the words that are reached begin, and whether something reaches behind the end."""
        reached = []
        for match in _SCOPE.finditer(text):
            word = match[0].lower()
            if _IS_END(word) or not (word[0].isalnum() or word[0] == "_"):
                is_inside = False
            elif _IS_NEGATION(word) or word.endswith("n't"):
                is_inside = True
            else:
                if is_inside and word[0] != "_":
                    reached.append(match.start())
                is_inside = is_inside or self._reverses(word)
        return reached, is_inside


NEGATED = Marking(lambda word: False)
"""What negations reach."""

REVERSED = Marking(reverses)
"""What negations reach, and the words that the lexicons call reversals."""


def _marked(text: str, starts: list[int]) -> str:
    parts, last = [], 0
    for start in starts:
        parts += [text[last:start], NOT]
        last = start
    return "".join(parts) + text[last:]
