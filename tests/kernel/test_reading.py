"""Pieces read by an alphabet are read as the block itself reads them, whatever stands beside each character."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.features import FRENCH_ENGLISH_TOKENS, Block
from stance.kernel.alphabets import read_alike
from stance.kernel.reading import CharacterReader, WordReader
from stance.normalise import clean
from tests.kernel.models import SKLEARN_TOKENS, TEXTS
from tests.kernel.test_tables import ANY_TEXT

PREPARED = {
    "lower case": Block(),
    "case kept": Block(lowercase=False),
    "accents stripped": Block(strip_accents="unicode"),
    "stripped to ascii": Block(strip_accents="ascii", lowercase=False),
}
ALIKE = {name: read_alike(block) for name, block in PREPARED.items()}
PATTERNS = [FRENCH_ENGLISH_TOKENS, SKLEARN_TOKENS, r"\w{3,}", r"\w+|[!?.;:]+", r"\S+"]
WORDS = {
    (name, pattern): Block(**{**vars(block), "token_pattern": pattern})
    for name, block in PREPARED.items()
    for pattern in PATTERNS
}
WORDS["stop words", SKLEARN_TOKENS] = Block(stop_words=("the", "la"), token_pattern=SKLEARN_TOKENS)
WORDS["French stems", SKLEARN_TOKENS] = Block(stems="french", token_pattern=SKLEARN_TOKENS)


def lines_of(pieces: list[str]) -> np.ndarray:
    return np.frombuffer("".join(f"{piece}\n" for piece in pieces).encode(), np.uint8)


def check_words(block: Block, pieces: list[str]) -> None:
    read = WordReader(block)(lines_of(pieces))
    words = [read.data[start:end].tobytes().decode().split() for start, end in pairwise(read.starts)]
    assert words == [block.tokenize()(block.prepare(clean(piece))) for piece in pieces]


def check_characters(block: Block, pieces: list[str]) -> None:
    codes, ends = CharacterReader(block)(lines_of(pieces))
    text = codes.tobytes().decode("utf-32-le")
    read = [text[start:end] for start, end in pairwise(ends)]
    assert read == [f" {block.prepare(clean(piece)).replace(' ', '  ')} \n" for piece in pieces]


@pytest.mark.parametrize("name", PREPARED)
def test_ordinary_letters_are_read_by_the_alphabet(name: str) -> None:
    assert set("aZ09_'.,!?") <= set(ALIKE[name])
    if name != "stripped to ascii":
        assert set("éÉñüçœЖжαΩאب’“”–€") <= set(ALIKE[name])
    assert set(ALIKE[name]).isdisjoint("\x00\n \u00ad\u200b\u0301\u0323\u1161")


def test_letters_whose_small_form_depends_on_others_or_is_two_characters_are_not() -> None:
    assert {"Σ", "İ"}.isdisjoint(ALIKE["lower case"])
    assert {"Σ", "İ"} <= set(ALIKE["case kept"])


@pytest.mark.parametrize("name", PREPARED)
def test_no_character_of_an_alphabet_changes_what_stands_beside_it(name: str) -> None:
    alike, generator = ALIKE[name], np.random.default_rng(0)
    for _ in range(50):
        text = "".join(generator.permutation([*alike]))
        assert PREPARED[name].prepare(clean(text)) == "".join(map(alike.__getitem__, text))


@pytest.mark.parametrize("key", WORDS)
def test_words_of_pieces_are_those_of_the_block(key: tuple[str, str]) -> None:
    check_words(WORDS[key], [piece for text in TEXTS for piece in text.split()])


@pytest.mark.parametrize("name", PREPARED)
def test_characters_of_pieces_are_those_of_the_block(name: str) -> None:
    check_characters(PREPARED[name], [piece for text in TEXTS for piece in text.split()])


ORDINARY = st.text(st.characters(max_codepoint=0x24F) | st.sampled_from("aÉ'’-ΣσЖ\u0301"))


@settings(deadline=None, max_examples=150)
@given(key=st.sampled_from([*WORDS]), texts=st.lists(ORDINARY | ANY_TEXT, max_size=8))
def test_words_of_any_pieces_are_those_of_the_block(key: tuple[str, str], texts: list[str]) -> None:
    check_words(WORDS[key], [piece for text in texts for piece in text.split()])


@settings(deadline=None, max_examples=150)
@given(name=st.sampled_from([*PREPARED]), texts=st.lists(ORDINARY | ANY_TEXT, max_size=8))
def test_characters_of_any_pieces_are_those_of_the_block(name: str, texts: list[str]) -> None:
    check_characters(PREPARED[name], [piece for text in texts for piece in text.split()])


def test_what_a_view_reads_may_hold_spaces_or_nothing() -> None:
    pieces = ["not_praise_en blame_fr", "", "mot", " "]
    check_words(Block(), pieces)
    check_characters(Block(), pieces)
