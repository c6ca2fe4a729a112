import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.features import FRENCH_ENGLISH_TOKENS, Block
from stance.kernel import choice, supports, worth_it
from stance.kernel.choice import is_local
from stance.normalise import clean
from tests.kernel.models import TEXTS

LOCAL = [
    FRENCH_ENGLISH_TOKENS,
    r"(?u)\b\w\w+\b",
    r"(?u)\b\w+\b",
    r"\w+",
    r"\S+",
    r"(?i)[a-zéè]+",
    r"(?<!\S)\w+",
    r"#?\w+|[!?.]+",
    r"\w+(?:[-']\w+)*",
    r"\w++(?!\d)",
]
NOT_LOCAL = [
    r".+",
    r"[^,]+",
    r"\w+\s*",
    r"\w+ \w+",
    r"\w+(?= \w)",
    r"\w+(?!\s)",
    r"^\w+",
    r"\w+$",
    r"\w*",
    r"\b",
    r"\w+\W",
    r"[\s\w]+",
    r"[a-ÿ]+",
    r"\x20?\w+",
    r"(?a)\S+",
    r"(?a:\S+)",
    r"(\w+)",
    r"\B\w+",
]


@pytest.mark.parametrize("pattern", LOCAL)
def test_patterns_within_pieces_go_through_the_kernel(pattern: str) -> None:
    assert is_local(pattern)


@pytest.mark.parametrize("pattern", NOT_LOCAL)
def test_patterns_that_may_see_white_space_do_not(pattern: str) -> None:
    assert not is_local(pattern)


def test_the_reason_for_falling_back_is_given() -> None:
    assert "white space" in str(supports(Block(token_pattern=r"[^,]+")))
    assert "'char'" in str(supports(Block(analyzer="char")))
    assert supports(Block()) is None
    assert supports(Block(analyzer="char_wb", token_pattern=r"[^,]+")) is None


@pytest.mark.parametrize("pattern", LOCAL)
def test_a_local_pattern_finds_in_a_text_what_it_finds_in_its_pieces(pattern: str) -> None:
    find = re.compile(pattern).findall
    for text in TEXTS:
        assert find(text) == [token for piece in text.split() for token in find(piece)]


@settings(deadline=None, max_examples=100)
@given(text=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("aé' -!\n\u2028\u0301")))
def test_lower_casing_and_cleaning_work_piece_by_piece(text: str) -> None:
    for block in (Block(), Block(strip_accents="unicode")):
        whole = block.prepare(clean(text)).split()
        assert whole == " ".join(block.prepare(clean(piece)) for piece in text.split()).split()


@pytest.mark.parametrize(
    ("n_texts", "compiled_before", "expected"),
    [
        (100, True, False),
        (5_000, True, True),
        (5_000, False, False),
        (100_000, False, True),
    ],
)
def test_the_kernel_is_worth_its_start_from_a_number_of_texts_on(
    n_texts: int, compiled_before: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "is_compiled", lambda name: compiled_before)
    assert worth_it(n_texts, [Block(), Block(analyzer="char_wb", ngram_range=(2, 5))]) is expected


def test_asking_does_not_load_numba() -> None:
    program = "import sys, stance.kernel; assert 'numba' not in sys.modules and 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_preparing_a_piece_leaves_no_white_space_in_it_but_spaces() -> None:
    codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000 and not chr(code).isspace()]
    for block in (Block(), Block(strip_accents="unicode"), Block(strip_accents="ascii")):
        prepared = block.prepare(clean("".join(map(chr, codes))))
        assert {character for character in prepared if character.isspace()} <= {" "}
