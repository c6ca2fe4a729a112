"""Where conf/ and data/ are, and how their entries become the arguments of a command."""

import inspect
import logging
import re
import typing
from collections.abc import Callable, Mapping
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from stance.errors import ConfigError, DataError, nearest, printable
from stance.settings import build_settings, check_keys, check_value

GROUPS = ("dataset", "split", "features", "classifier", "calibration", "search", "engine")
"""Groups whose entries name a class of the module of the same name, and nothing else."""

STORE_ENGINE = "stance.execution.Dask"
"""With it input may also be on a store that has an address; which ones, is checked where they are read."""

MODULES = {"engine": "stance.execution"}
"""Where the classes of a group are, for the one whose module is named after what it does."""

PATH_KEYS = ("model", "input", "output", "runs", "suite")
"""Arguments of commands that are paths; those of datasets are checked where files are opened."""

MAX_YAML_BYTES = 1 << 20
MAX_YAML_DEPTH = 50
MAX_CONFIG_PATHS = 10_000
MAX_REFERENCES = 10
"""References to other values beyond the first of each value; every one may double what is resolved."""

NO_HYDRA = "settings of hydra are not allowed in a file. Choose a launcher with hydra/launcher=NAME."
_PACKAGE = Path(__file__).parent


def conf_folder() -> Path:
    """The folder of all configuration: inside an installed package, or beside it in a checkout."""
    return _shipped("conf")


def data_folder() -> Path:
    """The folder of the data that ship with stance."""
    return _shipped("data")


def _shipped(name: str) -> Path:
    inside, beside = _PACKAGE / name, _PACKAGE.parent / name
    if inside.is_dir():
        return inside
    if beside.is_dir():
        return beside
    raise ConfigError(f"{inside}: this folder is missing from the installation. Install stance again.")


def register_resolvers() -> None:
    """Make ``${data:…}`` in conf/ stand for a file that ships with stance."""
    OmegaConf.register_new_resolver("data", lambda name: str(data_folder() / name), replace=True)


def run_command(command: Callable[..., None], config: DictConfig) -> None:
    """Call a command with the arguments that a composed configuration gives it."""
    command(**arguments(command, plain(config)), **_run_facts(command, config))


def plain(config: DictConfig) -> dict[str, Any]:
    """A composed configuration as plain values, with every interpolation resolved."""
    _check_benchmarks(config)
    try:
        values = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    except OmegaConfBaseException as error:
        key = getattr(error, "full_key", None)
        if "Missing mandatory value" in str(error):
            raise ConfigError(f"{key}: a value is needed. Give it as {key}=VALUE.") from None
        raise ConfigError(
            f"{key or 'configuration'}: {str(error).splitlines()[0].rstrip('.')}. Write the value out."
        ) from None
    assert isinstance(values, dict)
    return {str(key): value for key, value in values.items()}


def _check_benchmarks(config: DictConfig) -> None:
    """Raise ConfigError where files below the folder of public datasets are named, and the folder is not."""
    is_named = config.get("benchmarks") is not None
    if not is_named and re.search(r"(?<!\\)\$\{benchmarks\}", OmegaConf.to_yaml(config, resolve=False)):
        raise ConfigError(
            "benchmarks is null; the folder of the public datasets is needed, which this reads. Give it as benchmarks=FOLDER."
        )


def arguments(command: Callable[..., None], values: Mapping[str, Any]) -> dict[str, Any]:
    """A command's arguments from plain values: settings objects for groups, checked values for the rest.

    Raises
    ------
    ConfigError
        For an unknown key, a wrong value, or a ``_target_`` that is not one of ours.
    """
    hints = typing.get_type_hints(command, include_extras=True)
    expected = [name for name in inspect.signature(command).parameters if name not in ("name", "config")]
    given = {
        key: value for key, value in values.items() if key not in ("experiment", "benchmarks", "log_level")
    }
    check_keys(given, expected, "")
    _check_paths(given)
    _check_given(command, given)
    own_first = sorted(given.items(), key=lambda item: item[0] in GROUPS)  # groups repeat some, as the seed
    return {
        key: build_group(key, value) if key in GROUPS else check_value(hints[key], value, key)
        for key, value in own_first
    }


