"""Every fault of data, paths, settings and names, for every command that can meet it."""

import errno
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.cli import main
from stance.dataset import Files
from stance.errors import StanceError
from tests.programs import ROOT, run

VERBS = ("train", "evaluate", "score", "prepare", "explain")
HOSTILE = "<script>alert(1)</script>{{7777777*7}}{% x %}\x1b[31m\u202e"
CLASSES = ("tense", "cooperative")


def rows(n=12, **columns):
    """Labelled statements of two classes, each an article of its own."""
    texts = [f"{('Threats', 'Thanks')[i % 2]} over accord {i} and dossier {i * i}" for i in range(n)]
    return [
        {"text": text, "label": CLASSES[i % 2], "article_id": str(i), **{k: v(i) for k, v in columns.items()}}
        for i, text in enumerate(texts)
    ]


def jsonl(path, content):
    lines = [item if isinstance(item, str) else json.dumps(item) for item in content]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Done:
    """Status and output of a command."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        lines = [line for line in err.splitlines() if not line.startswith(("INFO", "WARNING"))]
        self.message = "\n".join(lines)

    def check_refusal(self, status):
        """One message in the house shape, and the status."""
        assert self.status == status, self.err
        assert 1 <= len(self.message.splitlines()) <= 12, self.err
        assert re.match(r"(Config|Data|Split|Bundle|Output)Error: \S", self.message), self.err
        assert self.message.splitlines()[0][-1] in ".?", self.err
        assert "Traceback" not in self.err


@pytest.fixture
def stance(tmp_path, monkeypatch, capsys):
    """Run ``stance`` in this process, in an empty folder."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(sys, "path", list(sys.path))
    handler = signal.getsignal(signal.SIGTERM)

    def call(*words):
        capsys.readouterr()
        status = 0
        try:
            main([str(word) for word in words])
        except SystemExit as leaving:
            status = leaving.code or 0
        return Done(status, *capsys.readouterr())

    yield call
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    source = jsonl(folder / "rows.jsonl", rows(30))
    words = ["dataset=files", f"dataset.path={source}", "features=word", f"output={folder}/run"]
    done = run("train", *words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "run" / "model"


def words_for(verb, model, path, output):
    """A whole command that reads ``path`` and writes into the folder ``output``."""
    reading = {
        "train": ["dataset=files", f"dataset.path={path}", "features=word"],
        "evaluate": [f"model={model}", "dataset=files", f"dataset.path={path}"],
        "score": [f"model={model}", f"input={path}", "workers=1"],
        "prepare": [f"input={path}"],
        "explain": [f"model={model}", f"input={path}"],
    }[verb]
    suffix = {"score": ".jsonl", "prepare": ".jsonl", "explain": ".html"}.get(verb, "")
    return [verb, *reading, f"output={output}/out{suffix}"]


def _text(content):
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content)


