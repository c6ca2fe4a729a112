"""Fields that are made of another field's pieces between white space, one by one, so that each need be read only once."""

from collections.abc import Callable, Mapping

from stance.fields.negation import NEGATED, REVERSED, Marking, Reached
from stance.fields.polarity import polarity

PieceView = Callable[[str], tuple[Reached, Reached]]
"""From a clean piece to what stands for it where nothing before it reaches it, and where something does."""


def _polarity(piece: str) -> tuple[Reached, Reached]:
    read = polarity(piece), False
    return read, read


def _marked_polarity(marking: Marking) -> PieceView:
    """The view of the polarities of what a marking gives."""

    def view(piece: str) -> tuple[Reached, Reached]:
        (outside, goes_on), (inside, goes_on_inside) = marking.piece(piece)
        is_known = polarity(piece)  # most pieces are not, and marks do not change that
        return (is_known and polarity(outside), goes_on), (is_known and polarity(inside), goes_on_inside)

    return view


_VIEWS: Mapping[str, PieceView] = {
    "negated+polarity": _marked_polarity(NEGATED),
    "reversed+polarity": _marked_polarity(REVERSED),
    "negated": NEGATED.piece,
    "reversed": REVERSED.piece,
    "polarity": _polarity,
}


def piecewise(field: str) -> tuple[str, PieceView | None]:
    """The field whose texts are to be read, and the view of its pieces that then gives this one, if there is such a view.

    What the view gives for the pieces of a text, joined by spaces, has the words of the field's own text.

    Examples
    --------
    >>> base, view = piecewise("tweet+negated")
    >>> base, view("signed")
    ('tweet', (('signed', False), ('not_signed', True)))
    >>> piecewise("tweet")
    ('tweet', None)
    """
    for name, view in _VIEWS.items():
        if field == name:
            return "text", view
        if field.endswith(f"+{name}"):
            return field.removesuffix(f"+{name}"), view
    return field, None
