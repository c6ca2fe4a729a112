import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ConfigError, OutputError
from stance.predictions.parts import LEDGER, RUN, Parts
from stance.predictions.tasks import Position

IDENTITY = {"model": "m1", "input": "a.jsonl (1 bytes)", "part_rows": 10}


def filled(folder, n=4):
    folder.mkdir(exist_ok=True)
    parts = Parts(folder, IDENTITY)
    parts.start(None)
    for number in range(n):
        skips = b'{"line":1}\n' if number % 2 else b""
        parts.add(number, b"content %d" % number, skips, Position(0, number + 1), {"read": 10, "n": number})
    return parts


def reopened(folder, resume=True, **changes):
    parts = Parts(folder, {**IDENTITY, **changes})
    parts.start(resume)
    return parts


def test_parts_are_found_again_with_their_counts_and_their_place_in_the_input(tmp_path):
    before, after = filled(tmp_path / "parts"), reopened(tmp_path / "parts")
    assert after.counts == before.counts == {"read": 40, "n": 6}
    assert after.paths() == before.paths()
    assert after.skip_paths() == before.skip_paths()
    assert after.first_missing() == 4
    assert after.start_of(4) == Position(0, 4)
    assert after.first_skips(5) == [{"line": 1}] * 2


@pytest.mark.parametrize("name", ["part-000002.arrows", "part-000001.arrows", "skips-000001.jsonl"])
@pytest.mark.parametrize("damage", ["removed", "cut", "changed", "longer"])
def test_a_part_that_is_not_what_was_written_is_made_again(tmp_path, name, damage):
    filled(tmp_path / "parts")
    path = tmp_path / "parts" / name
    content = path.read_bytes()
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(
            {"cut": content[:-1], "changed": b"!" + content[1:], "longer": content + b"\n"}[damage]
        )
    parts = reopened(tmp_path / "parts")
    number = int(name.split(".")[0].split("-")[1])
    assert [n for n in range(4) if n not in parts] == [number]
    assert parts.first_missing() == number
    assert parts.counts == {"read": 30, "n": 6 - number}
    assert not parts.path(number).exists()


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_ledger_that_is_cut_or_changed_anywhere_never_gives_a_wrong_part(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("run") / "parts"
    whole = filled(folder)
    content = (folder / LEDGER).read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    (folder / LEDGER).write_bytes(
        content[:at] if data.draw(st.booleans()) else content[:at] + b"#" + content[at + 1 :]
    )
    reopened(folder).add(9, b"content 9", b"", Position(), {"read": 10})
    parts = reopened(folder)
    assert 9 in parts
    assert len(parts) <= len(whole) + 1
    assert len(parts) >= content[:at].count(b"\n") - 1
    assert parts.counts.get("read", 0) == 10 * len(parts)
    for number in (*range(4), 9):
        if number in parts:
            assert parts.path(number).read_bytes() == b"content %d" % number


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "m2"}, "scored with model m1, this run uses m2; resuming would mix the two"),
        ({"input": "b.jsonl"}, r"scored with input a.jsonl \(1 bytes\), this run uses b.jsonl"),
        ({"part_rows": 11}, "scored with part_rows 10, this run uses 11"),
        ({"new": True}, "scored with new null, this run uses true"),
    ],
)
@pytest.mark.parametrize("resume", [None, True])
def test_parts_of_another_run_are_refused_with_what_differs(tmp_path, changes, message, resume):
    filled(tmp_path / "parts")
    with pytest.raises(ConfigError, match=message):
        reopened(tmp_path / "parts", resume, **changes)
    assert len(reopened(tmp_path / "parts")) == 4


def test_without_resume_all_begins_anew(tmp_path):
    filled(tmp_path / "parts")
    (tmp_path / "parts" / "finished").mkdir()
    parts = reopened(tmp_path / "parts", resume=False, model="m2")
    assert len(parts) == 0
    assert sorted(path.name for path in (tmp_path / "parts").iterdir()) == [LEDGER, RUN]


def test_a_run_without_parts_binds_no_other(tmp_path):
    filled(tmp_path / "parts", n=0)
    assert len(reopened(tmp_path / "parts", resume=None, model="m2")) == 0


def test_files_that_are_no_parts_are_removed(tmp_path):
    filled(tmp_path / "parts")
    (tmp_path / "parts" / ".0123.partial").touch()
    (tmp_path / "parts" / "part-000009.arrows").touch()
    reopened(tmp_path / "parts")
    assert not (tmp_path / "parts" / ".0123.partial").exists()
    assert not (tmp_path / "parts" / "part-000009.arrows").exists()


def test_a_description_that_cannot_be_read_is_an_output_error(tmp_path):
    filled(tmp_path / "parts")
    (tmp_path / "parts" / RUN).write_text("{")
    with pytest.raises(OutputError, match="Start again with resume=false"):
        reopened(tmp_path / "parts")
