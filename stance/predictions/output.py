"""The output: made beside its place from the parts, then put there in one step."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import ConfigError, OutputError, output_error
from stance.predictions.manifest import MANIFEST, SKIPS, beside
from stance.predictions.merging import write_file, write_folder
from stance.predictions.parts import Parts
from stance.provenance import sha256_file
from stance.tables import atomic_file, check_writable, write_json
from stance.tables.suffixes import table_suffix

FILES = (".parquet", ".jsonl", ".jsonl.gz", ".csv")


@dataclass(frozen=True)
class Output:
    """Where predictions go, and in which form.

    Parameters
    ----------
    path : Path
        As typed, with links resolved.
    as_folder : bool
        A folder of Parquet files in place of one file.
    by : str or None
        Column by whose values the folder is divided.
    """

    path: Path
    as_folder: bool = False
    by: str | None = None

    @property
    def suffix(self) -> str:
        """What the finished file ends in."""
        return table_suffix(self.path) or ".parquet"

    def check(self) -> None:
        """Raise, before any work is done, where the output cannot be written."""
        if self.as_folder:
            if self.suffix != ".parquet":
                raise ConfigError(
                    f"output is {self.path}; with parts=true it is a folder of Parquet files. Rename it."
                )
            return
        if self.suffix not in FILES:
            raise ConfigError(f"output is {self.path}; a name that ends in one of {list(FILES)} is needed.")
        check_writable(self.path)

    def check_is_free(self) -> None:
        """Raise OutputError where a folder is asked for and something stands in its place."""
        is_free = not self.path.exists() or (self.path.is_dir() and not any(self.path.iterdir()))
        if self.as_folder and not is_free:
            raise OutputError(
                f"{self.path}: there is something already. Choose another output, or remove it first."
            )

    def is_whole(self, digest: str | None) -> bool:
        """Whether the output is there, and is what was written."""
        return self.path.exists() and output_digest(self.path) == digest

    def made(self, parts: Parts) -> Path:
        """Where the output is made, among the parts."""
        return parts.folder / f"finished{self.suffix}"

    @property
    def grows(self) -> bool:
        """Whether it can be made while its parts still come; to divide rows, the columns of all are needed."""
        return self.by is None

    def make(self, made: Path, parts: Iterable[Path], facts: Mapping[str, str]) -> None:
        """Make the output of all parts.

        Parameters
        ----------
        facts : mapping
            For the metadata of Parquet files.
        """
        if self.as_folder:
            write_folder(made, parts, facts, self.by)
        else:
            write_file(made, parts, facts)

    def place(self, made: Path, manifest: Mapping[str, Any], skips: Iterable[bytes]) -> None:
        """Put what was made in its place, with the manifest and the list of skips beside it."""
        listed, account = beside(self.path, SKIPS), beside(self.path, MANIFEST)
        _write_skips(listed, skips)
        try:
            if not self.as_folder:
                made.replace(self.path)
            write_json(account, manifest)
            if self.as_folder:
                made.rename(self.path)
            _sync(self.path.parent)
        except OSError as error:
            raise output_error(self.path, error) from error


def output_digest(output: Path) -> str:
    """SHA-256 of a file; of a folder, that of the names and digests of all files in it."""
    if not output.is_dir():
        return sha256_file(output)
    files = sorted(path for path in output.rglob("*") if path.is_file())
    lines = [f"{sha256_file(path)}  {path.relative_to(output).as_posix()}\n" for path in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _write_skips(path: Path, skips: Iterable[bytes]) -> None:
    """The list of all skips, or none where nothing was skipped."""
    with atomic_file(path) as file:
        for lines in skips:
            file.write(lines)
    if not path.stat().st_size:
        path.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
