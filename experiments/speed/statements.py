"""Labelled statements to train on, and a million statements to score, made from them at run time."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from stance.normalise import clean

UN_QUAD = ("consensus_fr", "consensus_en", "consensus_es")
OTHERS = ("plv/train.jsonl", "newsmtsc/train.jsonl")
LETTERS = "aeinorstlucdmp"


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a file of labelled statements."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def labelled(folder: Path, part: str) -> tuple[list[str], list[str]]:
    """UN statements in French, English and Spanish with their tone, cooperative or tense."""
    rows = [row for name in UN_QUAD for row in read(folder / "un_quad" / f"{name}_{part}.jsonl")]
    rows = [row for row in rows if row.get("tone") in {"cooperative", "tense"}]
    return [clean(row["text"]) for row in rows], [row["tone"] for row in rows]


def sentences(folder: Path) -> list[list[str]]:
    """Sentences of 40 to 300 characters, set by set, so that languages do not mix."""
    files = [f"un_quad/{name}_train.jsonl" for name in UN_QUAD] + list(OTHERS)
    sets = [
        [s for row in read(folder / name) for s in re.split(r"(?<=[.;:!?])\s+", clean(row["text"]))]
        for name in files
    ]
    return [[s for s in one if 40 <= len(s) <= 300] for one in sets]


def statements(folder: Path, n: int, *, new_words: float = 0.02, seed: int = 0) -> Iterator[str]:
    """Statements whose end is taken from another, with a share of words that were never seen before.

    A million statements of the press hold some half a million different words between white space. Mere
    repetition would hold 65,000 and flatter every method that remembers; 2 % of new words make it 550,000.
    """
    source = random.Random(seed)
    sets = sentences(folder)
    weights = [len(one) for one in sets]
    for _ in range(n):
        one = source.choices(sets, weights)[0]
        first, second = source.choice(one).split(), source.choice(one).split()
        cut = source.random()
        words = first[: int(cut * len(first))] + second[int(cut * len(second)) :]
        for i in range(len(words)):
            if source.random() < new_words:
                words[i] = "".join(source.choices(LETTERS, k=source.randint(5, 11)))
        yield " ".join(words)
