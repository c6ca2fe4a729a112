import json
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from stance import bundle
from stance.behaviour import Pair, check_classes, measure_behaviour, read_suite, wilson_interval
from stance.calibration import Uncalibrated
from stance.classifier import Ridge
from stance.config import data_folder
from stance.errors import ConfigError, DataError
from stance.evaluate import evaluate
from stance.fit import Fit, TrainingData
from stance.model import Scores
from stance.provenance import sha256_file
from stance.seen import seen_hashes
from tests.programs import run
from tests.texts import word_features

FOLDER = data_folder() / "behaviour"
FIELDS = ["pair_id", "capability", "first", "second", "expected", "first_label", "second_label", "lang"]
FLIPS = {"negation", "conditional", "refused_cooperation", "lifted_sanctions", "quoted_threat"}
VARIANTS = {"actor_swap", "typos", "typography"}
CLASSES = ("tense", "cooperative")


@pytest.fixture(scope="module")
def pairs():
    return read_suite(FOLDER)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Saved models of the tiny data: ``tone`` of two classes, ``three`` with neutral statements too."""
    folder = tmp_path_factory.mktemp("trained")
    rows = [
        json.loads(line)
        for line in (data_folder() / "tiny/statements.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for name, classes in {"tone": CLASSES, "three": (*CLASSES, "neutral")}.items():
        chosen = [row for row in rows if row["label"] in classes]
        texts = [row["text"] for row in chosen]
        y = np.array([classes.index(row["label"]) for row in chosen])
        data = TrainingData(texts, None, y, np.arange(len(y)), classes)
        fit = Fit(data, word_features(), Ridge(), Uncalibrated(), seed=1)
        model = fit.model(np.arange(len(y)), np.zeros(0, dtype=np.int64))
        model = replace(model, facts={"dataset": "tiny"}, seen=seen_hashes(texts, texts))
        bundle.save(model, folder / name, card="")
    return folder


class Keyword:
    """A model that finds every statement tense in which a word stands."""

    classes = CLASSES
    features = SimpleNamespace(needs_target=False)

    def score(self, texts):
        tense = np.array(["war" in text for text in texts])
        probabilities = np.where(tense[:, None], [0.9, 0.1], [0.2, 0.8])
        return Scores(probabilities.argmax(axis=1), probabilities, probabilities, np.ones(len(texts), int))


def pair(number: int, first: str, second: str, *labels: str, capability: str = "a", lang: str = "en") -> Pair:
    expected = "flip" if labels else "same"
    return Pair(f"p{number}", capability, first, second, expected, lang, *labels)


def squeezed(text: str) -> str:
    """What is left of a text when quotes, apostrophes, dashes, spaces and stops are taken away."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[\W_]|[\u0300-\u036f]", "", decomposed)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_row_of_the_suite_has_the_same_fields_and_its_language(lang):
    lines = (FOLDER / f"pairs_{lang}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert all(list(row) == FIELDS for row in rows)
    assert {row["lang"] for row in rows} == {lang}


def test_there_are_200_pairs_a_language_and_25_a_capability(pairs):
    languages = Counter(pair.lang for pair in pairs)
    assert set(languages) == {"fr", "en"}
    assert min(languages.values()) >= 200
    cells = Counter((pair.capability, pair.lang) for pair in pairs)
    assert {capability for capability, _ in cells} == FLIPS | VARIANTS
    assert len(cells) == 16
    assert min(cells.values()) >= 25


def test_no_statement_stands_twice_and_each_has_the_length_of_news(pairs):
    texts = [text for pair in pairs for text in (pair.first, pair.second)]
    assert [text for text, n in Counter(texts).items() if n > 1] == []
    lengths = [len(re.findall(r"[\w’'‑-]+", text)) for text in texts]
    assert min(lengths) >= 8
    assert max(lengths) <= 25


def test_what_is_expected_fits_the_capability_and_flips_state_two_labels(pairs):
    for pair in pairs:
        if pair.expected == "flip":
            assert pair.capability in FLIPS
            assert {pair.first_label, pair.second_label} == {"cooperative", "tense"}, pair.pair_id
        else:
            assert pair.capability in VARIANTS | {"conditional", "quoted_threat"}
            assert pair.first_label is pair.second_label is None


def test_typographic_variants_have_the_same_letters(pairs):
    differing = [
        pair.pair_id
        for pair in pairs
        if pair.capability == "typography" and squeezed(pair.first) != squeezed(pair.second)
    ]
    assert differing == []


def test_the_table_of_data_names_the_files_as_they_are():
    table = (data_folder() / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.jsonl"):
        assert f"{path.name} `{sha256_file(path)}`" in table


def test_failure_rates_count_what_a_model_gets_wrong():
    suite = [
        pair(1, "a war", "b war"),  # holds
        pair(2, "a war", "a peace"),  # fails: not the same
        pair(3, "a war", "a peace", "tense", "cooperative", capability="b"),  # holds
        pair(4, "a peace", "a war", "tense", "cooperative", capability="b"),  # fails: the wrong way
        pair(5, "a war", "b war", "tense", "cooperative", capability="b", lang="fr"),  # fails: no flip
    ]
    found = measure_behaviour(Keyword(), suite)
    counts = {(rate.capability, rate.lang): (rate.n_failed, rate.n_pairs) for rate in found.rates}
    assert counts == {
        ("a", "en"): (1, 2),
        ("a", "all"): (1, 2),
        ("b", "en"): (1, 2),
        ("b", "fr"): (1, 1),
        ("b", "all"): (2, 3),
        ("all", "en"): (2, 4),
        ("all", "fr"): (1, 1),
        ("all", "all"): (3, 5),
    }
    assert [failure.pair.pair_id for failure in found.failures] == ["p2", "p4", "p5"]
    assert found.failures[0].first_probabilities == {"tense": 0.9, "cooperative": 0.1}
    assert found.failures[0].second_probabilities == {"tense": 0.2, "cooperative": 0.8}


def test_a_flip_without_labels_holds_when_the_class_changes():
    unlabelled = Pair("p", "a", "x", "y", "flip", "en")
    assert not unlabelled.fails("tense", "cooperative")
    assert unlabelled.fails("tense", "tense")


def test_a_model_that_gives_one_class_fails_every_flip_and_no_other(pairs):
    class Constant(Keyword):
        def score(self, texts):
            return super().score(["war"] * len(texts))

    found = measure_behaviour(Constant(), pairs)
    assert {failure.pair.pair_id for failure in found.failures} == {
        pair.pair_id for pair in pairs if pair.expected == "flip"
    }


@pytest.mark.parametrize(("hits", "n"), [(0, 26), (1, 26), (13, 26), (26, 26), (1, 1)])
def test_the_bounds_are_the_shares_that_a_score_test_just_keeps(hits, n):
    share, lower, upper = wilson_interval(hits, n)
    assert share == hits / n
    for bound in (lower, upper):
        assert abs(share - bound) == pytest.approx(1.959963985 * (bound * (1 - bound) / n) ** 0.5, abs=1e-7)
    assert 0 <= lower <= share <= upper <= 1
    assert lower < upper


ROW = {"pair_id": "a", "capability": "c", "first": "x", "second": "y", "expected": "same", "lang": "en"}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "pairs_en.jsonl|no pairs"),
        ([ROW, ROW], "'a' stands twice"),
        ([{**ROW, "expected": "change"}], "line 1.expected is 'change'"),
        ([ROW, {**ROW, "pair_id": "b", "first_label": "angry"}], "line 2.first_label is 'angry'"),
    ],
)
def test_a_broken_suite_is_refused_with_the_line(tmp_path, rows, message):
    path = tmp_path / "pairs_en.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_suite(tmp_path)


