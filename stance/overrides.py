"""The words after a verb, checked and put into the form in which Hydra takes them."""

import re
from collections.abc import Iterator
from importlib.util import find_spec

from stance.config import GROUPS, options
from stance.errors import ConfigError, nearest, nearest_name, printable
from stance.helptexts import COMMANDS

TYPED_KEYS = (
    "input",
    "output",
    "model",
    "text",
    "dataset.path",
    "benchmarks",
    "engine.address",
    "dataset.name",
)
"""Keys whose values are taken as typed, whatever characters they hold."""

TYPED_NAMES = re.compile(
    r"(dataset\.)?(\w+_field|delimiter|encoding)|partition_by|article|target|split\.field"
    r"|features\.blocks\.\w+\.token_pattern"
)
"""The same for names and patterns, of which null stands for none."""

LISTS_AS_TYPED = frozenset(
    (
        *("runs", "slices", "split.field", "split.test", "split.calibrate"),
        *("dataset.classes", "dataset.drop_labels", "dataset.averaged"),
    )
)
"""Keys of which a list in brackets is taken item by item, each as typed."""

_ITEM = re.compile(r"""\s*((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?=\s*(?:,|$))|[^,]*)(?:,|$)""")
"""One item of a list: in quotes up to the comma, where it has any, or up to the next comma."""

KEY = re.compile(r"[~+]{0,2}[A-Za-z_][\w./@:-]{0,200}", re.ASCII)
"""A key of a setting, with Hydra's marks for what is added or taken out."""

ALLOWED_HYDRA = re.compile(
    r"[~+]*hydra(/launcher=|/sweeper=basic|\.verbose=|\.launcher(\.[a-z][a-z_]*)+=|\.sweep\.(dir|subdir)=)"
)

SHOWN_CHARS = 80
_LAUNCHERS = ("basic", "joblib", "submitit_local", "submitit_slurm")
_INFO = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")
FLAGS_WITH_VALUE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("--cfg", "-c"), ("job", "hydra", "all")),
    **dict.fromkeys(("--info", "-i"), _INFO),
    **dict.fromkeys(("--config-dir", "-cd", "--package", "-p"), ()),
}
"""Flags of Hydra that a value follows, and the values if they are few."""

MULTIRUN = ("-m", "--multirun")
FLAGS = (
    *(*FLAGS_WITH_VALUE, *MULTIRUN, "-r", "--run", "--resolve", "--version", "--hydra-help"),
    *("--shell-completion", "-sc"),
)
"""Those that are passed on, written in full; a primary configuration from elsewhere is none of them."""


def hydra_words(verb: str, words: list[str]) -> list[str]:
    """What Hydra is called with: the flags, then the settings, which may stand in any order when typed.

    Raises
    ------
    ConfigError
        For a flag or setting that is not allowed.
    """
    flags, settings = divided(verb, words)
    is_sweep = any(flag in MULTIRUN for flag in flags)
    settings = [as_typed(word, is_sweep=is_sweep) for word in settings]
    if is_sweep:
        settings = [_of_each_run(verb, word) for word in settings]
    check_overrides(verb, settings, has_folder=config_folder(flags) is not None)
    return [*flags, *settings]


def _of_each_run(verb: str, word: str) -> str:
    """A setting in a sweep: one output for all runs becomes a folder with one, by its number, for each."""
    if not re.fullmatch(r"output='.*'", word, re.DOTALL):
        return word
    if not COMMANDS[verb].writes_folder:
        raise ConfigError(
            "output: one file for all runs of a sweep; each needs its own. Run the command once for each."
        )
    return f"{word[:-1]}/${{hydra:job.num}}'"


def config_folder(flags: list[str]) -> str | None:
    """A person's own configuration folder, where one is named."""
    at = next((i for i, flag in enumerate(flags) if flag in ("--config-dir", "-cd")), None)
    return None if at is None else flags[at + 1]


def divided(verb: str, words: list[str]) -> tuple[list[str], list[str]]:
    """The flags, each with its value after it, and the settings.

    Examples
    --------
    >>> divided("train", ["dataset=tiny", "--config-dir=mine", "experiment=first"])
    (['--config-dir', 'mine'], ['dataset=tiny', 'experiment=first'])
    """
    flags: list[str] = []
    settings: list[str] = []
    left = iter(words)
    for word in left:
        if word.startswith("-"):
            flags += _flag(verb, word, left)
        else:
            settings.append(word)
    return flags, settings


