"""Fields that are made of another field's pieces between white space, one by one, so that each need be read only once."""

from collections.abc import Callable
from functools import cache

from stance.fields.marking import MARKINGS, Reached, passes
from stance.fields.polarity import polarity

PieceView = Callable[[str], tuple[Reached, ...]]
"""From a clean piece to what stands for it in each state in which the pieces before it may leave a text, with the state
that it leaves. A text begins in state 0."""

_POLARITY = "polarity"


def piecewise(field: str) -> tuple[str, PieceView | None]:
    """The field whose texts are to be read, and the view of its pieces that then gives this one, if there is such a view.

    What the view gives for the pieces of a text, joined by spaces, has the words of the field's own text.

    Examples
    --------
    >>> base, view = piecewise("tweet+negated")
    >>> base, view("signed")
    ('tweet', (('signed', 0), ('not_signed', 1)))
    >>> piecewise("tweet")
    ('tweet', None)
    """
    names = field.split("+")
    end = len(names) - (names[-1] == _POLARITY)
    first = end
    while first and names[first - 1] in MARKINGS:
        first -= 1
    return "+".join(names[:first]) or "text", _view(tuple(names[first:]))


@cache
def _view(names: tuple[str, ...]) -> PieceView | None:
    """The view of these names, one made of the other; one object for the same names."""
    if not names:
        return None
    if names[-1] == _POLARITY:
        return _polarity(_view(names[:-1]))
    before, own = _view(names[:-1]), MARKINGS[names[-1]].piece
    return _composed(before, own) if before else own


def _composed(first: PieceView, second: PieceView) -> PieceView:
    """The second view of what the first gives, in each state of both."""
    n_states = len(second(""))

    def view(piece: str) -> tuple[Reached, ...]:
        return tuple(
            [(read, n_states * left + state) for text, left in first(piece) for read, state in second(text)]
        )

    return view


def _polarity(marked: PieceView | None) -> PieceView:
    """The view of the polarities of pieces, or of what a view of marks gives for them."""
    if marked is None:
        return lambda piece: ((polarity(piece), 0),)

    unchanged = tuple(("", state) for state in range(len(marked(""))))

    def view(piece: str) -> tuple[Reached, ...]:
        if polarity(piece):
            return tuple([(polarity(text), state) for text, state in marked(piece)])
        # Most pieces: marks give no polarity to a word that has none, and a word of reversal has one.
        return unchanged if passes(piece) else tuple([("", state) for _, state in marked(piece)])

    return view
