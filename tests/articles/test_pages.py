import contextlib
import time

import pytest

from stance.articles.extraction import extract
from stance.articles.pages import PageReader
from stance.tables.batches import RowError
from tests.articles.pages import FRENCH, HOSTILE, LEAD, QUOTE, page, paragraph


@pytest.fixture(scope="module")
def reader():
    with PageReader() as reader:
        yield reader


def test_a_page_gives_its_paragraphs_and_its_metadata(reader):
    found = reader.read(FRENCH)
    assert (found.title, found.published_on) == ("Bamako rouvre ses frontières", "2021-03-04")
    assert (found.outlet, found.author) == ("Le Courrier de Meuse", "Jeanne Kervadec")
    paragraphs = found.text.split("\n\n")
    assert paragraphs[1] == LEAD
    assert paragraphs[3] == "Des voisins soulagés"
    assert paragraphs[4].startswith("Le Niger et le Burkina Faso ont salué")


def test_no_menu_script_style_comment_or_footer_is_in_the_text(reader):
    text = reader.read(FRENCH).text
    for word in ("motdescript", "motdestyle", "Moscou", "Accueil", "merci beaucoup", "Mentions"):
        assert word not in text


@pytest.mark.parametrize(
    "element", ["script", "style", "template", "noscript", "iframe", "textarea", "select", "button"]
)
def test_what_a_browser_does_not_show_as_text_is_not_in_the_text(reader, element):
    hidden = f"<{element}>motcaché <p>Le motcaché est une phrase que personne ne verra ici.</p></{element}>"
    text = reader.read(page(hidden + paragraph(LEAD) + hidden + paragraph(QUOTE))).text
    assert "motcaché" not in text
    assert LEAD in text
    assert QUOTE in text


@pytest.mark.parametrize("element", ["p", "div", "h2", "blockquote", "ul", "aside", "span"])
@pytest.mark.parametrize(
    "how",
    [
        "hidden",
        'hidden=""',
        'style="display:none"',
        'style="color: red;\n DISPLAY : none !important"',
        'style="visibility: hidden"',
    ],
)
def test_what_is_hidden_on_a_page_is_not_in_the_text(element, how):
    hidden = (
        f"<{element} {how}>Le motcaché est une phrase que personne ne verra ici, sur cette page.</{element}>"
    )
    text = extract(page(paragraph(LEAD) + hidden + paragraph(QUOTE))).text
    assert "motcaché" not in text
    assert LEAD in text
    assert QUOTE in text


@pytest.mark.parametrize(
    "body",
    [
        f'<div style="display:none"><h1>Titre</h1>{paragraph(LEAD)}</div>',
        f'<p style="backface-visibility: hidden">{LEAD}</p>',
        f'<p hidden="until-found">{LEAD}</p>',
    ],
    ids=["an article that a script shows", "another property", "text that a search finds"],
)
def test_what_a_reader_gets_to_see_is_in_the_text(body):
    assert LEAD in extract(page(body)).text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_gives_text_or_a_reason_within_its_time(reader, name):
    started = time.monotonic()
    text = LEAD
    with contextlib.suppress(RowError):
        text = reader.read(HOSTILE[name]).text
    assert LEAD in text
    assert len(text) < len(HOSTILE[name])
    assert time.monotonic() - started < 10.5


def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_read():
    slow = page("<p " + " ".join(f'a{i}="x"' for i in range(60_000)) + ">" + LEAD + "</p>")
    with PageReader(timeout_s=0.3) as reader, pytest.raises(RowError, match=r"takes more than 0\.3 s"):
        reader.read(slow)
    with PageReader() as reader:
        assert LEAD in reader.read(page(paragraph(LEAD))).text


def test_a_page_that_kills_the_process_is_given_up_and_the_next_is_read():
    with PageReader() as reader:
        assert reader.read(page(paragraph(LEAD)))
        reader._process.kill()
        with pytest.raises(RowError, match="kills the process"):
            reader.read(page(paragraph(LEAD)))
        assert LEAD in reader.read(page(paragraph(LEAD))).text
        process = reader._process
    assert process.returncode is not None


@pytest.mark.parametrize("source", ["", " ", "<html></html>", "<html><body><script>x</script></body></html>"])
def test_a_page_without_an_article_says_so(source):
    assert extract(source) == "holds no article text"


def test_a_short_page_is_read():
    assert extract("<html><body><p>Rome proteste.</p></body></html>").text == "Rome proteste."
