"""Texts that make tokenisers stumble, and small sets of labelled statements."""

import numpy as np

from stance.features import Block, Features
from stance.fit import TrainingData

NASTY = [
    "",
    " ",
    "\n\t",
    "a",
    "à",
    "L'accord n'a pas d'effet aujourd'hui, qu'il dit.",
    "L’accord n’a pas d’effet aujourd’hui.",
    "Don't; can't -- Russia's 3.5 % C'EST-À-DIRE",
    "straße STRASSE İstanbul ıI ﬁn ﬀ Σίσυφος ΣΊΣΥΦΟΣ",
    "e\u0301te\u0301 été n\u0303 \u0301 a\u0300\u0323",
    "mot\u00adcoupé zero\u200bwidth",
    "東京で会談。 北京 表示",
    "مرحبا بالعالم قال الوزير",
    "नमस्ते दुनिया 👩‍👩‍👧 🇫🇷 🙂🙂",
    "x" * 3000,
    "tabs\tand\u00a0nbsp\u2003em  double  spaces\x0bvt\x0cff\u2028ls",
    "1 22 333 4_4 _ __ a_b",
    "« guillemets » “quotes” ‘single’ l'«Élysée»",
    "-tiret- sous-préfecture U.S.A. e.g. a.m.",
    "A\x00B null",
]

SENTENCES = [
    ("cooperative", "Les deux ministres ont signé un accord et salué la reprise du dialogue."),
    ("tense", "Le ministère a condamné l'attaque et menacé de rompre les relations."),
    ("cooperative", "The leaders agreed to reopen the border and thanked the mediators."),
    ("tense", "The army shelled the town and the envoy was expelled."),
    ("cooperative", "L'aide alimentaire est arrivée grâce à la coopération des voisins."),
    ("tense", "Des sanctions ont été imposées après l'arrestation des journalistes."),
    ("cooperative", "Both sides welcomed the ceasefire and pledged to release prisoners."),
    ("tense", "Officials rejected the accusation and warned of retaliation."),
]


def labelled(n_articles: int = 24, seed: int = 0) -> TrainingData:
    """Statements that differ by a number and a few shuffled words; two an article."""
    random = np.random.default_rng(seed)
    texts, y, units = [], [], []
    for article in range(n_articles):
        for _ in range(2):
            label, text = SENTENCES[int(random.integers(len(SENTENCES)))]
            words = text.split()
            first = int(random.integers(len(words)))
            texts.append(" ".join(words[first:] + words[:first]) + f" {article}")
            y.append(int(label == "tense"))
            units.append(article)
    return TrainingData(texts, None, np.asarray(y), np.asarray(units), ("cooperative", "tense"))


def word_features(**settings: object) -> Features:
    """One word block with these settings."""
    return Features(blocks={"word": Block(**{"ngram_range": (1, 2), **settings})})  # type: ignore[arg-type]
