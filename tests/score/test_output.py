import csv
import json

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from stance.errors import ConfigError, OutputError
from stance.execution import Local
from tests.predictions.builders import (
    InLine,
    model,
    read_jsonl,
    rows,
    text,
    write_jsonl,
)
from tests.score.files import digest, files, manifest

ADDED = {
    "predicted",
    "p_cooperative",
    "p_tense",
    "decision_cooperative",
    "decision_tense",
    "n_known_terms",
    "status",
    "model_id",
}


def test_every_row_comes_out_unchanged_and_in_order_beside_what_the_model_says(scored, tmp_path):
    records = rows(230)
    records[7] |= {"exact": 2**70, "mixed": "x", "none": None}
    records[8] |= {"mixed": [1.0, {"a": None}]}
    scored(write_jsonl(tmp_path / "in.jsonl", records))
    found = read_jsonl(tmp_path / "scores.jsonl")
    assert len(found) == 230
    for before, after in zip(records, found, strict=True):
        assert {key: after[key] for key in before} == before
        assert all(after[key] is None for key in after.keys() - before.keys() - ADDED)
    scores = model().score([record["text"] for record in records])
    assert [row["predicted"] for row in found] == model().classes_[scores.predicted].tolist()
    for name, values in (("p", scores.probabilities), ("decision", scores.decisions)):
        written = [[row[f"{name}_cooperative"], row[f"{name}_tense"]] for row in found]
        assert np.array_equal(written, values)
    assert [row["n_known_terms"] for row in found] == scores.n_known_terms.tolist()
    assert {row["status"] for row in found if row["n_known_terms"] == 0} == {"out_of_vocabulary"}
    assert {row["status"] for row in found if row["n_known_terms"] > 0} == {"scored"}


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl", ".jsonl.gz", ".csv"])
def test_the_output_is_the_same_bytes_for_any_parts(scored, tmp_path, suffix):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(300))
    for name, part_rows in (("a", 1000), ("b", 70), ("c", 11)):
        scored(archive, f"{name}{suffix}", part_rows=part_rows)
    assert len({digest(tmp_path / f"{name}{suffix}") for name in "abc"}) == 1


def test_the_output_is_the_same_bytes_for_any_number_of_workers(scored, tmp_path):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(300))
    scored(archive, "one.parquet")
    scored(archive, "two.parquet", engine=Local(), workers=2)
    assert digest(tmp_path / "one.parquet") == digest(tmp_path / "two.parquet")


