import re
from dataclasses import replace

import pytest

from stance.calibration import FittedCalibration
from stance.fields import VIEWS
from stance.model import Model
from stance.report.methods import methods
from stance.report.results import measure_all
from tests.report.builders import SEED, dataset, model_with_test

CLASSIFIERS = ("Logistic", "LinearSVC", "SGD", "Ridge", "MultinomialNB", "ComplementNB", "Majority")
SPLITS = ("ByArticle", "KFold", "ByDate", "ByOutlet", "LeaveOneOut", "Given")


@pytest.fixture(scope="module")
def measured():
    labelled = dataset()
    tested, model = model_with_test(labelled)
    return measure_all(tested, model, labelled, None, seed=SEED), model


def paragraphs(measured, is_evaluation: bool = False, **facts: object) -> dict[str, str]:
    metrics, model = measured
    return methods(
        metrics, replace(model, facts=model.facts | facts), dataset="made", is_evaluation=is_evaluation
    )


def test_both_paragraphs_state_the_same_numbers(measured):
    found = paragraphs(measured)
    english = re.findall(r"\d+(?:\.\d+)?", found["en"])
    french = [n.replace(",", ".") for n in re.findall(r"\d+(?:[.,]\d+)?", found["fr"])]
    assert english == french
    f1 = measured[0]["macro_f1"]
    assert f"{f1['estimate']:.3f} ({f1['lower']:.3f} to {f1['upper']:.3f})" in found["en"]


def test_numbers_and_apostrophes_are_those_of_each_language(measured):
    found = paragraphs(measured, n_statements=13719, statements_per_class={"cooperative": 1234567})
    assert "on 13,719 statements" in found["en"]
    assert "sur 13\u202f719 énoncés" in found["fr"]
    assert ("cooperative 1,234,567" in found["en"], "cooperative 1\u202f234\u202f567" in found["fr"]) == (
        True,
        True,
    )
    assert "C’est" in found["fr"]
    assert "'" not in found["fr"]


def test_no_line_of_a_paragraph_begins_with_a_percent_sign_a_colon_or_a_semicolon(measured):
    for text in paragraphs(measured).values():
        assert "95\u00a0%" in text
        assert not re.search(r" [%;:]", text)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_classifier_and_split_is_put_into_words(measured, lang):
    for name in CLASSIFIERS:
        assert name not in paragraphs(measured, classifier={"name": name})[lang]
    for name in SPLITS:
        assert name not in paragraphs(measured, split={"name": name})[lang]


def test_every_calibration_and_treatment_of_actors_is_put_into_words(measured):
    metrics, model = measured
    seen = set()
    for kind in ("sigmoid", "isotonic", "temperature", "none"):
        other = replace(model, calibration=FittedCalibration(kind, {}))
        seen.add(methods(metrics, other, dataset="made", is_evaluation=False)["fr"])
    for actors in ("mask", "drop"):
        other = replace(model, features=replace(model.features, actors=actors))
        seen.add(methods(metrics, other, dataset="made", is_evaluation=False)["fr"])
    assert len(seen) == 6


@pytest.mark.parametrize("name", ["Grid", "Random"])
def test_a_search_is_said_and_that_it_was_nested_where_it_was(measured, name):
    search = {"name": name, "keys": ["classifier.C"], "n_trials": 6, "n_folds": 5, "metric": "macro_f1"}
    nested = paragraphs(measured, search=search, split={"name": "KFold"})
    single = paragraphs(measured, search=search, split={"name": "ByArticle"})
    for found in (nested, single):
        assert "(classifier.C) are the best by macro-F1 of 6" in found["en"]
        assert "parmi 6" in found["fr"]
    assert ("nested" in nested["en"], "imbriquée" in nested["fr"]) == (True, True)
    assert ("nested" in single["en"], "imbriquée" in single["fr"]) == (False, False)
    assert "best by" not in paragraphs(measured)["en"]


def test_views_of_the_text_are_put_into_words(measured):
    metrics, model = measured
    blocks = tuple(
        replace(fitted, block=replace(fitted.block, field=field, ngram_range=(1, 1)))
        for fitted in model.features.blocks
        for field in ("negated", "negated+polarity")
    )
    other = replace(model, features=replace(model.features, blocks=blocks))
    found = methods(metrics, other, dataset="made", is_evaluation=False)
    assert "single words of the text with negated words marked" in found["en"]
    assert "mots isolés des polarités" in found["fr"]
    assert "negated+polarity" not in found["en"] + found["fr"]


def test_every_view_of_the_text_is_put_into_words(measured):
    metrics, model = measured
    fitted = model.features.blocks[0]
    for view in set(VIEWS) - {"text"}:
        block = replace(fitted, block=replace(fitted.block, field=view))
        other = replace(model, features=replace(model.features, blocks=(block,)))
        for text in methods(metrics, other, dataset="made", is_evaluation=False).values():
            assert f"({view})" not in text
            assert re.search(r"of the (text|target|polarities)|du texte|de la cible|des polarités", text)


def test_several_folds_are_said_to_be_models_that_did_not_see_what_they_tested(measured):
    metrics, model = measured
    found = methods(metrics, model, dataset="made", is_evaluation=False, n_folds=5)
    assert "The test is of 5 models" in found["en"]
    assert "porte sur 5 modèles" in found["fr"]
    assert "models fitted alike" not in paragraphs(measured)["en"]


def test_statements_that_are_not_new_are_owned_up_to(measured):
    metrics, model = measured
    one = {"n_statements": 7, "macro_f1": {"estimate": 0.9, "lower": 0.8, "upper": 0.95}}
    other = {"n_statements": 33, "macro_f1": {"estimate": 0.6, "lower": 0.5, "upper": 0.7}}
    leaked = {**metrics, "leakage": {"results": {"contaminated": one, "clean": other}}}
    found = methods(leaked, model, dataset="made", is_evaluation=True)
    assert "7 are not new" in found["en"]
    assert "33 others macro-F1 was 0.600 (0.500 to 0.700)" in found["en"]
    assert "Sur les 33 autres, la macro-F1 est de 0,600" in found["fr"]
    clean = {**metrics, "leakage": {"results": {"clean": other}}}
    assert "not new" not in methods(clean, model, dataset="made", is_evaluation=True)["en"]


def test_an_evaluation_says_that_the_model_came_from_elsewhere(measured):
    found = paragraphs(measured, is_evaluation=True)
    assert "tested, unchanged, on 42 statements of 14 articles of the set made" in found["en"]
    assert "sans changement, sur 42 énoncés de 14 articles du corpus made" in found["fr"]


def test_a_model_that_states_nothing_gets_question_marks_not_inventions(measured):
    metrics, model = measured
    silent = Model(model.classes, model.features, model.linear, model.calibration)
    found = methods(metrics, silent, dataset="made", is_evaluation=True)
    assert "trained on ? statements of ? articles" in found["en"]