WHOLE_FILE_FAULTS = {
    "empty.jsonl": (_text(""), "no rows"),
    "header.csv": (_text("text,label\n"), "no rows"),
    "windows.csv": (_text(("text,label\n" + "l’été à Paris,tense\n" * 12).encode("cp1252")), "windows-1252"),
    "semicolons.csv": (_text("text;label\na b;tense\n"), "semicolons"),
    "body.csv": (_text("body,label\na b,tense\n"), "its columns are 'body', 'label'"),
    "quote.csv": (_text('text,label\na b,tense\n"c d,tense\n'), "line 3"),
    "pretty.jsonl": (_text('[\n {"text": "a b"}\n]\n'), "pretty.jsonl"),
    "picture.jsonl": (_text(b"\x89PNG\r\n\x1a\n" + bytes(99)), "PNG picture"),
    "pointer.csv": (_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"), "git lfs pull"),
    "cut.parquet": (_text(b"PAR1" + bytes(99)), "damaged"),
    "pipe.jsonl": (os.mkfifo, "named pipe"),
    "link.jsonl": (lambda path: path.symlink_to("nothing"), "link to nothing"),
    "loop.jsonl": (lambda path: path.symlink_to(path.name), "loop"),
    "folder": (Path.mkdir, "folder"),
    "array.json": (_text('[{"text": "a b"}]'), "is a JSON array"),
    "tabs.csv": (_text("text\tlabel\na b\ttense\n"), "tabs"),
    "csv.jsonl": (_text("text,label\na b,tense\n"), "looks like CSV"),
    "lines.csv": (_text('{"text": "a b"}\n'), "is JSON lines"),
    "cut.jsonl.gz": (_text(gzip.compress(bytes(range(250)) * 99)[:-20]), "cut off"),
    "page.csv": (_text("<!doctype html><html><body>a</body></html>"), "web page"),
    "two.csv": (_text(b"text\n" + "l’été\n".encode() * 9 + "l’été\n".encode("cp1252") * 9), "two encodings"),
    "absent.jsonl": (lambda path: path.with_name("absend.jsonl").touch(), "Did you mean 'absend.jsonl'?"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_FILE_FAULTS)
def test_a_file_that_cannot_be_read_is_one_refusal_of_every_command(stance, model, tmp_path, name):
    make, message = WHOLE_FILE_FAULTS[name]
    make(tmp_path / name)
    (tmp_path / "out").mkdir()
    for verb in VERBS:
        done = stance(*words_for(verb, model, tmp_path / name, tmp_path / "out"))
        done.check_refusal(3)
        assert name in done.message
        assert message in done.message or name == "folder"
        assert not list((tmp_path / "out").iterdir()), "something is left behind"


ROW_FAULTS = {
    "a key twice": '{"text": "a", "text": "b", "label": "tense"}',
    "text of nothing that shows": '{"text": "\u200b\u00ad \u2060", "label": "tense"}',
    "text a number": '{"text": 7, "label": "tense"}',
    "half a surrogate pair": '{"text": "a \\ud800", "label": "tense"}',
    "nested": '{"text": "a b", "label": "tense", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "cut": '{"text": "a b", "la',
}


@pytest.mark.parametrize("fault", ROW_FAULTS)
def test_a_bad_row_stops_training_and_is_skipped_and_counted_elsewhere(stance, model, tmp_path, fault):
    path = jsonl(tmp_path / "rows.jsonl", [*rows(6), ROW_FAULTS[fault], *rows(6)])
    for verb in ("train", "evaluate"):
        done = stance(*words_for(verb, model, path, tmp_path))
        done.check_refusal(3)
        assert f"{path}, line 7" in done.message
    for verb in ("score", "prepare"):
        words = words_for(verb, model, path, tmp_path)
        assert stance(*words).status == 6
        skips = [json.loads(line) for line in (tmp_path / "out.skips.jsonl").read_text().splitlines()]
        assert [(skip["file"], skip["line"]) for skip in skips] == [(str(path), 7)]
    assert stance(*words_for("score", model, path, tmp_path), "max_skipped=0.1", "resume=false").status == 0
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 12


ADDRESSES = ("https://example.org/x.csv", "s3:/bucket/x")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_refused_in_place_of_any_path(stance, model, tmp_path, address):
    source = jsonl(tmp_path / "rows.jsonl", rows())
    commands = [
        *(words_for(verb, model, address, tmp_path) for verb in VERBS),
        *(words_for(verb, address, source, tmp_path) for verb in ("evaluate", "score", "explain")),
        *(words_for(verb, model, source, address) for verb in VERBS),
        ["compare", f"runs=[{model.parent},{address}]"],
    ]
    for words in commands:
        done = stance(*words)
        done.check_refusal(2)
        assert "is an address" in done.message
        assert "no connection was made" in done.message
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize("place", ["/proc/nothing", "/dev/null", "FILE", "FILE/below"])
def test_an_output_that_cannot_be_is_refused_before_the_input_is_read(stance, model, tmp_path, place):
    (tmp_path / "FILE").write_text("kept")
    output = place if place.startswith("/") else tmp_path / place
    for verb in VERBS:
        done = stance(*words_for(verb, model, tmp_path / "absent.jsonl", output))
        if verb == "explain" and done.status == 3:
            continue
        done.check_refusal(5)
    assert (tmp_path / "FILE").read_text() == "kept"


def test_a_run_folder_with_files_in_it_is_refused_and_kept(stance, model, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("kept")
    source = jsonl(tmp_path / "rows.jsonl", rows())
    for verb in ("train", "evaluate"):
        stance(*words_for(verb, model, source, tmp_path)).check_refusal(5)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["notes.txt"]


def test_what_is_refused_leaves_no_folder_not_even_above_it(stance, tmp_path):
    words = ["train", "dataset=files", f"dataset.path={tmp_path}/absent.jsonl"]
    stance(*words).check_refusal(3)
    stance(*words, f"output={tmp_path}/a/b/c").check_refusal(3)
    assert not (tmp_path / "a").exists()
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize("verb", ["score", "prepare", "explain"])
@pytest.mark.parametrize("typed", ["{}", "{}/../place/./", "link"])
def test_the_input_is_never_its_own_output(stance, model, tmp_path, verb, typed):
    name = {"explain": "a.html"}.get(verb, "a.jsonl")
    source = tmp_path / "place" / name
    source.write_text("<p>We condemn it.</p>") if verb == "explain" else jsonl(source, rows())
    before = source.read_bytes()
    (tmp_path / f"link-{name}").symlink_to(source)
    output = tmp_path / f"link-{name}" if typed == "link" else Path(typed.format(source.parent)) / name
    words = [word for word in words_for(verb, model, source, tmp_path) if not word.startswith("output=")]
    stance(*words, f"output={output}").check_refusal(2)
    assert source.read_bytes() == before


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no file here that cannot be read")
@pytest.mark.parametrize("verb", ["train", "evaluate", "score", "prepare", "explain"])
def test_an_error_of_reading_is_one_of_the_input_whatever_is_written_meanwhile(stance, model, tmp_path, verb):
    done = stance(*words_for(verb, model, "/proc/self/mem", tmp_path))
    done.check_refusal(3)
    assert "/proc/self/mem: cannot be read" in done.message


WRONG_SETTINGS = [
    "classifier.C=inf", "classifier.C=nan", "seed=-1",
    "split.fractions.test=0", "classifier=null", "dataset=null",
    "encoding=latin-1", "dataset.classes=[tense,Tense]", "dataset.classes=[yes,true]",
    "features.blocks.word.token_pattern=", "features.blocks.word.token_pattern=(",
    "features.blocks.word.token_pattern=zzzz", "features.blocks.word.token_pattern=\\w+=x",
    "features.blocks.word.token_pattern=.*.*.*=x", "features.blocks.word.max_df=0", "features.blocks.word.min_df=0", "dataset.delimiter=ab",
    "dataset.encoding=klingon", "dataset.path=", "seed=1.5", "clasifier=ridge",
    "features.blocks.word.token_pattern=(?:\\w+\\s?)+$", "output=", "output=a\0b", "log_level=null",
    "seed=${seed}", "seed=${oc.env:NO_SUCH}", "seed=${nope:1}", "++seed=[1,", "=x", "~~",
    "--resolve", "--config-path=/tmp", "--config-name=x", "--config-p=/tmp", "--config-di=/tmp", "-cn=x", "--foo",
    "~classifier", "~seed", "classifier=ridge,logistic", "split.fractions=[0.5]", "seed==3", "é=1",
    "features.blocks.word.token_pattern=\\b", "features.blocks.word.token_pattern=\\b\\w*",
    "hydra.callbacks.x._target_=os.system", "+classifier.x._target_=os.system",
    "classifier._target_=stance.classifier.os", "hydra.run.dir=/tmp/x", "experiment=../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("word", WRONG_SETTINGS)
def test_a_wrong_setting_is_one_message_and_leaves_nothing(stance, tmp_path, word):
    source = jsonl(tmp_path / "rows.jsonl", rows())
    done = stance("train", "dataset=files", f"dataset.path={source}", "features=word", word)
    done.check_refusal(2)
    assert not list(Path.cwd().iterdir())


def test_a_setting_of_a_group_typed_without_it_is_named_in_full(stance, tmp_path):
    done = stance("train", f"dataset.path={tmp_path}", "dataset=files", "encodign=latin-1")
    assert "Did you mean 'dataset.encoding'?" in done.message


@settings(deadline=None, max_examples=20)
@given(
    key=st.sampled_from(
        ["seed", "classifier.C", "split.fractions", "dataset.classes", "x", "+a.b", "~seed", ""]
    ),
    value=st.text(st.characters(exclude_characters="\0"), max_size=12),
)
def test_no_override_ends_in_a_bug(key, value):
    words = ["train", "--cfg", "job", "dataset=tiny", f"{key}={value}"]
    kept, handler = list(sys.path), signal.getsignal(signal.SIGTERM)
    argv = sys.argv
    try:
        main(words)
    except SystemExit as leaving:
        assert leaving.code in (0, 2)  # noqa: PT017
    finally:
        sys.path[:], sys.argv = kept, argv
        signal.signal(signal.SIGTERM, handler)


DAMAGE = st.one_of(
    st.tuples(st.just("insert"), st.integers(0, 400), st.binary(min_size=1, max_size=4)),
    st.tuples(st.just("delete"), st.integers(0, 400), st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("replace"), st.integers(0, 400), st.sampled_from([b'"', b"{", b"\n", b",", b"\xff", b"\0", b"\\"])),
)  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(suffix=st.sampled_from([".jsonl", ".csv"]), damage=st.lists(DAMAGE, min_size=1, max_size=3))
def test_a_damaged_table_is_read_or_refused_and_nothing_else(tmp_path_factory, suffix, damage):
    path = tmp_path_factory.getbasetemp() / f"damaged{suffix}"
    found = rows(6)
    lines = (
        [json.dumps(row) for row in found]
        if suffix == ".jsonl"
        else ["text,label,article_id", *(",".join(row.values()) for row in found)]
    )
    content = bytearray("\n".join(lines).encode())
    for kind, at, what in damage:
        at = min(at, len(content))
        content[at : at + {"insert": 0, "delete": len(what), "replace": 1}[kind]] = (
            b"" if kind == "delete" else what
        )
    path.write_bytes(content)
    try:
        read = Files(path=str(path))()
    except StanceError as error:
        assert 1 <= len(str(error).splitlines()) <= 12  # noqa: PT017
        assert path.name in str(error)  # noqa: PT017
    else:
        assert len(read.rows) >= 4


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A run on data whose labels, ids, texts and facts are hostile, with what was printed."""
    folder = tmp_path_factory.mktemp("hostile")
    ids = [
        "../../evil",
        str(folder / "evil"),
        "a\0b",
        "a\nb",
        "x" * 5000,
        "CON",
        "=1+1",
        "A",
        "a",
        "e\u0301",
        "é",
        HOSTILE,
    ]
    names = (f"<b>t</b>{HOSTILE}", "=cmd|co")
    found = rows(48, **{key: lambda i: HOSTILE for key in ("target", "source", "lang", "published_on")})
    for i, row in enumerate(found):
        name = ids[i // 2 % len(ids)]
        row |= {
            "label": names[i % 2],
            "statement_id": name,
            "article_id": name + str(i),
            "text": row["text"] + HOSTILE,
        }
    source = jsonl(folder / "rows.jsonl", found)
    words = ["dataset=files", f"dataset.path={source}", "features=word", f"output={folder}/run"]
    done = run("train", *words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, source, found, done


def test_pages_and_terminal_show_hostile_names_and_texts_as_text(stance, hostile):
    folder, source, _, trained = hostile
    model = folder / "run" / "model"
    printed = [trained.stdout + trained.stderr]
    for words in (
        words_for("evaluate", model, source, folder / "evaluated"),
        words_for("explain", model, source, folder),
        ["explain", f"model={model}", f"text={HOSTILE} we thank them", f"output={folder}/page.html"],
        ["explain", f"model={model}", f"text={HOSTILE} we thank them"],
    ):
        done = stance(*words)
        printed.append(done.out + done.err)
    pages = [*folder.rglob("*.html"), *folder.rglob("README.md"), *folder.rglob("report.md")]
    assert len(pages) >= 4
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script>alert" not in text, page
        assert "<b>t</b>" not in text, page
        assert "54444439" not in text, page
    for text in [*printed, *(page.read_text(encoding="utf-8") for page in pages)]:
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert {path.name for path in folder.iterdir()} <= {
        "rows.jsonl",
        "run",
        "evaluated",
        "page.html",
        "page.json",
    }


@pytest.mark.parametrize("verb", ["score", "prepare", "explain"])
def test_the_name_of_an_output_is_escaped_where_it_is_printed(stance, model, tmp_path, verb):
    page = tmp_path / "a.txt"
    page.write_text("We thank the ministers for the accord.")
    output = tmp_path / "o\x1b[31m\u202e"
    output.mkdir()
    done = stance(*words_for(verb, model, page, output))
    assert done.status == 0, done.err
    assert r"o\x1b[31m\u202e" in done.out
    assert "\x1b" not in done.out + done.err
    assert len(list(output.iterdir())) >= 1


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_hostile_ids_are_all_kept_and_name_no_file(stance, hostile, tmp_path, suffix):
    import csv

    folder, source, found, _ = hostile
    words = words_for("score", folder / "run" / "model", source, tmp_path)[:-1]
    done = stance(*words, f"output={tmp_path}/out{suffix}")
    assert done.status == 0, done.err
    with (tmp_path / f"out{suffix}").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file)) if suffix == ".csv" else [json.loads(line) for line in file]
    assert len(read) == len(found)
    if suffix == ".jsonl":
        assert [row["statement_id"] for row in read] == [row["statement_id"] for row in found]
    else:
        assert not [cell for row in read for cell in row.values() if re.match(r"[=+@\t]", cell)]
    assert {path.name for path in tmp_path.iterdir()} == {"place", f"out{suffix}", "out.manifest.json"}


def test_the_same_text_in_other_forms_has_the_same_score(stance, model, tmp_path):
    forms = [
        "Thanks l’accord ménagé",
        "Thanks l'accord me\u0301nage\u0301",
        "Tha\u00adnks l'ac\u200bcord mé\ufeffnagé",
    ]
    source = jsonl(tmp_path / "forms.jsonl", [{"text": text} for text in forms])
    assert stance(*words_for("score", model, source, tmp_path)).status == 0
    read = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in read] == forms
    assert len({(row["p_tense"], row["n_known_terms"]) for row in read}) == 1


def test_each_file_of_a_folder_is_scored_once_or_listed(stance, model, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.jsonl", "b\x1b[31m\n.jsonl", ".hidden.jsonl", "007.jsonl"):
        jsonl(folder / name, rows(4))
    (folder / "a.csv").write_text("text\nonly a text\n")
    (folder / "a.txt").write_text("Mali condemns the attack.\n")
    (folder / "picture.jsonl").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    (folder / "out").symlink_to("/etc")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.jsonl")
    for verb, listed in (("score", "out.manifest.json"), ("prepare", "out.skips.jsonl")):
        done = stance(*words_for(verb, model, folder, tmp_path), "max_skipped=1")
        assert done.status == 0, done.err
        assert "\x1b" not in done.out + done.err
        read = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
        assert len({row["statement_id"] for row in read} if verb == "score" else read) >= 4
        assert sum("accord" in row["text"] for row in read) == 12
        for name in (".hidden", "picture", "/out", "/loop", "pipe"):
            beside = "".join(path.read_text() for path in tmp_path.glob("out.*.json*"))
            assert f"{name}" in beside, (verb, listed, name)


def test_what_came_out_goes_in_again_without_losing_a_column(stance, model, tmp_path):
    path = jsonl(
        tmp_path / "0.jsonl",
        [{"text": "Mali thanks Niger.", "kind": "a", "article_lang": "b", "predicted": "c"}],
    )
    for verb in ("prepare", "prepare", "score", "score", "prepare"):
        words = words_for(verb, model, path, tmp_path)[:-1]
        path = tmp_path / f"{int(path.stem) + 1}.jsonl"
        done = stance(*words, f"output={path}")
        assert done.status == 0, done.err
    (row,) = [json.loads(line) for line in path.read_text().splitlines()]
    assert {"a", "b", "c"} <= set(map(str, row.values()))


@pytest.mark.parametrize("damage", ["cut metrics", "other metrics", "no parquet", "other table"])
def test_compare_says_what_is_wrong_with_a_run(stance, model, tmp_path, damage):
    import shutil

    other = tmp_path / "other"
    shutil.copytree(model.parent, other)
    name = "metrics.json" if "metrics" in damage else "predictions.parquet"
    content = {"cut metrics": '{"classes":', "other metrics": "[1]", "no parquet": "{}"}.get(damage)
    if content is not None:
        (other / name).write_text(content)
    else:
        shutil.copy(other / "splits.parquet", other / name)
    done = stance("compare", f"runs=[{model.parent},{other}]")
    done.check_refusal(3)
    assert name in done.message


def _start(*words, cwd):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "stance.cli", *words], cwd=cwd, env=environment, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_of_two_trainings_into_one_folder_the_second_is_refused_and_a_killed_one_leaves_no_half_model(
    tmp_path,
):
    first = _start("train", "dataset=tone", "output=r", cwd=tmp_path)
    for _ in range(400):
        if (tmp_path / "r" / "lock.json").exists():
            break
        time.sleep(0.05)
    second = run("train", "dataset=tiny", "output=r", cwd=tmp_path)
    assert (second.returncode, "another run" in second.stderr) == (5, True), second.stderr
    assert first.poll() is None
    first.kill()
    first.communicate()
    found = tmp_path / "r" / "model"
    assert not found.exists() or (found / "config.json").exists()
    assert not [path for path in tmp_path.iterdir() if path.name != "r"]


LIMITED = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)); from stance.cli import main; main(sys.argv[1:])"


@pytest.mark.parametrize("verb", ["score", "prepare", "explain", "evaluate"])
def test_a_file_that_may_not_grow_is_an_output_error_and_leaves_no_output(model, tmp_path, verb):
    source = tmp_path / ("a.txt" if verb == "explain" else "rows.jsonl")
    jsonl(source, ["Mali thanks Niger. "] * 40 if verb == "explain" else rows(400))
    words = words_for(verb, model, source, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *words], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.partial"))
    assert not (tmp_path / "out.jsonl").exists()
    assert not (tmp_path / "out.html").exists()


@pytest.mark.parametrize("nth", [1, 7, 9, 13, 17])
def test_a_failure_at_any_write_of_training_is_an_output_error_and_leaves_no_half_file(
    stance, tmp_path, monkeypatch, nth
):
    source = jsonl(tmp_path / "rows.jsonl", rows())
    sync, calls = os.fsync, iter(range(1, 1000))

    def failing(descriptor):
        if next(calls) == nth:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    words = words_for("train", None, source, tmp_path)
    stance(*words).check_refusal(5)
    left = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.name != ".unfinished"]
    assert not [path for path in left if path.name.startswith(".") or path.name == "lock.json"]
    assert (tmp_path / "out" / "model" / "config.json") in left or not (tmp_path / "out" / "model").exists()
    monkeypatch.undo()
    assert stance(*words).status == 0, "what an unfinished run left is in the way of the next"


@pytest.mark.parametrize(("word", "status"), [("metric=f2", 2), ("slices=[langs]", 2), ("seed=-1", 2)])
def test_a_comparison_that_cannot_be_is_one_message(stance, model, tmp_path, word, status):
    import shutil

    shutil.copytree(model.parent, tmp_path / "other")
    stance("compare", f"runs=[{model.parent},{tmp_path}/other]", word).check_refusal(status)
    stance("compare", f"runs=[{model.parent},{model.parent}/]").check_refusal(2)


def test_a_run_that_cannot_even_be_looked_at_is_refused_as_data(stance, model):
    done = stance("compare", f"runs=[{model.parent},{'x' * 300}]")
    done.check_refusal(3)
    assert "no metrics.json that can be read" in done.message


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (MemoryError(), 1, "out of memory."),
        (ImportError("a.so: failed to map segment from shared object"), 1, "out of memory."),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), 1, "out of memory."),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), 5, "OutputError: too many open files."),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT), "a"), 5, "OutputError: a: "),
        (OSError(errno.EFBIG, os.strerror(errno.EFBIG)), 5, "OutputError: a temporary file: cannot be"),
    ],
)
def test_what_the_machine_lacks_is_said_in_one_line(stance, monkeypatch, error, status, message):
    def lacking(words):
        raise error

    monkeypatch.setattr("stance.program._dispatch", lacking)
    done = stance("train")
    assert (done.status, len(done.err.splitlines())) == (status, 1)
    assert done.err.startswith(message)
