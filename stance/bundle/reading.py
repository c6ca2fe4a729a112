"""A bundle to a model: everything is checked before anything is used, and nothing of it is run."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.bundle.facts import fault
from stance.bundle.manifest import (
    CARD,
    CHECK_TOLERANCE,
    CHECKS,
    CONFIG,
    FORMAT,
    LAST_WITHOUT_LEXICONS,
    MIN_CHECKS,
    READABLE,
    WEIGHTS,
    array_shapes,
    file_names,
    lexicons_of,
    vocabulary_file,
)
from stance.bundle.members import check_folder, check_members, parse, parse_lines, read, refusal
from stance.calibration import FittedCalibration
from stance.classifier import LinearModel
from stance.errors import ConfigError
from stance.features import Block, FittedBlock, FittedFeatures, Terms
from stance.model import Model
from stance.settings import build_settings

MAX_TEXT_BYTES = 4 << 20
"""Of the manifest, the check statements, the card, and the header of the weights; to parse takes 13 times that."""

MADE_BY_ANOTHER = "Retrain, or load it with the version of stance that made it."

MAX_CLASSES = 1000
MAX_BLOCKS = 100
MAX_TERM_CHARS = 1 << 20
MAX_CHECK_CHARS = 20_000
"""Of all check statements together; ours have 1,800. A character takes up to 1 KB as terms of a block."""

LARGEST = 1e100
"""Bound of all numbers, and of what their reciprocals may be: no sum or square of products of them is endless."""


def load(path: str | Path) -> Model:
    """The model saved in a bundle, checked file by file and value by value.

    Raises
    ------
    BundleError
        For anything that is not a whole, unchanged bundle of this format; the message names the file.
    """
    folder = Path(path)
    check_folder(folder)
    content = read(folder, CONFIG, MAX_TEXT_BYTES)
    config = _checked_config(folder, parse(folder, CONFIG, content))
    digests = config["files"]
    check_members(folder, digests)
    read(folder, CARD, MAX_TEXT_BYTES, digests[CARD])
    arrays = _arrays(folder, config)
    blocks = tuple(_fitted_block(folder, entry, arrays, digests) for entry in config["blocks"])
    features = FittedFeatures(blocks, config["actors"])
    _check_lexicons(folder, config, features)
    model = Model(
        classes=tuple(config["classes"]),
        features=features,
        linear=LinearModel(arrays["coef"], arrays["intercept"]),
        calibration=_calibration(folder, config["calibration"], arrays),
        facts=config["facts"],
        model_id=hashlib.sha256(content).hexdigest(),
        seen={name.removeprefix("seen."): a for name, a in arrays.items() if name.startswith("seen.")},
    )
    _check_scores(folder, model, read(folder, CHECKS, MAX_TEXT_BYTES, digests[CHECKS]))
    return model


def _checked_config(folder: Path, config: Any) -> dict[str, Any]:
    def need(condition: bool, what: str) -> None:
        if not condition:
            raise refusal(folder, CONFIG, what)

    need(isinstance(config, dict) and "format" in config, "is not the manifest of a stance model")
    if type(config["format"]) is not int or config["format"] not in READABLE:
        later = type(config["format"]) is int and config["format"] > FORMAT
        raise refusal(
            folder,
            CONFIG,
            f"states format {config['format']!r:.20}, this version reads formats {READABLE[0]} to {FORMAT}",
            f"It needs a version of stance that reads format {config['format']}: upgrade stance."
            if later
            else "Retrain.",
        )
    keys = {"format", "classes", "actors", "blocks", "calibration", "facts", "files"}
    keys |= {"lexicons"} if config["format"] > LAST_WITHOUT_LEXICONS else set()
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
    wrong = fault(config["facts"], classes)
    need(wrong is None, str(wrong))
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


def _check_lexicons(folder: Path, config: Mapping[str, Any], features: FittedFeatures) -> None:
    """Refuse a model that reads polarities by other lexicons than there are here: its scores would be others."""
    needed = lexicons_of(features)
    if config["format"] > LAST_WITHOUT_LEXICONS and config["lexicons"] != needed:
        stated = str(config["lexicons"])
        what = f"names lexicons {stated[:8]!r}, this version of stance needs {str(needed)[:8]!r}"
        raise refusal(folder, CONFIG, what, MADE_BY_ANOTHER)


def _arrays(folder: Path, config: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """The arrays of the weights file, each with exactly the type and shape that the manifest calls for."""
    content = read(folder, WEIGHTS, digest=config["files"][WEIGHTS])
    wanted = array_shapes(config)
    entries = _tensor_entries(folder, content)
    if set(entries) != set(wanted):
        odd = sorted(set(entries) ^ set(wanted))[0]
        raise refusal(folder, WEIGHTS, f"and {CONFIG} disagree about array '{odd[:80]}'")
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
            raise refusal(folder, WEIGHTS, f"holds array '{name}' of the wrong type or shape")
    try:
        arrays: dict[str, NDArray[Any]] = load_tensors(content)
    except (SafetensorError, ValueError, OverflowError, TypeError) as error:
        raise refusal(folder, WEIGHTS, f"cannot be read ({str(error)[:80]})") from None
    for name, array in arrays.items():
        if array.dtype == np.float64 and not _are_finite(array):
            raise refusal(
                folder, WEIGHTS, f"holds a number in '{name}' that is not finite, or above {LARGEST}"
            )
        if name.startswith("idf.") and not array.min() >= 1 / LARGEST:
            raise refusal(folder, WEIGHTS, f"holds a weight in '{name}' that is not above 0")
    if len(arrays.get("seen.signatures", ())) > len(arrays["seen.texts"]):
        raise refusal(folder, WEIGHTS, "holds more signatures of training texts than training texts")
    return arrays


def _are_finite(array: NDArray[np.float64]) -> bool:
    """Whether all are numbers within bounds, found without a second array."""
    return bool(array.min(initial=0.0) >= -LARGEST and array.max(initial=0.0) <= LARGEST)


def _tensor_entries(folder: Path, content: bytes) -> dict[str, dict[str, Any]]:
    """The header of a safetensors file: name, type and shape of each array."""
    n_header = int.from_bytes(content[:8], "little")
    if len(content) < 8 or n_header > min(len(content) - 8, MAX_TEXT_BYTES):
        raise refusal(folder, WEIGHTS, "is cut off, or no safetensors file")
    header = parse(folder, WEIGHTS, content[8 : 8 + n_header])
    if not isinstance(header, dict) or not all(isinstance(entry, dict) for entry in header.values()):
        raise refusal(folder, WEIGHTS, "has a header that is not one")
    return {name: entry for name, entry in header.items() if name != "__metadata__"}


def _fitted_block(
    folder: Path, entry: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], digests: Mapping[str, str]
) -> FittedBlock:
    member = vocabulary_file(entry["name"])
    try:
        block = build_settings(Block, entry["settings"], f"blocks.{entry['name']}")
    except ConfigError as error:
        raise refusal(folder, CONFIG, f"has a wrong setting ({error})") from None
    terms = _terms(folder, member, read(folder, member, digest=digests[member]), entry["n_terms"])
    return FittedBlock(entry["name"], block, terms, arrays[f"idf.{entry['name']}"])


def _terms(folder: Path, member: str, content: bytes, n_terms: int) -> Terms:
    """The terms of a vocabulary: so many different texts, in order."""

    def checked() -> Iterator[list[str]]:
        n, last = 0, None
        for some in parse_lines(folder, member, content):
            if not all(isinstance(term, str) and len(term) <= MAX_TERM_CHARS for term in some):
                raise refusal(folder, member, "holds a term that is not a text")
            n += len(some)
            if n > n_terms:
                break
            if any(a >= b for a, b in pairwise(some if last is None else [last, *some])):
                raise refusal(folder, member, "holds a term twice or out of order")
            last = some[-1] if some else last
            yield some
        if n != n_terms:
            raise refusal(folder, member, f"does not hold {n_terms} terms")

    return Terms.of(checked(), n_terms, len(content))


def _calibration(folder: Path, kind: Any, arrays: Mapping[str, NDArray[Any]]) -> FittedCalibration:
    own = {
        name.removeprefix("calibration."): a for name, a in arrays.items() if name.startswith("calibration.")
    }
    if kind == "isotonic":
        for name, x in own.items():
            y = own[f"y_{name[2:]}"]
            if not len(x) or len(x) != len(y) or (np.diff(x) < 0).any() or ((y < 0) | (y > 1)).any():
                raise refusal(
                    folder, WEIGHTS, f"holds a calibration '{name}' that is no rising line of probabilities"
                )
    return FittedCalibration(kind, own)


def _check_scores(folder: Path, model: Model, content: bytes) -> None:
    """Score the bundle's own check statements and refuse it where a number differs."""
    rows = parse(folder, CHECKS, b"[%b]" % content.strip().replace(b"\n", b","))
    if len(rows) < MIN_CHECKS:
        raise refusal(folder, CHECKS, f"holds {len(rows)} statements, {MIN_CHECKS} are needed")
    needs_target = model.features.needs_target
    for row in rows:
        fine = isinstance(row, dict) and isinstance(row.get("text"), str)
        if not fine or (needs_target and not isinstance(row.get("target"), str)):
            raise refusal(folder, CHECKS, "holds a row that is not a check statement")
    texts = [row["text"] for row in rows]
    targets = [row["target"] for row in rows] if needs_target else None
    if sum(map(len, [*texts, *(targets or ())])) > MAX_CHECK_CHARS:
        raise refusal(folder, CHECKS, f"holds more than {MAX_CHECK_CHARS} characters of statements")
    stated = [(key, _stated(folder, rows, key, model.classes)) for key in ("decision", "p")]
    scores = _narrowed(model, texts, targets).score(texts, targets)
    for (key, values), found in zip(stated, (scores.decisions, scores.probabilities), strict=True):
        if not (np.abs(values - found) <= CHECK_TOLERANCE).all():
            raise refusal(
                folder, CHECKS, f"states numbers '{key}' that this model does not give", MADE_BY_ANOTHER
            )


def _stated(folder: Path, rows: Sequence[Any], key: str, classes: Sequence[str]) -> NDArray[np.float64]:
    """The numbers (n_rows, n_classes) that check statements state by class."""
    numbers = [
        row[key].get(name) if isinstance(row.get(key), dict) else None for row in rows for name in classes
    ]
    if not all(type(number) in (int, float) for number in numbers):
        raise refusal(folder, CHECKS, f"holds no numbers '{key}' by class")
    return np.asarray(numbers, dtype=np.float64).reshape(len(rows), len(classes))


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
