"""What ``stance --help`` and ``stance VERB --help`` say, and the completion of the shell."""

import shutil
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from stance.errors import EXIT_CONFIG

PLAIN_COLUMNS = 110
"""Where standard output is no terminal."""


@dataclass(frozen=True)
class Command:
    """A verb in plain words.

    Parameters
    ----------
    summary : str
        One line.
    settings : mapping of setting to meaning
    examples : tuple of str
    """

    summary: str
    settings: dict[str, str]
    examples: tuple[str, ...]
    groups: tuple[str, ...] = ()

    @property
    def writes_folder(self) -> bool:
        """Whether its output is a folder, so that each run of a sweep has one of its own in it."""
        return "output=FOLDER" in self.settings


_MODEL_GROUPS = ("dataset", "split", "features", "classifier", "calibration", "search", "experiment")
_FILES = "a file, a folder or a glob: .jsonl .jsonl.gz .csv .parquet .txt .html"

COMMANDS: dict[str, Command] = {
    "train": Command(
        "Train a model on labelled statements, test it on held-out articles, and save it.",
        {
            "dataset=NAME": "labelled statements; dataset=files dataset.path=FILE for your own",
            "split=NAME": "which articles are held out",
            "features=NAME": "TF-IDF blocks",
            "classifier=NAME": "linear classifier; classifier.C=10 and the like change it",
            "search=NAME": "tuning by folds of articles",
            "experiment=NAME": "a named change of several settings",
            "learning_curve=true": "also: what would more articles give?",
            "probes=true": "also: how much do the names of actors decide?",
            "output=FOLDER": "where the run is written (default: a new folder in runs/)",
            "seed=N": "the one seed",
        },
        (
            "stance train",
            "stance train dataset=files dataset.path=labelled.csv",
            "stance train features=word classifier=logistic search=grid",
            "stance train -m classifier=logistic,linear_svc hydra/launcher=joblib",
        ),
        _MODEL_GROUPS,
    ),
    "evaluate": Command(
        "Test a saved model on labelled statements that it has not seen.",
        {
            "model=FOLDER": "the folder 'model' of a run",
            "dataset=files dataset.path=FILE": "labelled statements",
            "suite=behaviour": "instead: pairs that differ in one thing; how often does it fail?",
            "output=FOLDER": "where the report is written (default: a new folder in runs/)",
        },
        (
            "stance evaluate model=runs/tone/model dataset=files dataset.path=held_out.jsonl",
            "stance evaluate model=runs/tone/model suite=behaviour",
        ),
        ("dataset", "suite"),
    ),
    "compare": Command(
        "Compare runs on the same test statements: differences with intervals.",
        {
            "runs=[FOLDER,FOLDER]": "folders of train or evaluate runs; the first is the reference",
            "metric=NAME": "what is compared (default: macro_f1), as per_class.tense.f1",
            "slices=[COLUMN,...]": "also within each value of columns; year, length and speaker_known are made",
            "all_pairs=true": "every run with every other, not with the first alone",
            "output=FOLDER": "where a report is written (default: none)",
        },
        (
            "stance compare runs=[runs/a,runs/b]",
            "stance compare runs=[runs/a,runs/b,runs/c] slices=[lang,source] output=runs/comparison",
        ),
    ),
    "prepare": Command(
        "Cut articles into statements, with speakers, languages and actors.",
        {
            "input=PATH": _FILES,
            "output=FILE": ".jsonl, .parquet or .csv",
            "unit=sentences|quotations|paragraphs": "what a statement is",
            "workers=N": "processes (default: all cores; small inputs take none but this one)",
            "text_field=NAME": "column of the articles in tables; Texte, Full text are found without",
            "encoding=NAME": "of text files that are not in Unicode",
        },
        (
            "stance prepare input=articles/ output=statements.jsonl",
            "stance prepare input=export.csv text_field=contents output=statements.parquet",
        ),
    ),
    "score": Command(
        "Apply a saved model to statements or articles, however many.",
        {
            "model=FOLDER": "the folder 'model' of a run",
            "input=PATH": _FILES,
            "output=FILE": ".parquet, .jsonl or .csv",
            "unit=statement|article": "what a row's text is; articles are cut into statements first",
            "workers=N": "processes (default: all cores)",
            "resume=true": "go on where a stopped run ended, or keep what is finished; resume=false starts again",
            "parts=true": "a folder of Parquet files; partition_by=year, or a column, divides it",
            "text_field=NAME": "the column of the text; target_field, encoding, delimiter likewise",
            "max_skipped=0.01": "share of rows that may be skipped; above it the exit status is 6",
            "engine=dask": "a Dask cluster: of this machine, or engine.address=tls://HOST:PORT",
        },
        (
            "stance score model=runs/tone/model input=archive.jsonl output=scores.parquet",
            "stance score model=runs/tone/model input=article.txt output=tones.csv unit=article",
        ),
    ),
    "explain": Command(
        "Show an article with the tone of each statement and the terms that decided.",
        {
            "model=FOLDER": "the folder 'model' of a run",
            "input=FILE": "an article: .txt or .html",
            "text=TEXT": "or the text itself",
            "article=ID": "which article, where the input holds several",
            "output=page.html": "the page, and page.json with the same content (default: as text on the terminal)",
        },
        (
            "stance explain model=runs/tone/model input=article.txt output=page.html",
            'stance explain model=runs/tone/model text="Paris et Berlin saluent l\'accord."',
        ),
    ),
}


