"""Copies are found, whatever their case, punctuation or small edits, and nothing else is."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.duplicates import clusters, word_key


def archive_with_copies(n_statements, n_vocabulary=20_000, seed=0):
    """Random statements, the last tenth of which are edited copies of others; texts and sources (or -1)."""
    rng = np.random.default_rng(seed)
    chance = 1 / np.arange(1, n_vocabulary + 1)
    vocabulary = np.asarray([f"mot{i}" for i in range(n_vocabulary)])
    lengths = np.clip(rng.lognormal(3.2, 0.4, size=n_statements * 9 // 10), 16, 90).astype(int)
    words = vocabulary[rng.choice(n_vocabulary, size=lengths.sum(), p=chance / chance.sum())]
    texts = [row.tolist() for row in np.split(words, np.cumsum(lengths)[:-1])]
    sources = rng.permutation(len(texts))[: n_statements // 10]
    copies = [wire_copy(texts[source], rng) for source in sources]
    return [" ".join(row) for row in texts] + copies, np.r_[np.full(len(texts), -1), sources]


def wire_copy(words, rng):
    """The same words with one edit that newspapers make."""
    words, place = list(words), rng.integers(1, len(words))
    match rng.integers(5):
        case 0:
            words[place] = "remplacé"
        case 1:
            words.insert(place, "ajouté")
        case 2:
            del words[place]
        case 3:
            words[:0] = ["PARIS", "(AFP)", "–"]
        case 4:
            words[place] = f"«\u00a0{words[place].upper()}\u00a0»,"
    return " ".join(words) + "."


def test_planted_copies_are_found_at_a_hundred_thousand_statements_in_under_a_minute():
    texts, sources = archive_with_copies(100_000)
    start = time.perf_counter()
    found = clusters(texts)
    assert time.perf_counter() - start < 60
    copies = np.flatnonzero(sources >= 0)
    recall = (found[copies] == found[sources[copies]]).mean()
    sizes = np.bincount(found)
    precision = len(copies) * recall / (sizes * (sizes - 1) // 2).sum()
    assert recall >= 0.99
    assert precision >= 0.99


def jaccard(first, second):
    def shingles(text):
        words = text.split()
        return {*words, *itertools.pairwise(words)}

    a, b = shingles(first), shingles(second)
    return len(a & b) / len(a | b)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=9), min_size=2, max_size=25))
def test_links_are_those_of_the_exact_similarity(rows):
    texts = [" ".join(row) for row in rows]
    label = list(range(len(texts)))
    for i in range(len(texts)):
        for j in range(i):
            if texts[i] == texts[j] or jaccard(texts[i], texts[j]) >= 0.85:
                old, new = label[i], label[j]
                label = [new if value == old else value for value in label]
    expected = {(i, j) for i in range(len(texts)) for j in range(i) if label[i] == label[j]}
    found = clusters(texts, similarity=0.85)
    assert {(i, j) for i in range(len(texts)) for j in range(i) if found[i] == found[j]} == expected


def test_the_order_of_texts_changes_no_cluster():
    texts, _ = archive_with_copies(2000, seed=1)
    order = np.random.default_rng(0).permutation(len(texts))
    first, again = clusters(texts), clusters([texts[i] for i in order])
    pairs = {(int(a), int(b)) for a, b in zip(first[order], again, strict=True)}
    assert len(pairs) == first.max() + 1 == again.max() + 1


@pytest.mark.parametrize(
    "copy",
    [
        "Le  ministre salue l\u2019accord avec Berlin.",
        "LE MINISTRE SALUE « L'ACCORD » AVEC BERLIN",
        "le minis\u00adtre salue l'accord,\navec Berlin!",
        "Le ministre salue l\u02bcaccord avec Berlin…",
    ],
)
def test_case_punctuation_and_spaces_do_not_count(copy):
    assert clusters(["Le ministre salue l'accord avec Berlin.", copy], similarity=1).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Paris condamne Moscou.", "Moscou condamne Paris."),
        ("The council welcomed the agreement.", "The council rejected the agreement."),
        ("…", "!?"),
        ("", "Paris"),
    ],
)
def test_other_statements_are_not_copies(first, second):
    assert clusters([first, second]).tolist() == [0, 1]


def test_a_text_without_a_word_is_a_copy_of_itself_only():
    assert clusters(["👍", "👎", " 👍 ", "", ""]).tolist() == [0, 1, 0, 2, 2]
    assert word_key(" 👍 ") == "👍"


def test_a_chain_of_small_edits_is_one_cluster():
    words = [f"mot{i}" for i in range(40)]
    texts = [" ".join([f"x{i}" for i in range(k)] + words[k:]) for k in range(12)]
    assert len(set(clusters(texts))) == 1


def test_many_versions_of_one_text_are_one_cluster_and_fast():
    rng = np.random.default_rng(0)
    words = [f"mot{i}" for i in range(60)]
    texts = [
        " ".join([*words[:k], f"variante{i}", *words[k:]]) for i, k in enumerate(rng.integers(0, 60, 2000))
    ]
    start = time.perf_counter()
    assert set(clusters(texts)) == {0}
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("texts", [[], ["un seul"]])
def test_few_texts_are_clusters_too(texts):
    assert clusters(texts).tolist() == list(range(len(texts)))
