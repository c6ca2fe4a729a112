"""Templates to pages: everything escaped, one style sheet, and a policy that lets nothing else run or load."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
N_COLOURS = 8

# Which colour stands for which class, where its name says what it means; all others take the next free one.
_COLOUR_OF = {
    0: "cooperative cooperation favor favour positive support pro",
    1: "tense conflict against negative oppose con",
    2: "neutral none other",
}
_NAMED = {name: number for number, names in _COLOUR_OF.items() for name in names.split()}

# Directions and line ends that a browser would follow, and controls that it would swallow.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    r"""The text with control and bidi characters shown as escapes; joiners and accents stay as they are.

    Examples
    --------
    >>> visible("abc\u202ecba\x07")
    'abc\\u202ecba\\x07'
    """
    return _INVISIBLE.sub(lambda match: _escaped(match[0]), text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def colour_numbers(classes: Sequence[str]) -> dict[str, int]:
    """The number of the colour of each class, below ``N_COLOURS``.

    Examples
    --------
    >>> colour_numbers(("against", "favor", "none", "unsure"))
    {'against': 1, 'favor': 0, 'none': 2, 'unsure': 3}
    >>> colour_numbers(("a", "b"))
    {'a': 0, 'b': 1}
    """
    named = {name: _NAMED[name.lower()] for name in classes if name.lower() in _NAMED}
    if len(set(named.values())) < len(named):
        named = {}
    free = [number for number in range(N_COLOURS) if number not in named.values()] or list(range(N_COLOURS))
    others = (name for name in classes if name not in named)
    numbers = named | {name: free[i % len(free)] for i, name in enumerate(others)}
    return {name: numbers[name] for name in classes}


def render_page(
    template: str, *, folder: Path = TEMPLATES, style: str, script: str | None = None, **content: Any
) -> str:
    """A page from a template that extends ``page.html.j2``.

    Every value is escaped and its invisible characters are shown. The policy of the page allows the style sheet
    and the script given here, by their hashes, and nothing else: no request, no form, no other script.

    Parameters
    ----------
    folder : Path
        Where the template, the style sheet and the script are; the shared ones are found in any case.
    style, script : str
        Names of files; the style sheet follows the one that all pages share.
    """
    sheet = _source(TEMPLATES, "page.css") + _source(folder, style)
    code = None if script is None else _source(folder, script)
    policy = ["default-src 'none'", f"style-src {_hash(sheet)}"]
    policy += [f"script-src {_hash(code)}"] if code is not None else []
    policy += ["base-uri 'none'", "form-action 'none'"]
    from markupsafe import Markup

    return (
        _environment(folder)
        .get_template(template)
        .render(**content, policy="; ".join(policy), sheet=Markup(sheet), code=code and Markup(code))
    )


def _source(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@cache
def _environment(folder: Path) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {"number": number, "term": shown_term}
    environment.globals["zip"] = zip
    return environment


def _finalize(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def number(value: float | None, digits: int = 3, *, sign: bool = False) -> str:
    """A number with fixed digits and a true minus; a dash where there is none."""
    if value is None:
        return "–"
    return format(value, f"{'+' if sign else ''}.{digits}f").replace("-", "−")


def shown_term(term: str) -> str:
    """A term whose spaces at the ends can be seen."""
    inner = term.strip(" ")
    before = len(term) - len(term.lstrip(" "))
    return "␣" * before + inner + "␣" * (len(term) - before - len(inner))
