"""Counts, agreement and variety of data/tone, as stated in its datasheet: python experiments/tone/describe.py"""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from stance.actors import find_actors
from stance.agreement import cohen_kappa, coincidences, krippendorff_alpha, raw_agreement
from stance.config import data_folder
from stance.metrics import class_numbers, confusion
from stance.provenance import sha256_file

FOLDER = data_folder() / "tone"
CLASSES = ("cooperative", "tense", "neutral")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shares(values: list) -> dict:
    return {str(k): round(n / len(values), 3) for k, n in Counter(values).most_common()}


def describe(rows: list[dict]) -> dict:
    tokens = [w for row in rows for w in words(row["text"])]
    openings = Counter(tuple(words(row["text"])[:2]) for row in rows)
    sequences: Counter = Counter()
    for row in rows:
        found = words(row["text"])
        sequences.update({tuple(found[i : i + 6]) for i in range(len(found) - 5)})
    growth = {}
    for part in (0.25, 0.5, 0.75, 1.0):
        growth[str(part)] = len({w for row in rows[: int(part * len(rows))] for w in words(row["text"])})
    return {
        "n_statements": len(rows),
        "n_articles": len({row["article_id"] for row in rows}),
        "label": shares([row["label"] for row in rows]),
        "act": dict(Counter(row["act"] for row in rows).most_common()),
        "kind": shares([row["kind"] for row in rows]),
        "hard_case": round(np.mean([row["hard_case"] is not None for row in rows]), 3),
        "outlet_type": shares([row["outlet_type"] for row in rows]),
        "decade": shares([row["published_on"][:3] + "0" for row in rows]),
        "mean_words": round(len(tokens) / len(rows), 1),
        "n_types": len(set(tokens)),
        "types_by_share_of_statements": growth,
        "twenty_openings": round(sum(n for _, n in openings.most_common(20)) / len(rows), 3),
        "most_frequent_six_words": max(sequences.values()),
    }


def agreement(rows: list[dict]) -> dict:
    """Agreement of the first label with the second, before they were reconciled."""
    first, second = (
        class_numbers([row[name] for row in rows], CLASSES) for name in ("first_label", "second_label")
    )
    counts = confusion(first, second, len(CLASSES))
    both = coincidences(np.column_stack([first, second]), len(CLASSES))
    return {
        "raw": round(float(raw_agreement(both)), 3),
        "kappa": round(float(cohen_kappa(counts)), 3),
        "alpha": round(float(krippendorff_alpha(both)), 3),
        "first_by_second": counts.tolist(),
    }


def names_only(rows: list[dict]) -> list[float]:
    """Macro-F1 of a model that sees only the actors, by article-grouped cross-validation, three shuffles."""
    rows = [row for row in rows if row["label"] != "neutral"]
    names = [" ".join(m.code or m.kind for m in find_actors(row["text"], row["lang"])) for row in rows]
    labels, groups = np.asarray([row["label"] for row in rows]), [row["article_id"] for row in rows]
    model = make_pipeline(
        TfidfVectorizer(token_pattern=r"\S+", lowercase=False), LinearSVC(class_weight="balanced")
    )
    found = []
    for seed in range(3):
        folds = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
        predicted = cross_val_predict(model, names, labels, groups=groups, cv=folds)
        found.append(round(float(f1_score(labels, predicted, average="macro")), 3))
    return found


def main() -> None:
    lines = (FOLDER / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    result = {"sha256": sha256_file(FOLDER / "statements.jsonl"), "names_only_macro_f1": names_only(rows)}
    for name, part in [
        ("all", rows),
        *((lang, [r for r in rows if r["lang"] == lang]) for lang in ("fr", "en")),
    ]:
        result[name] = {**describe(part), "agreement": agreement(part)}
    Path(__file__).with_name("corpus.json").write_text(
        json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
