"""The ``stance`` program: takes the verb off the command line and lets Hydra do the rest."""

import errno
import os
import re
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from types import FrameType
from typing import Any

from stance.errors import (
    EXIT_BUG,
    EXIT_CONFIG,
    EXIT_DONE,
    EXIT_OUTPUT,
    EXIT_SIGINT,
    EXIT_SIGTERM,
    ConfigError,
    StanceError,
    nearest,
    output_error,
    printable,
)
from stance.helptexts import COMMANDS, command_help, general_help

LEAST_ADDRESS_SPACE = {"train": 2 << 30, "evaluate": 2 << 30, "compare": 2 << 30}
LEAST_OF_OTHERS = 768 << 20
"""Below them libraries hang or crash the process, in some runs or all: 1.5 GiB of ``train``, 500 MiB of ``score``."""

AGAIN_AFTER_S = 0.01


def run(words: list[str]) -> None:
    """Run ``stance VERB …`` and leave with the exit status of errors.py."""
    with _leaving_on_errors(), _stopping_where_it_can():
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _dispatch(words)


@contextmanager
def _stopping_where_it_can() -> Iterator[None]:
    """Raise what a signal raises once more where it was lost, as in a callback at the end of an import."""
    report = sys.unraisablehook

    def again(lost: "sys.UnraisableHookArgs") -> None:
        if not isinstance(lost.exc_value, KeyboardInterrupt | SystemExit):
            report(lost)
            return
        kind, words = type(lost.exc_value), lost.exc_value.args

        def stop(number: int, frame: FrameType | None) -> None:
            raise kind(*words)

        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER_S)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = report


@contextmanager
def _leaving_on_errors() -> Iterator[None]:
    """Turn each error into one message and its exit status."""
    try:
        yield
    except StanceError as error:
        _leave(f"{type(error).__name__}: {error}", error.exit_status)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        exec("")  # or Python ends by the signal where it came within exec, as when a dataclass is made
        _leave("stopped by SIGINT; what was finished is kept.", EXIT_SIGINT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_OUTPUT)
    except Exception as error:
        _leave(_describe(error), _status(error))


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stderr.write("stopped by SIGTERM; what was finished is kept.\n")
    raise SystemExit(EXIT_SIGTERM)


def _leave(message: str, status: int) -> None:
    sys.stdout.flush()
    sys.stderr.write(message.rstrip() + "\n")
    sys.exit(status)


def _dispatch(words: list[str]) -> None:
    if not words or words[0] in ("-h", "--help", "help"):
        print(general_help())
        sys.exit(EXIT_DONE if words else EXIT_CONFIG)
    verb, rest = words[0], words[1:]
    if verb in ("--version", "-V"):
        from stance import __version__

        print(f"stance {__version__}")
        return
    if verb == "completion":
        from stance.helptexts import completion_script

        print(completion_script())
        return
    if verb not in COMMANDS:
        raise ConfigError(
            f"stance {printable(verb)}: there is no such command.{nearest(verb, list(COMMANDS))} See stance --help."
        )
    if "-h" in rest or "--help" in rest:
        print(command_help(verb))
        return
    _run_hydra(verb, rest)


def _check_address_space(verb: str) -> None:
    """Leave where the bound of a cluster or a shell is so low that native libraries would crash the process."""
    import resource

    bound, _ = resource.getrlimit(resource.RLIMIT_AS)
    least = LEAST_ADDRESS_SPACE.get(verb, LEAST_OF_OTHERS)
    if bound != resource.RLIM_INFINITY and bound < least:
        _leave(
            f"out of memory: the address space is bounded to {bound >> 20} MiB, {verb} needs at least "
            f"{least >> 20} MiB. Ask for more (ulimit -v, or the memory of the job).",
            EXIT_BUG,
        )


def _run_hydra(verb: str, words: list[str]) -> None:
    _check_address_space(verb)
    from stance.config import check_config_folder, conf_folder
    from stance.overrides import MULTIRUN, config_folder, hydra_words

    checked = hydra_words(verb, words)
    is_sweep = any(word in MULTIRUN for word in checked)
    folder = config_folder(checked)
    if folder is not None:
        check_config_folder(folder)
    os.environ["HYDRA_FULL_ERROR"] = "1"  # so that errors of Hydra come here instead of being printed there
    import hydra

    from stance.config import register_resolvers

    register_resolvers()
    sys.argv = [f"stance {verb}", *checked]
    decorate = hydra.main(version_base="1.3", config_path=str(conf_folder()), config_name=verb)
    with nullcontext() if is_sweep else _composing():
        decorate(_task(verb, words, is_sweep))()


@contextmanager
def _composing() -> Iterator[None]:
    """Errors of any kind that Hydra ends by are the command's: the task leaves by itself with its own."""
    try:
        yield
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ConfigError(_config_message(str(error))) from error
    except RecursionError as error:
        raise ConfigError(
            "configuration: the defaults lists of its files name each other in a circle. "
            "Take the file's own entry out of its list."
        ) from error


