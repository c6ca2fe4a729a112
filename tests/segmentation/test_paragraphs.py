import pytest

from stance.segmentation.paragraphs import split_paragraphs


def paragraphs(text):
    return [text[start:end] for start, end in split_paragraphs(text)]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\r", "\n \n", "\u2029", "\x0b", "\x85"])
def test_a_line_with_a_full_stop_is_a_paragraph(gap):
    assert paragraphs(f"Le sommet est clos.{gap}La suite lundi.") == [
        "Le sommet est clos.",
        "La suite lundi.",
    ]


def test_lines_wrapped_at_a_width_are_one_paragraph():
    text = "The cabinet met on Tuesday in the\ncapital to weigh the request of two\nNordic neighbours.\n\nNo word came."
    assert paragraphs(text) == [text[: text.index("\n\n")], "No word came."]


def test_a_heading_above_a_longer_line_stands_alone():
    assert paragraphs(
        "SYRIE\nUn convoi bloqué\nQuarante camions attendent à la frontière depuis cinq jours."
    ) == [
        "SYRIE",
        "Un convoi bloqué",
        "Quarante camions attendent à la frontière depuis cinq jours.",
    ]


@pytest.mark.parametrize("bullet", ["- ", "• ", "– ", "1. ", "2) ", "a) "])
def test_a_list_item_is_a_paragraph(bullet):
    assert paragraphs(f"Le plan\n{bullet}un cessez-le-feu") == ["Le plan", f"{bullet}un cessez-le-feu"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_wrapped_lines_are_joined_whatever_ends_a_line(end):
    text = f"Le ministre a signé{end}un accord avec Paris.{end}{end}Fin."
    assert [text[a:b].replace(end, " ") for a, b in split_paragraphs(text)] == [
        "Le ministre a signé un accord avec Paris.",
        "Fin.",
    ]


def test_a_full_line_that_ends_with_a_closing_mark_goes_on_in_lower_case():
    text = 'The cabinet rose late on Sunday without a "declaration"\nof any sort. It will meet again in the U.S.\ncapital.'
    assert paragraphs(text)[0].startswith(text[: text.index("It")].rstrip())


def test_no_paragraph_begins_with_a_closing_mark():
    assert paragraphs("« Le sud, le nord, etc.\n », dit-il.") == ["« Le sud, le nord, etc.\n », dit-il."]
