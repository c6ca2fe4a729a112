"""What a file name says about its format."""

from pathlib import Path

PACKED = ".gz"


def table_suffix(path: str | Path) -> str:
    """The suffix that names a format, in lower case, with that of the packing.

    Examples
    --------
    >>> table_suffix("archive 2024.v2.JSONL.gz"), table_suffix("notes")
    ('.jsonl.gz', '')
    """
    name = Path(path).name.lower()
    packing = PACKED if name.endswith(PACKED) else ""
    return Path(name.removesuffix(packing)).suffix + packing
