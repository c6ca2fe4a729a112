"""A small saved model, and ways to change one thing in a copy of it."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from safetensors.numpy import load, save

from stance import bundle
from stance.calibration import Calibration, Sigmoid
from stance.card import model_card
from stance.classifier import LinearSVC
from stance.features import Block, Features
from stance.fit import Fit, TrainingData
from stance.model import Model
from stance.seen import seen_hashes
from tests.texts import labelled


def small_model(
    calibration: Calibration | None = None, n_classes: int = 2, word: Block | None = None
) -> Model:
    """A model of two blocks on a few statements."""
    data = labelled()
    if n_classes == 3:
        y = np.where(np.arange(len(data.y)) % 3 == 0, 2, data.y)
        data = TrainingData(data.texts, None, y, data.units, ("cooperative", "neutral", "tense"))
    char = Block(analyzer="char_wb", ngram_range=(2, 3))
    features = Features(blocks={"word": word or Block(ngram_range=(1, 2)), "char": char})
    fit = Fit(data, features, LinearSVC(), calibration or Sigmoid(), seed=1)
    model = fit.model(np.arange(len(data.y)), np.zeros(0, dtype=np.int64))
    return Model(
        model.classes,
        model.features,
        model.linear,
        model.calibration,
        {"dataset": "t"},
        None,
        seen_hashes(data.texts, ["a"]),
    )


def save_small(folder: Path, word: Block | None = None) -> Path:
    """A bundle on disk."""
    path = folder / "model"
    model = small_model(word=word)
    bundle.save(model, path, card=model_card(model))
    return path


def copy(path: Path, folder: Path) -> Path:
    """A copy to change."""
    target = folder / "changed"
    shutil.copytree(path, target)
    return target


def redigest(path: Path) -> None:
    """State the digests of the files as they are now, as an attacker would."""
    config = json.loads((path / "config.json").read_text())
    config["files"] = {
        n: hashlib.sha256((path / n).read_bytes()).hexdigest()
        for n in config["files"]
        if (path / n).is_file()
    }
    (path / "config.json").write_text(json.dumps(config))


def change_config(change: Callable[[dict], None]) -> Callable[[Path], None]:
    """A change of the manifest."""

    def apply(path: Path) -> None:
        config = json.loads((path / "config.json").read_text())
        change(config)
        (path / "config.json").write_text(json.dumps(config))

    return apply


def change_arrays(change: Callable[[dict], None]) -> Callable[[Path], None]:
    """A change of the numbers, with digests made to fit."""

    def apply(path: Path) -> None:
        arrays = {
            name: array.copy() for name, array in load((path / "model.safetensors").read_bytes()).items()
        }
        change(arrays)
        (path / "model.safetensors").write_bytes(save(arrays))
        redigest(path)

    return apply


def change_vocabulary(change: Callable[[list], object]) -> Callable[[Path], None]:
    """A change of the terms, with digests made to fit."""

    def apply(path: Path) -> None:
        member = path / "vocabulary" / "word.json"
        terms = json.loads(member.read_text())
        changed = change(terms)
        member.write_text(json.dumps(terms if changed is None else changed))
        redigest(path)

    return apply
