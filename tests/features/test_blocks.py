import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from stance.errors import ConfigError
from stance.features import FRENCH_ENGLISH_TOKENS, Block, Features
from stance.normalise import clean
from tests.texts import NASTY, SENTENCES

SETTINGS = {
    "plain": {},
    "pairs": {"ngram_range": (1, 2)},
    "only pairs": {"ngram_range": (2, 3)},
    "sublinear": {"sublinear_tf": True},
    "binary": {"binary": True},
    "no idf": {"use_idf": False},
    "rough idf": {"smooth_idf": False},
    "l1": {"norm": "l1"},
    "no norm": {"norm": None},
    "case kept": {"lowercase": False},
    "no accents": {"strip_accents": "unicode"},
    "ascii": {"strip_accents": "ascii"},
    "stop words": {"stop_words": ("the", "le", "a"), "ngram_range": (1, 2)},
    "rare dropped": {"min_df": 2},
    "frequent dropped": {"max_df": 0.4},
    "share of rare dropped": {"min_df": 0.1, "ngram_range": (1, 2)},
    "most frequent": {"max_features": 25, "ngram_range": (1, 2)},
    "sklearn tokens": {"token_pattern": r"(?u)\b\w\w+\b"},
    "characters in words": {"analyzer": "char_wb", "ngram_range": (2, 5)},
    "characters in words, sublinear": {"analyzer": "char_wb", "ngram_range": (1, 3), "sublinear_tf": True},
    "characters": {"analyzer": "char", "ngram_range": (1, 4)},
}


def sklearn_twin(block: Block) -> TfidfVectorizer:
    is_word = block.analyzer == "word"
    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=block.ngram_range,
        min_df=block.min_df,
        max_df=block.max_df,
        max_features=block.max_features,
        lowercase=block.lowercase,
        strip_accents=block.strip_accents,
        token_pattern=block.token_pattern if is_word else None,
        stop_words=list(block.stop_words) or None,
        binary=block.binary,
        use_idf=block.use_idf,
        smooth_idf=block.smooth_idf,
        sublinear_tf=block.sublinear_tf,
        norm=block.norm,
    )


@pytest.mark.parametrize("name", SETTINGS)
def test_a_block_gives_what_scikit_learn_gives(name):
    block = Block(**SETTINGS[name])
    train = [text for _, text in SENTENCES] * 2 + NASTY
    twin = sklearn_twin(block).fit([clean(text) for text in train])
    counts, rows = Features(blocks={"b": block}).count(train), np.arange(len(train))
    kept = counts.keep(rows)
    fitted, X = counts.fitted(kept), counts.matrix(rows, kept)
    assert fitted.blocks[0].terms == twin.get_feature_names_out().tolist()
    for texts, ours in ((train, X), (NASTY[::-1], fitted.transform(NASTY[::-1]))):
        theirs = twin.transform([clean(text) for text in texts])
        assert abs(ours - theirs).max() < 1e-12


@settings(deadline=None, max_examples=150)
@given(st.lists(st.text(), max_size=4))
def test_any_text_has_the_terms_that_scikit_learn_finds(texts):
    for analyzer, low, high in (("word", 1, 2), ("char_wb", 2, 4), ("char", 1, 3)):
        block = Block(analyzer=analyzer, ngram_range=(low, high))
        theirs = sklearn_twin(block).build_analyzer()
        for text in map(clean, texts):
            assert sorted(block.analyze()(text)) == sorted(theirs(text))


def test_french_tokens_keep_elisions_small_words_and_aujourd_hui():
    tokens = re.findall(FRENCH_ENGLISH_TOKENS, "aujourd'hui l'accord n'a pas d'effet, à moins qu'il ne parle")
    assert tokens == [
        "aujourd'hui",
        "l'",
        "accord",
        "n'",
        "a",
        "pas",
        "d'",
        "effet",
        "à",
        "moins",
        "qu'",
        "il",
        "ne",
        "parle",
    ]


def test_english_contractions_stay_whole_and_the_possessive_is_a_token():
    tokens = re.findall(FRENCH_ENGLISH_TOKENS, "russia's envoy won't say it's over")
    assert tokens == ["russia", "'s", "envoy", "won't", "say", "it", "'s", "over"]


def test_stems_join_the_forms_of_a_word():
    block = Block(stems="french")
    assert block.analyze()("négociation") == block.analyze()("négociations")


@pytest.mark.parametrize(
    ("settings_", "message"),
    [
        ({"ngram_range": (2, 1)}, "first number must not exceed"),
        ({"token_pattern": "("}, "not a regular expression"),
        ({"token_pattern": "(a)(b)"}, "2 capturing"),
        ({"token_pattern": "a*"}, "can match no character"),
        ({"stems": "klingon"}, "stems is 'klingon'"),
    ],
)
def test_a_block_that_cannot_work_is_refused(settings_, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        Block(**settings_)


def test_no_term_left_names_the_setting():
    from stance.errors import DataError

    features = Features(blocks={"b": Block(min_df=5)})
    with pytest.raises(DataError, match=r"no term is left of 6 in 3 statements with min_df=5"):
        features.count(["a b", "c d", "e f"]).keep(np.arange(3))
