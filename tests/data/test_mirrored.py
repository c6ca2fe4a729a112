"""The mirrored articles: pairs that share their words and differ in tone, apart from the corpus that models are trained on."""

import json
import re
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from stance.config import data_folder
from tests.data.test_tone import ACTS, FIELDS


def read(name: str) -> list[dict]:
    lines = (data_folder() / name / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def rows():
    return read("mirrored")


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def test_every_row_has_the_fields_of_the_codebook_and_the_pair_of_its_article(rows):
    for row in rows:
        assert set(row) == FIELDS - {"start", "end"} | {"pair"}
        assert row["synthetic"] is True
        assert row["act"] in ACTS[row["label"]]
        assert row["kind"] in {"direct", "indirect", "narration"}
    assert len({row["statement_id"] for row in rows}) == len(rows)


def test_a_pair_is_two_articles_of_one_language_that_are_about_equally_often_of_each_tone(rows):
    articles = defaultdict(set)
    for row in rows:
        articles[row["pair"], row["lang"]].add(row["article_id"])
    assert len(articles) == len({row["pair"] for row in rows}) == 100
    assert all(len(pair) == 2 for pair in articles.values())
    labels = Counter(row["label"] for row in rows)
    assert abs(labels["cooperative"] - labels["tense"]) < 0.02 * len(rows)


def test_the_articles_of_a_pair_share_far_more_words_than_other_neighbours_do(rows):
    vocabulary, pair_of = defaultdict(set), {}
    for row in rows:
        vocabulary[row["article_id"]] |= words(row["text"])
        pair_of[row["article_id"]] = row["pair"]
    shared = {True: [], False: []}
    for a, b in pairwise(sorted(vocabulary)):
        union = vocabulary[a] | vocabulary[b]
        shared[pair_of[a] == pair_of[b]].append(len(vocabulary[a] & vocabulary[b]) / len(union))
    assert len(shared[True]) == 100
    assert np.median(shared[True]) > 2.5 * np.median(shared[False])


def test_no_statement_stands_in_the_corpus_that_models_are_trained_on(rows):
    corpus = {row["text"] for row in read("tone")}
    assert not corpus & {row["text"] for row in rows}
    assert len({row["text"] for row in rows}) == len(rows)
