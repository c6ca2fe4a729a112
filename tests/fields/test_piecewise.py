import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.calibration import Uncalibrated
from stance.classifier import LinearSVC
from stance.features import Block, Features
from stance.fields import field_texts
from stance.fields.piecewise import piecewise
from stance.fit import Fit, TrainingData
from stance.kernel import views
from stance.normalise import clean
from tests.texts import NASTY, labelled

WORDS = [
    *[
        "not",
        "never",
        "n'a",
        "n’est",
        "pas",
        "aucun,",
        "ni",
        "sans",
        "don't",
        "DON'T",
        "cannot",
        "after",
        "Malgré",
        "(who",
        "but",
        "mais.",
        "however;",
        "(no)",
        "«non»",
        "_user",
        "not_",
        "not",
    ],
    *[
        "signed",
        "accord",
        "war!",
        "lovely",
        "refused",
        "levées",
        "guerre,",
        "Σας",
        "ΟΔΟΣ,",
        "İa",
        "né",
        "n'",
        "l'accord",
        "1,5",
        "\xadnot",
        "--",
        "\u200b",
    ],
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).flatmap(
    lambda words: st.lists(
        st.sampled_from([" ", "  ", "\n", "\u00a0", "\u2028"]), min_size=len(words), max_size=len(words)
    ).map(lambda spaces: "".join(word + space for word, space in zip(words, spaces, strict=True)))
)


def read_by_pieces(field, text):
    base, view = piecewise(field)
    state, read = 0, []
    for piece in field_texts(base, [text], None)[0].split():
        words, state = view(piece)[state]
        read += words.split()
    return read


@pytest.mark.parametrize(
    "field",
    [
        "negated",
        "reversed",
        "polarity",
        "negated+polarity",
        "reversed+polarity",
        "aside",
        "negated+aside",
        "tweet+aside+reversed+polarity",
    ],
)
@settings(deadline=None, max_examples=150)
@given(text=st.one_of(TEXTS, st.text(max_size=40)))
def test_a_text_read_piece_by_piece_has_the_words_of_the_whole(field, text):
    assert read_by_pieces(field, text) == field_texts(field, [text], None)[0].split()


@pytest.mark.parametrize("field", ["text", "tweet", "near+tweet", "negated+near"])
def test_a_view_that_looks_beyond_a_piece_is_not_read_piece_by_piece(field):
    assert piecewise(field) == (field, None)


def test_the_kernel_reads_pieces_once_for_all_views_and_decides_as_without_it(monkeypatch):
    data = labelled()
    training = TrainingData(data.texts, None, data.y, data.units, data.classes)
    blocks = {
        "word": Block(field="reversed", ngram_range=(1, 2)),
        "char": Block(analyzer="char_wb", ngram_range=(2, 4)),
        "polarity": Block(field="aside+reversed+polarity", ngram_range=(1, 2), use_idf=False, norm=None),
        "tweet": Block(field="tweet+negated", strip_accents="ascii"),
    }
    fit = Fit(training, Features(blocks=blocks), LinearSVC(), Uncalibrated(), 1)
    model = fit.model(np.arange(len(data.y)), np.zeros(0, dtype=np.int64))
    texts = [*NASTY, "Never", *data.texts, "accord not", "accord", *[" ".join(WORDS[i:]) for i in range(30)]]
    expected = model.to_sklearn().decision_function(texts)
    kernel = model.prepared_for(10**6)
    assert kernel.path == "kernel"
    assert np.abs(kernel.decision_function(texts) - expected).max() < 1e-9
    monkeypatch.setattr(views, "CACHE_BYTES", 1)  # all is forgotten before each batch
    kernel = fit.model(np.arange(len(data.y)), np.zeros(0, dtype=np.int64)).prepared_for(10**6)
    by_batch = [kernel.decision_function(texts[i : i + 7]) for i in range(0, len(texts), 7)]
    assert np.abs(np.concatenate(by_batch) - expected).max() < 1e-9


def test_pieces_are_read_clean():
    assert (
        read_by_pieces("negated", "n\u2019a pas si\u00adgne\u0301")
        == clean("n'not_a pas not_signe\u0301").split()
    )
