"""Bytes of text files and web pages to text: strict, with the likely encoding named where it fails."""

import codecs
import re
from collections.abc import Iterator

from stance.tables.batches import RowError
from stance.tables.encodings import fault_in_utf8, likely_encoding, source_encoding

DECLARATION_BYTES = 4096
"""Where browsers look for the declaration of an encoding."""

MAX_FAULTY_SHARE = 0.01
"""Up to this share of the characters beyond ASCII, a page in UTF-8 may be damaged."""

REPAIRED = "utf-8-with-marks"
"""UTF-8 in which each damaged place becomes a mark (U+FFFD)."""

_DECLARED = re.compile(
    rb"""(?:<meta[^>]{0,500}?charset|<\?xml[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_STATEFUL = ("iso2022", "hz")
# Pages that say one of these mean the other: the living standard of HTML reads them so.
_MEANT = {
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}


def decode_text(path: str, content: bytes, encoding: str | None) -> str:
    """The text of a file, with line feeds as line ends.

    Parameters
    ----------
    encoding : str or None
        Declared encoding; UTF-8, UTF-16 or UTF-32 as it shows where none is declared.

    Raises
    ------
    RowError
        If the bytes are not text in this encoding; the fix names a likely one.
    """
    name = source_encoding(path, content[:DECLARATION_BYTES], encoding)
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise _undecodable(content, name, error) from error
    if "\0" in text:
        raise RowError(
            f"holds a zero byte at character {text.index(chr(0)) + 1}",
            fix="Is it text? Correct or remove it.",
        )
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def decode_page(path: str, content: bytes, encoding: str | None) -> str:
    """The source of a web page, whatever it declares: what the bytes show counts more.

    Raises
    ------
    RowError
        If no encoding fits.
    """
    shown = source_encoding(path, content[:DECLARATION_BYTES], encoding)
    for name in (shown,) if encoding or shown != "utf-8" else _candidates(content):
        try:
            text = content.decode("utf-8", "replace") if name == REPAIRED else content.decode(name)
        except UnicodeDecodeError:
            continue
        return _XML_DECLARATION.sub("", text.removeprefix("\ufeff"))
    reason = f"is not text in {encoding or shown}, and no other encoding fits"
    raise RowError(reason, fix="Save the page again, or set encoding.")


def _candidates(content: bytes) -> Iterator[str]:
    """Encodings of a page without a mark, the most certain first: UTF-8 by its form, the declared, the likely."""
    declared = declared_encoding(content)
    if declared and declared.replace("_", "").startswith(_STATEFUL):
        yield declared
    yield "utf-8"
    if _is_damaged_utf8(content):
        yield REPAIRED
    yield from filter(None, (declared, likely_encoding(content)))


def declared_encoding(content: bytes) -> str | None:
    """The encoding that a page declares, by the name under which Python knows it; None for none it knows.

    Examples
    --------
    >>> declared_encoding(b'<meta charset="ISO-8859-1">'), declared_encoding(b"<p>charset")
    ('cp1252', None)
    """
    match = _DECLARED.search(content[:DECLARATION_BYTES])
    try:
        found = codecs.lookup(match[1].decode("ascii")) if match else None
        "".encode(found.name if found else "ascii")
    except (LookupError, ValueError):
        return None
    if found is None or found.name.startswith(("utf-16", "utf-32", "utf-7")):
        return None
    return _MEANT.get(found.name, found.name)


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few places."""
    text = content.decode("utf-8", errors="replace")
    n_wide = sum(not character.isascii() for character in text)
    return text.count("\ufffd") <= MAX_FAULTY_SHARE * n_wide


def _undecodable(content: bytes, name: str, error: UnicodeDecodeError) -> RowError:
    if name != "utf-8":
        return RowError(
            f"byte {error.start + 1} is not text in {name}", fix="Correct encoding, or leave it unset."
        )
    likely = likely_encoding(content)
    if likely is None:
        return RowError(f"{fault_in_utf8(content)}", fix="Is it text? Set encoding to that of the file.")
    return RowError(f"{fault_in_utf8(content)}, and {likely} fits", fix=f"Set encoding={likely}.")
