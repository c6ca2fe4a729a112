"""What a file is, by its first bytes, whatever its name says."""

import re

START_BYTES = 1 << 13

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"PAR1", "a Parquet file"),
    (rb"PARE", "an encrypted Parquet file"),
    (rb"ARROW1|FEA1|\xff\xff\xff\xff.{2}\0\0", "an Arrow file"),
    (rb"\x1f\x8b", "a gzip file"),
    (rb"BZh[1-9]1AY|BZh[1-9]\x17rE", "a bzip2 file"),
    (rb"\xfd7zXZ\0", "an xz file"),
    (rb"\x28\xb5\x2f\xfd", "a zstandard file"),
    (rb"\x04\x22\x4d\x18", "an lz4 file"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (rb"Rar!\x1a\x07", "a RAR archive"),
    (rb"PK\x03\x04.{0,8000}?xl/", "an Excel spreadsheet"),
    (rb"PK\x03\x04.{0,8000}?word/", "a Word document"),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", "an OpenDocument file (spreadsheet or text)"),
    (rb"PK\x03\x04|PK\x05\x06", "a zip archive"),
    (rb".{257}ustar", "a tar archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (spreadsheet or document)"),
    (rb"\{\\rtf", "an RTF document"),
    (rb"%PDF-", "a PDF document"),
    (rb"%!PS", "a PostScript document"),
    (rb"\x89PNG\r\n", "a PNG picture"),
    (rb"\xff\xd8\xff", "a JPEG picture"),
    (rb"GIF8[79]a", "a GIF picture"),
    (rb"RIFF.{4}WEBP", "a WebP picture"),
    (rb"II\*\0|MM\0\*", "a TIFF picture"),
    (rb"BM.{4}\0\0\0\0", "a BMP picture"),
    (rb"\0\0\0.ftyp", "a film or picture (MP4, HEIC or AVIF)"),
    (rb"RIFF.{4}WAVE|ID3[\x02-\x04]\0|OggS\0|fLaC\0", "a sound recording"),
    (rb"SQLite format 3\0", "an SQLite database"),
    (rb"\x89HDF\r\n", "an HDF5 file"),
    (rb"\x93NUMPY", "a NumPy array"),
    (rb"\x80[\x02-\x05](\x95.{8}|[c}\]K(X\x8c])", "a pickle"),
    (rb"c[\w.]+\n[\w.]+\n(p\d+\n|q[\0-\x1f]|\(S['\"])|\([dl]p\d+\n|[\]}]q[\0-\x1f]", "a pickle"),
    (rb"x[\x01\x9c\xda]|x\^[^\n]{0,30}?[\0-\x08]|ZF0x[\da-f]+ ", "a compressed pickle"),
    (rb".{4}\0\0\0\0\{\"", "a safetensors file"),
    (rb"\x7fELF|MZ.\0|\xcf\xfa\xed\xfe|#!/", "a program"),
    (rb"version https://git-lfs\.github\.com/spec/", "a Git LFS pointer"),
    (rb"(\.\./)*\.?/?(\.git/)?annex/objects/", "a git-annex pointer"),
    (rb"(?i)\s*+(?:<\?xml[^>]*>\s*+|(?><!--.*?-->)\s*+)*+<(!doctype html|html|head|body)\b", "a web page"),
    (rb"(?i)\s*<(\?xml|[a-z][\w:-]*[\s>/])", "an XML file"),
)
"""Regular expressions for the start of a file, and what it then is; the first that matches counts."""

FIXES = {
    "a Git LFS pointer": "Fetch the file itself with `git lfs pull`.",
    "a git-annex pointer": "Fetch the file itself with `git annex get`.",
    "a gzip file": "Rename it to end in .jsonl.gz or .csv.gz, after what it holds, or unpack it.",
    "a bzip2 file": "Unpack it.",
    "an xz file": "Unpack it.",
    "a zstandard file": "Unpack it.",
    "a zip archive": "Unpack it, and name the file inside.",
    "a tar archive": "Unpack it, and name the file inside.",
    "an Excel spreadsheet": "Save it as CSV (UTF-8).",
    "an OpenDocument file (spreadsheet or text)": "Save it as CSV (UTF-8).",
    "an old Office file (spreadsheet or document)": "Save it as CSV (UTF-8).",
}
OTHER_FIX = "Name a file of JSON lines, CSV or Parquet."


def looks_like(start: bytes) -> str | None:
    """What the first bytes of a file show it to be, or None for plain text and anything unknown.

    Parameters
    ----------
    start : bytes
        The first bytes of the file; 8 KiB are enough.

    Examples
    --------
    >>> looks_like(b"\\x89PNG\\r\\n\\x1a\\n"), looks_like(b'{"text": "a"}')
    ('a PNG picture', None)
    """
    for pattern, kind in SIGNATURES:
        if re.match(pattern, start[:START_BYTES], re.DOTALL):
            return kind
    return None


def fix_for(kind: str) -> str:
    """The next step for a file of that kind."""
    return FIXES.get(kind, OTHER_FIX)
