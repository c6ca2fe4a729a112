"""Tables and files written: exact, neutral, whole or absent."""

import csv
import gzip
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.errors import ConfigError, OutputError
from stance.tables.atomic import atomic_file, check_writable, write_json, write_text
from stance.tables.reading import read_batches
from stance.tables.writing import JSON_TEXT, write_table

TEXTS = ["=1+1", "é\n\r\u2028 \"q\" 'a', b;\tc", "\0 NUL", "😀 ﷽", "-5", "", None]
FORMATS = [".parquet", ".jsonl", ".jsonl.gz"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_text_and_numbers_come_back_exactly(tmp_path: Path, suffix: str) -> None:
    table = pa.table(
        {
            "text": TEXTS,
            "n": [2**63 - 1, -(2**63), 0, None, 1, 2, 3],
            "p": [0.1, 1e-300, -0.0, 1 / 3, 5e-324, None, 1e15],
            "ok": [True, False, None, True, True, False, True],
        }
    )
    write_table(tmp_path / f"a{suffix}", [table.slice(0, 3), table.slice(3)])
    batches = read_batches(tmp_path / f"a{suffix}", text_fields=())
    assert pa.concat_tables(batch.rows for batch in batches).to_pylist() == table.to_pylist()


@pytest.mark.parametrize("suffix", [*FORMATS, ".csv"])
def test_the_same_tables_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    table = pa.table({"text": TEXTS, "n": range(len(TEXTS))})
    for name in ("a", "b"):
        write_table(tmp_path / f"{name}{suffix}", [table, table])
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_parquet_has_dictionaries_only_where_values_repeat(tmp_path: Path) -> None:
    n = 6400
    table = pa.table(
        {
            "text": [f"text {i}" for i in range(n)],
            "article": [f"a{i // 12}" for i in range(n)],
            "lang": ["fr", None] * (n // 2),
            "class": pa.array(["a"] * n).dictionary_encode(),
            "p": np.random.default_rng(0).random(n),
            "n": np.arange(n) % 100,
            "tags": [["x"]] * n,
        }
    )
    write_table(tmp_path / "a.parquet", table)
    group = pq.read_metadata(tmp_path / "a.parquet").row_group(0)
    columns = [group.column(i) for i in range(group.num_columns)]
    packed = {column.path_in_schema for column in columns if column.has_dictionary_page}
    assert packed == {"lang", "class", "n"}
    assert pq.read_table(tmp_path / "a.parquet").equals(table)


def test_parquet_has_a_row_group_for_each_table_and_keeps_the_schemas_metadata(tmp_path: Path) -> None:
    table = pa.table({"text": ["a", "b"]}).replace_schema_metadata({"model": "4f1c9a"})
    write_table(tmp_path / "a.parquet", (table for _ in range(3)))
    assert pq.read_metadata(tmp_path / "a.parquet").num_row_groups == 3
    assert pq.read_schema(tmp_path / "a.parquet").metadata == {b"model": b"4f1c9a"}


@pytest.mark.parametrize(
    "type_", [pa.null(), pa.string_view(), pa.float16(), pa.struct([("a", pa.int8())])], ids=str
)
def test_parquet_takes_columns_whose_values_cannot_be_counted(tmp_path: Path, type_: pa.DataType) -> None:
    table = pa.table({"a": pa.nulls(3, type_)})
    write_table(tmp_path / "a.parquet", [table])
    assert pq.read_table(tmp_path / "a.parquet") == table


def test_jsonl_gives_marked_json_back_and_other_types_as_text(tmp_path: Path) -> None:
    fields = [
        pa.field("raw", pa.string(), metadata=JSON_TEXT),
        pa.field("text", pa.string()),
        pa.field("on", pa.date32()),
        pa.field("at", pa.timestamp("ms", "UTC")),
        pa.field("d", pa.decimal128(5, 2)),
        pa.field("l", pa.list_(pa.struct([("a", pa.int64())]))),
        pa.field("nan", pa.float64()),
    ]
    rows = [
        {
            "raw": '{"id": 123456789012345678901234567890, "x": 1.50}',
            "text": "[1]",
            "on": date(2024, 2, 29),
            "at": datetime(2024, 2, 29, 12),
            "d": Decimal("1.50"),
            "l": [{"a": 1}],
            "nan": float("nan"),
        },
        dict.fromkeys(["raw", "text", "on", "at", "d", "l", "nan"]),
    ]
    write_table(tmp_path / "a.jsonl", pa.Table.from_pylist(rows, schema=pa.schema(fields)))
    first, second = (tmp_path / "a.jsonl").read_text().splitlines()
    assert first.startswith(
        '{"raw":{"id": 123456789012345678901234567890, "x": 1.50},"text":"[1]","on":"2024-02-29"'
    )
    assert json.loads(first) | {"raw": 0, "at": 0} == {
        **{"raw": 0, "text": "[1]", "on": "2024-02-29", "at": 0, "d": "1.50", "l": [{"a": 1}], "nan": None}
    }
    assert set(json.loads(second).values()) == {None}


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "＋1",
    "－1",
    "＠A",
    "=cmd|'/c calc'!A0",
]
HARMLESS = ["a=b", "1-2", "'=1", "a@b.fr", "Le ministre", "« -", ""]


@pytest.mark.parametrize("text", FORMULAS + HARMLESS)
def test_csv_holds_no_formula_in_cell_or_header(tmp_path: Path, text: str) -> None:
    write_table(tmp_path / "a.csv", pa.table({"text": [text], text + "name": ["x"], "p": [-0.5]}))
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        header, row = csv.reader(file)
    mark = "'" if text in FORMULAS else ""
    assert (header, row) == (["text", mark + text + "name", "p"], [mark + text, "x", "-0.5"])


def test_csv_holds_lists_and_times_as_text(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "l": [[1], None],
        "on": [date(2024, 1, 2), None],
        "b": [b"x", None],
        "ok": [True, None],
    }
    columns["d"] = pa.array(["a", None]).dictionary_encode()
    write_table(tmp_path / "a.csv", pa.table(columns))
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert lines[1:] == ['"[1]","2024-01-02","eA==",true,"a"', ",,,,"]


@pytest.mark.parametrize("name", ["a.txt", "a", "a.xlsx", "a.csv.gz", "a.parquet.gz"])
def test_another_suffix_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"allowed are .parquet, .jsonl, .jsonl.gz, .csv. Rename"):
        write_table(tmp_path / name, pa.table({"a": [1]}))
    assert not list(tmp_path.iterdir())


