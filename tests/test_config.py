import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir

from stance.config import (
    GROUPS,
    MODULES,
    arguments,
    build_group,
    check_config_folder,
    check_yaml,
    conf_folder,
    options,
    plain,
    register_resolvers,
)
from stance.errors import ConfigError
from stance.evaluate import evaluate
from stance.overrides import as_typed, check_overrides, hydra_words
from stance.train import train

register_resolvers()
ENTRIES = [(group, name) for group in GROUPS for name in options(group)]
NEEDED = {"dataset": ["dataset.path=x"], "split": ["split.test=[a]"]}


def composed(root: str, *overrides: str) -> dict:
    with initialize_config_dir(str(conf_folder()), version_base="1.3"):
        return plain(compose(root, list(overrides)))


@pytest.mark.parametrize(("group", "name"), ENTRIES)
def test_every_entry_of_every_group_builds_its_settings(group, name):
    entry = (conf_folder() / group / f"{name}.yaml").read_text(encoding="utf-8")
    needed = NEEDED[group] if "???" in entry else []
    root = "score" if group == "engine" else "train"
    values = composed(
        root, f"{group}={name}", *needed, *(["model=m", "input=i", "output=o"] if root == "score" else [])
    )
    settings = build_group(group, values[group])
    assert type(settings).__module__.startswith(MODULES.get(group, f"stance.{group}"))


@pytest.mark.parametrize("name", options("experiment"))
def test_every_experiment_is_short_and_opens_with_its_question(name):
    lines = (conf_folder() / "experiment" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# @package _global_"  # Hydra reads it in the first line alone
    assert lines[1].startswith("# ")
    assert lines[1].endswith("?")
    assert len(lines) <= 25


def test_an_experiment_on_public_data_asks_for_their_folder():
    with pytest.raises(ConfigError, match="benchmarks is null; .*benchmarks=FOLDER"):
        composed("train", "experiment=plv")
    values = composed("train", "experiment=plv", "benchmarks='l’été'")
    assert values["dataset"]["path"] == ["l’été/plv/train.jsonl"]


def test_the_arguments_of_train_and_evaluate_are_their_configurations():
    assert set(arguments(train, composed("train"))) == {
        "dataset", "split", "features", "classifier", "calibration", "search", "seed", "output",
        "learning_curve", "probes",
    }  # fmt: skip
    assert "model" in arguments(evaluate, composed("evaluate", "model=m", "dataset.path=x"))


@pytest.mark.parametrize(
    ("group", "values", "message"),
    [
        ("classifier", {"_target_": "os.system", "command": "true"}, "one of .* is allowed"),
        ("classifier", {"_target_": "stance.classifier.fit_linear"}, "is allowed"),
        ("classifier", {"_target_": "stance.split.KFold"}, "is allowed"),
        (
            "classifier",
            {"_target_": "stance.classifier.Logistik"},
            "Did you mean 'stance.classifier.Logistic'",
        ),
        ("classifier", {"C": 1}, "an entry of conf/classifier is needed"),
        ("classifier", None, "an entry of conf/classifier is needed"),
        (
            "classifier",
            {"_target_": "stance.classifier.Logistic", "C": 0},
            "classifier.C is 0; a number above 0",
        ),
        (
            "classifier",
            {"_target_": "stance.classifier.Logistic", "foo": 1},
            "classifier.foo: there is no such setting",
        ),
        (
            "dataset",
            {"_target_": "stance.dataset.Files", "path": "x", "classes": [True, False]},
            "put it in quotes",
        ),
        (
            "dataset",
            {"_target_": "stance.dataset.Files", "path": "x", "classes": ["", "a"]},
            "stand for a missing label",
        ),
        (
            "features",
            {
                "_target_": "stance.features.Features",
                "blocks": {"word": {"field": "text", "ngram_range": [True, True]}},
            },
            r"ngram_range is \[true, true\]",
        ),
        (
            "features",
            {"_target_": "stance.features.Features", "blocks": {"wrod": {"min_df": 2}}},
            "features.blocks.wrod.field: a value is needed",
        ),
        (
            "split",
            {"_target_": "stance.split.KFold", "n_folds": 1, "seed": 1},
            "n_folds is 1; a number of at least 2",
        ),
        ("split", {"_target_": "stance.split.KFold", "n_folds": 3}, "split.seed: a value is needed"),
    ],
)
def test_a_group_that_is_not_one_of_ours_or_wrong_is_one_line(group, values, message):
    with pytest.raises(ConfigError, match=message) as refusal:
        build_group(group, values)
    assert len(str(refusal.value).splitlines()) == 1


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LAUGHS, "anchors and aliases"),
        ("a: &a [*a]\n", "anchors and aliases"),
        ("a:\n\t- b\n", "not readable as YAML"),
        ("a: 1\na: 2\n", "stands twice"),
        ("b:\n  a: 1\n  a: 2\n", "stands twice"),
        ("a: !!python/object/apply:os.system [true]\n", "the tag"),
        ("hydra:\n  callbacks:\n    x: {_target_: os.system}\n", "settings of hydra are not allowed"),
        ("# @package hydra.job_logging\nx: 1\n", "settings of hydra are not allowed"),
        ("[" * 200 + "]" * 200, "levels deep"),
        ("a: [1, 2\n", "not readable as YAML"),
        (b"a: caf\xe9\n", "not UTF-8"),
        (b"x" * (2 << 20), "configuration is short"),
        ("? [a, b]\n: 1\n", "a key is a list or a mapping"),
        (
            "a: ${b}${b}\n" + "".join(f"{c}: ${{{c}x}}${{{c}x}}\n" for c in "bcdefghijk"),
            "put together of too many",
        ),
    ],
)
def test_hostile_or_broken_yaml_is_refused_before_it_is_read(tmp_path, text, message):
    path = tmp_path / "x.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError, match=message):
        check_yaml(path)


