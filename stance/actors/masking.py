"""Texts without the names of actors, in one form whoever the actors are."""

import re

PLACEHOLDER = "_x_"
"""One word for every actor: of no language, and one token of every token pattern that takes word characters."""

# The article or preposition before an actor, whose form depends on the actor's name.
_BEFORE = re.compile(
    r"(?<![\w-])(?:(?P<of>de[ \xa0\u202f](?:la[ \xa0\u202f]|l['’]|les[ \xa0\u202f])|d['’]|(?:de|du|des)[ \xa0\u202f])"
    r"|(?P<at>à[ \xa0\u202f](?:la[ \xa0\u202f]|l['’])|(?:à|au|aux|en)[ \xa0\u202f])"
    r"|(?P<the>l['’]|(?:le|la|les|the)[ \xa0\u202f])"
    r"|(?P<one>(?:un|une)[ \xa0\u202f])|(?P<this>(?:ce|cet|cette|ces)[ \xa0\u202f])|(?P<a>an?[ \xa0\u202f])"
    r"|(?P<that>\w*qu['’]))$",
    re.IGNORECASE,
)
_NORMAL = {"of": "de ", "at": "à ", "the": "", "one": "un ", "this": "ce ", "a": "a "}
_LONGEST_BEFORE = 16
_OWNER = re.compile(r"['’]s\b|(?<=s)['’](?=\s\w)")
_SPACES = re.compile(r"[ \xa0\u202f]{2,}|[ \xa0\u202f](?=[,.)])")


def replaced(text: str, spans: list[tuple[int, int, str]], placeholder: str) -> str:
    """The text with a placeholder, or nothing, in the place of each span.

    Parameters
    ----------
    spans : list of (start, end, kept)
        In order, none overlapping; ``kept`` is put before the placeholder.
    """
    pieces: list[str] = []
    done = 0
    for start, end, kept in spans:
        before = text[done:start]
        match = _BEFORE.search(before, max(0, len(before) - _LONGEST_BEFORE))
        pieces += [before[: match.start()], _normal(match)] if match else [before]
        pieces += [kept, placeholder]
        owner = _OWNER.match(text, end)
        pieces.append("'s" if owner else "")
        done = owner.end() if owner else end
    pieces.append(text[done:])
    joined = "".join(pieces)
    return joined if placeholder else _SPACES.sub(_one_space, joined).strip()


def _normal(match: re.Match[str]) -> str:
    """The one form of an article or preposition, with a capital where it has one."""
    found = match[0]
    normal = _NORMAL.get(str(match.lastgroup)) if match.lastgroup != "that" else found[:-1] + "e "
    return str(normal).capitalize() if found[0].isupper() else str(normal)


def _one_space(match: re.Match[str]) -> str:
    return " " if len(match[0]) > 1 else ""
