import io
import json
import os
import pickle
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stance
from stance import bundle
from stance.bundle import manifest
from stance.calibration import Isotonic, Sigmoid, Temperature, Uncalibrated
from stance.card import model_card
from stance.errors import BundleError, OutputError
from stance.features import Block
from stance.seen import which_copied
from tests.bundle import builders
from tests.bundle.builders import change_arrays, change_config, change_vocabulary, redigest, small_model
from tests.texts import NASTY


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return builders.save_small(tmp_path_factory.mktemp("bundle"))


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize(
    "calibration", [Sigmoid(), Isotonic(), Temperature(), Uncalibrated()], ids=lambda c: type(c).__name__
)
def test_a_loaded_model_gives_the_bits_of_the_saved_one(tmp_path, calibration, n_classes):
    model = small_model(calibration, n_classes)
    bundle.save(model, tmp_path / "m", card=model_card(model))
    loaded = stance.load(tmp_path / "m")
    assert np.array_equal(loaded.predict_proba(NASTY), model.predict_proba(NASTY))
    assert np.array_equal(loaded.decision_function(NASTY), model.decision_function(NASTY))
    assert loaded.classes_.tolist() == model.classes_.tolist()
    assert loaded.seen["texts"].tolist() == model.seen["texts"].tolist()


SAVING = "import sys; from pathlib import Path; from tests.bundle.builders import save_small; save_small(Path(sys.argv[1]))"


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
    ],
)
def test_the_bytes_do_not_depend_on_hash_seed_threads_locale_or_time_zone(saved, tmp_path, environment):
    root = Path(stance.__file__).parent.parent
    subprocess.run(
        [sys.executable, "-c", SAVING, str(tmp_path)],
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
    )
    files = sorted(p.relative_to(saved) for p in saved.rglob("*") if p.is_file())
    assert files == sorted(
        p.relative_to(tmp_path / "model") for p in (tmp_path / "model").rglob("*") if p.is_file()
    )
    for name in files:
        assert (saved / name).read_bytes() == (tmp_path / "model" / name).read_bytes(), name


def test_a_bundle_is_never_written_over(saved):
    with pytest.raises(OutputError, match="something already"):
        bundle.save(small_model(), saved, card="")


class Payload:
    def __reduce__(self):
        return (os.mkdir, ("/tmp/stance-payload-ran",))


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../evil", "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (pickle.dumps(Payload()), "a pickle"),
        (pickle.dumps(Payload(), protocol=0), "pickle"),
        (zipped(), "a zip archive"),
        (b"", "an empty file"),
        (b"<html><body>404</body></html>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "a Git LFS pointer"),
        (b'{"text": "a", "label": "b"}\n', "training data"),
        (bytes(range(7, 200)), "a single file"),
    ],
)
@pytest.mark.parametrize("name", ["m.joblib", "m.skops", "model"])
def test_a_file_in_place_of_a_bundle_is_named_for_what_it_is(tmp_path, content, what, name):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BundleError, match=what):
        stance.load(tmp_path / name)
    assert not Path("/tmp/stance-payload-ran").exists()