def _check_given(command: Callable[..., None], values: Mapping[str, Any]) -> None:
    """Raise ConfigError for an argument without default that no longer has a value, as after ``~KEY``."""
    for name, parameter in inspect.signature(command).parameters.items():
        if name not in values and parameter.default is parameter.empty:
            raise ConfigError(f"{name}: a value is needed. Give it as {name}=VALUE.")


def _check_paths(values: Mapping[str, Any]) -> None:
    """Refuse addresses where paths are meant, for every command, before anything is opened or made."""
    from stance.tables.opening import check_is_path

    engine = values.get("engine")
    reads_stores = isinstance(engine, Mapping) and engine.get("_target_") == STORE_ENGINE
    for key in PATH_KEYS:
        if key == "input" and reads_stores:
            continue
        found = values.get(key)
        for path in found if isinstance(found, list) else [found]:
            if path == "":
                raise ConfigError(f"{key} is empty; a path is needed. Give it as {key}=PATH.")
            if isinstance(path, str):
                check_is_path(path)


def build_group(group: str, values: Any) -> Any:
    """The settings object that an entry of a configuration group describes."""
    if not isinstance(values, Mapping) or "_target_" not in values:
        raise ConfigError(
            f"{group}: an entry of conf/{group} is needed. Choose one of {options(group)}, as {group}=NAME."
        )
    target = str(values["_target_"])
    module_name, _, class_name = target.rpartition(".")
    module = MODULES.get(group, f"stance.{group}")
    names = list(import_module(module).__all__) if module_name == module else []
    if class_name not in names:
        allowed = [f"{module}.{n}" for n in import_module(module).__all__]
        raise ConfigError(
            f"{group}._target_ is {printable(target)!r}; one of {allowed} is allowed.{nearest(target, allowed)}"
        )
    cls = getattr(import_module(module_name), class_name)
    return build_settings(cls, {k: v for k, v in values.items() if k != "_target_"}, group)


def options(group: str) -> list[str]:
    """Names of the entries of a configuration group."""
    return sorted(path.stem for path in (conf_folder() / group).glob("*.yaml"))


def _run_facts(command: Callable[..., None], config: DictConfig) -> dict[str, Any]:
    """The name of a run and its whole configuration as text, for the commands that write a run folder."""
    wanted = inspect.signature(command).parameters
    facts = {"name": run_name(config), "config": OmegaConf.to_yaml(config, resolve=False)}
    return {key: value for key, value in facts.items() if key in wanted}


def run_name(config: DictConfig) -> str:
    """What a run is called: its experiment, else its dataset."""
    from hydra.core.hydra_config import HydraConfig

    if not HydraConfig.initialized():
        return "run"
    choices = HydraConfig.get().runtime.choices
    return str(choices.get("experiment") or choices.get("dataset") or "run").replace("/", "-")


def log_level(config: DictConfig) -> str:
    """The level that is asked for, by log_level or, for all there is, by hydra.verbose."""
    from hydra.core.hydra_config import HydraConfig

    is_verbose = HydraConfig.initialized() and HydraConfig.get().verbose
    return "DEBUG" if is_verbose else str(config.get("log_level", "INFO"))


