"""Figures of matplotlib as pictures inside a page: the same bytes each time, coloured by the page's style sheet."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS_PER_INCH = 72
FONT_POINTS = 9.0

# Stand-ins for the colours of the style sheet, in which they are classes: paint-<name> and line-<name>.
COLOURS = {
    "ink": "#010101",
    "muted": "#020202",
    "grid": "#030303",
    "paper": "#040404",
    **{f"k{i}": f"#0{i + 1}0{i + 1}7f" for i in range(8)},
}
_NAME_OF = {colour: name for name, colour in COLOURS.items()}

_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "text.usetex": False,
    "font.family": ["DejaVu Sans"],
    "font.size": FONT_POINTS,
    "text.color": COLOURS["ink"],
    "axes.edgecolor": COLOURS["muted"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": COLOURS["grid"],
    "grid.linewidth": 0.6,
    "xtick.color": COLOURS["muted"],
    "ytick.color": COLOURS["muted"],
    "xtick.labelcolor": COLOURS["ink"],
    "ytick.labelcolor": COLOURS["ink"],
    "figure.facecolor": "none",
    "legend.frameon": False,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Within it, figures are drawn in the style of the reports, whatever a person's own settings are."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        # Letters that the font lacks are measured as boxes; the page draws them with the reader's own fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def inline_svg(figure: "Figure", name: str, description: str) -> Markup:
    """A drawn figure as an svg element without style, address or script.

    Parameters
    ----------
    name : str
        Distinct within the page; the ids in the figure begin with it.
    description : str
        What it shows, for those who do not see it.
    """
    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(
            out, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight", pad_inches=0.03
        )
    root = ElementTree.fromstring(out.getvalue())
    _simplify(root)
    _shorten_ids(root, name)
    root.attrib = {
        "class": "figure",
        "viewBox": root.attrib["viewBox"],
        "width": f"{float(root.attrib['viewBox'].split()[2]):.0f}",
        "role": "img",
        "aria-label": description,
    }
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _simplify(element: ElementTree.Element) -> None:
    """Take away namespaces, metadata and style: its declarations become attributes or classes."""
    element.tag = _local(element.tag)
    attributes = {_local(key): value for key, value in element.attrib.items()}
    declarations = dict(_declarations(attributes.pop("style", "")))
    classes = []
    for key, value in {**attributes, **declarations}.items():
        named = _NAME_OF.get(value) if key in ("fill", "stroke") else None
        if named:
            classes.append(f"{'paint' if key == 'fill' else 'line'}-{named}")
            attributes.pop(key, None)
        else:
            attributes[key] = value
    element.attrib = {**({"class": " ".join(classes)} if classes else {}), **attributes}
    for child in list(element):
        if _local(child.tag) in ("metadata", "style"):
            element.remove(child)
        else:
            _simplify(child)


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    """The declarations of a style attribute; of the font only its size, so that the page's own font is used."""
    for part in style.split(";"):
        key, _, value = (piece.strip() for piece in part.partition(":"))
        if key == "font":
            words = value.split()
            yield "font-size", next(word for word in words if word.endswith("px"))
            yield from (("font-weight", word) for word in words if word in ("bold", "700"))
        elif key == "font-size" or (key and not key.startswith("font")):
            yield key, value


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _shorten_ids(root: ElementTree.Element, name: str) -> None:
    """Keep only the ids that are referred to, under names of their own."""
    elements = list(root.iter())
    links = {e.attrib["href"][1:] for e in elements if e.attrib.get("href", "").startswith("#")}
    links |= {value[5:-1] for e in elements for value in e.attrib.values() if value.startswith("url(#")}
    short = {
        old: f"{name}-{i}"
        for i, old in enumerate(e.attrib["id"] for e in elements if e.attrib.get("id") in links)
    }
    for element in elements:
        old = element.attrib.pop("id", None)
        if old in short:
            element.attrib["id"] = short[old]
        for key, value in element.attrib.items():
            if key == "href":
                element.attrib[key] = f"#{short[value[1:]]}"
            elif value.startswith("url(#"):
                element.attrib[key] = f"url(#{short[value[5:-1]]})"
