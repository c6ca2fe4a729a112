"""The audit finds what a test set shares with the train set."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from stance.leakage import audit_leakage
from stance.split import ByArticle
from tests.split.builders import labelled, press_archive, random_texts

TEXT = "Le ministre des affaires étrangères salue l'accord conclu à Genève avec la délégation de Berlin hier"


def test_each_kind_of_leak_is_found_and_nothing_else():
    rng = np.random.default_rng(0)
    train = labelled(
        [TEXT, *random_texts(rng, 3)],
        [0, 1, 0, 1],
        article_id=["a", "b", "c", None],
        published_on=["2020-01-01", "2020-03-01", "2020-02-01", None],
    )
    test = labelled(
        [TEXT.upper() + " !", TEXT.replace("Berlin", "Moscou"), *random_texts(rng, 3)],
        [0, 1, 0, 1, 0],
        article_id=["x", "y", "b", "z", None],
        published_on=["2020-04-01", "2020-03-01", "2020-01-15", "2020-03-02", None],
    )
    audit = audit_leakage(train, test)
    assert audit.exact_copy.tolist() == [True, False, False, False, False]
    assert audit.near_copy.tolist() == [False, True, False, False, False]
    assert audit.in_shared_article.tolist() == [False, False, True, False, False]
    assert audit.not_later.tolist() == [False, True, True, False, False]
    assert audit.clean.tolist() == [False, False, False, True, True]
    assert (audit.n_shared_articles, audit.last_train_day) == (1, "2020-03-01")
    assert audit.summary()["contaminated"] == {"statements": 3, "share": 0.6}
    json.dumps(audit.summary())


def test_a_set_without_articles_or_dates_is_audited_by_its_texts():
    texts = random_texts(np.random.default_rng(0), 4)
    audit = audit_leakage(labelled(texts[:3], [0, 1, 0]), labelled(texts[2:], [0, 1]))
    assert audit.contaminated.tolist() == [True, False]
    assert audit.last_train_day is None


@pytest.mark.parametrize("seed", range(3))
def test_a_split_of_ours_has_nothing_to_find(seed):
    dataset = press_archive(seed, n_copies=30)
    (parts,) = ByArticle(seed=seed)(dataset).folds
    assert audit_leakage(dataset.select(parts.train), dataset.select(parts.test)).clean.all()


def benchmark(name):
    folder = os.environ.get("STANCE_BENCHMARKS")
    if not folder:
        pytest.skip("STANCE_BENCHMARKS does not name the folder of benchmarks")
    rows = [json.loads(line) for line in (Path(folder) / name).read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    return labelled(texts, [0] * len(rows), article_id=[row["article_id"] for row in rows])


@pytest.mark.parametrize(
    ("part", "n_statements", "n_articles"), [("valid_mt", 244, 115), ("valid_rw", 175, 156)]
)
def test_half_of_the_published_parts_of_newsmtsc_is_in_articles_of_train(part, n_statements, n_articles):
    test = benchmark(f"newsmtsc/{part}.jsonl")
    audit = audit_leakage(benchmark("newsmtsc/train.jsonl"), test)
    assert audit.summary()["in_shared_article"]["statements"] == n_statements
    assert n_statements / len(test) > 0.5
    assert audit.n_shared_articles == n_articles
