"""Bytes to UTF-8: byte order marks, declared encodings, and a guess to put in the message."""

import codecs
import logging
import re
from collections.abc import Iterator

from stance.errors import ConfigError, DataError, nearest

LOG = logging.getLogger(__name__)

SHOWN_CHARS = 40

UNDECODABLE = "\udcff"
"""Stands for bytes that the encoding does not have; becomes the byte 0xFF, which no UTF-8 text holds."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

LATIN = frozenset("éèêàçùûîôœëïâüöäñóíáúßãõøåæ«»’‘“”–—…€°ÉÀ\xa0")
CYRILLIC = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ«»–—")
CENTRAL_EUROPEAN = frozenset("ąćęłńóśźżáéíýčďěňřšťůžăâîșțşţőűäöüß„”–")
EAST_ASIAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们日本年月のはをにがた이다의는을에가，。、"
)

LIKELY = (
    ("windows-1252", LATIN),
    ("mac-roman", LATIN),
    ("cp850", LATIN),
    ("windows-1250", CENTRAL_EUROPEAN),
    ("windows-1251", CYRILLIC),
    ("koi8-r", CYRILLIC),
    ("gb18030", EAST_ASIAN),
    ("shift_jis", EAST_ASIAN),
    ("euc_kr", EAST_ASIAN),
    ("big5", EAST_ASIAN),
)
"""Encodings to name, in order of preference, and the characters that are most frequent in their texts."""

SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")

FREQUENT_SHARE = {EAST_ASIAN: 0.1}
OTHER_FREQUENT_SHARE = 0.7
"""Share of a text's non-ASCII characters that must be frequent ones for an encoding to be named."""

FAULTY_SHARE = 0.1
"""Share of faulty among non-ASCII lines from which on the file is refused as a whole, not row by row."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: a mark in the place of what cannot be decoded."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


codecs.register_error("stance.mark", _mark)


def source_encoding(path: str, start: bytes, declared: str | None = None) -> str:
    """Name of the encoding to read a file in: the declared one, or UTF-8, UTF-16 or UTF-32 as it shows.

    Parameters
    ----------
    start : bytes
        The first bytes of the file.

    Raises
    ------
    ConfigError
        If no encoding has the declared name.
    """
    name = _known(path, "utf-8" if declared is None else declared)
    if name not in ("utf-8", "utf-16", "utf-32"):
        return name
    marked = (marked for mark, marked in BYTE_ORDER_MARKS if start.startswith(mark))
    shown = next(marked, None) or _unmarked(start)
    return shown if name == "utf-8" or shown.startswith(name) else f"{name}-le"


def _known(path: str, declared: str) -> str:
    try:
        "".encode(declared)
        name = codecs.lookup(declared).name
    except (LookupError, ValueError) as error:
        hint = nearest(
            declared.lower(), ["utf-8", "utf-16", "windows-1252", "iso-8859-1", "latin-1", "mac-roman"]
        )
        raise ConfigError(
            f"encoding of {path}: '{declared[:SHOWN_CHARS]}' is not a text encoding; utf-8, utf-16 and windows-1252 are "
            f"among those known.{hint or ' Correct the encoding.'}"
        ) from error
    return "utf-8" if name == "utf-8-sig" else name


def _unmarked(start: bytes) -> str:
    """UTF-16 shows by zero bytes on one side of its pairs; everything else counts as UTF-8."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(2, len(start) // 20, 10 * min(even, odd)) <= max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def to_utf8(path: str, chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The chunks as UTF-8 without byte order mark; what cannot be decoded is the byte 0xFF."""
    try:
        yield from _to_utf8(chunks, encoding)
    except UnicodeError as error:
        raise DataError(f"{path}: is not text in {encoding} ({error}). Correct the encoding.") from error


def _to_utf8(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if encoding == "utf-8":
        first = next(chunks, b"")
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="stance.mark")
    first_text = decoder.decode(next(chunks, b"")).removeprefix("\ufeff")
    yield first_text.encode("utf-8", "surrogateescape")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "surrogateescape")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")


def check_is_utf8(path: str, lines: list[bytes]) -> None:
    """Raise DataError where lines at the start of a file are, by their number, not UTF-8 text at all."""
    wide = [(number, line) for number, line in enumerate(lines, 1) if not line.isascii()]
    faulty = [(number, line) for number, line in wide if not is_utf8(line)]
    if len(faulty) < max(2, FAULTY_SHARE * len(wide)):
        return
    number, line = faulty[0]
    likely = likely_encoding(b"\n".join(line for _, line in faulty))
    counted = f"{len(faulty)} such lines among the first {len(lines)}"
    where = f"{path}, line {number}: {fault_in_utf8(line)} ({counted})"
    if len(faulty) < len(wide):
        raise DataError(
            f"{where}, but other lines are UTF-8: two encodings in one file{_naming(likely)}. "
            "Bring the file into UTF-8, part by part."
        )
    if likely is None:
        raise DataError(f"{where}; text in UTF-8 is needed. Set encoding to that of the file, if it is text.")
    raise DataError(f"{where}; UTF-8 is needed, and {likely} fits. Set encoding={likely}.")


def _naming(likely: str | None) -> str:
    return f", the other perhaps {likely}" if likely else ""


def is_utf8(line: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def fault_in_utf8(line: bytes) -> str:
    """The first fault of a line that is not UTF-8, with its place; surrogates are named."""
    try:
        line.decode()
    except UnicodeDecodeError as error:
        if line[error.start] == 0xFF:
            return f"bytes at {error.start + 1} are not text in this encoding"
        if SURROGATE.match(line, error.start):
            return f"an unpaired surrogate at byte {error.start + 1}"
        return f"byte 0x{line[error.start]:02X} at {error.start + 1} is not UTF-8"
    return "no fault"


def likely_encoding(content: bytes) -> str | None:
    """The encoding that text which is not UTF-8 is most likely in, or None where none fits.

    An encoding fits if the characters it gives are mostly those frequent in its languages.

    Examples
    --------
    >>> likely_encoding("L'accord a été signé à Genève, où siège l'ONU".encode("windows-1252"))
    'windows-1252'
    """
    best, best_share = None, 0.0
    for encoding, frequent in LIKELY:
        share = _frequent_share(content, encoding, frequent) / FREQUENT_SHARE.get(
            frequent, OTHER_FREQUENT_SHARE
        )
        if share > max(1.0, best_share):
            best, best_share = encoding, share
    return best


def _frequent_share(content: bytes, encoding: str, frequent: frozenset[str]) -> float:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    wide = [character for character in text if not character.isascii()]
    return sum(character in frequent for character in wide) / len(wide) if wide else 0.0


def warn_of_mojibake(path: str, lines: list[bytes], encoding: str) -> None:
    """Log a warning where a file declared to be in another encoding reads as UTF-8."""
    wide = [line for line in lines if not line.isascii()]
    as_utf8 = sum(is_utf8(line) for line in wide)
    if wide and 2 * as_utf8 > len(wide):
        LOG.warning(
            "%s: declared as %s, but %d of the first %d lines read as UTF-8 and will come out garbled "
            "(mojibake, such as Ã© for é). Leave encoding unset.",
            *(path, encoding, as_utf8, len(lines)),
        )
