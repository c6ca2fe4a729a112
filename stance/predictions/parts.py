"""The parts of a run that is not finished: whole files with a ledger, to go on from after any stop."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from stance.errors import ConfigError, OutputError, output_error
from stance.predictions.inputs import Position
from stance.provenance import sha256_file
from stance.tables import atomic_file, write_json

LEDGER = "ledger.jsonl"
RUN = "run.json"
Record = dict[str, Any]


class Parts:
    """A folder of numbered part files.

    Parameters
    ----------
    folder : Path
    identity : mapping
        Model, input and settings: what must be equal for parts to belong together.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        self.identity = identity
        self.records: dict[int, Record] = {}

    def start(self, resume: bool | None) -> None:
        """Take over the whole parts that are there, or begin with none.

        Raises
        ------
        ConfigError
            If the parts there were made by another model, input or setting.
        """
        if resume is not False and (self.folder / RUN).is_file():
            check_same(self.folder, self.identity)
            self.records = {record["part"]: record for record in self._ledger() if self._is_whole(record)}
        else:
            self._clear()
            write_json(self.folder / RUN, self.identity)
        self._rewrite()

    def path(self, number: int) -> Path:
        """The file of a part."""
        return self.folder / f"part-{number:06d}.parquet"

    def paths(self) -> list[Path]:
        """The part files in order."""
        return [self.path(number) for number in sorted(self.records)]

    def skip_paths(self) -> list[Path]:
        """The lists of skips in order."""
        return [self._skips_path(n) for n in sorted(self.records) if "skips_sha256" in self.records[n]]

    def add(self, number: int, content: bytes, skips: bytes, facts: Mapping[str, Any]) -> None:
        """Put a part on disk for good: its file first, then its line in the ledger."""
        self._write(self.path(number), content)
        record = {"part": number, "sha256": _digest(content), **facts}
        if skips:
            self._write(self._skips_path(number), skips)
            record["skips_sha256"] = _digest(skips)
        self.records[number] = record
        self._append(record)

    def first_missing(self) -> int:
        """Number of the first part that is not there."""
        return next(n for n in range(len(self.records) + 1) if n not in self.records)

    def start_of(self, number: int) -> Position:
        """Where the input of a part begins; the part before it must be there."""
        return Position(*self.records[number - 1]["next"]) if number else Position()

    def remove(self) -> None:
        """Remove the folder; what names the run first, so that no half of it is taken for one."""
        with suppress(OSError):
            (self.folder / RUN).unlink()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _skips_path(self, number: int) -> Path:
        return self.folder / f"skips-{number:06d}.jsonl"

    def _ledger(self) -> list[Record]:
        """The records in the ledger; the last line may have been cut off by a kill."""
        try:
            lines = (self.folder / LEDGER).read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        records = []
        for line in lines[:-1]:
            with suppress(orjson.JSONDecodeError):
                records.append(orjson.loads(line))
        return records

    def _is_whole(self, record: Record) -> bool:
        files = [(self.path(record["part"]), record["sha256"])]
        if "skips_sha256" in record:
            files.append((self._skips_path(record["part"]), record["skips_sha256"]))
        return all(path.is_file() and sha256_file(path) == digest for path, digest in files)

    def _rewrite(self) -> None:
        """The ledger with exactly the whole parts, and no file beside them."""
        kept = {RUN, LEDGER, "lock.json"}
        for record in self.records.values():
            kept |= {self.path(record["part"]).name, self._skips_path(record["part"]).name}
        self._clear(kept)
        with atomic_file(self.folder / LEDGER) as file:
            for number in sorted(self.records):
                file.write(orjson.dumps(self.records[number], option=orjson.OPT_APPEND_NEWLINE))

    def _clear(self, kept: set[str] = frozenset({"lock.json"})) -> None:  # type: ignore[assignment]
        try:
            for path in self.folder.iterdir():
                if path.name not in kept:
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        except OSError as error:
            raise output_error(self.folder, error) from error

    def _write(self, path: Path, content: bytes) -> None:
        with atomic_file(path) as file:
            file.write(content)

    def _append(self, record: Record) -> None:
        try:
            with (self.folder / LEDGER).open("ab") as file:
                file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise output_error(self.folder, error) from error


def parts_folder(output: Path) -> Path:
    """The folder for parts beside an output."""
    return output.with_name(f"{output.name}.parts")


def check_same(folder: Path, identity: Mapping[str, Any]) -> None:
    """Raise ConfigError, naming what differs, where a folder's parts were made by another run."""
    try:
        found = orjson.loads((folder / RUN).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise OutputError(
            f"{folder / RUN}: cannot be read ({error}). Start again with resume=false."
        ) from None
    wanted = orjson.loads(orjson.dumps(identity))
    differing = [key for key in {**found, **wanted} if found.get(key) != wanted.get(key)]
    if differing:
        key = differing[0]
        theirs, ours = _shown(found.get(key)), _shown(wanted.get(key))
        raise ConfigError(
            f"{folder} was scored with {key} {theirs}, this run uses {ours}; "
            "resuming would mix the two. Choose another output, or set resume=false."
        )


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= 80 else text[:79] + "…"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
