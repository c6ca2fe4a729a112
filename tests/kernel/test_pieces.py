import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.kernel.pieces import Pieces
from stance.kernel.texts import TextBuffer, as_arrow
from tests.kernel.models import TEXTS
from tests.kernel.test_tables import ANY_TEXT

VANISHING = "\u0085\u1680\u2028\u2029"


def pieces_of(texts: list[str], pieces: Pieces) -> list[list[str]]:
    numbered = pieces.number(TextBuffer.of(as_arrow(texts)))
    strings = pieces.lines().tobytes().decode().split("\n")[:-1]
    assert len(set(strings)) == len(strings) == len(pieces)
    return [
        [strings[i] for i in numbered.numbers[a:b]]
        for a, b in zip(numbered.ends, numbered.ends[1:], strict=False)
    ]


def test_pieces_are_what_split_gives() -> None:
    assert pieces_of(TEXTS, Pieces()) == [text.split() for text in TEXTS]


def test_every_character_of_unicode_is_white_space_or_not_as_python_says() -> None:
    codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    texts = ["".join(f"{chr(code)}x" for code in codes[i : i + 4096]) for i in range(0, len(codes), 4096)]
    assert pieces_of(texts, Pieces()) == [text.split() for text in texts]


@settings(deadline=None, max_examples=200)
@given(
    texts=st.lists(
        st.text(st.sampled_from("ab é’«\xa0\u2003\u2028\x85\x1c\x1b\x00\t\n")) | ANY_TEXT, min_size=1
    )
)
def test_pieces_of_any_texts_are_what_split_gives(texts: list[str]) -> None:
    assert pieces_of(texts, Pieces()) == [text.split() for text in texts]
    to_ascii = [text.translate(dict.fromkeys(map(ord, VANISHING), "x")).split() for text in texts]
    found = pieces_of(texts, Pieces(to_ascii=True))
    assert [
        [piece.translate(dict.fromkeys(map(ord, VANISHING), "x")) for piece in row] for row in found
    ] == to_ascii


def test_known_pieces_keep_their_numbers_while_the_table_grows() -> None:
    pieces = Pieces()
    first = pieces.number(TextBuffer.of(as_arrow(TEXTS))).numbers
    pieces.number(TextBuffer.of(as_arrow([f"mot{i} encore-un-mot-plus-long{i}" for i in range(20_000)])))
    again = pieces.find(TextBuffer.of(as_arrow(TEXTS)))
    np.testing.assert_array_equal(again.numbers, first)


def test_white_space_ends_a_piece_wherever_it_stands() -> None:
    spaces = [chr(code) for code in range(0x10000) if chr(code).isspace()]
    for space in spaces:
        texts = ["é" * (n // 2) + "x" * (n % 2) + space + "y" + 2 * space + "’" for n in range(140)]
        assert pieces_of(texts, Pieces()) == [text.split() for text in texts]


def test_pieces_of_every_length_are_told_apart() -> None:
    word = "abcdefgh" * 5
    texts = [word[:n] + end for n in range(40) for end in ("", "x", "y")] + [word[:-9] + "z" + word[-8:]]
    assert pieces_of(texts, Pieces()) == [text.split() for text in texts]


def test_unknown_pieces_are_marked() -> None:
    pieces = Pieces()
    pieces.number(TextBuffer.of(as_arrow(["un deux"])))
    found = pieces.find(TextBuffer.of(as_arrow(["deux trois un", "quatre"])))
    assert found.numbers.tolist() == [1, -1, 0, -1]
