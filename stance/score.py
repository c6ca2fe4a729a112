"""Command: a saved model and an archive -> predictions."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le

from stance.errors import EXIT_TOO_MANY_SKIPPED
from stance.execution import Dask, Local
from stance.predictions.inputs import Input, Reading
from stance.predictions.lock import locked
from stance.predictions.manifest import parts_folder
from stance.predictions.output import Output
from stance.predictions.remote import RemoteInput, is_remote
from stance.predictions.run import Run
from stance.predictions.scoring import ModelFacts
from stance.predictions.summary import print_summary
from stance.provenance import run_facts

Count = Annotated[int, Ge(1)]


def score(
    *,
    model: str,
    input: str,  # noqa: A002
    output: str,
    engine: Local | Dask,
    unit: Literal["statement", "article"] = "statement",
    workers: Count | None = None,
    resume: bool | None = None,
    text_field: str = "text",
    target_field: str = "target",
    encoding: str | None = None,
    delimiter: str | None = None,
    max_chars: Count | None = None,
    max_skipped: Annotated[float, Ge(0), Le(1)] = 0.01,
    part_rows: Count = 32_768,
    parts: bool = False,
    partition_by: str | None = None,
    profile: bool = False,
) -> dict[str, Any]:
    """Score statements with a saved model, part by part, so that a stopped run goes on where it ended.

    Parameters
    ----------
    resume : bool or None
        None goes on with a stopped run of the same output; True does so too, and leaves a finished output
        as it is; False starts again.
    parts : bool
        Write a folder of Parquet files, for readers that open many at once.
    partition_by : str or None
        Divide that folder by the values of a column, or by ``year``.
    profile : bool
        Print where the time went.

    Returns
    -------
    dict
        The manifest: model, settings, and the account of all rows.
    """
    started = datetime.now(UTC)
    target = Output(Path(os.path.realpath(output)), parts or partition_by is not None, partition_by)
    target.check()
    with locked(parts_folder(target.path), output) as folder:
        known = ModelFacts.load(model)
        reading = Reading(
            unit=unit,
            text_field=text_field,
            target_field=target_field if known.needs_target else None,
            encoding=encoding,
            delimiter=delimiter,
            max_chars=max_chars,
            part_rows=part_rows,
        )
        source = _source(input, engine).find(input, reading, target.path)
        run = Run(known, source, target, folder)
        manifest = run.finished() if resume else None
        if manifest is None:
            run.score(engine, workers, resume)
            manifest = run.finish({"run": run_facts(started)})
    print_summary(manifest, output)
    if profile:
        run.print_profile((datetime.now(UTC) - started).total_seconds())
    if manifest["skipped"] - manifest["not_statements"] > max_skipped * manifest["read"]:
        sys.exit(EXIT_TOO_MANY_SKIPPED)
    return manifest


def _source(path: str, engine: Local | Dask) -> type[Input]:
    """Files of this machine; on a cluster also those of a store."""
    return RemoteInput if isinstance(engine, Dask) and is_remote(path) else Input
