import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stance.cli import main
from stance.errors import EXIT_SIGINT, EXIT_SIGTERM
from stance.helptexts import COMMANDS
from stance.overrides import as_typed
from tests.programs import ROOT, run


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "tiny"
    done = run("train", "dataset=tiny", "features=word", f"output={folder}", cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_train_leaves_a_whole_run_and_says_what_next(trained):
    folder, done = trained
    names = {path.name for path in folder.iterdir()}
    assert names >= {
        "model",
        "metrics.json",
        "report.html",
        "predictions.parquet",
        "splits.parquet",
        "config.yaml",
        "run.json",
    }
    metrics = json.loads((folder / "metrics.json").read_text())
    assert set(metrics["macro_f1"]) == {"estimate", "lower", "upper"}
    assert f"stance score model={folder}/model" in done.stdout
    assert "macro_f1" in done.stdout


def test_evaluate_with_the_saved_model_counts_what_it_has_seen(trained, tmp_path):
    folder, _ = trained
    done = run("evaluate", f"model={folder}/model", "dataset=tiny", f"output={tmp_path}/e", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "e" / "metrics.json").read_text())["seen_in_training"]["statements"] > 20
    assert "of 40 statements are not new" in done.stderr


def test_two_trainings_in_one_second_have_folders_of_their_own(tmp_path):
    words = [sys.executable, "-m", "stance.cli", "train", "dataset=tiny", "features=word", "log_level=ERROR"]
    both = [
        subprocess.Popen(
            words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
        )
        for _ in range(2)
    ]
    assert [process.wait(120) for process in both] == [0, 0]
    assert len(list((tmp_path / "runs").iterdir())) == 2


SWEEP = ("train", "-m", "dataset=tiny", "features=word", "classifier=ridge,logistic")