def test_tables_of_two_schemas_leave_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two schemas"):
        write_table(tmp_path / "a.parquet", [pa.table({"a": [1]}), pa.table({"a": ["x"]})])
    assert not list(tmp_path.iterdir())


def test_no_table_at_all_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no table to write"):
        write_table(tmp_path / "a.csv", [])
    assert not list(tmp_path.iterdir())


def test_only_one_table_is_held_at_a_time(tmp_path: Path) -> None:
    alive: list[int] = []

    def tables() -> Iterator[pa.Table]:
        for _ in range(20):
            alive.append(pa.total_allocated_bytes())
            yield pa.table({"text": ["x" * (8 << 20)]})

    write_table(tmp_path / "a.jsonl", tables())
    assert max(alive) - alive[0] < 40 << 20


# One file


def test_a_file_has_usual_permissions_at_the_end_and_private_ones_before(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        with atomic_file(tmp_path / "a") as file:
            (hidden,) = tmp_path.iterdir()
            assert hidden.name.startswith(".")
            assert stat.S_IMODE(hidden.stat().st_mode) == 0o600
            file.write(b"x")
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    finally:
        os.umask(mask)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(error), atomic_file(tmp_path / "a", "w") as file:  # noqa: PT012
        file.write("new")
        raise error
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_full_disk_is_an_output_error_at_every_step(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a").write_text("old")
    if step != "write":
        monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
    refused = pytest.raises(OutputError, match=r"a: cannot be written \(No space left")
    with refused, atomic_file(tmp_path / "a") as file:
        file.write(b"new")
        if step == "write":
            fail()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


def test_an_error_of_another_file_is_not_blamed_on_this_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_file(tmp_path / "a"):
        (tmp_path / "other").read_text()
    assert not list(tmp_path.iterdir())


def limited(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run code that may write files of at most 1 MiB."""
    prelude = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)); folder = sys.argv[1]\n"
    )
    return subprocess.run(
        [sys.executable, "-c", prelude + code, folder], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("suffix", [*FORMATS, ".csv"])
def test_a_file_size_limit_is_an_output_error_and_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    code = (
        "import pyarrow as pa, numpy as np; from stance.tables import write_table\n"
        "texts = [np.random.default_rng(i).bytes(500_000).hex() for i in range(8)]\n"
        f"write_table(folder + '/a{suffix}', (pa.table({{'text': [text]}}) for text in texts))"
    )
    assert "OutputError" in limited(code, tmp_path).stderr
    assert not list(tmp_path.iterdir())


def test_kills_leave_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    code = (
        "import sys; from stance.tables import write_text\n"
        "n = 0\nwhile True:\n    n += 1; write_text(sys.argv[1], f'{n}\\n' * 200_000); print(n, flush=True)"
    )
    target = tmp_path / "a.txt"
    for delay in (0.0, 0.011, 0.023, 0.037):
        process = subprocess.Popen([sys.executable, "-c", code, target], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        lines = target.read_text().splitlines()
        assert (len(lines), len(set(lines))) == (200_000, 1)


@pytest.mark.parametrize("name", ["missing/a", "file/a", "", "a" * 300, "a\0b"])
def test_a_place_that_cannot_be_written_is_refused_before_and_while(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    target = f"{tmp_path}/{name}"
    with pytest.raises(OutputError, match="cannot be written"):
        check_writable(target)
    with pytest.raises(OutputError, match="cannot be written"):
        write_text(target, "x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_devices_and_pipes_are_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target in (tmp_path / "pipe", "/dev/null"):
        with pytest.raises(OutputError, match="not a regular file"):
            write_text(target, "x")


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "a").symlink_to(tmp_path / "there" / "b")
    write_text(tmp_path / "a", "x")
    assert (tmp_path / "a").is_symlink()
    assert (tmp_path / "there" / "b").read_text() == "x"


@pytest.mark.parametrize("name", ["é à.txt", "a,b=c#d[1].txt", "123", "-rf", "a b'c\"d", "नमस्ते"])
def test_names_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    check_writable(tmp_path / name)
    write_text(tmp_path / name, "x")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_json_has_sorted_keys_stable_bytes_and_a_final_newline(tmp_path: Path) -> None:
    values = {
        "b": [1, 0.1, None],
        "a": {"é": np.float64(0.5), 3: np.arange(2)},
        "c": float("nan"),
        "p": Path("x"),
    }
    write_json(tmp_path / "a.json", values)
    expected = '{\n  "a": {\n    "3": [\n      0,\n      1\n    ],\n    "é": 0.5\n  },\n'
    expected += '  "b": [\n    1,\n    0.1,\n    null\n  ],\n  "c": null,\n  "p": "x"\n}\n'
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == expected
    write_json(tmp_path / "b.json", dict(reversed(values.items())))
    assert (tmp_path / "b.json").read_bytes() == (tmp_path / "a.json").read_bytes()


def test_what_has_no_json_form_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        write_json(tmp_path / "a.json", {"a": object()})
    assert not list(tmp_path.iterdir())


def test_text_with_an_unpaired_surrogate_is_still_written(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "x\ud800é\r\n")
    assert (tmp_path / "a").read_bytes() == b"x\\ud800\xc3\xa9\r\n"


def test_packed_lines_unpack_with_any_gzip(tmp_path: Path) -> None:
    write_table(tmp_path / "a.jsonl.gz", pa.table({"text": ["a"]}))
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == b'{"text":"a"}\n'
