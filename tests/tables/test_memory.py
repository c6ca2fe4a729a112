"""Memory of the readers: within 64 MiB above the batch, whatever the file holds, and flat in its rows."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.tables.files import gzip_bomb

MIB = 1 << 20

PEAK = """
import sys
from stance.errors import DataError
from stance.tables import read_batches

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) << 10

small, path = sys.argv[1:]
list(read_batches(small))
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
before, largest = peak(), 0
try:
    for batch in read_batches(path):
        largest = max(largest, batch.rows.nbytes)
except DataError:
    pass
print(peak() - before - largest)
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="the peak is read from /proc, which Linux alone has"
)


def bytes_above_batch(small: Path, path: Path) -> int:
    """Peak of a process that reads ``path``, above what it took before and its largest batch."""
    result = subprocess.run(
        [sys.executable, "-c", PEAK, small, path], capture_output=True, text=True, check=True
    )
    return int(result.stdout)


def long_line(path: Path) -> None:
    with path.open("w") as file:
        file.write('{"text": "ok"}\n{"text": "')
        file.writelines("a" * MIB for _ in range(200))
        file.write('"}\n{"text": "ok"}\n')


def wide_line(path: Path) -> None:
    path.write_text('{"text": "😀' + "a" * (7 * MIB) + '"}\n')


def many_values(path: Path) -> None:
    path.write_text('{"text": "a", "x": [' + "[]," * (5 * MIB) + "0]}\n")


def escaped_quotes(path: Path) -> None:
    path.write_text('{"text": "' + '\\"' * (7 * MIB) + '", "n": 1, "n": 2}\n')


def new_columns(path: Path) -> None:
    path.write_text("".join(f'{{"text": "a", "c{i}": {i}}}\n' for i in range(20_000)))


def long_csv_row(path: Path) -> None:
    path.write_text("text,id\n" + '"' + "a😀" * (600_000) + '",1\n')


def csv_commas(path: Path) -> None:
    path.write_text("text,id\n" + "," * (3 * MIB - 10) + "\n")


def csv_open_quote(path: Path) -> None:
    path.write_text('text,id\n"a\n' + "x,y\n" * 2_000_000)


def gzip_line(path: Path) -> None:
    path.write_bytes(gzip_bomb(b'{"text": "a"}\n{"text": "', b"a" * MIB, 300))


def parquet_bomb(path: Path) -> None:
    values = pa.DictionaryArray.from_arrays(pa.array(np.zeros(13_000, np.int32)), pa.array(["x" * MIB]))
    pq.write_table(pa.table({"text": values}), path)


def parquet_lists(path: Path) -> None:
    values = pa.DictionaryArray.from_arrays(pa.array(np.zeros(20_000_000, np.int32)), pa.array(["xyz"]))
    lists = pa.ListArray.from_arrays(pa.array([0, 20_000_000], pa.int32()), values)
    pq.write_table(pa.table({"text": ["a"], "x": lists}), path)


HOSTILE: dict[str, tuple[str, Callable[[Path], None]]] = {
    make.__name__: (name, make)
    for name, make in (
        ("a.jsonl", long_line),
        ("a.jsonl", wide_line),
        ("a.jsonl", many_values),
        ("a.jsonl", escaped_quotes),
        ("a.jsonl", new_columns),
        ("a.csv", long_csv_row),
        ("a.csv", csv_commas),
        ("a.csv", csv_open_quote),
        ("a.jsonl.gz", gzip_line),
        ("a.parquet", parquet_bomb),
        ("a.parquet", parquet_lists),
    )
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_file_takes_more_than_64_mib_above_the_batch(tmp_path: Path, kind: str) -> None:
    name, make = HOSTILE[kind]
    path = tmp_path / name
    make(path)
    small = path.with_name("small" + name[1:])
    if name.endswith(".parquet"):
        pq.write_table(pa.table({"text": ["a"]}), small)
    else:
        content = b'{"text": "a"}\n' if "jsonl" in name else b"text,id\na,1\n"
        small.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert bytes_above_batch(small, path) <= 64 * MIB


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, suffix: str) -> None:
    texts = [f"Le ministre a salué l'accord numéro {i}. " * 5 for i in range(40_000)]
    sizes = []
    for n_rows in (10_000, 40_000):
        path = tmp_path / f"{n_rows}{suffix}"
        if suffix == ".parquet":
            pq.write_table(pa.table({"text": texts[:n_rows]}), path)
        elif suffix == ".csv":
            path.write_text("text\n" + "\n".join(texts[:n_rows]))
        else:
            path.write_text("\n".join(json.dumps({"text": text}) for text in texts[:n_rows]))
        sizes.append(bytes_above_batch(path, path))
    assert sizes[1] - sizes[0] < 16 * MIB