def test_a_sweep_runs_each_setting_in_a_folder_of_its_own(tmp_path):
    done = run(*SWEEP, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    runs = [path.parent for path in (tmp_path / "runs").glob("**/metrics.json")]
    facts = [json.loads((folder / "run.json").read_text()) for folder in runs]
    assert [one["command"] for one in facts] == [["stance", *SWEEP]] * 2
    for part, name in zip(done.stdout.split("Settings: ")[1:], ("ridge", "logistic"), strict=True):
        assert part.splitlines()[0] == f"dataset=tiny features=word classifier={name}"


WRONG = [
    (["train", "classifer=ridge"], 2, "classifer"),
    (["train", "classifier=rige"], 2, "Did you mean 'ridge'"),
    (["train", "output="], 2, "output is empty; a path is needed. Give it as output=PATH."),
    (["compare", "runs=runs/a"], 2, "a list is needed. Write runs=[runs/a]."),
    (["train", "classifier.c=3"], 2, "Did you mean 'C'"),
    (["train", "classifier.C=ten"], 2, "classifier.C is 'ten'; a number is needed"),
    (["train", "classifier.C=-1"], 2, "a number above 0"),
    (["train", "+classifier.foo=1"], 2, "classifier.foo: there is no such setting"),
    (["train", "+foo=1"], 2, "foo: there is no such setting"),
    (["train", "seed=x"], 2, "seed is 'x'"),
    (["train", "features.blocks.word.ngram_range=[2,1]"], 2, "must not exceed"),
    (["train", "features.blocks.word.token_pattern='(?:a+)+b'"], 2, "take for ever"),
    (["train", "dataset=files"], 2, "dataset.path: a value is needed"),
    (["train", "dataset=files", "dataset.path=https://example.org/x.csv"], 2, "https://"),
    (["train", "dataset=files", "dataset.path=none.csv"], 3, "none.csv"),
    (["evaluate", "model=nowhere", "dataset=tiny"], 4, "nowhere: no model"),
    (["train", "dataset=tiny", "output=/proc/x"], 5, "/proc/x"),
    (["trian"], 2, "Did you mean 'train'"),
    (["train", "log_level=LOUD"], 2, "log_level is 'LOUD'"),
    (["train", "dataset=tiny", "split.fractions.test=1.5"], 2, "split.fractions"),
    (["train", "-m", "dataset=tiny", "classifier.C=ten,eleven"], 2, "a number is needed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "message"), WRONG, ids=lambda x: " ".join(x) if isinstance(x, list) else None
)
def test_a_wrong_command_is_one_message_and_its_status(tmp_path, words, status, message):
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, message in done.stderr) == (status, True), done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 12


@pytest.mark.parametrize("verb", [None, *COMMANDS])
def test_help_is_in_plain_words_with_examples(verb, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    if verb is None:
        with pytest.raises(SystemExit, match="0"):
            main(["--help"])
    else:
        main([verb, "--help"])
    text = capsys.readouterr().out
    assert "stance" in text
    assert all(len(line) <= 80 for line in text.split("Examples:")[0].splitlines()[1:])
    assert verb is None or f"stance {verb} " in text.split("Examples:")[1]


def test_cfg_job_prints_all_settings(tmp_path):
    done = run("train", "--cfg", "job", "classifier.C=7", cwd=tmp_path)
    assert done.returncode == 0
    assert "C: 7" in done.stdout


def test_secrets_of_the_environment_are_not_saved(tmp_path):
    done = run(
        "train",
        "dataset=tiny",
        "features=word",
        "++dataset.name=${oc.env:SECRET}",
        "output=r",
        cwd=tmp_path,
        env={"SECRET": "hunter2"},
    )
    saved = "".join(
        p.read_text(errors="ignore") for p in (tmp_path / "r").glob("*.*") if p.suffix in {".yaml", ".json"}
    )
    assert "hunter2" not in saved, done.stderr


PROGRAM = """import subprocess, sys
from stance.cli import main
from stance.errors import EXIT_SIGINT, EXIT_SIGTERM
sys.path.insert(0, "")
main(sys.argv[1:])
import html
subprocess.run([sys.executable, "-c", "import json, numpy, stance"], check=True)
"""


def test_modules_of_the_working_folder_are_imported_by_no_process(tmp_path):
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "program"
    program.write_text(PROGRAM)
    for name in ("json", "html", "sklearn", "numpy", "types", "random", "stance"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    (tmp_path / "a.txt").write_text("We condemn the attack. We regret it very much.\n")
    done = subprocess.run(
        [sys.executable, program, "prepare", "input=a.txt", "output=a.jsonl"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_modules_of_the_working_folder_are_not_imported_where_stance_is_run_as_a_module(tmp_path):
    for name in ("html", "sklearn", "numpy", "orjson", "dask"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    (tmp_path / "a.txt").write_text("We condemn the attack. We regret it very much.\n")
    done = run("prepare", "input=a.txt", "output=a.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_sigterm_ends_a_training_at_once_and_without_a_half_model(tmp_path):
    words = [sys.executable, "-m", "stance.cli", "train", "dataset=tone", "output=r"]
    process = subprocess.Popen(
        words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
    )
    time.sleep(2.5)
    process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    status = process.wait(20)
    assert time.monotonic() - started < 5
    assert status in (0, 143)
    assert not (tmp_path / "r" / "model").exists() or (tmp_path / "r" / "model" / "config.json").exists()


def test_importing_stance_is_quick_and_loads_nothing_heavy():
    code = "import sys, stance; print([m for m in ('numpy', 'sklearn', 'datasets', 'hydra', 'pyarrow', 'numba') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == "[]"


def test_words_that_are_not_paths_are_left_to_hydra():
    assert as_typed("seed=3") == "seed=3"
    assert as_typed("runs=[runs/a b,runs/c]") == "runs=['runs/a b','runs/c']"
    assert Path(as_typed("output=x").partition("=")[2].strip("'")).name == "x"


def test_training_again_elsewhere_gives_the_same_model_and_numbers(trained, tmp_path):
    folder, _ = trained
    elsewhere = {"PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "1", "LC_ALL": "C", "TZ": "Pacific/Auckland"}
    done = run("train", "dataset=tiny", "features=word", "output=again", cwd=tmp_path, env=elsewhere)
    assert done.returncode == 0, done.stderr
    for name in ("model/config.json", "metrics.json", "splits.parquet", "predictions.parquet"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


@pytest.mark.parametrize("name", ["déjà vu, #1 [x]=y", "007", "a b.jsonl.d"])
def test_every_path_works_as_it_is_typed(trained, tmp_path, name):
    folder, _ = trained
    place = tmp_path / name
    place.mkdir()
    rows = (ROOT / "data" / "tiny" / "statements.jsonl").read_text(encoding="utf-8").splitlines()[:3]
    (place / f"{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    output = place / f"out {name}.jsonl"
    done = run(
        "score",
        f"model={folder}/model",
        f"input={place}/{name}.jsonl",
        f"output={output}",
        "workers=1",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert len(output.read_text(encoding="utf-8").splitlines()) == 3


WHILE_IMPORTING = """import os, sys
class Finder:
    def find_spec(name, path, target=None):
        if name == "stance.program":
            os.kill(os.getpid(), int(sys.argv[1]))
sys.meta_path.insert(0, Finder)
from stance.cli import main
from stance.errors import EXIT_SIGINT, EXIT_SIGTERM
main(["--help"])
"""

IN_A_CALLBACK = """import os, sys, time
from stance import program
class Ending:
    def __del__(self):
        os.kill(os.getpid(), int(sys.argv[1]))
        time.sleep(0.01)
def dispatch(words):
    Ending()
    time.sleep(5)
program._dispatch = dispatch
program.run([])
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, EXIT_SIGINT), (signal.SIGTERM, EXIT_SIGTERM)], ids=["INT", "TERM"]
)
@pytest.mark.parametrize("program", [WHILE_IMPORTING, IN_A_CALLBACK], ids=["importing", "in a callback"])
def test_a_signal_is_one_line_and_its_status_wherever_it_comes(program, number, status):
    done = subprocess.run(
        [sys.executable, "-c", program, str(int(number))],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (status, "", 1)
    assert done.stderr.startswith("stopped by ")


def test_an_address_space_in_which_libraries_crash_is_refused_before_they_are_loaded():
    program = f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, ({300 << 20},) * 2); from stance.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "prepare", "input=a", "output=b"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "bounded to 300 MiB, prepare needs at least 768 MiB. Ask for more" in done.stderr
