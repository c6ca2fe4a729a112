"""The parts of a run that is not finished: whole files with a ledger, to go on from after any stop."""

import hashlib
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import orjson

from stance.errors import ConfigError, OutputError, output_error
from stance.predictions.counts import Counts, added
from stance.predictions.lock import LOCK
from stance.predictions.tasks import Position
from stance.provenance import sha256_file
from stance.tables import atomic_file, write_json

if TYPE_CHECKING:
    import pyarrow as pa

LEDGER = "ledger.jsonl"
RUN = "run.json"
Record = dict[str, Any]
Content = Union[bytes, "pa.Buffer"]


class Parts:
    """A folder of numbered part files, each with a line in the ledger that has its digest.

    Parameters
    ----------
    folder : Path
        Held by this process.
    identity : mapping
        Model, input and settings: what must be equal for parts to belong together.

    Attributes
    ----------
    counts : mapping
        Sum of what was counted of the parts that are there.
    digests : mapping of number to str
        Of the input of each part.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        self.identity = identity
        self.counts: Counts = {}
        self._ends: dict[int, Position] = {}
        self._with_skips: set[int] = set()
        self.digests: dict[int, str] = {}

    def __contains__(self, number: int) -> bool:
        return number in self._ends

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def are_begun(self) -> bool:
        """Whether a run made the folder its own."""
        return (self.folder / RUN).is_file()

    def stated_digests(self) -> dict[int, str]:
        """The digest of the input of each part that the ledger has."""
        return {record["part"]: record["input"] for record, _ in self._ledger()}

    def adopt(self) -> None:
        """Make what is there that of this run, whose input was only touched."""
        write_json(self.folder / RUN, self.identity)

    def start(self, resume: bool | None) -> None:
        """Take over the whole parts that are there, or begin with none.

        Parameters
        ----------
        resume : bool or None
            None takes parts over where there are any; False never does.

        Raises
        ------
        ConfigError
            If the parts there were made by another model, input or setting.
        """
        if resume is False or not self.are_begun or not (resume or any(self._ledger())):
            self._remove_all_but({LOCK})
            write_json(self.folder / RUN, self.identity)
        else:
            check_same(self.folder, self.stated_identity(), self.identity)
        lines = [(record, line) for record, line in self._ledger() if self._is_whole(record)]
        for record, _ in lines:
            self._take(record)
        with atomic_file(self.folder / LEDGER) as file:
            file.write(b"".join(line for _, line in lines))
        kept = {path.name for n in self._ends for path in (self.path(n), self._skips_path(n))}
        self._remove_all_but(kept | {LOCK, RUN, LEDGER})

    def add(
        self, number: int, content: Content, skips: bytes, end: Position, counts: Counts, digest: str = ""
    ) -> None:
        """Put a part on disk for good: its files first, then its line in the ledger.

        Parameters
        ----------
        content : bytes or pyarrow.Buffer
            The part file.
        skips : bytes
            The rows that were left out, as JSON lines.
        end : Position
            Where in the input the next part begins.
        digest : str
            Of the input of this one.
        """
        record = {
            "part": number,
            "input": digest,
            "sha256": _digest(content),
            "end": [end.file, end.batch],
            "counts": counts,
        }
        self._write(self.path(number), content)
        if skips:
            record["skips_sha256"] = _digest(skips)
            self._write(self._skips_path(number), skips)
        record["check"] = _check(record)
        self._append(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        self._take(record)

    def first_missing(self) -> int:
        """Number of the first part that is not there."""
        return next(n for n in range(len(self) + 1) if n not in self)

    def start_of(self, number: int) -> Position:
        """Where the input of a part begins; the part before it must be there."""
        return self._ends[number - 1] if number else Position()

    def path(self, number: int) -> Path:
        """The file of a part."""
        return self.folder / f"part-{number:06d}.arrows"

    def paths(self) -> list[Path]:
        """The part files in order."""
        return [self.path(number) for number in sorted(self._ends)]

    def first_skips(self, n: int) -> list[Record]:
        """Up to ``n`` skips, the first ones."""
        lines = (line for path in self.skip_paths() for line in path.read_bytes().splitlines())
        return [orjson.loads(line) for line in islice(lines, n)]

    def skip_paths(self) -> list[Path]:
        """The lists of skips in order."""
        return [self._skips_path(number) for number in sorted(self._with_skips)]

    def remove(self) -> None:
        """Remove the folder; what names the run first, so that no half of it is taken for one."""
        with suppress(OSError):
            (self.folder / RUN).unlink()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _skips_path(self, number: int) -> Path:
        return self.folder / f"skips-{number:06d}.jsonl"

    def _take(self, record: Record) -> None:
        self._ends[record["part"]] = Position(*record["end"])
        self.counts = added(self.counts, record["counts"])
        self.digests[record["part"]] = record["input"]
        if "skips_sha256" in record:
            self._with_skips.add(record["part"])

    def stated_identity(self) -> dict[str, Any]:
        """The identity of the run that made what is there."""
        path = self.folder / RUN
        try:
            found: dict[str, Any] = orjson.loads(path.read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            raise OutputError(f"{path}: cannot be read ({error}). Start again with resume=false.") from None
        return found

    def _ledger(self) -> Iterator[tuple[Record, bytes]]:
        """The records in the ledger, with their lines; a line that was cut off or changed is none."""
        try:
            lines = (self.folder / LEDGER).read_bytes().splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            with suppress(orjson.JSONDecodeError):
                record = orjson.loads(line)
                if isinstance(record, dict) and record.pop("check", None) == _check(record):
                    yield record, line + b"\n"

    def _is_whole(self, record: Record) -> bool:
        """Whether the files of a part are what was written."""
        files = [(self.path(record["part"]), record["sha256"])]
        if "skips_sha256" in record:
            files.append((self._skips_path(record["part"]), record["skips_sha256"]))
        return all(path.is_file() and sha256_file(path) == digest for path, digest in files)

    def _remove_all_but(self, names: Collection[str]) -> None:
        try:
            for path in self.folder.iterdir():
                if path.name not in names:
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        except OSError as error:
            raise output_error(self.folder, error) from error

    def _write(self, path: Path, content: Content) -> None:
        with atomic_file(path) as file:
            file.write(content)

    def _append(self, line: bytes) -> None:
        try:
            with (self.folder / LEDGER).open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise output_error(self.folder, error) from error


def differing(found: Mapping[str, Any], identity: Mapping[str, Any]) -> list[str]:
    """The keys by which two identities differ, one of them as read from a file."""
    wanted = orjson.loads(orjson.dumps(identity))
    return [key for key in {**found, **wanted} if found.get(key) != wanted.get(key)]


def check_same(where: Path, found: Mapping[str, Any], identity: Mapping[str, Any]) -> None:
    """Raise ConfigError, naming what differs, where another run made what is there."""
    for key in differing(found, identity)[:1]:
        theirs, ours = _shown(found.get(key)), _shown(identity.get(key))
        raise ConfigError(
            f"{where} was scored with {key} {theirs}, this run uses {ours}; resuming would mix the two. "
            "Choose another output, or set resume=false."
        )


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= 120 else text[:119] + "…"


def _digest(content: Content) -> str:
    return hashlib.sha256(content).hexdigest()


def _check(record: Record) -> str:
    return _digest(orjson.dumps(record))[:16]
