import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.features import FRENCH_ENGLISH_TOKENS
from stance.kernel.runs import Runs, runs_of

RUNS = {
    FRENCH_ENGLISH_TOKENS: Runs(1, frozenset("'")),
    r"(?u)\b\w\w+\b": Runs(2, frozenset()),
    r"(?u)\b\w+\b": Runs(1, frozenset()),
    r"\w+": Runs(1, frozenset()),
    r"\w++": Runs(1, frozenset()),
    r"\w{3,}": Runs(3, frozenset()),
    r"\b\w\w\w{2,}": Runs(4, frozenset()),
    r"#\w+|\w+": Runs(1, frozenset("#")),
    r"\w+-\w+|@\w|\w\w+": Runs(2, frozenset("-@")),
}
OTHERS = [
    r"\S+",
    r"[a-z]+",
    r"\w+|[!?]+",
    r"\w+(?!\d)",
    r"\w+?",
    r"\w{2,5}",
    r"\b\w\b",
    r"\w+\d+",
    r"\w*\w",
    r"(?<!\S)\w+",
    r"(?i)\w+",
    r"(?a)\w+",
    r"\w+|\w\w+",
    r"#?\w+",
    r"\w+(?:[-']\w+)*",
    r"[-+]\d|\w+",
    r"a|\w+",
    r"\w+(?:-\w+)+|\w+",
    r"'|''",
    r"\b",
]


@pytest.mark.parametrize("pattern", RUNS)
def test_patterns_of_runs_are_told(pattern: str) -> None:
    assert runs_of(pattern) == RUNS[pattern]


@pytest.mark.parametrize("pattern", OTHERS)
def test_other_patterns_are_not_taken_for_runs(pattern: str) -> None:
    assert runs_of(pattern) is None


@settings(deadline=None, max_examples=300)
@given(pattern=st.sampled_from([*RUNS]), text=st.text(st.sampled_from("abnt_é1'#@- .\u0301ß")))
def test_where_no_other_alternative_can_match_the_tokens_are_runs(pattern: str, text: str) -> None:
    least, without = RUNS[pattern]
    text = "".join(character for character in text if character not in without)
    assert re.findall(pattern, text) == re.findall(rf"\w{{{least},}}", text)
