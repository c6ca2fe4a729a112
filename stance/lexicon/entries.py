"""The tables of words that ship with stance, one entry a line: its language, its class, and a word or the start of words."""

from collections.abc import Iterator
from importlib.resources import files


def table_bytes(table: str) -> bytes:
    """A table as it is stored."""
    return (files("stance.lexicon") / "data" / f"{table}.tsv").read_bytes()


def table_rows(table: str) -> Iterator[tuple[str, str, str]]:
    """Language, class and entry of each line; the start of words ends in a star."""
    for line in table_bytes(table).decode().splitlines()[1:]:
        lang, name, entry = line.split("\t")
        yield lang, name, entry