def flip_bit(member: str):
    def apply(path: Path) -> None:
        content = bytearray((path / member).read_bytes())
        content[len(content) // 2] ^= 1
        (path / member).write_bytes(content)

    return apply


def lie_about_size(path: Path) -> None:
    header = json.dumps(
        {"coef": {"dtype": "F64", "shape": [1, 10**12], "data_offsets": [0, 8 * 10**12]}}
    ).encode()
    (path / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    redigest(path)


def set_array(name: str, value: float):
    return change_arrays(
        lambda arrays: arrays[name].__setitem__(
            arrays[name].size // 2 if arrays[name].ndim == 1 else (0, 0), value
        )
    )


def change_checks(change):
    """A change of each check statement, with digests made to fit."""

    def apply(path: Path) -> None:
        lines = (path / "checks.jsonl").read_text().splitlines()
        rows = [change(json.loads(line)) for line in lines]
        (path / "checks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        redigest(path)

    return apply


def state(**facts):
    return change_config(lambda config: config["facts"].update(facts))


def swap_classes(config: dict) -> None:
    config["classes"] = config["classes"][::-1]


CHANGES = {
    "a flipped bit in the weights": (
        flip_bit("model.safetensors"),
        "model.safetensors does not match its digest",
    ),
    "a flipped bit in a vocabulary": (
        flip_bit("vocabulary/word.json"),
        "vocabulary/word.json does not match",
    ),
    "a flipped bit in the card": (flip_bit("README.md"), "README.md does not match"),
    "a missing member": (lambda p: (p / "checks.jsonl").unlink(), "checks.jsonl is missing"),
    "an emptied manifest": (lambda p: (p / "config.json").write_bytes(b""), "config.json is not JSON"),
    "a cut manifest": (
        lambda p: (p / "config.json").write_bytes((p / "config.json").read_bytes()[:300]),
        "config.json is not JSON",
    ),
    "a deeply nested manifest": (
        lambda p: (p / "config.json").write_text("[" * 100_000),
        "config.json is not JSON",
    ),
    "a manifest that is a list": (lambda p: (p / "config.json").write_text("[]"), "not the manifest"),
    "a later format": (change_config(lambda c: c.update(format=4)), "format 4"),
    "a format that is a text": (change_config(lambda c: c.update(format="1")), "format '1'"),
    "a format of yes": (change_config(lambda c: c.update(format=True)), "format True"),
    "a surplus key": (change_config(lambda c: c.update(_target_="os.system")), "has keys"),
    "a pickle inside": (
        lambda p: (p / "model.pkl").write_bytes(pickle.dumps(Payload())),
        "model.pkl is not listed in config.json (a pickle)",
    ),
    "an array file inside": (
        lambda p: np.save(p / "vocabulary" / "x.npy", np.zeros(2)),
        "vocabulary/x.npy is not listed",
    ),
    "a link": (
        lambda p: ((p / "README.md").unlink(), (p / "README.md").symlink_to("/etc/hostname")),
        "README.md is a link",
    ),
    "a path outside": (
        change_config(lambda c: c["files"].update({"../../etc/passwd": "0"})),
        "does not list exactly",
    ),
    "a block named as a path": (
        change_config(lambda c: c["blocks"][0].update(name="../x")),
        "block that is not one",
    ),
    "an unknown setting": (
        change_config(lambda c: c["blocks"][0]["settings"].update(input="filename")),
        "there is no such setting",
    ),
    "a huge n-gram": (
        change_config(lambda c: c["blocks"][0]["settings"].update(ngram_range=[1, 10**6])),
        "ngram_range",
    ),
    "a hostile token pattern": (
        change_config(lambda c: c["blocks"][0]["settings"].update(token_pattern="(?:a+)+b")),
        "take for ever",
    ),
    "swapped classes": (change_config(swap_classes), "that this model does not give"),
    "one class": (change_config(lambda c: c.update(classes=["a"])), "two or more"),
    "equal classes": (change_config(lambda c: c.update(classes=["a", "a"])), "two or more"),
    "a negative number of terms": (
        change_config(lambda c: c["blocks"][0].update(n_terms=-5)),
        "block that is not one",
    ),
    "a wrong number of terms": (
        change_config(lambda c: c["blocks"][0].update(n_terms=7)),
        "wrong type or shape",
    ),
    "an unknown calibration": (
        change_config(lambda c: c.update(calibration="pickle")),
        "unknown calibration",
    ),
    "another calibration": (
        change_config(lambda c: c.update(calibration="isotonic")),
        "disagree about array",
    ),
    "a weight that is not a number": (set_array("coef", np.nan), "not finite"),
    "an endless intercept": (set_array("intercept", np.inf), "not finite"),
    "a negative idf": (set_array("idf.word", -1.0), "not above 0"),
    "a changed weight": (change_arrays(lambda a: a["coef"].__imul__(1.01)), "that this model does not give"),
    "a surplus array": (change_arrays(lambda a: a.update(extra=np.zeros(3))), "disagree about array 'extra'"),
    "an array of another type": (
        change_arrays(lambda a: a.update(coef=a["coef"].astype(np.float32))),
        "wrong type or shape",
    ),
    "signatures of another length": (
        change_arrays(lambda a: a.update({"seen.signatures": a["seen.signatures"][:, :5].copy()})),
        "wrong type or shape",
    ),
    "flat signatures": (
        change_arrays(lambda a: a.update({"seen.signatures": a["seen.signatures"].ravel()})),
        "wrong type or shape",
    ),
    "signatures that are no whole numbers": (
        change_arrays(lambda a: a.update({"seen.signatures": a["seen.signatures"] * np.float64("nan")})),
        "wrong type or shape",
    ),
    "more signatures than texts": (
        change_arrays(lambda a: a.update({"seen.signatures": np.tile(a["seen.signatures"], (9, 1))})),
        "more signatures of training texts than training texts",
    ),
    "no signatures": (
        change_arrays(lambda a: a.pop("seen.signatures")),
        "disagree about array 'seen.signatures'",
    ),
    "a folder in place of the manifest": (
        lambda p: ((p / "config.json").unlink(), (p / "config.json").mkdir()),
        "config.json is not a regular file",
    ),
    "a pipe in place of a member": (
        lambda p: ((p / "README.md").unlink(), os.mkfifo(p / "README.md")),
        "README.md is not a regular file",
    ),
    "a weight that makes sums endless": (set_array("intercept", 1e308), "not finite, or above"),
    "an idf whose square is endless": (set_array("idf.word", 1e200), "not finite, or above"),
    "an idf whose square is nothing": (set_array("idf.word", 1e-200), "not above 0"),
    "numbers in lists": (
        change_checks(lambda row: {**row, "p": {name: [p] for name, p in row["p"].items()}}),
        "holds no numbers 'p' by class",
    ),
    "numbers as texts": (
        change_checks(lambda row: {**row, "p": {name: str(p) for name, p in row["p"].items()}}),
        "holds no numbers 'p' by class",
    ),
    "long check statements": (
        change_checks(lambda row: {**row, "text": row["text"] * 20}),
        "more than 20000 characters",
    ),
    "languages that are a text": (state(languages="fr"), "states facts.languages as 'fr'"),
    "a share that is none": (state(languages={"fr": 2}), "states facts.languages.fr as 2"),
    "a day alone": (state(published_on=["2020-01-01"]), "a first and a last day"),
    "versions in a list": (state(versions=[[1]]), "states facts.versions as [[1]]"),
    "a classifier without settings": (state(classifier=["x"]), "states facts.classifier as ['x']"),
    "a search that is yes": (state(search=True), "states facts.search as True"),
    "an auxiliary source that is a number": (state(auxiliary=[1]), "states facts.auxiliary.0 as 1"),
    "negative counts": (
        state(statements_per_class={"cooperative": -1, "tense": 1}),
        "states facts.statements_per_class.cooperative as -1",
    ),
    "counts of other classes": (
        state(statements_per_class={"a": 1}),
        "facts.statements_per_class of other classes",
    ),
    "lying sizes": (lie_about_size, "disagree about array"),
    "cut weights": (
        lambda p: ((p / "model.safetensors").write_bytes(b"\x05\x00\x00"), redigest(p)),
        "cut off",
    ),
    "a term twice": (change_vocabulary(lambda t: t.__setitem__(1, t[0])), "twice or out of order"),
    "swapped terms": (change_vocabulary(lambda t: t[::-1]), "twice or out of order"),
    "a term too many": (change_vocabulary(lambda t: t.append("zzzz")), "does not hold"),
    "a term that is a number": (change_vocabulary(lambda t: t.__setitem__(0, 3)), "not a text"),
    "a vocabulary that is a mapping": (change_vocabulary(lambda t: {"a": 1}), "is not a JSON list"),
    "no check statements": (
        lambda p: ((p / "checks.jsonl").write_text(""), redigest(p)),
        "holds 0 statements",
    ),
    "check statements of another shape": (
        lambda p: ((p / "checks.jsonl").write_text('{"text": "a", "decisions": "x"}\n' * 25), redigest(p)),
        "checks.jsonl",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_bundle_with_one_thing_changed_is_refused_by_name(saved, tmp_path, name):
    change, message = CHANGES[name]
    changed = builders.copy(saved, tmp_path)
    change(changed)
    with pytest.raises(BundleError) as refusal:
        stance.load(changed)
    assert message in str(refusal.value)
    assert len(str(refusal.value).splitlines()) <= 12
    assert not Path("/tmp/stance-payload-ran").exists()


def test_a_hidden_file_beside_the_members_does_no_harm(saved, tmp_path):
    changed = builders.copy(saved, tmp_path)
    (changed / ".gitattributes").write_text("*.safetensors filter=lfs")
    assert stance.load(changed).model_id == stance.load(saved).model_id


def test_a_bundle_of_format_1_is_read_and_knows_no_near_copies(saved, tmp_path):
    old = builders.copy(saved, tmp_path)
    change_config(lambda config: (config.update(format=1), config.pop("lexicons")))(old)
    change_arrays(lambda arrays: arrays.pop("seen.signatures"))(old)
    loaded, now = stance.load(old), stance.load(saved)
    assert (loaded.predict_proba(NASTY) == now.predict_proba(NASTY)).all()
    assert which_copied(loaded.seen, ["a"]) is None
    assert which_copied(now.seen, [now.facts["dataset"]]) is not None


@pytest.fixture(scope="module")
def by_polarity(tmp_path_factory):
    block = Block(field="negated+polarity", use_idf=False, norm=None)
    return builders.save_small(tmp_path_factory.mktemp("polarity"), block)


def test_a_model_by_polarity_is_refused_where_the_lexicons_are_others(by_polarity, saved, monkeypatch):
    assert stance.load(by_polarity).classes == stance.load(saved).classes
    monkeypatch.setattr(manifest, "lexicon_digest", lambda: "0" * 64)
    with pytest.raises(
        BundleError, match="needs '00000000'.* load it with the version of stance that made it"
    ):
        stance.load(by_polarity)
    assert stance.load(saved).classes  # reads no lexicon


@pytest.mark.parametrize("value", [None, "", 7, ["0"], "0" * 64])
def test_a_model_by_polarity_names_its_lexicons(by_polarity, tmp_path, value):
    changed = builders.copy(by_polarity, tmp_path)
    change_config(lambda config: config.update(lexicons=value))(changed)
    with pytest.raises(BundleError, match="names lexicons"):
        stance.load(changed)


def test_a_bundle_of_format_2_names_no_lexicons_and_is_read_if_its_check_statements_agree(
    by_polarity, tmp_path
):
    old = builders.copy(by_polarity, tmp_path)
    change_config(lambda config: (config.update(format=2), config.pop("lexicons")))(old)
    assert (stance.load(old).predict(NASTY) == stance.load(by_polarity).predict(NASTY)).all()


def test_a_training_text_costs_128_bytes_of_signature(saved):
    found = stance.load(saved).seen["signatures"]
    assert found.nbytes == 128 * len(found)


def test_the_folder_of_a_run_is_told_from_the_model_inside(saved):
    with pytest.raises(BundleError, match="Its folder 'model' is one"):
        stance.load(saved.parent)


def test_loading_runs_no_code_and_opens_nothing_outside(saved):
    script = f"""
import sys, stance
from stance.bundle import reading
import orjson, safetensors.numpy, pydantic, numpy, hashlib, scipy.sparse
stance.load({str(saved)!r})
opened = []
def hook(event, arguments):
    if event in ("exec", "compile", "os.system", "subprocess.Popen", "socket.connect", "pickle.find_class", "import", "os.exec"):
        opened.append((event, str(arguments)[:80]))
    if event == "open" and not isinstance(arguments[0], int) and not str(arguments[0]).startswith({str(saved)!r}):
        opened.append((event, str(arguments)[:80]))
sys.addaudithook(hook)
stance.load({str(saved)!r})
assert not opened, opened
assert "sklearn" not in sys.modules and "datasets" not in sys.modules and "hydra" not in sys.modules
"""
    root = Path(stance.__file__).parent.parent
    subprocess.run(
        [sys.executable, "-c", script], check=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )


def test_loading_takes_at_most_twice_the_bundle_and_64_mib(saved):
    n_bytes = sum(p.stat().st_size for p in saved.rglob("*") if p.is_file())
    stance.load(saved)
    tracemalloc.start()
    stance.load(saved)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 2 * n_bytes + (64 << 20)


N_JUNK = 1_000_000
JUNK = b"[" + b"[]," * N_JUNK + b"1]"
WIDE = "[\n" + ",\n".join(json.dumps("a" * 250_000 + chr(0x1F600 + i), ensure_ascii=False) for i in range(20))


def junk_header(path: Path) -> None:
    header = b'{"x": %b}' % JUNK
    (path / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    redigest(path)


def put(member: str, content: bytes):
    return lambda path: ((path / member).write_bytes(content), redigest(path))


@pytest.mark.parametrize(
    ("member", "change"),
    [
        ("config.json", lambda p: (p / "config.json").write_bytes(JUNK)),
        ("config.json", lambda p: change_config(lambda c: c["facts"].update(x=[[]] * N_JUNK))(p)),
        (
            "config.json",
            change_config(
                lambda c: c["blocks"][0]["settings"].update(field="text" + "+text" * (N_JUNK // 2))
            ),
        ),
        ("model.safetensors", junk_header),
        ("vocabulary/word.json", put("vocabulary/word.json", JUNK)),
        ("vocabulary/word.json", put("vocabulary/word.json", JUNK.replace(b",", b",\n"))),
        ("vocabulary/word.json", put("vocabulary/word.json", f"{WIDE}\n]\n".encode())),
        ("checks.jsonl", put("checks.jsonl", JUNK)),
        ("checks.jsonl", put("checks.jsonl", b'{"text":"a"}\n' * (N_JUNK // 2))),
    ],
)
def test_what_is_small_on_disk_and_large_in_memory_is_refused_early(saved, tmp_path, member, change):
    changed = builders.copy(saved, tmp_path)
    change(changed)
    n_bytes = sum(p.stat().st_size for p in changed.rglob("*") if p.is_file())
    stance.load(saved)  # with all that it imports
    tracemalloc.start()
    with pytest.raises(BundleError, match=member):
        stance.load(changed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 2 * n_bytes + (40 << 20)


def test_a_file_that_lacks_its_digest_is_never_held_in_memory(saved, tmp_path):
    changed = builders.copy(saved, tmp_path)
    os.truncate(changed / "model.safetensors", 64 << 20)
    tracemalloc.start()
    with pytest.raises(BundleError, match="does not match its digest"):
        stance.load(changed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_a_vocabulary_of_many_lines_is_read_whole(saved, tmp_path):
    changed = builders.copy(saved, tmp_path)
    more = [f"\u9fff{i:06d}" for i in range(50_000)]
    n_terms = []
    change_vocabulary(lambda terms: n_terms.append(len(terms)) or terms + more)(changed)
    member = changed / "vocabulary" / "word.json"
    member.write_text(json.dumps(json.loads(member.read_text()), indent=0))
    redigest(changed)
    with pytest.raises(BundleError, match=f"does not hold {n_terms[0]} terms"):
        stance.load(changed)
    block = json.loads((changed / "config.json").read_text())["blocks"][0]
    assert block["name"] == "word"
    change_config(lambda c: c["blocks"][0].update(n_terms=n_terms[0] + len(more)))(changed)

    def widen(arrays):
        arrays["idf.word"] = np.concatenate([arrays["idf.word"], np.ones(len(more))])
        start, rest = np.split(arrays["coef"], [n_terms[0]], axis=1)
        arrays["coef"] = np.ascontiguousarray(np.hstack([start, np.zeros((1, len(more))), rest]))

    change_arrays(widen)(changed)
    loaded = stance.load(changed)
    assert loaded.features.blocks[0].terms[-len(more) :] == more
    assert (loaded.predict_proba(NASTY) == stance.load(saved).predict_proba(NASTY)).all()


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_single_change_of_a_file_crashes_or_goes_unnoticed(saved, tmp_path_factory, data):
    changed = builders.copy(saved, tmp_path_factory.mktemp("fuzz"))
    member = data.draw(
        st.sampled_from(sorted(str(p.relative_to(saved)) for p in saved.rglob("*") if p.is_file()))
    )
    content = bytearray((changed / member).read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    kind = data.draw(st.sampled_from(["byte", "cut", "insert"]))
    if kind == "byte":
        content[position] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del content[position:]
    else:
        content[position:position] = data.draw(st.binary(min_size=1, max_size=20))
    (changed / member).write_bytes(content)
    if member != "config.json" and data.draw(st.booleans()):
        redigest(changed)
    try:
        loaded = stance.load(changed)
    except BundleError:
        return
    assert loaded.model_id != stance.load(saved).model_id or member == "config.json"


def test_a_model_that_was_never_trained_on_texts_is_saved_and_loaded(tmp_path):
    from dataclasses import replace

    bundle.save(replace(small_model(), seen={}), tmp_path / "model", card="# A model\n")
    assert not len(bundle.load(tmp_path / "model").seen["texts"])
