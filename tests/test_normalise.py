"""The canonical form of texts, and where its characters come from."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.normalise import clean, clean_with_offsets, joins

COMPOSING = {
    "a letter and marks": "e\u0301 x\u0307\u0323",
    "Hangul": "\u1100\u1161\u11a8\u1100",
    "Bengali vowel signs, which are no combining marks": "\u0995\u09c7\u09be\u09c7\u09d7",
    "beyond the basic plane": "\U00011347\U0001133e\U000114b9\U000114ba",
    "invisible in between": "e\u00ad\u0301 l\u2019a\u200b\u0301",
}


def test_whatever_composes_with_what_stands_before_it_joins() -> None:
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000:
            decomposed = unicodedata.normalize("NFD", chr(code))
            if len(decomposed) > 1:
                assert all(map(joins, decomposed[1:]))


@pytest.mark.parametrize("name", COMPOSING)
def test_the_canonical_form_is_the_same_with_offsets(name: str) -> None:
    text = COMPOSING[name]
    cleaned, offsets = clean_with_offsets(text)
    assert cleaned == clean(text)
    assert len(cleaned) < len(text)
    assert len(offsets) == len(cleaned) + 1


@settings(deadline=None, max_examples=200)
@given(text=st.text(st.sampled_from("".join(COMPOSING.values())) | st.characters(exclude_categories=["Cs"])))
def test_each_character_of_the_canonical_form_comes_from_where_its_offset_says(text: str) -> None:
    cleaned, offsets = clean_with_offsets(text)
    assert cleaned == clean(text)
    assert offsets[0] == 0 or not cleaned or set(text[: offsets[0]]) <= set("\u00ad\u200b\u2060\ufeff\u180e")
    assert sorted(offsets) == list(offsets)
    assert offsets[-1] == len(text)
