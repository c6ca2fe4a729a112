"""Command: a saved model and an archive -> predictions."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le

from stance.errors import EXIT_TOO_MANY_SKIPPED, ConfigError
from stance.execution import Local
from stance.predictions.inputs import Input
from stance.predictions.lock import locked
from stance.predictions.manifest import print_summary, write_manifest
from stance.predictions.merging import write_output
from stance.predictions.parts import Parts, parts_folder
from stance.predictions.running import score_missing
from stance.predictions.scoring import ModelFacts, Scoring
from stance.tables import check_writable

Count = Annotated[int, Ge(1)]


def score(
    *,
    model: str,
    input: str,  # noqa: A002
    output: str,
    engine: Local,
    unit: Literal["statement", "article"] = "statement",
    workers: Count | None = None,
    resume: bool | None = None,
    text_field: str = "text",
    target_field: str = "target",
    encoding: str | None = None,
    delimiter: str | None = None,
    max_chars: Count | None = None,
    max_skipped: Annotated[float, Ge(0), Le(1)] = 0.01,
    part_rows: Count = 16_384,
) -> dict[str, Any]:
    """Score statements with a saved model, part by part, so that a stopped run goes on where it ended.

    Returns
    -------
    dict
        The manifest: model, settings, and the account of all rows.
    """
    started = datetime.now(UTC)
    target = Path(output)
    check_writable(target)
    with locked(parts_folder(target), output) as folder:
        known = ModelFacts.load(model)
        targets = target_field if known.needs_target else None
        texts = (text_field,) if targets is None else (text_field, targets)
        source = Input.find(input, texts, encoding=encoding, delimiter=delimiter, max_chars=max_chars)
        _check_not_input(target, source)
        settings = {"unit": unit, "text_field": text_field, "target_field": targets, "part_rows": part_rows}
        settings |= {"encoding": encoding, "delimiter": delimiter, "max_chars": max_chars}
        parts = Parts(folder, {"model": known.model_id, "input": source.identity(), **settings})
        parts.start(resume)
        scoring = Scoring(model, known.model_id, text_field, targets)
        score_missing(parts, source, scoring, engine, part_rows, workers)
        facts = {b"stance.model_id": known.model_id.encode()}
        write_output(target, parts.paths(), facts)
        manifest = write_manifest(target, parts, source, known, settings, started)
        parts.remove()
    print_summary(manifest)
    if manifest["skipped"] > max_skipped * manifest["read"]:
        sys.exit(EXIT_TOO_MANY_SKIPPED)
    return manifest


def _check_not_input(target: Path, source: Input) -> None:
    """Raise ConfigError where the output would replace what is read."""
    if not target.exists():
        return
    for file in source.files:
        if file.samefile(target):
            raise ConfigError(f"output is {target}, which is read as input. Choose another output.")
