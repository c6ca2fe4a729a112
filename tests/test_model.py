import subprocess
import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

import stance
from stance.calibration import Sigmoid, Uncalibrated
from stance.classifier import LinearSVC, Logistic
from stance.errors import DataError, SplitError
from stance.features import Block, Features
from stance.model import AuxiliaryData, Fit, Model, TrainingData, count_seen, seen_hashes
from stance.normalise import clean
from tests.texts import NASTY, labelled, word_features


def fitted(**settings: object) -> Model:
    data = labelled()
    features = Features(
        blocks={
            "w": Block(ngram_range=(1, 2)),
            "c": Block(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, weight=0.5),
        }
    )
    fit = Fit(data, features, LinearSVC(), Sigmoid(), seed=1)
    return fit.model(np.arange(len(data.y)), np.zeros(0, dtype=np.int64))


def test_the_public_names_are_there_for_a_notebook_to_complete():
    program = "import stance; print(*dir(stance))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert set(stance.__all__) <= set(shown.split())
    assert all(getattr(stance, name).__doc__ for name in stance.__all__)


def test_the_scikit_learn_pipeline_agrees_with_the_model():
    model = fitted()
    twin = model.to_sklearn()
    texts = NASTY + labelled(6, seed=9).texts
    assert np.abs(twin.decision_function(texts) - model.decision_function(texts)).max() < 1e-9
    assert np.abs(twin.predict_proba(texts) - model.predict_proba(texts)).max() < 1e-9
    assert (twin.predict(texts) == model.predict(texts)).all()


def test_scores_do_not_depend_on_the_batch():
    model, texts = fitted(), NASTY + labelled(6, seed=9).texts
    together = model.predict_proba(texts)
    for size in (1, 3, 7):
        parts = [model.predict_proba(texts[i : i + size]) for i in range(0, len(texts), size)]
        assert np.array_equal(np.vstack(parts), together)


def test_contributions_and_intercept_add_up_to_the_decision_and_spans_give_the_terms_back():
    model = fitted()
    for text in [*NASTY, "L’accord a été signé; Don't reject the ACCORD!"]:
        explanation = model.explain(text)
        total = explanation.intercept + sum(term.contribution for term in explanation.terms)
        assert total == pytest.approx(explanation.decision, abs=1e-9)
        for term in explanation.terms:
            for start, end in term.spans:
                shown = clean(text[start:end]).lower()
                if term.block == "w" and " " not in term.term:
                    assert shown == term.term
                elif term.block == "c":
                    assert term.term.strip() == shown


def test_a_text_without_known_terms_is_marked():
    scores = fitted().score(["zzz qqq", "signed"])
    assert scores.n_known_terms[0] == 0 or scores.n_known_terms[0] < scores.n_known_terms[1]


def test_statements_seen_in_training_are_counted_whatever_their_case_and_punctuation():
    seen = seen_hashes(["Peace, at last.", "War"], ["a1", "a2"])
    assert count_seen(seen, ["peace at last", "Peace?", "WAR!"], ["a1", "a9", "a1"]) == {
        "statements": 2,
        "articles": 1,
    }


def test_too_few_articles_to_calibrate_on_say_so():
    data = labelled(40, seed=2)
    few = TrainingData(data.texts, None, data.y, np.arange(len(data.y)) % 3, data.classes)
    rows, none = np.arange(len(data.y)), np.zeros(0, dtype=np.int64)
    with pytest.raises(
        SplitError, match=r"calibration: .* 5 folds .*; 3 that share no text .* calibration=none"
    ):
        Fit(few, word_features(), LinearSVC(), Sigmoid(), 1).model(rows, none)


def test_calibration_by_cross_fitting_is_less_sure_than_by_the_training_statements():
    data = labelled(40, seed=2)
    noisy = TrainingData(
        data.texts, None, np.random.default_rng(0).permutation(data.y), data.units, data.classes
    )
    rows, none = np.arange(len(data.y)), np.zeros(0, dtype=np.int64)
    crossed = (
        Fit(noisy, word_features(), LinearSVC(C=10), Sigmoid(), 1)
        .model(rows, none)
        .predict_proba(noisy.texts)
    )
    naive = (
        Fit(noisy, word_features(), LinearSVC(C=10), Sigmoid(), 1)
        .model(rows, rows)
        .predict_proba(noisy.texts)
    )
    assert crossed.max(axis=1).mean() < naive.max(axis=1).mean() - 0.1


