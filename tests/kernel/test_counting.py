import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from stance.features import Block
from stance.features.counting import BlockCounts
from stance.kernel import count_block, count_terms
from stance.normalise import clean
from tests.kernel.models import PROSE, TEXTS, benchmark_texts, vectorizer
from tests.kernel.test_tables import ANY_TEXT, OPTIONS

WORDS = Block(ngram_range=(1, 2), sublinear_tf=True)
CHARACTERS = Block(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)


def counter(block: Block) -> CountVectorizer:
    """scikit-learn's counts of all terms of a block."""
    return CountVectorizer(analyzer=block.analyze(), dtype=np.float64)


def check_counts(block: Block, texts: list[str]) -> None:
    cleaned = [clean(text) for text in texts]
    expected = counter(block).fit(cleaned)
    counts, terms = count_block(texts, block)
    assert terms == expected.get_feature_names_out().tolist()
    np.testing.assert_array_equal(counts.toarray(), expected.transform(cleaned).toarray())
    assert counts.has_sorted_indices
    assert counts.dtype == np.float64


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_gives_the_terms_and_counts_of_scikit_learn(name: str) -> None:
    check_counts(OPTIONS[name], TEXTS)


@pytest.mark.parametrize(
    "name", ["scikit-learn's words", "two to four words", "characters", "accents stripped to ascii"]
)
def test_counts_of_given_terms_are_those_of_scikit_learn(name: str) -> None:
    block = OPTIONS[name]
    expected = counter(block).fit([clean(text) for text in PROSE])
    counts = count_terms(TEXTS, block, expected.get_feature_names_out().tolist())
    np.testing.assert_array_equal(
        counts.toarray(), expected.transform([clean(text) for text in TEXTS]).toarray()
    )
    assert counts.has_sorted_indices


@pytest.mark.parametrize("block", [WORDS, CHARACTERS])
@pytest.mark.parametrize("min_df", [2, 3, 1000])
def test_terms_in_too_few_texts_are_left_out(block: Block, min_df: int) -> None:
    counts, terms = count_block(TEXTS, block, min_df)
    every, all_terms = count_block(TEXTS, block)
    kept = np.bincount(every.indices, minlength=len(all_terms)) >= min_df
    assert terms == [term for term, keep in zip(all_terms, kept, strict=True) if keep]
    np.testing.assert_array_equal(counts.toarray(), every.toarray()[:, kept])


@pytest.mark.parametrize(
    "settings_of_block", [{}, {"min_df": 2}, {"max_df": 0.3}, {"min_df": 2, "max_features": 30}]
)
@pytest.mark.parametrize("block", [WORDS, CHARACTERS])
def test_weighed_counts_are_the_matrix_of_tfidf_vectorizer(
    block: Block, settings_of_block: dict[str, float]
) -> None:
    block = Block(**{**vars(block), **settings_of_block})
    cleaned = [clean(text) for text in TEXTS]
    own: TfidfVectorizer = vectorizer(block)
    expected = own.fit_transform(cleaned)
    counts = BlockCounts("block", block, *count_block(TEXTS, block))
    rows = np.arange(len(TEXTS))
    columns, idf = counts.keep(rows)
    assert [counts.terms[column] for column in columns] == own.get_feature_names_out().tolist()
    np.testing.assert_array_equal(idf, own.idf_)
    matrix = counts.matrix(rows, columns, idf)
    np.testing.assert_allclose(matrix.toarray(), expected.toarray(), rtol=0, atol=1e-15)


@pytest.mark.parametrize("texts", [[], [""], [" ", "\u200b"]])
@pytest.mark.parametrize("block", [WORDS, CHARACTERS])
def test_texts_without_terms_give_an_empty_matrix(block: Block, texts: list[str]) -> None:
    counts, terms = count_block(texts, block)
    assert counts.shape == (len(texts), 0)
    assert terms == []
    assert count_terms(texts, block, ["accord"]).shape == (len(texts), 1)


@settings(deadline=None, max_examples=80)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=6))
def test_any_text_is_counted_as_by_scikit_learn(texts: list[str]) -> None:
    check_counts(Block(token_pattern=r"\S+", ngram_range=(1, 3)), [*texts, "un mot"])
    check_counts(Block(analyzer="char_wb", ngram_range=(1, 4)), [*texts, "un mot"])


def test_counts_of_a_larger_set_that_makes_all_tables_grow() -> None:
    texts = [f"mot{i} mot{i * 7 % 5000} {i} suite{i % 13} fin" for i in range(6000)]
    check_counts_sparsely(Block(ngram_range=(1, 3)), texts)
    check_counts_sparsely(CHARACTERS, texts)


def check_counts_sparsely(block: Block, texts: list[str]) -> None:
    expected = counter(block)
    matrix = expected.fit_transform(texts)
    counts, terms = count_block(texts, block)
    assert terms == expected.get_feature_names_out().tolist()
    assert (matrix != counts).nnz == 0


def test_real_statements_are_counted_as_by_scikit_learn() -> None:
    texts = [clean(text) for text in benchmark_texts(250)]
    check_counts_sparsely(WORDS, texts)
    check_counts_sparsely(CHARACTERS, texts)
