"""Tables on disk: bounded strict readers and atomic writers."""

from stance.tables.atomic import atomic_file, check_writable, write_json, write_text
from stance.tables.batches import Batch, Skip, check_no_skips, listed
from stance.tables.locating import FoundFiles, find_files
from stance.tables.reading import read_batches
from stance.tables.unifying import names_beside, unify
from stance.tables.writing import write_table

__all__ = [
    "Batch",
    "FoundFiles",
    "Skip",
    "atomic_file",
    "check_no_skips",
    "check_writable",
    "find_files",
    "listed",
    "names_beside",
    "read_batches",
    "unify",
    "write_json",
    "write_table",
    "write_text",
]
