"""What a negation reaches: marked word by word, in a whole text or piece by piece."""

import re

NOT = "not_"
"""What stands before a word that a negation reaches."""

Reached = tuple[str, bool]
"""What stands for a piece, and whether a negation reaches on behind it."""

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


def negated(text: str) -> str:
    """The text with ``not_`` before each word that a negation reaches: up to a punctuation mark or a contrast.

    A word that begins with an underscore stands for something else and is left as it is.

    References
    ----------
    Pang et al. (2002), Thumbs up?, EMNLP, section 5.

    Examples
    --------
    >>> negated("Il n'a pas signé, mais il reste.")
    "Il n'not_a pas not_signé, mais il reste."
    """
    return _marked(text, negated_words(text))


def negated_words(text: str) -> list[int]:
    """Where the words that a negation reaches begin."""
    lowered = text.lower()
    if "n'" not in lowered and _NEGATION_WORDS.isdisjoint(_WORD.findall(lowered)):
        return []
    return _reached(text, is_inside=False)[0]


def negated_piece(piece: str) -> tuple[Reached, Reached]:
    """A piece of a text as ``negated`` has it where no negation before it reaches it, and where one does.

    No mark or word of a negation holds white space, so the pieces of a text between white space, read one after
    the other, give what the text gives.

    Examples
    --------
    >>> negated_piece("signed,")
    (('signed,', False), ('not_signed,', False))
    """
    if piece.isalnum():
        word = piece.lower()
        if _IS_END(word) or _IS_NEGATION(word):
            reached = piece, _IS_NEGATION(word)
            return reached, reached
        return (piece, False), (NOT + piece, True)
    outside, goes_on = _reached(piece, is_inside=False)
    inside, goes_on_inside = _reached(piece, is_inside=True)
    return (_marked(piece, outside), goes_on), (_marked(piece, inside), goes_on_inside)


def _marked(text: str, starts: list[int]) -> str:
    parts, last = [], 0
    for start in starts:
        parts += [text[last:start], NOT]
        last = start
    return "".join(parts) + text[last:]


def _reached(text: str, is_inside: bool) -> tuple[list[int], bool]:
    """Where the words that a negation reaches begin, and whether it reaches behind the end."""
    reached = []
    for match in _SCOPE.finditer(text):
        word = match[0].lower()
        if _IS_END(word) or not (word[0].isalnum() or word[0] == "_"):
            is_inside = False
        elif _IS_NEGATION(word) or word.endswith("n't"):
            is_inside = True
        elif is_inside and word[0] != "_":
            reached.append(match.start())
    return reached, is_inside
