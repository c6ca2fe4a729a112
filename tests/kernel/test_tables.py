import pickle
import subprocess
import sys
import threading

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import DataError
from stance.features import FRENCH_ENGLISH_TOKENS, Block
from stance.kernel import Tables, tables, texts, views
from tests.kernel.models import PROSE, SKLEARN_TOKENS, TEXTS, TRAPS, Model, benchmark_texts

WORDS = Block(ngram_range=(1, 2), sublinear_tf=True)
CHARACTERS = Block(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)

OPTIONS = {
    "unigrams": Block(),
    "scikit-learn's words": Block(token_pattern=SKLEARN_TOKENS, ngram_range=(1, 2)),
    "one-letter words": Block(token_pattern=r"(?u)\b\w+\b", ngram_range=(1, 2)),
    "words and marks": Block(token_pattern=r"\w+|[!?.;:]+", ngram_range=(1, 3)),
    "anything between spaces": Block(token_pattern=r"\S+", ngram_range=(1, 2)),
    "bigrams alone": Block(ngram_range=(2, 2)),
    "two to four words": Block(ngram_range=(2, 4)),
    "case kept": Block(lowercase=False, ngram_range=(1, 2)),
    "accents stripped": Block(strip_accents="unicode", ngram_range=(1, 2)),
    "accents stripped to ascii": Block(strip_accents="ascii", ngram_range=(1, 2)),
    "stop words": Block(stop_words=("the", "la", "l'", "mot"), ngram_range=(1, 2)),
    "French stems": Block(stems="french", ngram_range=(1, 2)),
    "min_df": Block(min_df=2, ngram_range=(1, 2)),
    "max_features": Block(max_features=20, ngram_range=(1, 2)),
    "binary": Block(binary=True, ngram_range=(1, 2)),
    "binary and sublinear": Block(binary=True, sublinear_tf=True),
    "no idf": Block(use_idf=False),
    "idf not smoothed": Block(smooth_idf=False),
    "sublinear": Block(sublinear_tf=True, ngram_range=(1, 2)),
    "l1": Block(norm="l1", sublinear_tf=True),
    "no norm": Block(norm=None, sublinear_tf=True),
    "weight": Block(weight=2.5),
    "characters": Block(analyzer="char_wb", ngram_range=(2, 5)),
    "single characters": Block(analyzer="char_wb", ngram_range=(1, 1)),
    "long n-grams of characters": Block(analyzer="char_wb", ngram_range=(6, 8)),
    "characters, case kept": Block(analyzer="char_wb", ngram_range=(3, 4), lowercase=False),
    "characters, accents stripped": Block(analyzer="char_wb", ngram_range=(2, 4), strip_accents="unicode"),
    "characters, stripped to ascii": Block(analyzer="char_wb", ngram_range=(2, 4), strip_accents="ascii"),
    "characters, binary": Block(analyzer="char_wb", ngram_range=(2, 4), binary=True),
    "characters, l1": Block(analyzer="char_wb", ngram_range=(2, 4), norm="l1"),
    "characters, no norm": Block(analyzer="char_wb", ngram_range=(2, 4), norm=None),
    "characters, no idf": Block(analyzer="char_wb", ngram_range=(2, 4), use_idf=False),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_gives_the_decision_values_of_scikit_learn(name: str) -> None:
    Model([OPTIONS[name]], TEXTS).check(TEXTS)


@pytest.mark.parametrize(
    "name", ["unigrams", "two to four words", "characters", "long n-grams of characters"]
)
def test_texts_with_unseen_terms_are_scored_as_by_scikit_learn(name: str) -> None:
    Model([OPTIONS[name]], PROSE).check(TRAPS)


@pytest.mark.parametrize("n_rows", [1, 3])
@pytest.mark.parametrize("n_threads", [1, 2, 4])
def test_blocks_stand_side_by_side_for_any_number_of_classes_and_threads(n_rows: int, n_threads: int) -> None:
    Model([WORDS, CHARACTERS, OPTIONS["weight"]], TEXTS, n_rows).check(TEXTS * 3, n_threads)


def test_blocks_that_see_other_white_space_stand_side_by_side() -> None:
    Model(
        [WORDS, OPTIONS["accents stripped to ascii"], OPTIONS["characters, stripped to ascii"]], TEXTS
    ).check(TEXTS)


ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("aàÀ'’ ss\u0301\u00ad\u200bΣİß\n\u2028\u0085-")
)