def _flag(verb: str, word: str, left: Iterator[str]) -> list[str]:
    """A flag, with its value from itself or from the words that are left."""
    name, equals, value = word.partition("=")
    if name not in FLAGS:
        raise ConfigError(
            f"{printable(word)}: there is no such flag.{nearest(word, FLAGS)} See stance {verb} --help."
        )
    if name not in FLAGS_WITH_VALUE:
        return [word]
    value = value if equals else next(left, "")
    allowed = FLAGS_WITH_VALUE[name]
    if not value or value.startswith("-") or (allowed and value not in allowed):
        wanted = f"one of {list(allowed)}" if allowed else "a value after it"
        raise ConfigError(
            f"{name} is '{printable(value)}'; {wanted} is needed.{nearest(value, allowed)} "
            f"Write {name} {allowed[0] if allowed else 'VALUE'}."
        )
    return [name, value]


def as_typed(word: str, *, is_sweep: bool = False) -> str:
    """An override whose value Hydra's grammar takes exactly as it was typed, for keys that hold paths and texts.

    Examples
    --------
    >>> as_typed("input=l'été, 2024 #1.txt")
    "input='l\\\\'été, 2024 #1.txt'"
    >>> as_typed("classifier.C=3")
    '++classifier.C=3'
    """
    key, equals, value = word.partition("=")
    is_typed = key in TYPED_KEYS or TYPED_NAMES.fullmatch(key)
    if key in LISTS_AS_TYPED and value.startswith("[") and value.endswith("]") and "],[" not in value:
        items = (_item(item.strip()) for item in _ITEM.findall(value[1:-1]) if item.strip())
        return f"{_added(key)}=[{','.join(items)}]"
    if not equals or not (value or is_typed):
        return word
    if is_sweep and "," in value:
        return f"{_added(key)}={value}"
    if is_typed and (key in TYPED_KEYS or value != "null"):
        return f"{_added(key)}={_quoted(value)}"
    return f"{_added(key)}={value}"


def _added(key: str) -> str:
    """A key inside a group, marked so that Hydra leaves it to us whether there is such a setting."""
    return f"++{key}" if key.partition(".")[0] in _groups() and "." in key else key


def _item(value: str) -> str:
    """An item of a list as typed; a bare true or false stays what YAML takes it for, and is then refused."""
    return value if value.lower() in ("true", "false") else _quoted(value)


def _quoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    value = re.sub(r"(\\+)(?=['$]|$)", r"\1\1", value)
    return "'" + value.replace("'", "\\'").replace("${", "\\${") + "'"


def check_overrides(verb: str, words: list[str], *, has_folder: bool = False) -> None:
    """Refuse overrides that reach into Hydra itself, and name the nearest entry for a wrong group choice.

    Parameters
    ----------
    has_folder : bool
        Whether a person's own configuration folder may hold further entries.
    """
    for word in words:
        key, equals, value = word.partition("=")
        if not KEY.fullmatch(key) or not (equals or key.startswith("~")):
            raise ConfigError(
                f"'{printable(_shortened(word))}': not a setting; settings are written key=value, "
                "a value with spaces in quotes. "
                f"See stance {verb} --help."
            )
        name = key.lstrip("+~")
        if name == "hydra/launcher":
            _check_launcher(name, value)
        if re.search(r"(^|[@:])hydra", name) and not ALLOWED_HYDRA.match(word):
            raise ConfigError(
                f"{printable(key)}: this setting of Hydra cannot be changed from outside. See stance {verb} --help."
            )
        if equals and name in _groups():
            _check_choice(name, value, has_folder)


def _check_launcher(key: str, value: str) -> None:
    """Refuse a launcher that there is none of, or that an optional package brings along which is not here."""
    if value not in _LAUNCHERS:
        raise _not_among(key, value, list(_LAUNCHERS))
    if value.startswith("submitit") and find_spec("hydra_plugins.hydra_submitit_launcher") is None:
        raise ConfigError(
            f"{key} is '{value}'; it needs hydra-submitit-launcher, which is not installed. "
            f"Install stance[slurm], or write {key}=joblib."
        )


def _check_choice(group: str, value: str, has_folder: bool) -> None:
    """Refuse an entry of a group that is not there; an own folder may have more of them."""
    known = options(group)
    if value in ("null", "") or not ("," in value or has_folder or value in known):
        raise _not_among(group, value, known)


def _not_among(key: str, value: str, known: list[str]) -> ConfigError:
    return ConfigError(
        f"{key} is '{printable(_shortened(value))}'; one of {known} is needed.{nearest(value, known)} "
        f"Write {key}={nearest_name(value, known) or known[0]}."
    )


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


def _groups() -> tuple[str, ...]:
    return (*GROUPS, "experiment")
