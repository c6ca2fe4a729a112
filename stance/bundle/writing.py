"""A model to a folder of data: all of it, or nothing."""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from stance.bundle.checks import CHECK_STATEMENTS
from stance.bundle.manifest import CARD, CHECKS, CONFIG, WEIGHTS, arrays_of, settings_of, vocabulary_file
from stance.errors import OutputError, output_error
from stance.model import Model
from stance.provenance import sha256_file

_SORTED = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY


def save(model: Model, path: str | Path, *, card: str) -> None:
    """Write a model as a bundle: the same model gives the same bytes.

    Raises
    ------
    OutputError
        Where ``path`` exists or cannot be written; nothing half-written stays behind.
    """
    target = Path(path)
    if target.exists():
        raise OutputError(f"{target}: there is something already. Choose another output, or remove it first.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise output_error(target, error) from error
    try:
        _write(model, folder, card)
        folder.chmod(0o755)
        folder.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise output_error(target, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(model: Model, folder: Path, card: str) -> None:
    from safetensors.numpy import save as safetensors_bytes

    (folder / "vocabulary").mkdir()
    names = [CARD, WEIGHTS, CHECKS]
    _put(folder / CARD, card.encode())
    arrays = {name: np.ascontiguousarray(values) for name, values in arrays_of(model).items()}
    _put(folder / WEIGHTS, safetensors_bytes(arrays))
    _put(folder / CHECKS, _checks(model))
    for block in model.features.blocks:
        names.append(vocabulary_file(block.name))
        _put(folder / names[-1], b"[\n" + b",\n".join(orjson.dumps(term) for term in block.terms) + b"\n]\n")
    files = {name: sha256_file(folder / name) for name in sorted(names)}
    _put(folder / CONFIG, orjson.dumps({**settings_of(model), "files": files}, option=_SORTED))
    _sync(folder / "vocabulary")
    _sync(folder)


def _checks(model: Model) -> bytes:
    targets = list(CHECK_STATEMENTS[1:] + CHECK_STATEMENTS[:1]) if model.features.needs_target else None
    scores = model.score(CHECK_STATEMENTS, targets)
    lines = []
    for i, text in enumerate(CHECK_STATEMENTS):
        row = {
            "text": text,
            "decision": _by_class(model, scores.decisions[i]),
            "p": _by_class(model, scores.probabilities[i]),
        }
        if targets is not None:
            row["target"] = targets[i]
        lines.append(orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
    return b"".join(lines)


def _by_class(model: Model, values: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(model.classes, values.tolist(), strict=True))


def _put(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