@pytest.fixture(scope="module")
def model() -> Model:
    accents = Block(strip_accents="unicode", analyzer="char_wb", ngram_range=(1, 3))
    ascii_only = Block(strip_accents="ascii", token_pattern=r"\S+", ngram_range=(1, 2))
    return Model([WORDS, CHARACTERS, accents, ascii_only], TEXTS)


@settings(deadline=None, max_examples=150)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=8))
def test_any_text_is_scored_as_by_scikit_learn(model: Model, texts: list[str]) -> None:
    model.check(texts)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=6))
def test_any_text_is_scored_by_a_model_that_learned_from_it(texts: list[str]) -> None:
    blocks = [Block(token_pattern=r"\w+", ngram_range=(1, 3)), Block(analyzer="char_wb", ngram_range=(1, 4))]
    Model(blocks, [*texts, "un mot"]).check(texts)


def test_scores_do_not_depend_on_batches_or_threads_by_a_single_bit(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [" ".join(TEXTS[i % len(TEXTS)] for i in range(n, n + 3)) for n in range(200)]
    expected = model.tables().decide({"text": many})
    for rows, n_bytes, n_threads in [
        (1, 8 << 20, 1),
        (7, 100, 1),
        (7, 8 << 20, 2),
        (64, 1000, 4),
        (1000, 1 << 30, 4),
    ]:
        monkeypatch.setattr(tables, "BATCH_ROWS", rows)
        monkeypatch.setattr(texts, "BATCH_BYTES", n_bytes)
        decisions, n_known = model.tables().decide({"text": many}, n_threads)
        np.testing.assert_array_equal(decisions, expected[0])
        np.testing.assert_array_equal(n_known, expected[1])


def test_memory_is_bounded_and_scores_do_not_depend_on_what_was_dropped(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"{TEXTS[i % len(TEXTS)]} nouveau{i}mot {i}" for i in range(3000)]
    expected, _ = model.tables().decide({"text": many})
    monkeypatch.setattr(views, "CACHE_BYTES", 1 << 20)
    monkeypatch.setattr(tables, "BATCH_ROWS", 50)
    bounded = model.tables()
    largest = 0
    for first in range(0, len(many), 50):
        decisions, _ = bounded.decide({"text": many[first : first + 50]})
        np.testing.assert_array_equal(decisions, expected[first : first + 50])
        largest = max(largest, bounded.n_bytes)
    assert largest < 3 << 20


@pytest.mark.parametrize(
    "text", ["accord " * 150_000, "x" * 1_000_000, "é'" * 300_000, " ".join(PROSE * 1500)]
)
def test_texts_of_a_megabyte_are_scored_as_by_scikit_learn(text: str) -> None:
    Model([WORDS, Block(analyzer="char_wb", ngram_range=(3, 3), sublinear_tf=True)], [*TEXTS, "xxx"]).check(
        [text]
    )


@pytest.mark.parametrize(
    "convert",
    [
        lambda texts: pa.array(texts),
        lambda texts: pa.array(texts, pa.large_string()),
        lambda texts: pa.array(["not this one", *texts])[1:],
        lambda texts: pa.chunked_array([texts[:5], [], texts[5:]]),
        lambda texts: pa.chunked_array([texts]).dictionary_encode(),
        tuple,
    ],
)
def test_arrow_arrays_are_read_as_lists_are(model: Model, convert: object) -> None:
    expected = model.tables().decide({"text": TEXTS})
    decisions, n_known = model.tables().decide({"text": convert(TEXTS)})  # type: ignore[operator]
    np.testing.assert_array_equal(decisions, expected[0])
    np.testing.assert_array_equal(n_known, expected[1])


def test_no_texts_give_no_decisions(model: Model) -> None:
    decisions, n_known = model.tables().decide({"text": []}, 2)
    assert decisions.shape == (0, 1)
    assert n_known.shape == (0,)


def test_missing_texts_are_refused(model: Model) -> None:
    with pytest.raises(DataError, match="1 of 2 are missing"):
        model.tables().decide({"text": pa.array(["a", None])})


def test_a_text_without_known_terms_has_the_intercept_and_no_known_terms() -> None:
    model = Model([WORDS], PROSE)
    decisions, n_known = model.tables().decide({"text": ["zzzz qqqq", "", "accord"]})
    np.testing.assert_array_equal(decisions[:2, 0], np.repeat(model.intercept, 2))
    assert n_known.tolist() == [0, 0, 1]


def test_blocks_read_their_own_fields() -> None:
    blocks = [Block(), Block(field="target")]
    coef = np.array([[1.0, 10.0]])
    scorer = Tables.build(blocks, [["accord"], ["paris"]], [np.ones(1), np.ones(1)], coef, np.zeros(1))
    fields = {"text": ["accord", "paris", ""], "target": ["Paris", "accord", "Paris"]}
    decisions, n_known = scorer.decide(fields)
    assert decisions[:, 0].tolist() == [11.0, 0.0, 10.0]
    assert n_known.tolist() == [2, 0, 1]


def test_vocabularies_need_not_be_sorted() -> None:
    terms = ["mot fin", "accord", "fin", "mot fin mot", "mot"]
    blocks = [Block(ngram_range=(1, 3), norm=None)]
    scorer = Tables.build(blocks, [terms], [np.ones(5)], np.array([[1.0, 10, 100, 1000, 10000]]), np.zeros(1))
    decisions, _ = scorer.decide({"text": ["mot fin mot", "accord fin"]})
    assert decisions[:, 0].tolist() == [21101.0, 110.0]


def test_one_scorer_serves_several_threads(model: Model) -> None:
    scorer = model.tables()
    expected, _ = model.tables().decide({"text": TEXTS})
    answers: list[np.ndarray] = []

    def ask() -> None:
        answers.extend(scorer.decide({"text": TEXTS}, 2)[0] for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    for decisions in answers:
        np.testing.assert_array_equal(decisions, expected)


def test_a_scorer_that_was_interrupted_scores_as_before(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    scorer = model.tables()
    scorer.decide({"text": PROSE})
    with monkeypatch.context() as context:
        context.setattr(views.View, "learn", interrupted)
        with pytest.raises(KeyboardInterrupt):
            scorer.decide({"text": TEXTS})
    decisions, _ = scorer.decide({"text": TEXTS})
    np.testing.assert_array_equal(decisions, model.tables().decide({"text": TEXTS})[0])


def test_a_scorer_goes_to_another_process_with_all_it_knows(model: Model) -> None:
    scorer = model.tables()
    scorer.decide({"text": PROSE})
    program = (
        "import pickle, sys, numpy as np\n"
        "scorer, texts = pickle.load(sys.stdin.buffer)\n"
        "sys.stdout.buffer.write(pickle.dumps(scorer.decide({'text': texts}, 2)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps((scorer, TEXTS)), capture_output=True, check=True
    ).stdout
    decisions, n_known = pickle.loads(answer)
    expected = scorer.decide({"text": TEXTS})
    np.testing.assert_array_equal(decisions, expected[0])
    np.testing.assert_array_equal(n_known, expected[1])


def test_real_statements_are_scored_as_by_scikit_learn() -> None:
    statements = benchmark_texts(250)
    Model(
        [WORDS, CHARACTERS, Block(token_pattern=FRENCH_ENGLISH_TOKENS, strip_accents="unicode")], statements
    ).check(statements)
