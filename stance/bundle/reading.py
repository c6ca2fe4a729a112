"""A bundle to a model: everything is checked before anything is used, and nothing of it is run."""

import hashlib
import os
import stat
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from stance.bundle.manifest import (
    CARD,
    CHECK_TOLERANCE,
    CHECKS,
    CONFIG,
    FORMAT,
    MIN_CHECKS,
    READABLE,
    VOCABULARY,
    WEIGHTS,
    array_shapes,
    file_names,
    vocabulary_file,
)
from stance.calibration import FittedCalibration
from stance.classifier import LinearModel
from stance.errors import BundleError, ConfigError, nearest
from stance.features import Block, FittedBlock, FittedFeatures
from stance.model import Model
from stance.settings import build_settings

MAX_CONFIG_BYTES = 16 << 20
MAX_CHECK_BYTES = 16 << 20
MAX_FILE_BYTES = 16 << 30
MAX_CLASSES = 1000
MAX_BLOCKS = 100
MAX_TERM_CHARS = 1 << 20
MAX_CHECK_CHARS = 100_000


def load(path: str | Path) -> Model:
    """The model saved in a bundle, checked file by file and value by value.

    Raises
    ------
    BundleError
        For anything that is not a whole, unchanged bundle of this format; the message names the file.
    """
    folder = Path(path)
    _check_folder(folder)
    content = _read(folder, CONFIG, MAX_CONFIG_BYTES)
    config = _checked_config(folder, _json(folder, CONFIG, content))
    _check_members(folder, config)
    weights = _read_listed(folder, WEIGHTS, config)
    arrays = _arrays(folder, weights, config)
    del weights
    blocks = tuple(_fitted_block(folder, entry, arrays, config) for entry in config["blocks"])
    _read_listed(folder, CARD, config)
    model = Model(
        classes=tuple(config["classes"]),
        features=FittedFeatures(blocks, config["actors"]),
        linear=LinearModel(arrays["coef"], arrays["intercept"]),
        calibration=_calibration(folder, config["calibration"], arrays),
        facts=config["facts"],
        model_id=hashlib.sha256(content).hexdigest(),
        seen={name.removeprefix("seen."): a for name, a in arrays.items() if name.startswith("seen.")},
    )
    _check_scores(folder, model, _read_listed(folder, CHECKS, config, MAX_CHECK_BYTES))
    return model


def _refusal(
    folder: Path, member: str, what: str, step: str = "Copy the bundle again, or retrain."
) -> BundleError:
    return BundleError(f"{folder}: {member} {what}; nothing was loaded. {step}")


def _check_folder(folder: Path) -> None:
    try:
        mode = folder.stat().st_mode
    except (OSError, ValueError) as error:
        siblings = [p.name for p in folder.parent.iterdir()] if folder.parent.is_dir() else []
        hint = nearest(folder.name, siblings)
        reason = getattr(error, "strerror", None) or "not a path"
        raise BundleError(
            f"{folder}: no model can be loaded ({reason}).{hint} Give the folder 'model' of a run."
        ) from None
    if not stat.S_ISDIR(mode):
        what = _looks_like(folder) if stat.S_ISREG(mode) else "not a regular file"
        raise BundleError(
            f"{folder}: {what}, refused; a model is a folder with {CONFIG} and {WEIGHTS}. "
            "Give the folder 'model' of a run."
        )
    if not (folder / CONFIG).exists():
        hint = " Its folder 'model' is one." if (folder / "model" / CONFIG).is_file() else ""
        raise BundleError(
            f"{folder}: this is not a model: it has no {CONFIG}; nothing was loaded.{hint} Give the folder 'model' of a run."
        )


