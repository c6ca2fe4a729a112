"""Input on a store that fsspec reaches: listed, then brought here file by file as it is read."""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from stance.articles.reader import TABLES
from stance.errors import ConfigError, DataError
from stance.predictions.inputs import Input, Reading
from stance.tables.suffixes import table_suffix

STORES = ("abfs", "az", "file", "gcs", "gs", "hdfs", "s3")
ADDRESS = re.compile(rf"({'|'.join(STORES)})://")
VERSIONS = (
    "ETag",
    "etag",
    "md5Hash",
    "content_md5",
    "mtime",
    "LastModified",
    "last_modified",
    "modificationTime",
)
"""What stores state of a file that changes with it."""


def is_remote(path: str) -> bool:
    """Whether a path is the address of a store that is read.

    Examples
    --------
    >>> is_remote("s3://archive/part-*.parquet"), is_remote("http://example.org/a.csv"), is_remote("a.csv")
    (True, False, False)
    """
    return ADDRESS.match(path) is not None


@dataclass(frozen=True)
class RemoteInput(Input):
    """Tables on a store.

    Parameters
    ----------
    system : fsspec.AbstractFileSystem
    infos : tuple of mapping
        What the store says of each file.
    address : str
        As typed.
    """

    system: Any = None
    infos: tuple[Mapping[str, Any], ...] = field(default=())
    address: str = ""

    @classmethod
    def find(cls, path: str, reading: Reading, output: Path) -> Self:
        """The tables that an address, a folder or a pattern on a store stands for."""
        with _store_needed(path):
            from fsspec.core import url_to_fs  # type: ignore[import-untyped]

            system, inside = url_to_fs(path)
            found = system.glob(inside) if "*" in inside else system.find(inside) or [inside]
            names = [name for name in sorted(found) if table_suffix(name) in TABLES]
            infos = tuple(system.info(name) for name in names)
        if not infos:
            raise DataError(
                f"{path}: holds or matches no table; read are {', '.join(TABLES)}. Correct the path."
            )
        files = tuple(Path(info["name"]) for info in infos)
        is_single = len(files) == 1 and "*" not in inside
        return cls(files, reading, is_single=is_single, system=system, infos=infos, address=path)

    def label(self, index: int) -> str:
        """The address of a file."""
        return str(self.system.unstrip_protocol(self.infos[index]["name"]))

    @contextmanager
    def at_hand(self, index: int) -> Iterator[Path]:
        """A copy of a file in a folder of its own, for as long as it is read."""
        with tempfile.TemporaryDirectory(prefix="stance-") as folder:
            copy = Path(folder) / self.files[index].name
            with _store_needed(self.label(index)):
                self.system.get_file(self.infos[index]["name"], str(copy))
            yield copy

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The files' paths below the folder that all are in."""
        folder = os.path.commonpath([file.parent for file in self.files])
        return tuple(file.relative_to(folder).as_posix() for file in self.files)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The files' sizes in bytes, as the store states them."""
        return tuple(int(info["size"] or 0) for info in self.infos)

    @cached_property
    def changed(self) -> tuple[Any, ...]:
        """The files' versions, as the store states them."""
        return tuple([str(info[key]) for key in VERSIONS if key in info] for info in self.infos)


@contextmanager
def _store_needed(path: str) -> Iterator[None]:
    """What stores and their libraries raise, as our refusals."""
    try:
        yield
    except ImportError as error:
        raise ConfigError(f"{path}: {error}. Install the library for this store.") from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        raise DataError(
            f"{path}: cannot be read ({reason}). Correct the address or the permissions."
        ) from None