@pytest.mark.parametrize(
    "path",
    ["l'été 2024.csv", "a,b=c#d.jsonl", "[x]{y}.csv", "2024", "007", "a b\tc", "${oc.env:HOME}", "déjà\\vu", "a\\'b", "end\\", '"q".csv', "true", "null", "~x", "a:b", "(1).csv", "%41", "x\\${y}"],
)  # fmt: skip
def test_a_path_arrives_as_it_was_typed(path):
    values = composed("evaluate", "model=m", as_typed(f"dataset.path={path}"))
    assert values["dataset"]["path"] == path


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Coopératif,Hostile", ["Coopératif", "Hostile"]),
        ("Ni l'un ni l'autre, d'accord", ["Ni l'un ni l'autre", "d'accord"]),
        ("for (strongly),1,null", ["for (strongly)", "1", "null"]),
        ("'yes, but',\"no\"", ["yes, but", "no"]),
        ("'tis,'twas", ["'tis", "'twas"]),
        ("", []),
    ],
)
def test_names_in_a_list_arrive_as_they_were_typed(typed, names):
    values = composed("evaluate", "model=m", "dataset.path=x", as_typed(f"dataset.classes=[{typed}]"))
    assert values["dataset"]["classes"] == names


def test_several_lists_are_left_to_a_sweep():
    assert as_typed("slices=[a],[b]", is_sweep=True) == "slices=[a],[b]"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("hydra.job_logging.root.level=DEBUG", "cannot be changed from outside"),
        ("+hydra.callbacks.x._target_=os.system", "cannot be changed from outside"),
        ("hydra/job_logging=stdout", "cannot be changed from outside"),
        ("+classifier@hydra.callbacks=ridge", "cannot be changed from outside"),
        ("+classifier@:hydra.callbacks=ridge", "cannot be changed from outside"),
        ("hydra/launcher=evil", "Did you mean|one of"),
        pytest.param(
            *("hydra/launcher=submitit_slurm", r"not installed\. Install stance\[slurm\]"),
            marks=pytest.mark.skipif(
                find_spec("hydra_plugins.hydra_submitit_launcher") is not None, reason="submitit is installed"
            ),
        ),
        ("classifier=logistc", r"Did you mean 'logistic'\? Write classifier=logistic\."),
        ("dataset=tones", "Did you mean 'tone'"),
        ("experiment=nope", "experiment is 'nope'; one of"),
        ("tone.jsonl", "settings are written key=value"),
        ("=3", "settings are written key=value"),
        ("\x1b[31mseed=1", r"\\x1b\[31mseed=1"),
        ("a" * 5000 + "=1", "aaa…': not a setting"),
        ("~", "settings are written key=value"),
        ("hydra.launcher._target_=os.system", "cannot be changed from outside"),
        ("++hydra.launcher.x._target_=os.system", "cannot be changed from outside"),
        ("classifier=", "classifier is ''; one of"),
        ("search=null", "search is 'null'; one of .*Write search=grid"),
    ],
)
def test_a_wrong_override_is_refused_with_what_would_be_right(word, message):
    with pytest.raises(ConfigError, match=message):
        check_overrides("train", [word])


