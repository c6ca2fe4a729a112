"""Models to score with, their decision values by scikit-learn, and texts full of what Unicode has to offer."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from stance.features import Block
from stance.kernel import Tables
from stance.normalise import clean

SKLEARN_TOKENS = r"(?u)\b\w\w+\b"

PROSE = [
    "Paris et Berlin saluent l'accord ; l’Élysée s’en félicite, aujourd'hui comme hier.",
    "La ministre n'a pas exclu une rupture des négociations : « Qu'ils s'expliquent ! »",
    "Les négociations se poursuivent à Genève, où l'œuvre commune des Vingt-Sept reste à faire.",
    "The minister's office didn't rule out further talks; talks, talks and talks again.",
    "Both governments welcomed the ceasefire and agreed to reopen the embassy in 2027.",
    "El Gobierno condenó enérgicamente los ataques y llamó al embajador; ¿habrá ruptura?",
    "España y Francia saludan el acuerdo: mañana se firmará en Ginebra.",
    "Der Außenminister begrüßte die Gespräche, die STRASSE blieb ruhig, die Straße auch.",
    "Die Bundesregierung verurteilt den Angriff aufs Schärfste – ein Bruch sei möglich.",
]
TRAPS = [
    "",
    " ",
    " \t\r\n\x0b\x0c\x1c\x1f\x85\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000",
    "a",
    "à a y I x",
    "ΟΔΥΣΣΕΥΣ ΣΑΣ Σ ΑΣ. ΣΑΣ'Σ ὈΔΥΣΣΕΎΣ",
    "İSTANBUL İ İİ ISPARTA ıI",
    "oﬃce ﬂuﬀ ﬁn ﬅ œuvre ǆ Ǆ ǅ ŉ ß ẞ STRASSE",
    "e\u0301te\u0301 ÉTÉ éTÉ cafe\u0301s A\u030angstro\u0308m \u212bngström",
    "\u0301accent aux\u0301 \u0301 x\u0323\u0307 x\u0307\u0323 \u1100\u1161\u11a8 각",
    "नमस्ते दुनिया हिन्दी क्षत्रिय",
    "السلام عليكم مُحَمَّد القاهرة",
    "他们欢迎这项协议。 中国 外交部 日本語 テスト ﾃｽﾄ",
    "👍🏽 👨‍👩‍👧 talks👍 ❤️ 🇫🇷🇩🇪 talks",
    "soft\u00adhyphen zero\u200bwidth \u200b \ufeffbom l\u02bcaccord l＇accord",
    "l'accord l’accord l' 'accord 's it's ''s don't DON’T qu'il aujourd'hui’s jusqu'à entr'acte presqu'île",
    "Vingt-Sept e-mail -- a-b-c 1,5 3.14 2027 x2 2x 1er ½ ² ①",
    "´ ¨a ¸ a´b \u00b4\u0301 ﷺ ﷲ ㎏ x\u2028y z\u0085w o\u1680p",
    "accord\x00talks \x00 \x01\x02 a\x7fb accord\x1ctalks \x1baccord",
    "mot " * 300 + "fin",
    "the the THE The tHe accord accord Accord",
    "zzzz qqqq vvvv",
    "a" * 7 + " " + "b" * 8 + " " + "a" * 9 + " " + "é" * 4 + " " + "ab" * 8 + " " + "ab" * 8 + "c",
]
SPARSE = [
    "\U0001f600" * 3,
    "\u2000\u200a\u2009",
    "x" * 100 + "\u3000" + "y" * 1000,
    "'" * 20,
    "\n\nl'accord\n",
]
TEXTS = PROSE + TRAPS + SPARSE


def vectorizer(block: Block, **more: object) -> TfidfVectorizer:
    """scikit-learn's own vectoriser with the settings of a block."""
    own = (
        {"tokenizer": block.tokenize(), "token_pattern": None}
        if block.stems
        else {"token_pattern": block.token_pattern}
    )
    if block.analyzer != "word":
        own = {}
    return TfidfVectorizer(
        analyzer=block.analyzer,
        ngram_range=block.ngram_range,
        min_df=block.min_df,
        max_df=block.max_df,
        max_features=block.max_features,
        lowercase=block.lowercase,
        strip_accents=block.strip_accents,
        stop_words=list(block.stop_words)
        if block.stop_words and block.analyzer == "word" and not block.stems
        else None,
        binary=block.binary,
        use_idf=block.use_idf,
        smooth_idf=block.smooth_idf,
        sublinear_tf=block.sublinear_tf,
        norm=block.norm,
        **own,
        **more,
    )


class Model:
    """A linear model with random weights over blocks fitted by scikit-learn."""

    def __init__(self, blocks: Sequence[Block], texts: Sequence[str], n_rows: int = 1) -> None:
        self.blocks = list(blocks)
        self.vectorizers = [vectorizer(block).fit([clean(text) for text in texts]) for block in blocks]
        self.terms = [v.get_feature_names_out().tolist() for v in self.vectorizers]
        self.idfs = [
            v.idf_ if b.use_idf else np.ones(len(t))
            for v, b, t in zip(self.vectorizers, self.blocks, self.terms, strict=True)
        ]
        generator = np.random.default_rng(7)
        self.coef = generator.normal(size=(n_rows, sum(map(len, self.terms))))
        self.intercept = generator.normal(size=n_rows)

    def tables(self) -> Tables:
        """The same model in the kernel."""
        return Tables.build(self.blocks, self.terms, self.idfs, self.coef, self.intercept)

    def decide(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Decision values and numbers of known terms, by scikit-learn."""
        cleaned = [clean(text) for text in texts]
        decisions = np.tile(self.intercept, (len(texts), 1))
        n_known = np.zeros(len(texts), np.int64)
        start = 0
        for block, v in zip(self.blocks, self.vectorizers, strict=True):
            X = v.transform(cleaned)
            decisions += block.weight * (X @ self.coef[:, start : start + X.shape[1]].T)
            n_known += np.diff(X.indptr)
            start += X.shape[1]
        return decisions, n_known

    def check(self, texts: Sequence[str], n_threads: int = 1) -> None:
        """Refuse any text whose decision values differ by more than 1e-9."""
        decisions, n_known = self.tables().decide({"text": texts}, n_threads)
        expected, n_expected = self.decide(texts)
        np.testing.assert_allclose(decisions, expected, rtol=0, atol=1e-9)
        np.testing.assert_array_equal(n_known, n_expected)


def benchmark_texts(n_each: int) -> list[str]:
    """Real statements in French, English and Spanish, from outside the repository."""
    folder = os.environ.get("STANCE_BENCHMARKS")
    if not folder:
        pytest.skip("STANCE_BENCHMARKS does not name a folder of labelled data")
    texts = []
    for name in ("consensus_fr", "consensus_en", "consensus_es"):
        lines = (Path(folder) / "un_quad" / f"{name}_valid.jsonl").read_text(encoding="utf-8").splitlines()
        texts += [json.loads(line)["text"] for line in lines[:n_each]]
    return texts
