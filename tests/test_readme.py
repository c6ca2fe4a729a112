"""Every command that README.md shows is run, in its order, in one folder."""

import csv
import json
import os
import re
import shlex
import subprocess
import sys

import pytest

from stance.config import data_folder
from tests.programs import ROOT, run

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
PROGRAMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)

ARTICLE = """Les deux présidents veulent relancer le dialogue

Les deux présidents sont convenus de coordonner leurs efforts contre la piraterie, a indiqué la présidence dans un communiqué. « C'est un premier pas », a déclaré un conseiller.

L'ambassadeur avait été convoqué en mars après des tirs près du détroit.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the files that README.md speaks of."""
    folder = tmp_path_factory.mktemp("readme")
    rows = [
        json.loads(line)
        for line in (data_folder() / "tiny" / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in rows if row["label"] != "neutral"]
    with (folder / "labelled.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(
            file, ["text", "label", "article_id", "lang", "published_on", "source"], extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(rows)
    for name in ("held_out", "archive"):
        lines = [
            json.dumps({k: v for k, v in row.items() if name == "held_out" or k != "label"}) for row in rows
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "articles").mkdir()
    (folder / "articles" / "one.txt").write_text(ARTICLE, encoding="utf-8")
    return folder


def test_the_set_up_is_two_commands():
    shown = re.search(r"<!-- set-up -->(.*?)<!-- end of set-up -->", README, re.DOTALL)
    assert shown is not None
    assert [line.strip() for line in shown.group(1).splitlines() if line.strip()] == [
        "pip install . && stance train",
        "pip install -e '.[dev]' && pytest",
    ]


def test_every_shell_command_of_the_readme_runs(folder):
    assert len(COMMANDS) >= 8
    for command in COMMANDS:
        program, *words = shlex.split(command)
        assert program == "stance", command
        done = run(*words, cwd=folder)
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_every_python_block_of_the_readme_runs(folder):
    assert PROGRAMS
    for program in PROGRAMS:
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=folder,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
        )