_SIGNATURES = (
    (b"\x80", "a pickle"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstandard file"),
    (b"x\x9c", "a compressed pickle"),
    (b"x\x01", "a compressed pickle"),
    (b"x\xda", "a compressed pickle"),
    (b"ZF", "a compressed pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"PAR1", "a Parquet table"),
    (b"version https://git-lfs", "a git-lfs pointer (the file itself was not fetched)"),
    (b"{", "JSON, perhaps training data"),
    (b"[", "JSON, perhaps training data"),
    (b"<", "a web page or XML"),
    (b"(", "a pickle"),
    (b"c", "text or a pickle"),
)


def _looks_like(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(64)
    except OSError as error:
        return f"a file that cannot be read ({error.strerror})"
    if not start:
        return "an empty file"
    return next(
        (what for signature, what in _SIGNATURES if start.lstrip().startswith(signature)), "a single file"
    )


def _read(folder: Path, member: str, limit: int) -> bytes:
    """The bytes of a regular file inside the bundle; links and special files are refused."""
    try:
        descriptor = os.open(folder / member, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _refusal(folder, member, f"cannot be read ({error.strerror})") from None
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise _refusal(folder, member, "is not a regular file")
        if facts.st_size > limit:
            raise _refusal(folder, member, f"has {facts.st_size} bytes, more than the {limit} allowed")
        return file.read(facts.st_size)


def _read_listed(folder: Path, member: str, config: Mapping[str, Any], limit: int = MAX_FILE_BYTES) -> bytes:
    content = _read(folder, member, limit)
    if hashlib.sha256(content).hexdigest() != config["files"][member]:
        raise _refusal(folder, member, f"does not match its digest in {CONFIG}")
    return content


def _json(folder: Path, member: str, content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _refusal(folder, member, f"is not JSON ({str(error)[:80]})") from None


def _checked_config(folder: Path, config: Any) -> dict[str, Any]:
    def need(condition: bool, what: str) -> None:
        if not condition:
            raise _refusal(folder, CONFIG, what)

    need(isinstance(config, dict) and "format" in config, "is not the manifest of a stance model")
    if type(config["format"]) is not int or config["format"] not in READABLE:
        later = type(config["format"]) is int and config["format"] > FORMAT
        raise _refusal(
            folder,
            CONFIG,
            f"states format {str(config['format'])[:20]}, this version reads formats {READABLE[0]} to {FORMAT}",
            f"It needs a version of stance that reads format {config['format']}: upgrade stance."
            if later
            else "Retrain.",
        )
    keys = {"format", "classes", "actors", "blocks", "calibration", "facts", "files"}
    need(set(config) == keys, f"has keys {sorted(config)[:10]}, not {sorted(keys)}")
    classes = config["classes"]
    need(
        isinstance(classes, list)
        and 2 <= len(classes) <= MAX_CLASSES
        and all(isinstance(c, str) and c.strip() and len(c) < 1000 for c in classes)
        and len(set(classes)) == len(classes),
        "has no list of two or more different classes",
    )
    need(config["actors"] in ("keep", "mask", "drop"), "has an unknown value of actors")
    need(
        config["calibration"] in ("sigmoid", "isotonic", "temperature", "none"), "has an unknown calibration"
    )
    need(isinstance(config["facts"], dict), "has no facts")
    blocks = config["blocks"]
    need(isinstance(blocks, list) and 1 <= len(blocks) <= MAX_BLOCKS, "has no list of feature blocks")
    for block in blocks:
        need(
            isinstance(block, dict)
            and set(block) == {"name", "n_terms", "settings"}
            and isinstance(block["name"], str)
            and block["name"].isidentifier()
            and len(block["name"]) < 100
            and type(block["n_terms"]) is int
            and block["n_terms"] > 0
            and isinstance(block["settings"], dict),
            "has a feature block that is not one",
        )
    names = [block["name"] for block in blocks]
    need(len(set(names)) == len(names), "names a feature block twice")
    files = config["files"]
    need(
        isinstance(files, dict) and sorted(files) == file_names(names),
        "does not list exactly the files of its blocks",
    )
    need(all(isinstance(d, str) for d in files.values()), "has a digest that is not a text")
    checked: dict[str, Any] = config
    return checked


def _check_members(folder: Path, config: Mapping[str, Any]) -> None:
    """Refuse members that the manifest does not list, and links; hidden files are never read and may stay."""
    allowed = {CONFIG, VOCABULARY, *config["files"]}
    for parent, inside in ((folder, ""), (folder / VOCABULARY, f"{VOCABULARY}/")):
        try:
            entries = sorted(os.scandir(parent), key=lambda entry: entry.name)
        except OSError as error:
            raise _refusal(folder, inside or CONFIG, f"cannot be listed ({error.strerror})") from None
        for entry in entries:
            name = inside + entry.name
            if entry.is_symlink():
                raise _refusal(folder, name, "is a link")
            if name not in allowed and not entry.name.startswith("."):
                what = _looks_like(Path(entry.path)) if entry.is_file() else "a folder"
                raise _refusal(
                    folder,
                    name,
                    f"is not listed in {CONFIG} ({what})",
                    "Remove it, or copy the bundle again.",
                )
    for name in config["files"]:
        if not (folder / name).is_file():
            raise _refusal(folder, name, "is missing")


def _arrays(folder: Path, content: bytes, config: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """The arrays of the weights file, each with exactly the type and shape that the manifest calls for."""
    wanted = array_shapes(config)
    entries = _tensor_entries(folder, content)
    if set(entries) != set(wanted):
        odd = sorted(set(entries) ^ set(wanted))[0]
        raise _refusal(folder, WEIGHTS, f"and {CONFIG} disagree about array '{odd[:80]}'")
    from safetensors import SafetensorError
    from safetensors.numpy import load as load_tensors

    for name, (kind, shape) in wanted.items():
        found = entries[name]
        lengths = found.get("shape")
        if (
            found.get("dtype") != kind
            or not isinstance(lengths, list)
            or len(lengths) != len(shape)
            or any(want is not None and want != got for want, got in zip(shape, lengths, strict=True))
        ):
            raise _refusal(folder, WEIGHTS, f"holds array '{name}' of the wrong type or shape")
    try:
        arrays: dict[str, NDArray[Any]] = load_tensors(content)
    except (SafetensorError, ValueError, OverflowError, TypeError) as error:
        raise _refusal(folder, WEIGHTS, f"cannot be read ({str(error)[:80]})") from None
    for name, array in arrays.items():
        if array.dtype == np.float64 and not np.isfinite(array).all():
            raise _refusal(folder, WEIGHTS, f"holds a number in '{name}' that is not finite")
        if name.startswith("idf.") and not (array > 0).all():
            raise _refusal(folder, WEIGHTS, f"holds a weight in '{name}' that is not above 0")
    if len(arrays.get("seen.signatures", ())) > len(arrays["seen.texts"]):
        raise _refusal(folder, WEIGHTS, "holds more signatures of training texts than training texts")
    return arrays


def _tensor_entries(folder: Path, content: bytes) -> dict[str, dict[str, Any]]:
    """The header of a safetensors file: name, type and shape of each array."""
    n_header = int.from_bytes(content[:8], "little")
    if len(content) < 8 or n_header > min(len(content) - 8, MAX_CONFIG_BYTES):
        raise _refusal(folder, WEIGHTS, "is cut off, or no safetensors file")
    header = _json(folder, WEIGHTS, content[8 : 8 + n_header])
    if not isinstance(header, dict) or not all(isinstance(entry, dict) for entry in header.values()):
        raise _refusal(folder, WEIGHTS, "has a header that is not one")
    return {name: entry for name, entry in header.items() if name != "__metadata__"}


def _fitted_block(
    folder: Path, entry: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], config: Mapping[str, Any]
) -> FittedBlock:
    member = vocabulary_file(entry["name"])
    try:
        block = build_settings(Block, entry["settings"], f"blocks.{entry['name']}")
    except ConfigError as error:
        raise _refusal(folder, CONFIG, f"has a wrong setting ({error})") from None
    terms = _json(folder, member, _read_listed(folder, member, config))
    if not isinstance(terms, list) or len(terms) != entry["n_terms"]:
        raise _refusal(folder, member, f"does not hold {entry['n_terms']} terms")
    if not all(isinstance(term, str) and len(term) <= MAX_TERM_CHARS for term in terms):
        raise _refusal(folder, member, "holds a term that is not a text")
    if any(a >= b for a, b in pairwise(terms)):
        raise _refusal(folder, member, "holds a term twice or out of order")
    return FittedBlock(entry["name"], block, terms, arrays[f"idf.{entry['name']}"])


def _calibration(folder: Path, kind: Any, arrays: Mapping[str, NDArray[Any]]) -> FittedCalibration:
    own = {
        name.removeprefix("calibration."): a for name, a in arrays.items() if name.startswith("calibration.")
    }
    if kind == "isotonic":
        for name, x in own.items():
            y = own[f"y_{name[2:]}"]
            if not len(x) or len(x) != len(y) or (np.diff(x) < 0).any() or ((y < 0) | (y > 1)).any():
                raise _refusal(
                    folder, WEIGHTS, f"holds a calibration '{name}' that is no rising line of probabilities"
                )
    return FittedCalibration(kind, own)


def _check_scores(folder: Path, model: Model, content: bytes) -> None:
    """Score the bundle's own check statements and refuse it where a number differs."""
    rows = [_json(folder, CHECKS, line) for line in content.splitlines() if line.strip()]
    if len(rows) < MIN_CHECKS:
        raise _refusal(folder, CHECKS, f"holds {len(rows)} statements, {MIN_CHECKS} are needed")
    needs_target = model.features.needs_target
    for row in rows:
        fine = (
            isinstance(row, dict) and isinstance(row.get("text"), str) and len(row["text"]) <= MAX_CHECK_CHARS
        )
        if not fine or (needs_target and not isinstance(row.get("target"), str)):
            raise _refusal(folder, CHECKS, "holds a row that is not a check statement")
    texts = [row["text"] for row in rows]
    targets = [row["target"] for row in rows] if needs_target else None
    scores = _narrowed(model, texts, targets).score(texts, targets)
    for key, found in (("decision", scores.decisions), ("p", scores.probabilities)):
        try:
            stored = np.asarray(
                [[row[key][name] for name in model.classes] for row in rows], dtype=np.float64
            )
        except (ValueError, TypeError, KeyError, IndexError):
            raise _refusal(folder, CHECKS, f"holds no numbers '{key}' by class") from None
        if not np.abs(stored - found).max() <= CHECK_TOLERANCE:
            raise _refusal(folder, CHECKS, f"states numbers '{key}' that this model does not give")


def _narrowed(model: Model, texts: list[str], targets: list[str] | None) -> Model:
    """The model with the terms of these texts alone: its scores of them are the same, without an index of all."""
    read = model.features.read(texts, targets)
    blocks, columns = [], []
    for block, start in zip(model.features.blocks, model.features.starts, strict=False):
        analyze = block.block.analyze()
        terms = sorted({term for text in read[block.block.field] for term in analyze(text)})
        places = [bisect_left(block.terms, term) for term in terms]
        known = [i for i, term in zip(places, terms, strict=True) if block.terms[i : i + 1] == [term]]
        blocks.append(FittedBlock(block.name, block.block, [block.terms[i] for i in known], block.idf[known]))
        columns += [start + i for i in known]
    linear = replace(model.linear, coef=model.linear.coef[:, columns])
    return replace(model, features=replace(model.features, blocks=tuple(blocks)), linear=linear)