def test_a_target_model_asks_for_targets():
    data = labelled()
    with_targets = TrainingData(data.texts, ["sea law"] * len(data.texts), data.y, data.units, data.classes)
    features = Features(blocks={"t": Block(), "j": Block(field="joint")})
    model = Fit(with_targets, features, Logistic(), Uncalibrated(), 1).model(
        np.arange(len(data.y)), np.zeros(0, dtype=np.int64)
    )
    with pytest.raises(DataError, match="reads the target"):
        model.predict(["x"])
    assert (
        model.to_sklearn().predict([("x", "sea law")]).tolist() == model.predict(["x"], ["sea law"]).tolist()
    )


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "one text"),
        ([None], "item 0 is a NoneType"),
        ([1], "item 0 is a int"),
        (np.array(["signed", None], dtype=object), "item 1 is a NoneType"),
        (pa.array(["signed", None]), "item 1 is a NoneType"),
        (pa.array([1, 2]), "item 0 is a int"),
    ],
)
def test_what_is_not_a_list_of_texts_is_refused(texts, message):
    with pytest.raises(DataError, match=message):
        fitted().predict(texts)


def test_targets_are_not_looked_at_where_no_block_reads_them():
    model = fitted()
    assert not model.features.needs_target
    assert (model.predict(["signed"], [None]) == model.predict(["signed"])).all()  # type: ignore[list-item]
    with pytest.raises(DataError, match="1 targets for 2 texts"):
        model.predict(["signed", "accord"], ["accord"])


def test_an_explanation_of_what_is_no_text_is_refused():
    with pytest.raises(DataError, match="item 0 is a list"):
        fitted().explain(["signed"])  # type: ignore[arg-type]


def test_a_model_shows_itself_in_one_line_without_its_vocabulary():
    model = fitted()
    sizes = ", ".join(f"'{block.name}': {len(block.terms)}" for block in model.features.blocks)
    assert repr(model) == f"Model(classes={model.classes}, terms={{{sizes}}}, model_id=None)"
    assert repr(replace(model, model_id="ab" * 32)).endswith("model_id='abababababab')")


@pytest.mark.parametrize("weighting", [None, "naive_bayes_beside"])
def test_auxiliary_statements_that_count_fully_are_as_good_as_ones_own(weighting):
    data, features = labelled(10), replace(word_features(), weighting=weighting)
    own, other = np.arange(12), np.arange(12, 20)
    auxiliary = AuxiliaryData(
        [data.texts[i] for i in other], [""] * len(other), data.y[other], np.ones(len(other))
    )
    part = TrainingData(
        [data.texts[i] for i in own], None, data.y[own], data.units[own], data.classes, auxiliary
    )
    helped = Fit(part, features, LinearSVC(), Uncalibrated(), seed=1).model(own, own[:0])
    whole = Fit(data, features, LinearSVC(), Uncalibrated(), seed=1).model(np.arange(20), own[:0])
    assert helped.features.blocks[0].terms == whole.features.blocks[0].terms
    assert np.allclose(helped.decision_function(NASTY), whole.decision_function(NASTY), atol=1e-6)


def test_auxiliary_statements_are_in_every_fold_of_cross_fitting():
    data = labelled(10)
    auxiliary = AuxiliaryData(["glockenspiel"] * 4, [""] * 4, np.asarray([0, 1, 0, 1]), np.full(4, 0.5))
    fit = Fit(replace(data, auxiliary=auxiliary), word_features(), LinearSVC(), Sigmoid(), seed=1)
    assert fit.fitted_on(np.asarray([3, 5])).tolist() == [3, 5, 20, 21, 22, 23]
    assert fit.cross_decide(np.arange(20)).shape == (20, 1)
    assert "glockenspiel" in fit.model(np.arange(10), np.arange(10, 20)).features.blocks[0].vocabulary
