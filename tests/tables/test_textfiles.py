"""Encodings, packing, and files that are not text at all."""

import gzip
import logging
import pickle
import zlib
from pathlib import Path

import pytest

from stance.errors import ConfigError, DataError
from stance.tables.encodings import likely_encoding
from stance.tables.recognition import looks_like
from tests.tables.files import gzip_bomb, put, read

FRENCH = "Le ministre des Affaires étrangères a salué l’accord signé à Genève, où siège l’ONU."
RUSSIAN = "Министр иностранных дел приветствовал подписанное соглашение."
POLISH = "Minister spraw zagranicznych powiedział, że umowa została podpisana w środę."
CHINESE = "中国外交部发言人表示，两国的关系是好的，中国人民不会忘记。"
JAPANESE = "外務省の報道官は、日本と中国の関係が良いと述べた。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_unicode_encodings_are_recognised(tmp_path: Path, encoding: str, name: str) -> None:
    row = f'{{"text": "{FRENCH}"}}' if name == "a.jsonl" else f'"{FRENCH}"'
    content = f"{row}\n{row}\n" if name == "a.jsonl" else f"text\n{row}\n{row}\n"
    assert read(put(tmp_path, name, content.encode(encoding))).texts() == [FRENCH, FRENCH]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "windows-1252"),
        (FRENCH, "mac-roman"),
        (FRENCH.replace("’", "'"), "cp850"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (POLISH, "windows-1250"),
        (CHINESE, "gb18030"),
        (JAPANESE, "shift_jis"),
    ],
)
def test_another_encoding_is_refused_by_name_and_read_once_declared(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = put(tmp_path, "a.csv", f'text,id\n"{text}",1\n"{text}",2\n'.encode(encoding))
    with pytest.raises(DataError, match=f"a.csv, line 2: byte 0x.* {encoding} fits. Set encoding={encoding}"):
        read(path)
    assert read(path, encoding=encoding).texts() == [text, text]


def test_latin_1_bytes_are_named_windows_1252() -> None:
    assert likely_encoding("déjà signé à Genève".encode("latin-1")) == "windows-1252"


def test_two_encodings_in_one_file_are_refused_at_the_first_bad_line(tmp_path: Path) -> None:
    lines = [f"{FRENCH}".encode("utf-8" if i < 5 else "windows-1252") for i in range(10)]
    path = put(tmp_path, "a.tsv", b"text\n" + b"\n".join(lines))
    with pytest.raises(
        DataError, match="line 7: .*two encodings in one file, the other perhaps windows-1252"
    ):
        read(path)


def test_utf8_declared_as_latin_1_is_read_with_a_warning_that_counts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = put(tmp_path, "a.csv", "text\n" + "été\n" * 3)
    with caplog.at_level(logging.WARNING):
        assert read(path, encoding="latin-1").texts() == ["Ã©tÃ©"] * 3
    assert "3 of the first 5 lines read as UTF-8" in caplog.text
    assert "mojibake" in caplog.text


def test_a_rightly_declared_encoding_gives_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read(put(tmp_path, "a.csv", ("text\n" + FRENCH.replace(",", "")).encode("cp1252")), encoding="cp1252")
    assert not caplog.text


@pytest.mark.parametrize("declared", ["utf-88", "base64", "no\0name", "latin1x"])
def test_an_unknown_encoding_is_refused(tmp_path: Path, declared: str) -> None:
    path = put(tmp_path, "a.csv", "text\na\n")
    with pytest.raises(ConfigError, match="is not a text encoding"):
        read(path, encoding=declared)


def test_bytes_that_a_declared_encoding_lacks_skip_their_row(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", b"text\na\n\x81\x8d\nb\n")
    result = read(path, encoding="windows-1252")
    assert result.texts() == ["a", "b"]
    assert result.reasons() == [(3, None, "bytes at 1 are not text in this encoding")]


def test_a_utf_16_file_that_ends_within_a_character_loses_only_that_row(tmp_path: Path) -> None:
    content = "text\na\nb".encode("utf-16")
    result = read(put(tmp_path, "a.csv", content[:-1]))
    assert (result.texts(), [skip.line for skip in result.skips]) == (["a"], [3])


@pytest.mark.parametrize("declared", ["utf-16", "utf-32"])
@pytest.mark.parametrize("ending", ["", "-le"])
def test_a_declared_utf_16_or_32_needs_no_byte_order_mark(tmp_path: Path, declared: str, ending: str) -> None:
    path = put(tmp_path, "a.csv", f"text\n{FRENCH.replace(',', '')}\n".encode(declared + ending))
    assert read(path, encoding=declared).texts() == [FRENCH.replace(",", "")]


def test_a_codec_that_breaks_off_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not text in idna"):
        read(put(tmp_path, "a.csv", b"text\n" + b"xn--\xff" * 30), encoding="idna")


def test_gzip_members_follow_one_another(tmp_path: Path) -> None:
    parts = gzip.compress(b'{"text": "a"}\n{"te') + gzip.compress(b'xt": "b"}\n') + b"\0" * 20
    assert read(put(tmp_path, "a.jsonl.gz", parts)).texts() == ["a", "b"]


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_cut_gzip_is_refused(tmp_path: Path, kept: float) -> None:
    content = gzip.compress("".join(f'{{"text": "{i}"}}\n' for i in range(2000)).encode())
    with pytest.raises(DataError, match=r"the gzip data is cut off after \d+ bytes of text"):
        read(put(tmp_path, "a.jsonl.gz", content[: int(len(content) * kept)]))


def test_damaged_gzip_is_refused(tmp_path: Path) -> None:
    content = bytearray(gzip.compress("".join(f'{{"text": "{i}"}}\n' for i in range(2000)).encode()))
    content[len(content) // 2] ^= 255
    with pytest.raises(DataError, match="the gzip data is damaged"):
        read(put(tmp_path, "a.jsonl.gz", bytes(content)))


@pytest.mark.parametrize("filling", [b"a", b"\n", b" \n"])
def test_a_gzip_bomb_is_refused(tmp_path: Path, filling: bytes) -> None:
    content = gzip_bomb(b'{"text": "a"}\n{"text": "', filling * ((1 << 20) // len(filling)), 300)
    assert len(content) < 400_000
    with pytest.raises(DataError, match="bytes on disk stand for 25. MiB|almost all is blank lines"):
        read(put(tmp_path, "a.jsonl.gz", content))


def test_a_file_that_shrinks_while_it_is_read_is_refused(tmp_path: Path) -> None:
    from stance.tables.reading import read_batches

    path = put(tmp_path, "a.jsonl", '{"text": "a"}\n' * 250_000)
    batches = read_batches(path)
    next(batches)
    path.write_bytes(path.read_bytes()[: 5 << 19])
    with pytest.raises(DataError, match="became shorter while it was read"):
        list(batches)


def test_rows_added_while_a_file_is_read_are_left_for_the_next_time(tmp_path: Path) -> None:
    from stance.tables.reading import read_batches

    path = put(tmp_path, "a.jsonl", '{"text": "a"}\n' * 250_000)
    batches = read_batches(path)
    n_rows = next(batches).rows.num_rows
    with path.open("a") as file:
        file.write('{"text": "late"}\n')
    assert n_rows + sum(batch.rows.num_rows for batch in batches) == 250_000


class Bomb:
    """An object whose pickle leaves a trace when it is loaded."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('a pickle was loaded')",)


THINGS = {
    "a PNG picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a JPEG picture": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "a GIF picture": b"GIF89a\x01\0\x01\0",
    "a WebP picture": b"RIFF\x24\0\0\0WEBPVP8 ",
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "an Excel spreadsheet": b"PK\x03\x04"
    + b"\0" * 26
    + b"[Content_Types].xml"
    + b"\0" * 400
    + b"xl/workbook.xml",
    "a Word document": b"PK\x03\x04"
    + b"\0" * 26
    + b"[Content_Types].xml"
    + b"\0" * 400
    + b"word/document.xml",
    "an OpenDocument file": b"PK\x03\x04"
    + b"\0" * 26
    + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    "a zip archive": b"PK\x03\x04" + b"\0" * 26 + b"rows.csv",
    "an old Office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
    "a gzip file": gzip.compress(b"text\na\n"),
    "a bzip2 file": b"BZh91AY&SY",
    "an xz file": b"\xfd7zXZ\0\0\x04",
    "a zstandard file": b"\x28\xb5\x2f\xfd\x24",
    "a tar archive": b"rows.csv" + b"\0" * 249 + b"ustar\0",
    "an SQLite database": b"SQLite format 3\0",
    "an HDF5 file": b"\x89HDF\r\n\x1a\n",
    "a NumPy array": b"\x93NUMPY\x01\0",
    "a pickle": pickle.dumps(Bomb()),
    "a safetensors file": b"\x10\0\0\0\0\0\0\0" + b'{"a": 1}',
    "a web page": b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>",
    "a Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n",
    "a git-annex pointer": b"/annex/objects/SHA256E-s123--abc.csv\n",
    "an XML file": b'<?xml version="1.0"?>\n<rows><row/></rows>',
    "an Arrow file": b"ARROW1\0\0",
    "binary data": bytes(range(256)).replace(b"\n", b"") * 4 + b"\0" * 500,
}


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.tsv", "a"])
@pytest.mark.parametrize("kind", THINGS)
def test_things_are_refused_for_what_they_are(tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(DataError, match=kind):
        read(put(tmp_path, name, THINGS[kind]))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a"])
def test_a_packed_file_without_its_suffix_is_to_be_renamed(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=r"is a gzip file, .*Rename it to end in .jsonl.gz or .csv.gz"):
        read(put(tmp_path, name, gzip.compress(b"text\na\n")))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.pq", "a", "a.csv.gz"])
def test_an_empty_file_holds_no_rows_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=f"no rows in {name}"):
        read(put(tmp_path, name, b""))


def test_pickles_of_every_protocol_are_recognised_without_being_loaded() -> None:
    assert {looks_like(pickle.dumps(Bomb(), protocol)) for protocol in range(6)} == {"a pickle"}
    assert {looks_like(pickle.dumps([1], protocol)) for protocol in range(6)} == {"a pickle"}
    packed = {looks_like(zlib.compress(pickle.dumps(Bomb()), level)) for level in (0, 1, 3, 6, 9)}
    assert packed == {"a compressed pickle"}


@pytest.mark.parametrize(
    "text",
    [
        "text,id\na,1\n",
        '{"text": "a"}',
        "Bonjour",
        "MZ,text\n",
        "ID3,text\n",
        "BMI,text",
        "cat\ndog\n(it)\n",
        "x^2 + y\n",
    ],
)
def test_plain_text_is_nothing_else(text: str) -> None:
    assert looks_like(text.encode()) is None
