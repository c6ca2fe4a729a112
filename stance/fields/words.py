"""Views of the words of a text alone: the signs of tweets made words, and pieces of words."""

import re
import unicodedata
from html import unescape

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_ADDRESS = re.compile(r"https?:\S+|\bhttp\b")
_USER = re.compile(r"@\w+")
_HASHTAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)")
_DRAWN = re.compile(r"(\w)\1{2,}")
_MARKS = re.compile(r"!+|\?+|\.{2,}|…")
_MARK_WORDS = {"!": "exclaims", "?": "asks", ".": "pauses", "…": "pauses"}
_FACES = {
    "smiles": ":) :-) =) (: ^^ :] ☺",
    "winks": ";) ;-)",
    "laughs": ":d :-d =d xd :'d",
    "is_sad": ":( :-( =( :[",
    "cries": ":'( ;( t_t",
    "loves": "<3",
    "frowns": ":/ :-/ :\\ -_- :s :|",
    "plays": ":p :-p ;p :o)",
}
_FACE_WORDS = {face: word for word, faces in _FACES.items() for face in faces.split()}
_FACE = re.compile(
    r"(?<![\w:/])(?:" + "|".join(map(re.escape, sorted(_FACE_WORDS, key=len, reverse=True))) + r")(?![\w/])",
    re.IGNORECASE,
)


def tweet(text: str) -> str:
    """The text with the signs of tweets made words: faces, emoji, hashtags (whole and cut), users, !, ?.

    Web addresses are left out, drawn-out letters shortened, and characters that were escaped are restored.

    Examples
    --------
    >>> tweet("@ana sooooo happy :) #GoodNews").split()
    ['_user', 'soo', 'happy', '_smiles', '_goodnews', 'Good', 'News']
    """
    text = unescape(_ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)).replace("\u2019", "'")
    text = _USER.sub(" _user ", _ADDRESS.sub(" ", text))
    text = _FACE.sub(lambda m: f" _{_FACE_WORDS[m[0].lower()]} ", text)
    text = _HASHTAG.sub(lambda m: f" _{m[1].lower()} {_HUMP.sub(' ', m[1])} ", text)
    text = "".join(map(_shown, text)) if not text.isascii() else text
    text = _DRAWN.sub(r"\1\1", text)
    return _MARKS.sub(_named_mark, text)


def _shown(character: str) -> str:
    """An emoji as a word, without the signs that only change how it is drawn."""
    if "\U0001f3fb" <= character <= "\U0001f3ff" or character in "\ufe0f\u200d":
        return ""
    is_symbol = unicodedata.category(character) in {"So", "Cs"}
    return f" _emoji{ord(character):x} " if is_symbol else character


def _named_mark(match: re.Match[str]) -> str:
    found = match[0]
    return f"{found} _{_MARK_WORDS[found[0]]}{'_much' if len(found) > 1 and found[0] in '!?' else ''} "


PIECE_CHARS = (3, 4, 5)


def pieces(text: str) -> str:
    """The pieces of three to five characters of each word, as words, so that another view can mark or tie them.

    An underscore stands for the start or the end of a word.

    Examples
    --------
    >>> pieces("We do")
    '_we we_ _we_ _do do_ _do_'
    """
    found = []
    for word in re.findall(r"\w+", text.lower()):
        padded = f"_{word.strip('_')}_"
        found += [padded[i : i + n] for n in PIECE_CHARS for i in range(len(padded) - n + 1)]
    return " ".join(found)
