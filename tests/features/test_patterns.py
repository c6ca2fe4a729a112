import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ConfigError
from stance.features.patterns import FRENCH_ENGLISH_TOKENS, check_token_pattern

USABLE = [
    FRENCH_ENGLISH_TOKENS, FRENCH_ENGLISH_TOKENS + r"|[#@]\w+", r"(?u)\b\w\w+\b", r"\w+", r"\S+", r"(?i)[a-z]+",
    r"\b[a-zA-Z]{2,}\b", r"\b[a-z]{3,15}\b", r"\b[\w-]+\b", r"\w+|[^\w\s]", r"[\w'-]+", r"\w+(?:['’-]\w+)*",
    r"[#@]?\w+", r"\w{2,}", r"\d{1,2}/\d{1,2}/\d{2,4}|\w+", r"https?://\S+|\w+", r"(?<!\w)\w+", r"\w+n't|\w+",
    r"\w+?", r".", r"[一-龥]", r"(?:a|b)+", r"(?:\w+\s?)+",
]  # fmt: skip

RUNAWAY = [
    r"\w+=x", r".*.*.*=x", r"(?:\w+\s?)+$", r"(?:a+)+b", r"(?:a|aa)+b", r"(?:.*)*x", r"(?:a?){20}a{20}",
    r"(?:a{0,20}){1,20}b", r"(?=a*b)a", r"(?=\w+)\w", r"\w+\b", r"a.*c", r"(?:x\w+){3,}", r"(?:-\w+=)+", r"\w++=x",
    r"(?>\w+)x", r"\b\w+\w+\b", r"\w+\s+\w+", r"\w{1000,}", r"[a-z]{1,4000}x", r"\w+(?:-.*=)?",
    r"(?:\w{0,20}\w{0,20}\w{0,20})=",
]  # fmt: skip

LONG = [
    "a" * (1 << 18),
    "a" * (1 << 18) + "=",
    "a-" * (1 << 17),
    "ab" * (1 << 17),
    "1" * (1 << 18) + "a",
    " -" * (1 << 17),
]


@pytest.mark.parametrize("pattern", USABLE)
def test_a_usable_pattern_reads_a_long_text_in_no_time(pattern):
    check_token_pattern(pattern)
    find = re.compile(pattern).findall
    started = time.process_time()
    for text in LONG:
        find(text)
    assert time.process_time() - started < 3


@pytest.mark.parametrize("pattern", RUNAWAY)
def test_a_pattern_that_could_run_away_is_refused(pattern):
    with pytest.raises(ConfigError, match="for ever|too many ways"):
        check_token_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "not a regular expression"),
        ("(?:" * 2400 + "a" + ")" * 2400, "not a regular expression"),
        ("(a)(b)", "2 capturing"),
        (r"(?P<a>x)(?P=a)", "1 capturing"),
        ("a*", "can match no character"),
        (r"\b", "can match no character"),
        ("", "can match no character"),
        ("a" * 10_001, "10001 characters"),
    ],
)
def test_a_pattern_that_is_none_is_refused(pattern, message):
    with pytest.raises(ConfigError, match=message):
        check_token_pattern(pattern)


PIECES = st.sampled_from(["a", "b", r"\w", ".", "[ab]", r"\b", "-"])
PATTERNS = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "*", "?", "{1,3}", "{2,}"])).map(
            lambda x: f"(?:{x[0]}){x[1]}"
        ),
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda x: f"(?:{'|'.join(x)})"),
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=300)
@given(PATTERNS, st.text("ab-", min_size=1, max_size=4), st.text("ab=- ", max_size=2))
def test_what_is_let_through_takes_time_in_step_with_the_text(pattern, unit, end):
    """Twelve times the text of 500 units must not take a hundred times as long, as a square of it would."""
    try:
        check_token_pattern(pattern)
    except ConfigError:
        return
    find = re.compile(pattern).findall
    started = time.process_time()
    find(unit * 6_000 + end)
    assert time.process_time() - started < 0.15
