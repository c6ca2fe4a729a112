"""Small labelled datasets for tests of splits."""

import numpy as np
from datasets import ClassLabel, Dataset, Features, Value

WORDS = tuple(f"word{i}" for i in range(4000))


def random_texts(rng, n, n_words=12):
    return [" ".join(rng.choice(WORDS, size=n_words)) for _ in range(n)]


def labelled(texts, labels, classes=("cooperative", "tense"), **columns):
    """A dataset of texts and class numbers; every further column holds texts."""
    features = {"text": Value("string"), "label": ClassLabel(names=list(classes))}
    features |= {name: Value("string") for name in columns}
    rows = {"text": list(texts), "label": [int(label) for label in labels], **columns}
    return Dataset.from_dict(rows, features=Features(features))


def press_archive(seed=0, n_articles=60, n_copies=15):
    """Articles of two outlets over five years, some of whose statements are wire copy of another's."""
    rng = np.random.default_rng(seed)
    article = np.repeat(np.arange(n_articles), rng.integers(1, 7, size=n_articles))
    texts = random_texts(rng, len(article))
    for target, source in rng.integers(0, len(texts), size=(n_copies, 2)):
        texts[target] = texts[source].upper() + " !"
    labels = rng.integers(0, 2, size=len(texts))
    days = [f"{2015 + a % 5}-{1 + a % 12:02d}-{1 + a % 28:02d}" for a in article.tolist()]
    outlets = [("Le Monde", "Die Zeit", "El País")[a % 3] for a in article.tolist()]
    parts = rng.choice(["train", "calibrate", "test"], size=n_articles)[article].tolist()
    return labelled(
        texts,
        labels,
        article_id=[f"a{a}" for a in article.tolist()],
        published_on=days,
        source=outlets,
        part=parts,
    )
