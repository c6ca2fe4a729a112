import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.calibration import Uncalibrated
from stance.classifier import LinearSVC
from stance.errors import ConfigError
from stance.features import Block, Features
from stance.fields import MAX_VIEWS, VIEWS, check_field, field_texts, reads_target
from stance.fields.tracing import traced
from stance.fit import Fit, TrainingData
from stance.normalise import clean
from tests.texts import NASTY, labelled


@pytest.mark.parametrize("name", VIEWS)
@settings(deadline=None, max_examples=30)
@given(text=st.text(max_size=80), target=st.text(max_size=12))
def test_every_view_takes_any_text_and_target_and_is_the_same_each_time(name, text, target):
    assert field_texts(name, [text], [target]) == field_texts(name, [text], [target])


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_takes_a_statement_without_target(name):
    assert len(field_texts(name, NASTY, None)) == len(NASTY)


def test_views_joined_by_a_plus_are_made_one_of_the_other():
    texts, targets = ["Bo is not lovely; Ana is."], ["Ana"]
    step = field_texts("masked", texts, targets)
    assert field_texts("masked+negated", texts, targets) == field_texts("negated", step, targets)
    assert field_texts("masked+negated+polarity", texts, targets) == ["not_praise_en"]
    assert field_texts("clause+polarity", texts, ["Bo"]) == ["praise_en"]


def test_only_what_is_made_of_the_target_reads_it():
    assert [name for name in VIEWS if reads_target(name)] == [
        "target",
        "joint",
        "masked",
        "near",
        "around",
        "clause",
    ]
    assert reads_target("tweet+joint")
    assert not reads_target("tweet+negated+polarity")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("texte", "Did you mean 'text'"),
        ("text+", "one of .* is needed"),
        ("", "one of .* is needed"),
        ("+".join(["negated"] * (MAX_VIEWS + 1)), "at most"),
    ],
)
def test_a_field_that_is_no_view_is_refused(field, message):
    with pytest.raises(ConfigError, match=message):
        check_field(field)


@pytest.mark.parametrize(
    "field", ["tweet", "tweet+negated", "negated+polarity", "tweet+pieces+joint", "masked+clause", "around"]
)
def test_a_model_over_a_view_agrees_with_its_scikit_learn_twin_and_with_the_kernel(field):
    data = labelled()
    targets = ["accord"] * len(data.texts)
    given_targets = targets if reads_target(field) else None
    with_targets = TrainingData(data.texts, targets, data.y, data.units, data.classes)
    features = Features(blocks={"words": Block(), "view": Block(field=field, sublinear_tf=True)})
    fit = Fit(with_targets, features, LinearSVC(), Uncalibrated(), 1)
    model = fit.model(np.arange(len(data.y)), np.zeros(0, dtype=np.int64))
    texts = [*NASTY, *labelled(6, seed=9).texts]
    expected = model.decision_function(texts, ["accord"] * len(texts) if given_targets else None)
    rows = [(text, "accord") for text in texts] if given_targets else texts
    assert np.abs(model.to_sklearn().decision_function(rows) - expected).max() < 1e-9


@pytest.mark.parametrize("field", ["text", "negated", "polarity", "negated+polarity"])
@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet="ne pas sign'é,. İßaccord_Σ not war\u2019", max_size=60))
def test_a_traced_view_is_the_view_and_its_words_stand_where_they_came_from(field, text):
    cleaned = clean(text)
    view = traced(field, cleaned)
    if len(cleaned.lower()) == len(cleaned):
        assert view.text == field_texts(field, [text], None)[0]
    assert len(view.starts) == len(view.ends) == len(view.text)
    for match in re.finditer(r"\S+", view.text):
        start, end = view.origin(*match.span())
        assert 0 <= start < end <= len(cleaned)
        if "polarity" not in field:
            assert match[0].replace("not_", "") == cleaned[start:end].replace("not_", "")


def test_views_of_other_texts_are_not_traced():
    assert traced("joint", "A war.") is None
    assert traced("tweet+negated", "A war.") is None


def test_a_polarity_stands_for_the_whole_word():
    view = traced("negated+polarity", "We never signed a good accord.")
    assert [(m[0], view.origin(*m.span())) for m in re.finditer("not_praise_en", view.text)] == [
        ("not_praise_en", (18, 22))
    ]
