import logging
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.actors import find_actors
from stance.fit import Fit, TrainingData
from stance.growth import predict
from stance.probes import Probes, Swap, probe
from stance.split import Parts
from tests.report.builders import SEED, dataset, fit_of, fold_of

TEXTS = [
    "La Russie a menacé l'Ukraine, et la Russie se tait.",
    "Le Japon salue le Chili.",
    "Moscou et Tokyo ont signé.",
    "Rien ne bouge.",
]


def actors_fit(decides: bool) -> tuple[Fit, Parts, list[str]]:
    """Statements whose class depends on the actor alone, or not at all on the actors."""
    random = np.random.default_rng(3)
    names = ("Russie", "France", "Chine", "Pologne")
    texts, y, articles = [], [], []
    for i in range(160):
        k, label = int(random.integers(4)), int(random.integers(2))
        told = k % 2 if decides else label
        verb = ("salue", "menace")[told] if not decides else "observe"
        texts.append(f"La {names[k]} {verb} son voisin.")
        y.append(told)
        articles.append(f"a{i // 2}")
    fit = fit_of(dataset())
    units = np.arange(160) // 2
    data = TrainingData(texts, None, np.asarray(y), units, ("cooperative", "tense"))
    rows, none = np.arange(160), np.zeros(0, dtype=np.int64)
    return replace(fit, data=data, counted=None), Parts(rows[:110], none, rows[110:], none), articles


def probed(decides: bool) -> Probes:
    fit, fold, articles = actors_fit(decides)
    found = probe([fit], [fold], predict(fit, fold.train, fold), articles, ["fr"] * 160, seed=SEED)
    assert found is not None
    return found


def test_a_model_that_knows_actors_alone_is_caught_by_all_three():
    found = probed(decides=True)
    assert found.names_only.estimate == 1
    assert found.masked_minus_plain.estimate < -0.3
    assert found.swap_flip_rate.estimate > 0.4
    assert found.n_swapped == 50


def test_a_model_that_knows_words_alone_is_cleared_by_all_three():
    found = probed(decides=False)
    assert found.names_only.estimate < 0.75
    assert found.masked_minus_plain.estimate == 0
    assert found.swap_flip_rate.estimate == 0
    assert found.swap_flip_rate.upper < 0.2


def test_without_names_the_probes_are_left_out_with_a_word(caplog):
    labelled = dataset()
    fit, fold = fit_of(labelled), fold_of(labelled)
    silent = replace(fit, data=replace(fit.data, texts=["rien du tout"] * len(fit.data.texts)), counted=None)
    predicted = np.zeros(len(fold.test), dtype=np.int64)
    with caplog.at_level(logging.WARNING):
        found = probe(
            [silent], [fold], predicted, labelled.rows["article_id"][:], ["fr"] * len(labelled.rows), seed=1
        )
    assert found is None
    assert "too few actors" in caplog.text


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_a_swap_changes_names_alone_and_keeps_one_actor_one_and_two_actors_two(seed):
    mentions = [find_actors(text) for text in TEXTS]
    swap = Swap.of(mentions, ["fr"] * len(TEXTS))
    swapped = swap(TEXTS[0], mentions[0], "fr", np.random.default_rng(seed))
    found = find_actors(swapped)
    assert found[0].code == found[2].code != found[1].code
    assert found[0].code != "RUS"
    assert found[1].code != "UKR"
    without = [TEXTS[0], swapped]
    for text, names in zip(list(without), (mentions[0], found), strict=True):
        for m in reversed(names):
            text = text[: m.start] + text[m.end :]
        without.append(text)
    assert without[2] == without[3]


def test_a_text_without_actors_or_with_the_only_one_of_a_kind_cannot_change():
    mentions = [find_actors(text) for text in (*TEXTS, "L'ONU se tait.")]
    swap = Swap.of(mentions, ["fr"] * 5)
    assert [swap.can_change(found, "fr") for found in mentions] == [True, True, True, False, False]
    assert swap("L'ONU se tait.", mentions[4], "fr", np.random.default_rng(0)) == "L'ONU se tait."


def test_languages_do_not_lend_each_other_names():
    mentions = [find_actors("La Russie se tait."), find_actors("Japan is silent.")]
    swap = Swap.of(mentions, ["fr", "en"])
    assert not swap.can_change(mentions[0], "fr")


@pytest.mark.parametrize("name", ["names_only", "masked_minus_plain", "swap_flip_rate"])
def test_numbers_are_plain_values(name):
    assert set(probed(decides=True).numbers()[name]) == {"estimate", "lower", "upper"}
