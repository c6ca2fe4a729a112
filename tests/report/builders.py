"""Small tests of small models, to be reported on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from datasets import ClassLabel, Dataset, Features, Value

from stance.calibration import Sigmoid
from stance.classifier import LinearSVC
from stance.dataset import LabelledDataset
from stance.fit import Fit, TrainingData
from stance.model import Model
from stance.report import Tested
from stance.seen import seen_hashes
from stance.split import Parts
from tests.texts import SENTENCES, word_features

SEED = 5


def dataset(
    classes: Sequence[str] = ("cooperative", "tense"), n_articles: int = 40, extra: str = "", seed: int = 0
) -> LabelledDataset:
    """Statements whose words tell their class but for one in ten; three an article."""
    random = np.random.default_rng(seed)
    rows = []
    for article in range(n_articles):
        for _ in range(3):
            k = int(random.integers(len(classes)))
            name, text = SENTENCES[int(random.integers(4)) * 2 + k % 2]
            shown = int(random.integers(len(classes))) if random.random() < 0.1 else k
            rows.append(
                {
                    "text": f"{text} {'xyz' * (k // 2 + 1)} {article}{extra}",
                    "label": shown,
                    "statement_id": f"s{len(rows)}{extra}",
                    "article_id": f"a{article}{extra}",
                    "lang": ("fr", "en")[len(rows) % 2],
                    "published_on": f"20{10 + article % 9}-05-01",
                    "source": f"Le Phare{extra}",
                }
            )
            assert name
    strings = {name: Value("string") for name in rows[0]}
    features = Features({**strings, "label": ClassLabel(names=list(classes))})
    return LabelledDataset(f"made{extra}", Dataset.from_list(rows, features=features))


def fit_of(labelled: LabelledDataset) -> Fit:
    """How a small model of words is fitted on it."""
    rows = labelled.rows
    _, units = np.unique(rows["article_id"][:], return_inverse=True)
    data = TrainingData(rows["text"][:], None, np.asarray(rows["label"][:]), units, labelled.classes)
    return Fit(data, word_features(), LinearSVC(), Sigmoid(), SEED)


def fold_of(labelled: LabelledDataset) -> Parts:
    """The first two thirds of the articles to train, the rest to test."""
    rows = np.arange(len(labelled.rows))
    n_train = len(rows) // 9 * 6
    none = rows[:0]
    return Parts(rows[:n_train], none, rows[n_train:], none)


def model_with_test(labelled: LabelledDataset) -> tuple[Tested, Model]:
    """A model of the train rows with what it says of the others."""
    fold = fold_of(labelled)
    model = fit_of(labelled).model(fold.train, fold.calibrate)
    train, test = labelled.rows.select(fold.train), labelled.rows.select(fold.test)
    counts = np.bincount(train["label"][:], minlength=len(labelled.classes)).tolist()
    facts = {
        "dataset": labelled.name,
        "n_statements": len(train),
        "n_articles": len(set(train["article_id"][:])),
        "statements_per_class": dict(zip(labelled.classes, counts, strict=True)),
        "classifier": {"name": "LinearSVC", "C": 1.0},
        "split": {"name": "ByArticle"},
        "languages": {"fr": 0.5, "en": 0.5},
        "published_on": ["2010-05-01", "2014-05-01"],
        "seed": SEED,
    }
    model = replace(
        model, facts=facts, model_id="0" * 64, seen=seen_hashes(train["text"][:], train["article_id"][:])
    )
    return Tested.of(test, model.score(test["text"][:])), model