def test_flags_and_settings_stand_in_any_order():
    words = ["dataset=tiny", "--config-dir", "mine", "experiment=own", "--cfg=job", "seed=1"]
    assert hydra_words("train", words) == [
        *("--config-dir", "mine", "--cfg", "job"),
        *("dataset=tiny", "experiment=own", "seed=1"),
    ]


def test_an_output_of_a_sweep_is_a_folder_with_one_for_each_run():
    assert hydra_words("train", ["-m", "seed=1,2", "output=l'été 1"]) == [
        *("-m", "seed=1,2", "output='l\\'été 1/${hydra:job.num}'")
    ]
    assert hydra_words("train", ["-m", "output=a,b"]) == ["-m", "output=a,b"]
    with pytest.raises(ConfigError, match="one file for all runs"):
        hydra_words("score", ["-m", "model=a,b", "output=scores.parquet"])


@pytest.mark.parametrize(
    "words", [["--cfg"], ["--cfg=jb"], ["--config-dir", "--cfg", "job"], ["-i", "seed=1"], ["-cd="]]
)
def test_a_flag_without_its_value_is_one_line(words):
    with pytest.raises(ConfigError, match=f"^{words[0].partition('=')[0]} is .* is needed") as refusal:
        hydra_words("train", words)
    assert "\n" not in str(refusal.value)


def test_configuration_names_nothing_outside_its_groups():
    for path in Path(conf_folder()).rglob("*.yaml"):
        for target in re.findall(r"_target_: (\S+)", path.read_text(encoding="utf-8")):
            assert target.rpartition(".")[0] == MODULES.get(path.parent.name, f"stance.{path.parent.name}"), (
                path
            )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("experiment/z.yaml", "# @package _global_\ndefaults:\n  - override /hydra/callbacks: x\n"),
        ("experiment/z.yaml", "# @package _global_\ndefaults:\n  - /foo@hydra.callbacks: x\n"),
        ("experiment/z.yaml", "# @package _global_\ndefaults:\n  - /foo/x@hydra.callbacks\n"),
        ("experiment/z.yaml", '# @package _global_\ndefaults:\n  - "override /hyd\\u0072a/launcher": x\n'),
        ("experiment/z.yaml", "#  @package   hydra.callbacks\na: 1\n"),
        ("experiment/z.yaml", "hydra.searchpath: [x]\n"),
        ("hydra/launcher/basic.yaml", "_target_: os.system\n"),
    ],
)  # fmt: skip
def test_a_folder_of_ones_own_does_not_reach_into_hydra(tmp_path, name, content):
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(ConfigError, match="settings of hydra are not allowed"):
        check_config_folder(str(tmp_path))


def test_a_folder_of_ones_own_holds_no_links_to_folders(tmp_path):
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "experiment").symlink_to(tmp_path)
    with pytest.raises(ConfigError, match="is a link to a folder"):
        check_config_folder(str(tmp_path / "conf"))


@pytest.mark.parametrize("kind", ["pipe", "device", "loop", "nothing", "folder"])
def test_what_is_no_file_in_a_folder_of_ones_own_is_not_opened(tmp_path, kind):
    path = tmp_path / "experiment" / "own.yaml"
    path.parent.mkdir()
    make = {"pipe": os.mkfifo, "folder": Path.mkdir}
    links = {"device": "/dev/zero", "loop": "own.yaml", "nothing": "absent"}
    make[kind](path) if kind in make else path.symlink_to(links[kind])
    with pytest.raises(ConfigError, match="own.yaml: "):
        check_config_folder(str(tmp_path))


def test_a_folder_of_all_sorts_of_things_is_no_configuration(tmp_path, monkeypatch):
    monkeypatch.setattr("stance.config.MAX_CONFIG_PATHS", 3)
    for number in range(4):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(ConfigError, match="more than 3 files"):
        check_config_folder(str(tmp_path))
