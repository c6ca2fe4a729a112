"""Every experiment runs, on the tiny dataset in place of its own."""

import pytest
from hydra import compose, initialize_config_dir

from stance.config import arguments, conf_folder, data_folder, options, plain, register_resolvers
from stance.train import train

PUBLIC = [
    "newsmtsc",
    "plv",
    "semeval2016",
    "umsab_en",
    "umsab_fr",
    "un_quad_en",
    "un_quad_en_quad",
    "un_quad_fr",
]

TINY = {
    "path": data_folder() / "tiny" / "statements.jsonl",
    "label_field": "label",
    "article_field": "article_id",
    "classes": "null",
    "drop_labels": "[]",
    "averaged": "[]",
}
SMALL = {"plv": [f"dataset.auxiliary.tone.path={TINY['path']}"]}
"""What else an experiment reads that would take long."""


def test_every_public_set_has_its_experiment():
    assert set(PUBLIC) <= set(options("experiment"))


@pytest.mark.parametrize("name", options("experiment"))
def test_an_experiment_runs_on_the_tiny_dataset(name, tmp_path):
    register_resolvers()
    overrides = [
        f"experiment={name}",
        "split=by_article",
        "benchmarks=nowhere",
        *(f"++dataset.{key}={value}" for key, value in TINY.items()),
        *SMALL.get(name, []),
        f"output={tmp_path / 'run'}",
    ]
    with initialize_config_dir(str(conf_folder()), version_base="1.3"):
        values = plain(compose("train", overrides))
    train(**arguments(train, values), name=name)
    assert (tmp_path / "run" / "model" / "config.json").is_file()
