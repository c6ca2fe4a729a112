import subprocess
import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

import stance
from stance.calibration import Sigmoid, Uncalibrated
from stance.classifier import LinearSVC, Logistic
from stance.errors import DataError
from stance.features import Block, Features
from stance.fit import Fit, TrainingData
from stance.model import Model
from stance.normalise import clean
from tests.texts import NASTY, labelled


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