def test_a_model_that_reads_a_target_is_refused():
    model = Keyword()
    model.features = SimpleNamespace(needs_target=True)
    with pytest.raises(ConfigError, match="the pairs have none"):
        check_classes(model)


def test_the_command_prints_a_table_and_writes_rates_and_failing_pairs(trained, tmp_path, pairs):
    output = tmp_path / "b"
    done = run("evaluate", "suite=behaviour", f"model={trained}/tone", f"output={output}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(capability in done.stdout for capability in FLIPS | VARIANTS)
    saved = json.loads((output / "behaviour.json").read_text(encoding="utf-8"))
    rates = {(rate["capability"], rate["lang"]): rate for rate in saved["rates"]}
    everything = rates["all", "all"]
    assert everything["n_pairs"] == len(pairs)
    assert everything["n_failed"] == len(saved["failures"])
    assert everything["failure_rate"]["estimate"] == everything["n_failed"] / len(pairs)
    model = bundle.load(trained / "tone")
    for failure in saved["failures"][:5]:
        texts = [failure["pair"]["first"], failure["pair"]["second"]]
        told = [list(failure[f"{name}_probabilities"].values()) for name in ("first", "second")]
        order = [list(failure["first_probabilities"]).index(name) for name in model.classes]
        assert np.array(told)[:, order] == pytest.approx(model.predict_proba(texts), abs=1e-9)


def test_a_model_of_other_classes_is_refused_and_nothing_is_written(trained, tmp_path):
    with pytest.raises(ConfigError, match=r"classes are .*neutral.* are needed") as refusal:
        evaluate(model=str(trained / "three"), suite=str(FOLDER), seed=1, output=str(tmp_path / "b"))
    assert refusal.value.exit_status == 2
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("given", [{}, {"dataset": "tiny", "suite": "x"}])
def test_a_dataset_or_a_suite_is_needed_and_not_both(given):
    with pytest.raises(ConfigError, match="Give one of them"):
        evaluate(model="m", seed=1, output=None, **given)
