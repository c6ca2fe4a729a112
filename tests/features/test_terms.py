"""Terms in little memory are what a list of them is."""

import tracemalloc
from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.features import Terms

PARTS = st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=4))


def terms_of(parts: list[list[str]]) -> Terms:
    n_bytes = sum(len(term.encode()) for part in parts for term in part)
    return Terms.of(parts, sum(map(len, parts)), n_bytes)


@settings(deadline=None, max_examples=60)
@given(PARTS, st.integers(-20, 20), st.integers(-20, 20))
def test_terms_read_as_a_list_of_them(parts, start, stop):
    terms, same = terms_of(parts), [term for part in parts for term in part]
    assert [*terms] == same
    assert len(terms) == len(same)
    assert terms[start:stop] == same[start:stop]
    assert terms[::-1] == same[::-1]
    assert [terms[i] for i in range(-len(same), len(same))] == [*same, *same]
    with pytest.raises(IndexError):
        terms[len(same)]


def test_sorted_terms_are_found_by_halving_and_all_are_gone_through():
    same = sorted(f"w{i} é" for i in range(10_000))
    terms = terms_of([same[:5000], same[5000:]])
    assert [bisect_left(terms, term) for term in same[::997]] == [*range(0, 10_000, 997)]
    assert [*terms] == same


def test_terms_take_their_bytes_and_eight_each():
    n, size = 100_000, 10
    tracemalloc.start()
    terms = Terms.of(([f"{i:0{size}d}" for i in range(a, a + 1000)] for a in range(0, n, 1000)), n, n * size)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(terms) == n
    assert peak < n * (size + 8) + (1 << 20)
