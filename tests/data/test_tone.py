"""The corpus that ships with stance: schema, offsets, shares, variety, and no label in the names."""

import json
import re
from collections import Counter, defaultdict
from itertools import chain

import numpy as np
import pytest

from stance.config import data_folder

FOLDER = data_folder() / "tone"
ACTS = {
    "cooperative": {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"},
    "tense": {
        "REQUEST",
        "ACCUSE",
        "REJECT",
        "THREATEN",
        "PROTEST",
        "SANCTION",
        "MOBILIZE",
        "COERCE",
        "ASSAULT",
    },
    "neutral": {"NONE"},
}
FIELDS = {
    "statement_id", "article_id", "text", "start", "end", "label", "act", "kind", "hard_case", "speaker", "source_actor",
    "target_actor", "lang", "published_on", "source", "outlet_type", "topic", "region", "first_label",
    "second_label", "agreed", "synthetic",
}  # fmt: skip


def read(name: str) -> list[dict]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def articles():
    return {row["article_id"]: row for row in read("articles")}


@pytest.fixture(scope="module")
def statements():
    return read("statements")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_there_are_enough_statements_and_articles_in_both_languages(articles, statements):
    assert len(articles) >= 600
    assert len(statements) >= 7000
    shares = Counter(row["lang"] for row in statements)
    assert set(shares) == {"fr", "en"}
    assert min(shares.values()) / len(statements) > 0.44


def test_every_statement_is_the_text_at_its_offsets_and_belongs_to_an_article(articles, statements):
    for row in statements:
        article = articles[row["article_id"]]
        assert article["text"][row["start"] : row["end"]] == row["text"]
        assert row["statement_id"] == f"{row['article_id']}:{row['start']}-{row['end']}"
        assert (row["lang"], row["published_on"], row["source"]) == (
            article["lang"],
            article["published_on"],
            article["source"],
        )
    assert len({row["statement_id"] for row in statements}) == len(statements)


def test_every_row_has_exactly_the_fields_of_the_codebook(statements):
    for row in statements:
        assert set(row) == FIELDS
        assert row["synthetic"] is True
        assert row["act"] in ACTS[row["label"]]
        assert row["kind"] in {"direct", "indirect", "narration"}
        assert row["speaker"] is None or row["speaker"] in row["text"]
        assert row["second_label"] in {"cooperative", "tense", "neutral"}
        assert isinstance(row["agreed"], bool)
        assert "1990" <= row["published_on"][:4] <= "2025"


def test_articles_have_six_to_sixteen_statements_in_reading_order(statements):
    starts = defaultdict(list)
    for row in statements:
        starts[row["article_id"]].append(row["start"])
    assert all(6 <= len(found) <= 16 and found == sorted(found) for found in starts.values())


def test_labels_hard_cases_and_acts_have_the_shares_that_were_planned(statements):
    for lang in ("fr", "en"):
        rows = [row for row in statements if row["lang"] == lang]
        shares = {label: n / len(rows) for label, n in Counter(row["label"] for row in rows).items()}
        assert shares["cooperative"] == pytest.approx(0.38, abs=0.03)
        assert shares["tense"] == pytest.approx(0.38, abs=0.03)
        assert shares["neutral"] == pytest.approx(0.24, abs=0.04)
        assert sum(row["hard_case"] is not None for row in rows) / len(rows) >= 0.15
        acts = Counter(row["act"] for row in rows)
        assert min(acts[act] for act in chain(*ACTS.values())) >= 60


def test_no_two_statements_are_nearly_the_same(statements):
    shingles = [
        {tuple(w[i : i + 3]) for i in range(len(w) - 2)} for w in (words(row["text"]) for row in statements)
    ]
    holders = defaultdict(list)
    for i, found in enumerate(shingles):
        for shingle in found:
            holders[shingle].append(i)
    for i, found in enumerate(shingles):
        shared = Counter(j for shingle in found for j in holders[shingle] if j < i)
        for j, n in shared.items():
            assert n / len(found | shingles[j]) <= 0.5, (
                statements[i]["statement_id"],
                statements[j]["statement_id"],
            )


def test_sentences_are_not_made_from_templates(statements):
    sequences: Counter = Counter()
    for row in statements:
        found = words(row["text"])
        sequences.update({tuple(found[i : i + 6]) for i in range(len(found) - 5)})
    assert max(sequences.values()) <= 4
    for lang in ("fr", "en"):
        openings = Counter(tuple(words(row["text"])[:2]) for row in statements if row["lang"] == lang)
        assert sum(n for _, n in openings.most_common(20)) / sum(openings.values()) < 0.12


def test_names_alone_do_not_give_the_label_away(statements):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import f1_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    from stance.actors import find_actors

    rows = [row for row in statements if row["label"] != "neutral"]
    names = [
        " ".join(mention.code or mention.kind for mention in find_actors(row["text"], row["lang"]))
        for row in rows
    ]
    model = make_pipeline(
        TfidfVectorizer(token_pattern=r"\S+", lowercase=False), LinearSVC(class_weight="balanced")
    )
    labels, groups = np.asarray([row["label"] for row in rows]), [row["article_id"] for row in rows]
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    predicted = cross_val_predict(model, names, labels, groups=groups, cv=folds)
    score = f1_score(labels, predicted, average="macro")
    assert score <= 0.55


def test_the_two_labels_agree_well_before_they_are_reconciled(statements):
    agreed = np.mean([row["agreed"] for row in statements])
    assert agreed >= 0.75