def test_a_csv_file_keeps_its_words_as_they_are(scored, tmp_path):
    cells = [["007", "NA", "peace accord", "1e5"], ["08", "null", "=1+1", ""]]
    with (tmp_path / "in.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "tag", "text", "n"], *cells])
    scored(tmp_path / "in.csv")
    found = read_jsonl(tmp_path / "scores.jsonl")
    assert [[row["id"], row["tag"], row["text"], row["n"]] for row in found] == cells


def test_parquet_has_classes_as_categories_dates_as_dates_and_the_model_in_its_metadata(
    scored, tmp_path, models
):
    table = pa.Table.from_pylist([{k: v for k, v in row.items() if k != "tags"} for row in rows(60)])
    dates = pa.array(range(60), pa.timestamp("us"))
    pq.write_table(table.append_column("seen_at", dates), tmp_path / "in.parquet")
    scored(tmp_path / "in.parquet", "scores.parquet")
    found = pq.read_table(tmp_path / "scores.parquet")
    assert found.schema.field("predicted").type == pa.dictionary(pa.int32(), pa.string())
    assert found.schema.field("status").type == pa.dictionary(pa.int32(), pa.string())
    assert found.schema.field("seen_at").type == pa.timestamp("us")
    assert found.schema.field("p_tense").type == pa.float64()
    assert found.column("predicted").chunk(0).dictionary.to_pylist() == ["cooperative", "tense"]
    account = manifest(tmp_path / "scores.parquet")
    stated = pq.read_schema(tmp_path / "scores.parquet").metadata
    assert stated[b"stance.model_id"].decode() == account["model_id"] == found.column("model_id")[0].as_py()
    assert json.loads(stated[b"stance.settings"])["unit"] == "statement"
    pandas = pytest.importorskip("pandas").read_parquet(tmp_path / "scores.parquet")
    assert pandas["predicted"].dtype == "category"
    assert str(pandas["seen_at"].dtype).startswith("datetime64")


@pytest.mark.parametrize("reader", ["polars", "duckdb"])
def test_other_readers_open_it(scored, tmp_path, reader):
    library = pytest.importorskip(reader)
    archive = write_jsonl(tmp_path / "in.jsonl", rows(120))
    scored(archive, "one.parquet")
    scored(archive, "many", partition_by="year")
    expected = pq.read_table(tmp_path / "one.parquet").column("p_tense").to_pylist()
    if reader == "polars":
        one = library.read_parquet(tmp_path / "one.parquet")
        many = library.read_parquet(tmp_path / "many", hive_partitioning=True)
        assert one["p_tense"].to_list() == expected
        assert sorted(many["p_tense"].to_list()) == sorted(expected)
        assert set(many["year"].to_list()) == set(range(2015, 2022))
    else:
        total = (
            library.connect()
            .execute(f"select sum(p_tense), count(*) from '{tmp_path}/one.parquet'")
            .fetchone()
        )
        assert total == (pytest.approx(sum(expected)), 120)
        query = f"select count(*) from read_parquet('{tmp_path}/many/*/*.parquet') where year = 2016"
        assert library.connect().execute(query).fetchone() == (
            sum(r["published_on"][:4] == "2016" for r in rows(120)),
        )


def test_rows_without_ids_get_some_that_are_theirs_alone(scored, tmp_path):
    records = [{"text": text(i)} for i in range(60)]
    records[3] |= {"article_id": "a1", "statement_id": ""}
    records[4] |= {"article_id": None, "statement_id": "s1"}
    scored(write_jsonl(tmp_path / "in.jsonl", records))
    found = read_jsonl(tmp_path / "scores.jsonl")
    assert found[0]["article_id"] == "in.jsonl:1"
    assert found[0]["statement_id"] == f"in.jsonl:1:0-{len(text(0))}"
    assert (found[3]["article_id"], found[3]["statement_id"]) == ("a1", "a1:4")
    assert (found[4]["article_id"], found[4]["statement_id"]) == ("in.jsonl:5", "s1")
    assert len({row["statement_id"] for row in found}) == 60


def test_columns_that_are_called_like_ours_are_kept_beside_them(scored, tmp_path):
    records = [{"text": "accord", "predicted": "x", "status": 1, "original_status": 2}] * 3
    scored(write_jsonl(tmp_path / "in.jsonl", records))
    found = read_jsonl(tmp_path / "scores.jsonl")[0]
    assert found["original_predicted"] == "x"
    assert {found["original_status"], found["original_original_status"]} == {1, 2}
    assert found["status"] == "scored"


def test_a_folder_of_parts_opens_as_one_table(scored, tmp_path):
    archive = write_jsonl(tmp_path / "in.jsonl", [*rows(120), {"text": "peace", "new": 7}])
    scored(archive, "one.parquet")
    scored(archive, "many", parts=True)
    assert files(tmp_path / "many") == ["part-000000.parquet", "part-000001.parquet", "part-000002.parquet"]
    many = ds.dataset(tmp_path / "many").to_table()
    assert many.to_pydict() == pq.read_table(tmp_path / "one.parquet").to_pydict()
    with pytest.raises(OutputError, match="there is something already"):
        scored(archive, "many", parts=True)
    assert scored(archive, "many", parts=True, resume=True)["rows"] == 121


def test_a_folder_is_divided_by_year(scored, tmp_path):
    scored(write_jsonl(tmp_path / "in.jsonl", rows(120)), "many", partition_by="year")
    found = ds.dataset(tmp_path / "many", partitioning="hive").to_table()
    assert found.num_rows == 120
    years = zip(found.column("year").to_pylist(), found.column("published_on").to_pylist(), strict=True)
    assert all(date.startswith(str(year)) for year, date in years)
    assert manifest(tmp_path / "many")["partition_by"] == "year"


def test_a_column_to_divide_by_that_is_not_there_is_refused_before_anything_is_scored(scored, tmp_path):
    idle = InLine()
    with pytest.raises(ConfigError, match=r"partition_by is 'outlet'"):
        scored(write_jsonl(tmp_path / "in.jsonl", rows(9)), "many", engine=idle, partition_by="outlet")
    assert idle.n_done == 0


def test_outputs_of_one_stem_keep_an_account_each(scored, tmp_path):
    one = write_jsonl(tmp_path / "one.jsonl", [*rows(99), {"text": ""}])
    two = write_jsonl(tmp_path / "two.jsonl", [*rows(49), {"text": ""}])
    for archive, name in ((one, "s.csv"), (two, "s.parquet")):
        scored(archive, name, max_skipped=0.5)
    accounts = ["s.manifest.json", "s.parquet.manifest.json"]
    lists = ["s.parquet.skips.jsonl", "s.skips.jsonl"]
    assert files(tmp_path) == sorted(["one.jsonl", "two.jsonl", "s.csv", "s.parquet", *accounts, *lists])
    before = [digest(tmp_path / name) for name in accounts]
    assert [json.loads((tmp_path / name).read_text())["read"] for name in accounts] == [100, 50]
    for archive, name, n_read in ((one, "s.csv", 100), (two, "s.parquet", 50)):
        assert scored(archive, name, resume=True, max_skipped=0.5)["read"] == n_read
    assert [digest(tmp_path / name) for name in accounts] == before
    (tmp_path / "s.csv").unlink()
    assert scored(two, "s.parquet", resume=True, max_skipped=0.5)["read"] == 50
    assert [digest(tmp_path / name) for name in accounts] == before


def test_the_list_of_skips_of_what_is_scored_is_kept(scored, tmp_path):
    archive = write_jsonl(tmp_path / "s.jsonl", rows(9))
    (tmp_path / "s.skips.jsonl").write_text("of prepare\n")
    for _ in range(2):
        scored(archive, "s.csv")
        assert (tmp_path / "s.skips.jsonl").read_text() == "of prepare\n"
        assert files(tmp_path) == ["s.csv", "s.csv.manifest.json", "s.jsonl", "s.skips.jsonl"]


@pytest.mark.parametrize("name", ["s.skips.jsonl", "s.manifest.json"])
def test_what_goes_with_an_output_never_takes_the_place_of_the_input(scored, tmp_path, name):
    archive = write_jsonl(tmp_path / name, rows(9))
    content = archive.read_bytes()
    with pytest.raises(ConfigError, match="would be written, which is read as input"):
        scored(archive, "s.csv")
    assert archive.read_bytes() == content


@pytest.mark.parametrize("owner", ["gone.csv", "../s.csv", "..", "", None, 3, "s.jsonl"])
def test_an_account_of_nothing_that_is_there_keeps_no_name(scored, tmp_path, owner):
    archive = write_jsonl(tmp_path / "in.jsonl", rows(9))
    (tmp_path / "s.manifest.json").write_text(json.dumps({"output": owner}))
    scored(archive, "s.jsonl")
    assert files(tmp_path) == ["in.jsonl", "s.jsonl", "s.manifest.json"]
    assert manifest(tmp_path / "s.jsonl")["read"] == 9