def general_help() -> str:
    """What ``stance --help`` prints."""
    verbs = {name: command.summary for name, command in COMMANDS.items()}
    verbs["completion"] = 'Print the completion for bash: eval "$(stance completion)".'
    return f"""stance: the tone of diplomatic statements, and stance and sentiment at large.

Usage: stance COMMAND [setting=value ...]

{_listed(verbs)}

First steps:
  stance train              train and test on the data that come with stance
  stance COMMAND --help     settings and examples of a command
  stance COMMAND --cfg job  all settings of a command with their values

Exit status: 0 done, 1 a bug, {EXIT_CONFIG} wrong command or setting, 3 input data,
4 model refused, 5 output, 6 more rows skipped than allowed, 130 or 143 stopped
(score can be resumed)."""


def command_help(verb: str) -> str:
    """What ``stance VERB --help`` prints."""
    command = COMMANDS[verb]
    examples = "\n".join(f"  {example}" for example in command.examples)
    parts = [f"stance {verb}: {command.summary}", f"Settings:\n{_listed(command.settings)}"]
    if command.groups:
        parts.append("Choices:\n" + _listed({group: _choices(group) for group in command.groups}))
    parts.append(f"Examples:\n{examples}")
    swept = "; output=FOLDER then has a folder for each" if command.writes_folder else ""
    more = {
        "--cfg job": "all settings with their values",
        "-m": f"several values at once, as in -m seed=1,2,3{swept}",
        "log_level=WARNING": "less to read",
    }
    parts.append(f"More:\n{_listed(more)}")
    return "\n\n".join(parts)


def _listed(meanings: Mapping[str, str]) -> str:
    """A line for each name with its meaning beside it, broken where the terminal ends."""
    width = max(map(len, meanings)) + 4
    columns = shutil.get_terminal_size((PLAIN_COLUMNS, 0)).columns
    return "\n".join(
        textwrap.fill(
            f"  {name:<{width - 4}}  {meaning}",
            max(columns, width + 20),
            subsequent_indent=" " * width,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for name, meaning in meanings.items()
    )


def _choices(group: str) -> str:
    from stance.config import conf_folder

    return ", ".join(sorted(path.stem for path in (conf_folder() / group).glob("*.yaml")))


def completion_script() -> str:
    """A bash completion: verbs first, then the settings and choices that Hydra knows."""
    verbs = " ".join([*COMMANDS, "completion"])
    return f"""_stance() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" verb="${{COMP_WORDS[1]}}"
  if [ "$COMP_CWORD" -le 1 ]; then
    COMPREPLY=($(compgen -W "{verbs} --help --version" -- "$word"))
    return
  fi
  local line="${{COMP_LINE#* }}"
  COMPREPLY=($(COMP_LINE="stance ${{line#* }}" COMP_POINT=9999 stance "$verb" -sc query=bash 2>/dev/null))
  [[ "${{COMPREPLY[0]}}" == *= || "${{COMPREPLY[0]}}" == *. ]] && compopt -o nospace
}}
complete -o nosort -F _stance stance"""
