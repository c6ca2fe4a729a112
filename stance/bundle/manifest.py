"""What a bundle holds: names of its files and arrays, and its settings as plain values."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from stance.features import Block, FittedFeatures
from stance.fields import reads_lexicon
from stance.lexicon.polarity import lexicon_digest
from stance.model import Model
from stance.seen import seen_hashes
from stance.signatures import N_BANDS

FORMAT = 3
READABLE = (1, 2, 3)
"""Formats that are read: 1 had no signatures of the training texts, 1 and 2 did not name the lexicons."""
LAST_WITHOUT_LEXICONS = 2
CONFIG = "config.json"
WEIGHTS = "model.safetensors"
CHECKS = "checks.jsonl"
CARD = "README.md"
VOCABULARY = "vocabulary"
CHECK_TOLERANCE = 1e-9
MIN_CHECKS = 20


def vocabulary_file(block: str) -> str:
    """Path of a block's vocabulary inside the bundle."""
    return f"{VOCABULARY}/{block}.json"


def file_names(blocks: list[str]) -> list[str]:
    """Every file of a bundle beside its manifest."""
    return sorted([WEIGHTS, CHECKS, CARD, *(vocabulary_file(name) for name in blocks)])


def settings_of(model: Model) -> dict[str, Any]:
    """A model's settings as plain JSON values, in the order that gives them back."""
    return {
        "format": FORMAT,
        "classes": list(model.classes),
        "actors": model.features.actors,
        "blocks": [
            {"name": b.name, "n_terms": len(b.terms), "settings": block_settings(b.block)}
            for b in model.features.blocks
        ],
        "calibration": model.calibration.kind,
        "lexicons": lexicons_of(model.features),
        "facts": dict(model.facts),
    }


def lexicons_of(features: FittedFeatures) -> str | None:
    """Digest of the lexicons that features read polarities by, or None where they read none."""
    return lexicon_digest() if any(map(reads_lexicon, features.fields)) else None


def block_settings(block: Block) -> dict[str, Any]:
    """A block's settings as plain JSON values."""
    values = dataclasses.asdict(block)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def arrays_of(model: Model) -> dict[str, Any]:
    """A model's numbers by name."""
    arrays: dict[str, Any] = {f"idf.{block.name}": block.idf for block in model.features.blocks}
    arrays |= {"coef": model.linear.coef, "intercept": model.linear.intercept}
    arrays |= {f"calibration.{name}": values for name, values in model.calibration.arrays.items()}
    seen = {**seen_hashes((), ()), **model.seen}
    arrays |= {f"seen.{name}": values for name, values in seen.items()}
    return arrays


def array_shapes(config: Mapping[str, Any]) -> dict[str, tuple[str, tuple[int | None, ...]]]:
    """Type and shape of each array that a manifest calls for; None stands for any length."""
    n_classes = len(config["classes"])
    n_rows = 1 if n_classes == 2 else n_classes
    n_features = sum(block["n_terms"] for block in config["blocks"])
    shapes: dict[str, tuple[str, tuple[int | None, ...]]] = {
        f"idf.{block['name']}": ("F64", (block["n_terms"],)) for block in config["blocks"]
    }
    shapes |= {"coef": ("F64", (n_rows, n_features)), "intercept": ("F64", (n_rows,))}
    shapes |= {"seen.texts": ("U64", (None,)), "seen.articles": ("U64", (None,))}
    if config["format"] >= 2:
        shapes |= {"seen.signatures": ("U32", (None, N_BANDS))}
    kind = config["calibration"]
    if kind == "sigmoid":
        shapes |= {"calibration.slope": ("F64", (n_rows,)), "calibration.offset": ("F64", (n_rows,))}
    elif kind == "temperature":
        shapes |= {"calibration.slope": ("F64", (1,))}
    elif kind == "isotonic":
        shapes |= {f"calibration.{axis}_{k}": ("F64", (None,)) for k in range(n_rows) for axis in "xy"}
    return shapes
