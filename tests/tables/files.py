"""Files for the tests of the readers, and all that a reader makes of one."""

import zlib
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from stance.tables.batches import Skip
from stance.tables.reading import read_batches
from stance.tables.unifying import unify


class Read(NamedTuple):
    """All batches of a file, put together."""

    rows: list[dict[str, Any]]
    lines: list[int]
    skips: list[Skip]

    def texts(self) -> list[str]:
        return [row["text"] for row in self.rows]

    def reasons(self) -> list[tuple[int, str | None, str]]:
        return [(skip.line, skip.field, skip.reason) for skip in self.skips]


def put(folder: Path, name: str, content: bytes | str) -> Path:
    """Write a file and give its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def gzip_bomb(start: bytes, block: bytes, n_blocks: int) -> bytes:
    """A gzip stream of ``start`` and many equal blocks, packed once: blocks after a full flush stand alone."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)) * n_blocks


def read(path: Path, **options: Any) -> Read:
    """Read a file to its end."""
    batches = list(read_batches(path, **options))
    rows = pa.concat_tables(unify([batch.rows for batch in batches])).to_pylist()
    lines = [int(line) for batch in batches for line in batch.lines]
    skips = [skip for batch in batches for skip in batch.skips]
    assert len(rows) == len(lines)
    return Read(rows, lines, skips)
