import pytest

from stance.articles.decoding import declared_encoding, decode_page, decode_text
from stance.errors import ConfigError
from stance.tables.batches import RowError

FRENCH = "L'été où l'accord fut signé à Genève — « enfin », a dit l'émissaire, déçu mais « résolu ».\n"
RUSSIAN = "Министры возобновили переговоры во вторник после трёх недель молчания.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_unicode_is_read_as_it_shows(encoding):
    assert decode_text("a.txt", FRENCH.encode(encoding), None) == FRENCH


@pytest.mark.parametrize("text", ["a\r\nb\r\n", "a\rb\r", "a\nb\n"])
def test_line_ends_become_line_feeds(text):
    assert decode_text("a.txt", text.encode(), None) == "a\nb\n"


@pytest.mark.parametrize(
    ("text", "encoding"), [(FRENCH, "windows-1252"), (RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r")]
)
def test_text_in_another_encoding_is_refused_with_the_likely_one_and_read_once_declared(text, encoding):
    content = text.encode(encoding)
    with pytest.raises(RowError, match=f"not UTF-8, and {encoding} fits") as caught:
        decode_text("a.txt", content, None)
    assert caught.value.fix == f"Set encoding={encoding}."
    assert decode_text("a.txt", content, encoding) == text


def test_a_zero_byte_is_named_with_its_place():
    with pytest.raises(RowError, match="zero byte at character 4"):
        decode_text("a.txt", b"abc\0def" + b"x" * 200, None)


def test_an_encoding_that_does_not_exist_is_refused():
    with pytest.raises(ConfigError, match="'utf-9' is not a text encoding"):
        decode_text("a.txt", b"abc", "utf-9")


def html(text, charset=None):
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}</head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("actual", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", None),
        ("utf-8", "iso-8859-1"),  # lies
        ("utf-8", "no-such-charset"),
        ("utf-8-sig", "windows-1252"),
        ("windows-1252", "windows-1252"),
        ("windows-1252", "iso-8859-1"),  # as browsers read it
        ("windows-1252", "utf-8"),  # lies
        ("windows-1252", None),
        ("utf-16", "utf-16"),
        ("utf-16", None),
        ("utf-16-le", "utf-8"),
        ("utf-16-be", None),
    ],
)
def test_a_page_is_read_whatever_charset_it_declares(actual, declared):
    page = html(FRENCH, declared)
    assert decode_page("a.html", page.encode(actual), None) == page


@pytest.mark.parametrize(
    ("text", "encoding"), [(RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"), ("首相访问北京", "gb2312")]
)
def test_a_page_in_a_declared_encoding_is_read(text, encoding):
    page = html(text, encoding)
    assert decode_page("a.html", page.encode(encoding), None) == page


def test_a_stateful_encoding_is_read_only_if_declared():
    page = html("首相は北京を訪問した", "iso-2022-jp")
    assert decode_page("a.html", page.encode("iso-2022-jp"), None) == page


def test_one_damaged_place_in_a_page_of_utf8_is_marked():
    content = html(FRENCH * 20).encode() + b"\xc3"
    assert decode_page("a.html", content, None) == html(FRENCH * 20) + "\ufffd"


def test_a_page_of_random_bytes_is_refused():
    content = html("x").encode() + bytes(range(128, 256)) * 4
    with pytest.raises(RowError, match="no other encoding fits"):
        decode_page("a.html", content, None)


def test_the_declaration_of_xml_is_left_out():
    page = '<?xml version="1.0" encoding="iso-8859-1"?><html><body>é</body></html>'
    assert decode_page("a.xhtml", page.encode("latin-1"), None) == "<html><body>é</body></html>"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b'<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        (b"<META CHARSET = utf8>", "utf-8"),
        (b"<?xml version='1.0' encoding='windows-1250'?>", "cp1250"),
        (b'<meta charset="rot13">', None),
        (b'<meta charset="utf-16">', None),
        (b'<meta charset="utf-7">', None),
        (b"<p>charset=koi8-r", None),
    ],
)
def test_the_declared_encoding_is_found_where_browsers_look(head, encoding):
    assert declared_encoding(head) == encoding
