"""Text as every model sees it: one canonical form, alike in training and in scoring."""

import re
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Soft hyphen, zero-width space, word joiner, byte order mark, Mongolian vowel separator: invisible, and they
# would cut a word in two. Joiners (U+200C, U+200D) carry meaning in Persian, Hindi and emoji, and stay.
_INVISIBLE = "\u00ad\u200b\u2060\ufeff\u180e"
# The typographic apostrophes of the press, so that « l’accord » and « l'accord » are the same two tokens.
_APOSTROPHES = "\u2019\u02bc\uff07"
_REPLACED = re.compile(f"[{_INVISIBLE}{_APOSTROPHES}]")
_TABLE = {**dict.fromkeys(map(ord, _INVISIBLE), None), **dict.fromkeys(map(ord, _APOSTROPHES), "'")}


def clean(text: str) -> str:
    """The canonical form of a text: NFC, without invisible characters, apostrophes alike.

    Examples
    --------
    >>> clean("l\\u2019ac\\u00adcord")
    "l'accord"
    """
    if text.isascii():
        return text
    if _REPLACED.search(text):
        text = text.translate(_TABLE)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def clean_with_offsets(text: str) -> tuple[str, NDArray[np.int64]]:
    """The canonical form and, for each of its characters, where it starts in ``text``.

    Returns
    -------
    cleaned : str
    offsets : array of shape (len(cleaned) + 1,)
        Offsets into ``text``; the last is ``len(text)``.
    """
    cleaned = clean(text)
    if len(cleaned) == len(text):
        return cleaned, np.arange(len(text) + 1)
    pieces: list[str] = []
    offsets: list[int] = []
    for start, segment in _composing_segments(text):
        piece = clean(segment)
        pieces.append(piece)
        offsets += [start] * len(piece)
    offsets.append(len(text))
    return "".join(pieces), np.asarray(offsets, dtype=np.int64)


def joins(character: str) -> bool:
    """Whether NFC may compose a character with what stands before it, or move it there.

    Examples
    --------
    >>> joins("\u0301"), joins("e")
    (True, False)
    """
    return unicodedata.combining(character) != 0 or character in _composed()


@cache
def _composed() -> frozenset[str]:
    """What follows the first character of canonical decompositions; beyond the range these are combining marks."""
    every = (chr(code) for code in range(0x12000) if not 0xD800 <= code < 0xE000)
    return frozenset(mark for character in every for mark in unicodedata.normalize("NFD", character)[1:])


def _composing_segments(text: str) -> list[tuple[int, str]]:
    """Stretches of a text that NFC changes on their own: a starter with all that may join it."""
    starts = [0] if text else []
    starts += [i for i in range(1, len(text)) if not (joins(text[i]) or text[i] in _INVISIBLE)]
    return [(a, text[a:b]) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
