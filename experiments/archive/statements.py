"""An archive to score: statements of 200 characters, made of the words of data/tone, with new words among them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
GROUP_ROWS = 100_000
CHARS = 200
NEW_WORDS = 0.02
"""Share of words that occur once or twice, as names and misspellings do in the press."""

FIRST_YEAR, N_YEARS = 1995, 30


def words() -> list[str]:
    """The words of data/tone, in the order of its statements."""
    lines = (ROOT / "data" / "tone" / "statements.jsonl").read_bytes().splitlines()
    return " ".join(orjson.loads(line)["text"] for line in lines).split()


def tables(n_rows: int, seed: int = 20240229) -> Iterator[pa.Table]:
    """Row groups of an archive, the same for the same seed."""
    known = words()
    for group, start in enumerate(range(0, n_rows, GROUP_ROWS)):
        random = np.random.default_rng([seed, group])
        n = min(GROUP_ROWS, n_rows - start)
        starts = random.integers(0, len(known) - 60, n)
        texts = [_text(known, int(at), random) for at in starts]
        numbers = np.arange(start, start + n)
        yield pa.table(
            {
                "statement_id": [f"a{i // 12}:{i % 12}" for i in numbers],
                "article_id": [f"a{i // 12}" for i in numbers],
                "text": texts,
                "lang": [("fr", "en")[int(at) * 2 // len(known)] for at in starts],
                "source": [f"outlet {i // 12 % 40}" for i in numbers],
                "published_on": [
                    f"{FIRST_YEAR + i * N_YEARS // n_rows}-{i % 12 + 1:02d}-15" for i in numbers
                ],
            }
        )


def _text(known: list[str], start: int, random: np.random.Generator) -> str:
    """A stretch of the corpus, with now and then a word that is new."""
    chosen = known[start : start + 60]
    for at in np.flatnonzero(random.random(40) < NEW_WORDS):
        chosen[at] = f"{chosen[at]}{random.integers(1_000_000)}"
    return " ".join(chosen)[:CHARS]


def write(path: Path, n_rows: int) -> Path:
    """Write an archive, unless it is there."""
    if not path.exists():
        partial = path.with_name(f".{path.name}")
        with pq.ParquetWriter(partial, next(tables(1)).schema, compression="zstd") as writer:
            for table in tables(n_rows):
                writer.write_table(table)
        partial.rename(path)
    return path


if __name__ == "__main__":
    print(write(Path(sys.argv[2]), int(sys.argv[1])))