def _task(verb: str, words: list[str], is_sweep: bool) -> Callable[[Any], None]:
    def task(config: Any) -> None:
        from stance.config import log_level, register_resolvers, run_command, set_up_logging

        sys.argv = ["stance", verb, *words]  # as typed, for run.json; also in processes of a launcher
        # In a sweep Hydra collects the errors of its jobs; alone, a job leaves at once, with its own message.
        with nullcontext() if is_sweep else _leaving_on_errors():
            register_resolvers()
            set_up_logging(log_level(config))
            run_command(getattr(import_module(f"stance.{verb}"), verb), config)
        if is_sweep:
            print(f"Settings: {_settings_of_job()}", flush=True)

    return task


def _settings_of_job() -> str:
    """The settings of one job of a sweep, which tell its results from those of the others."""
    from hydra.core.hydra_config import HydraConfig

    return printable(" ".join(HydraConfig.get().overrides.task))


def _describe(error: BaseException) -> str:
    """One message for an error that is not ours: a wrong override, a full disk, or a bug."""
    if _status(error) == EXIT_CONFIG:
        return f"ConfigError: {printable(_config_message(str(error)))}"
    if _is_of_memory(error):
        return "out of memory. Use a smaller batch or fewer workers, or a machine with more memory."
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return "OutputError: too many open files. Allow more with ulimit -n, or use fewer workers, then run again."
    if isinstance(error, OSError) and error.errno is not None:
        return f"OutputError: {output_error(error.filename or 'a temporary file', error)}"
    handle, path = tempfile.mkstemp(prefix="stance-bug-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write("".join(traceback.format_exception(error)))
    return f"a bug in stance: {type(error).__name__}: {printable(str(error))[:300]}\nThe details are in {path}; please report them."


def _is_of_memory(error: BaseException) -> bool:
    """Whether memory was short; a library that cannot be loaded for it says so in words alone."""
    words = ("failed to map segment", "Cannot allocate memory", "can't start new thread")
    return isinstance(error, MemoryError) or any(phrase in str(error) for phrase in words)


def _status(error: BaseException) -> int:
    module = type(error).__module__.partition(".")[0]
    if module in ("hydra", "omegaconf", "antlr4"):
        return EXIT_CONFIG
    if _is_of_memory(error):
        return EXIT_BUG
    return EXIT_OUTPUT if isinstance(error, OSError) and error.errno is not None else EXIT_BUG


def _config_message(message: str) -> str:
    """Hydra's words made short, with the nearest key for one that does not exist."""
    unknown = re.search(r"Key '([^']+)' is not in struct|Could not override '([^']+)'", message)
    if unknown:
        full = re.search(r"full_key: (\S+)", message)
        key = full.group(1) if full else unknown.group(1) or unknown.group(2)
        return f"{key}: there is no such setting.{_nearest_key(key)} See stance VERB --help, or --cfg job for all settings."
    for sign, words in _HYDRA_SAYS.items():
        found = re.search(sign, message)
        if found:
            return words.format(found[1])
    said = " ".join(line.strip() for line in message.splitlines()[:3] if line.strip())[:400]
    return f"{said.rstrip('. ')}. Correct the setting; stance VERB --cfg job shows all of them."


_HYDRA_SAYS = {
    r"Error merging override [+]*(.+)": "{}: this value does not fit the setting. "
    "stance VERB --cfg job shows the value that it has; write one of the same kind.",
    r"Ambiguous value for argument '([^']*)'": "{}: several values for one setting. "
    "Give one, put a list into brackets, or add -m to run with each of them.",
    r"(?:parsing override|at input|LexerNoViableAltException:) *'?([^'\n]*)": "{}: this value cannot be read. "
    """Close what is open, and put a value with signs such as , = {{ [ into quotes: "KEY='a, b'".""",
    r"(Could not load '[^']*'|Could not find '[^']*')": "{}: there is no such entry. "
    "Correct its name in the defaults list of the file.",
}
"""Words of Hydra for what is wrong with a setting, and ours for the same."""


def _nearest_key(key: str) -> str:
    """The nearest key of all configuration, in full where it stands in a group."""
    import yaml

    from stance.config import conf_folder

    root = conf_folder()
    full = {path.name: path.name for path in root.iterdir() if path.is_dir() and path.name != "hydra"}
    for path in sorted(root.rglob("*.yaml"), reverse=True):
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        group = path.parent.name if path.parent != root else ""
        if isinstance(values, dict) and group not in ("experiment", "hydra"):
            full |= _key_names(values, group)
    full |= {name: name for name in set(full.values())}
    found = nearest(key.rpartition(".")[2], sorted(full))
    return re.sub(r"'(.+)'", lambda match: f"'{full[match.group(1)]}'", found)


def _key_names(values: dict[Any, Any], where: str) -> dict[str, str]:
    """Each key with its place, those nearest the top last."""
    names: dict[str, str] = {}
    for key, value in values.items():
        place = f"{where}.{key}" if where else str(key)
        if isinstance(value, dict):
            names |= _key_names(value, place)
        names[str(key)] = place
    return names
