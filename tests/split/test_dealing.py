"""Dealing keeps units whole and classes at their shares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from stance.errors import SplitError
from stance.split import deal_folds
from stance.split.dealing import deal


@st.composite
def labelled_units(draw):
    n_units = draw(st.integers(3, 40))
    sizes = draw(st.lists(st.integers(1, 12), min_size=n_units, max_size=n_units))
    units = np.repeat(np.arange(n_units), sizes)
    labels = draw(st.lists(st.integers(0, 2), min_size=len(units), max_size=len(units)))
    return np.asarray(labels), units


@settings(deadline=None, max_examples=60)
@given(labelled_units(), st.integers(0, 5), st.randoms(use_true_random=False))
def test_no_unit_is_in_two_parts_whatever_the_order_of_rows(data, seed, random):
    labels, units = data
    fractions = np.array([0.6, 0.1, 0.3])
    part = deal(labels, units, fractions, seed=seed)
    assert all(len(set(part[units == unit])) == 1 for unit in np.unique(units))
    order = np.array(random.sample(range(len(labels)), len(labels)))
    np.testing.assert_array_equal(deal(labels[order], units[order], fractions, seed=seed), part[order])


def test_single_statements_are_dealt_to_the_statement():
    labels = np.repeat([0, 1, 2], [5000, 3000, 2000])
    part = deal(labels, np.arange(10_000), np.array([0.8, 0.1, 0.1]), seed=3)
    counts = [[int(((part == p) & (labels == k)).sum()) for k in range(3)] for p in range(3)]
    assert counts == [[4000, 2400, 1600], [500, 300, 200], [500, 300, 200]]


@pytest.mark.parametrize("seed", range(3))
def test_folds_of_uneven_articles_are_as_even_as_those_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.geometric(0.1, size=200)
    units = np.repeat(np.arange(200), sizes)
    tense = np.repeat(rng.beta(1, 2, size=200), sizes)
    labels = (rng.random(len(units)) < tense).astype(np.int64)

    def worst(folds):
        counts = np.array([np.bincount(labels[folds == k], minlength=2) for k in range(5)])
        return np.abs(counts / np.bincount(labels) - 0.2).max()

    theirs = np.empty(len(labels), dtype=int)
    splitter = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
    for k, (_, test) in enumerate(splitter.split(labels, labels, units)):
        theirs[test] = k
    ours = deal_folds(labels, units, n_folds=5, seed=seed)
    assert worst(ours) <= max(worst(theirs), 0.01)


def test_seeds_give_different_folds_and_one_seed_the_same():
    labels, units = np.arange(100) % 2, np.arange(100)
    first, again, other = (deal_folds(labels, units, n_folds=5, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_large_articles_go_to_all_parts_and_not_to_train_alone():
    units = np.repeat(np.arange(100), [50] * 20 + [1] * 80)
    part = deal(np.zeros(len(units), dtype=np.int64), units, np.array([0.5, 0.0, 0.5]), seed=0)
    assert len(np.unique(units[(part == 2) & (units < 20)])) == 10


def test_too_few_articles_for_the_folds_are_refused():
    with pytest.raises(
        SplitError, match=r"3 articles .* cannot fill 5 folds\. Set split\.n_folds to 3 or less"
    ):
        deal_folds(np.array([0, 1, 0, 1]), np.array([0, 1, 2, 2]), n_folds=5, seed=0)
