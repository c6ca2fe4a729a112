"""Fields that are made of another field's pieces between white space, one by one, so that each need be read only once."""

from collections.abc import Callable, Mapping

from stance.fields.negation import negated_piece
from stance.fields.polarity import polarity

PieceView = Callable[[str, bool], tuple[str, bool]]
"""From a clean piece, and whether a negation before it reaches it, to what stands for it, and whether that goes on."""


def _polarity(piece: str, is_inside: bool) -> tuple[str, bool]:
    return polarity(piece), False


def _negated_polarity(piece: str, is_inside: bool) -> tuple[str, bool]:
    marked, goes_on = negated_piece(piece, is_inside)
    return polarity(marked), goes_on


_VIEWS: Mapping[str, PieceView] = {
    "negated+polarity": _negated_polarity,
    "negated": negated_piece,
    "polarity": _polarity,
}


def piecewise(field: str) -> tuple[str, PieceView | None]:
    """The field whose texts are to be read, and the view of its pieces that then gives this one, if there is such a view.

    What the view gives for the pieces of a text, joined by spaces, has the words of the field's own text.

    Examples
    --------
    >>> base, view = piecewise("tweet+negated")
    >>> base, view("signed", True)
    ('tweet', ('not_signed', True))
    >>> piecewise("tweet")
    ('tweet', None)
    """
    for name, view in _VIEWS.items():
        if field == name:
            return "text", view
        if field.endswith(f"+{name}"):
            return field.removesuffix(f"+{name}"), view
    return field, None
