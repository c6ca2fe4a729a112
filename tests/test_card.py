from dataclasses import replace

import yaml

from stance.card import model_card
from tests.pagechecks import HOSTILE
from tests.report.builders import SEED, dataset, model_with_test


def test_the_card_states_facts_and_results():
    tested, model = model_with_test(dataset())
    held_out = tested.facts(SEED)
    split = {"name": "ByArticle", "fractions": {"train": 0.8, "test": 0.2}, "seed": 1}
    search = {"name": "Grid", "keys": ["classifier.C"], "n_trials": 6, "n_folds": 5, "metric": "macro_f1"}
    model = replace(model, facts=model.facts | {"held_out": held_out, "split": split, "search": search})
    card = model_card(model)
    assert "- search: Grid (keys classifier.C, n_trials 6, n_folds 5, metric macro_f1)" in card
    estimate, lower, upper = held_out["metrics"]["macro_f1"]
    assert f"| macro_f1 | {estimate:.3f} | {lower:.3f} to {upper:.3f} |" in card
    assert f"| F1 tense | {held_out['metrics']['F1 tense'][0]:.3f} |" in card
    assert "- held out: ByArticle (train 0.8, test 0.2)" in card
    assert "- published: 2010-05-01 to 2014-05-01" in card
    front = yaml.safe_load(card.split("---")[1])
    assert front["language"] == ["fr", "en"]
    assert front["pipeline_tag"] == "text-classification"


def test_languages_have_results_of_their_own_where_they_are_large_enough():
    tested, _ = model_with_test(dataset(n_articles=90))
    found = tested.facts(SEED)["languages"]
    assert set(found) == {"fr", "en"}
    assert sum(n for n, *_ in found.values()) == len(tested.y)


def test_hostile_names_are_no_markup():
    tested, model = model_with_test(dataset(("a" + HOSTILE, "b" + HOSTILE), extra=HOSTILE))
    card = model_card(
        replace(model, facts=model.facts | {"held_out": tested.facts(SEED), "split": {"name": HOSTILE}})
    )
    for mark in ("<", "`code", "](", "\u202e", "{{"):
        assert mark not in card.replace("`stance evaluate`", "")


def test_a_model_that_was_not_tested_says_so():
    _, model = model_with_test(dataset())
    assert "None: it was not tested." in model_card(model)
