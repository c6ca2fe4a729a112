"""Text files: one article each, perhaps with its title in the first line."""

import re

MAX_TITLE_CHARS = 200
_NO_TITLE_ENDS = (".", ",", ";", ":", "…", "-")
_LINE = re.compile(r"[^\S\n]*(\S[^\n]*?)[^\S\n]*(?:\n|$)")


def title_of(text: str) -> str | None:
    """The first line of a text, where it looks like a title; the text keeps it as a heading.

    A title is short, is no sentence, and more text follows it: after a blank line, or a longer line.

    Examples
    --------
    >>> title_of("Bamako rouvre ses frontières\\n\\nLe gouvernement l'a annoncé jeudi.")
    'Bamako rouvre ses frontières'
    >>> title_of("Le gouvernement l'a annoncé.\\nLe Niger s'en félicite.")
    """
    body = text.lstrip()
    first = _LINE.match(body)
    if first is None or len(first[1]) > MAX_TITLE_CHARS or first[1].endswith(_NO_TITLE_ENDS):
        return None
    rest = body[first.end() :]
    second = _LINE.match(rest.lstrip("\n"))
    if second is None or not (rest.startswith("\n") or len(second[1]) > len(first[1])):
        return None
    return first[1]