def set_up_logging(level: str) -> None:
    """Logs to standard error: with colours on a terminal, as plain lines elsewhere."""
    import sys

    from rich.console import Console
    from rich.logging import RichHandler

    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if str(level).upper() not in levels:
        raise ConfigError(
            f"log_level is {level!r}; one of {list(levels)} is needed.{nearest(str(level), levels)}"
        )
    handler: logging.Handler
    if sys.stderr.isatty():
        handler = RichHandler(console=Console(stderr=True), show_path=False, show_time=False, markup=False)
        handler.setFormatter(_Escaping("%(message)s"))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Escaping("%(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("stance").setLevel(str(level).upper())
    logging.captureWarnings(True)


class _Escaping(logging.Formatter):
    """Log lines with control and bidi characters shown as escapes."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


def check_config_folder(folder: str) -> None:
    """Check the YAML files of a person's own configuration folder before anything reads them."""
    root = Path(folder)
    if not root.is_dir():
        raise ConfigError(f"{folder}: there is no such folder. Give an existing one with --config-dir.")
    found = list(islice(root.rglob("*"), MAX_CONFIG_PATHS + 1))
    if len(found) > MAX_CONFIG_PATHS:
        raise ConfigError(
            f"{folder}: more than {MAX_CONFIG_PATHS} files and folders below it; a folder of configuration alone "
            "is needed. Name a folder further down."
        )
    linked = next((path for path in found if path.is_symlink() and path.is_dir()), None)
    if linked is not None:
        raise ConfigError(
            f"{linked}: is a link to a folder; its files would not be checked. Put the folder itself there."
        )
    for path in sorted(path for path in found if path.match("*.y*ml")):
        if "hydra" in path.relative_to(root).parts[:-1]:
            raise ConfigError(f"{path}: {NO_HYDRA}")
        check_yaml(path)


def check_yaml(path: Path) -> None:
    """Refuse YAML that is too large or deep, refers to itself, carries tags, or reaches into Hydra itself."""
    import yaml

    text = _yaml_text(path)
    depth = n_references = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            where = f"{path}, line {event.start_mark.line + 1 if event.start_mark else 0}"
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_YAML_DEPTH:
                raise ConfigError(f"{where}: nested more than {MAX_YAML_DEPTH} levels deep. Flatten it.")
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise ConfigError(
                    f"{where}: anchors and aliases (& and *) are not allowed. Write the value out."
                )
            n_references += max(0, getattr(event, "value", "").count("${") - 1)
            if n_references > MAX_REFERENCES:
                raise ConfigError(
                    f"{where}: the values up to here are put together of too many others (${{…}}); at most "
                    f"{MAX_REFERENCES} beyond one a value are resolved. Write the values out."
                )
            tag = getattr(event, "tag", None)
            if tag is not None and not tag.startswith("tag:yaml.org,2002:str"):
                raise ConfigError(f"{where}: the tag {printable(tag)!r} is not allowed. Write a plain value.")
        keys = _checked_keys(yaml.compose(text, Loader=yaml.SafeLoader), path)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not readable as YAML ({' '.join(str(error).split())[:200]}).") from None
    if "hydra" in keys or re.search(r"#\s*@package\b.*hydra", text):
        raise ConfigError(f"{path}: {NO_HYDRA}")


def _yaml_text(path: Path) -> str:
    """The text of a configuration file, if it is a regular file of a usual size in UTF-8."""
    from stance.tables.opening import open_input

    try:
        with open_input(path) as file:
            content = file.read(MAX_YAML_BYTES + 1)
    except DataError as error:
        raise ConfigError(str(error)) from None
    if len(content) > MAX_YAML_BYTES:
        raise ConfigError(
            f"{path}: more than {MAX_YAML_BYTES} bytes; configuration is short. Is this another file?"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start + 1}. Save the file as UTF-8.") from None


def _checked_keys(node: Any, path: Path) -> set[str]:
    """The keys of the top mapping, and what its list of defaults reaches into; none may stand twice."""
    import yaml

    waiting = [node] if node is not None else []
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    top = {str(key.value).partition(".")[0] for key, _ in pairs}
    if any("hydra" in yaml.serialize(value) for key, value in pairs if key.value == "defaults"):
        top.add("hydra")
    while waiting:
        current = waiting.pop()
        if isinstance(current, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in current.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise ConfigError(
                        f"{path}, line {key.start_mark.line + 1}: a key is a list or a mapping. Write a plain name."
                    )
                if key.value in seen:
                    raise ConfigError(
                        f"{path}, line {key.start_mark.line + 1}: key '{key.value}' stands twice. Remove one."
                    )
                seen.add(str(key.value))
                waiting.append(value)
        elif isinstance(current, yaml.SequenceNode):
            waiting += current.value
    return top
