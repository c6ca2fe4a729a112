"""Near copies are found by signatures as well as by the texts themselves."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.duplicates import clusters
from stance.signatures import N_BANDS, estimated_similarity, has_copy, signatures
from tests.test_duplicates import archive_with_copies, jaccard


def test_planted_copies_are_found_and_nothing_else():
    texts, sources = archive_with_copies(10_000, seed=3)
    others, _ = archive_with_copies(10_000, seed=4)
    is_plain = sources < 0
    known = signatures([text for text, plain in zip(texts, is_plain, strict=True) if plain])
    tested = [text for text, plain in zip(texts, is_plain, strict=True) if not plain] + others[:1000]
    found = has_copy(signatures(tested), known)
    assert found[:1000].mean() >= 0.97
    assert found[:1000].sum() / found.sum() >= 0.99


def test_the_time_of_a_search_grows_in_step_with_what_is_known():
    def seconds(n_texts):
        known = signatures(archive_with_copies(n_texts, seed=5)[0])
        start = time.process_time()
        assert has_copy(known[: n_texts // 4], known).all()
        return time.process_time() - start

    seconds(1000)
    assert seconds(20_000) < 9 * seconds(5_000)  # the square would be 16 times


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from("abcdefghijkl"), min_size=3, max_size=40), st.integers(0, 10))
def test_the_similarity_is_nearly_the_exact_one(words, n_changed):
    other = [f"x{i}" if i < n_changed else word for i, word in enumerate(words)]
    first, second = " ".join(words), " ".join(other)
    stated = estimated_similarity(signatures([first]), signatures([second]))[0]
    # Five standard errors of 128 draws.
    assert stated == pytest.approx(jaccard(first, second), abs=5 * 0.5 / np.sqrt(128))


def test_a_signature_depends_on_the_text_alone():
    texts, _ = archive_with_copies(5000, seed=1)
    found = signatures(texts)
    assert found.shape == (5000, N_BANDS)
    assert (signatures(texts[::-1])[::-1] == found).all()
    assert (signatures(texts[17:18]) == found[17]).all()


def test_signatures_are_the_same_in_every_version():
    # Saved models hold them: other values would find no copies in older ones.
    assert signatures(["Le ministre salue l'accord."])[0, :4].tolist() == [
        1547179631,
        358148600,
        1417827846,
        4264125478,
    ]


def test_one_key_shared_by_all_is_searched_fast():
    rng = np.random.default_rng(0)
    known = rng.integers(0, 2**32, size=(100_000, N_BANDS), dtype=np.uint32)
    known[:, 0] = 7
    start = time.perf_counter()
    assert not has_copy(
        known[:3000] ^ np.uint32(1 << 31) ^ (np.arange(N_BANDS) == 0) * np.uint32(1 << 31), known
    ).any()
    assert time.perf_counter() - start < 20


def test_a_text_without_a_word_has_no_copy():
    assert has_copy(
        signatures(["…", "Paris proteste."]), signatures(["…", "!", "Paris proteste"])
    ).tolist() == [
        False,
        True,
    ]
    assert has_copy(signatures(["a"]), signatures([])).tolist() == [False]


def test_what_the_texts_say_of_copies_the_signatures_say_too():
    texts, _ = archive_with_copies(2000, seed=6)
    first, second = texts[:1800], texts[1800:]
    cluster = clusters(texts)
    exact = np.isin(cluster[1800:], cluster[:1800])
    assert (has_copy(signatures(second), signatures(first)) == exact).mean() >= 0.97
