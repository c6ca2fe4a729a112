"""Exceptions and exit statuses, one table for every command."""

import errno
import unicodedata
from pathlib import Path

EXIT_DONE = 0
EXIT_BUG = 1
EXIT_CONFIG = 2
EXIT_DATA = 3
EXIT_BUNDLE = 4
EXIT_OUTPUT = 5
EXIT_TOO_MANY_SKIPPED = 6
EXIT_SIGINT = 130
EXIT_SIGTERM = 143

MAX_MESSAGE_LINES = 12
MAX_LINE_CHARS = 600
END_CHARS = 200
"""Of a line that is cut in the middle, as its end says what to do."""


class StanceError(Exception):
    """A refusal the person at the keyboard can act on: one message, no traceback.

    The message reads ``<where>: <what is wrong>; <what is allowed>. <What to do next.>``
    """

    exit_status = EXIT_BUG

    def __str__(self) -> str:
        return printable(super().__str__())


class ConfigError(StanceError):
    """A command, key or value that is wrong."""

    exit_status = EXIT_CONFIG


class DataError(StanceError):
    """Input that cannot be read or learned from."""

    exit_status = EXIT_DATA


class SplitError(DataError):
    """Parts or folds that these data cannot give."""


class BundleError(StanceError):
    """A saved model that is refused."""

    exit_status = EXIT_BUNDLE


class OutputError(StanceError):
    """Output that cannot be written: full, read-only, locked, taken."""

    exit_status = EXIT_OUTPUT


def printable(text: str) -> str:
    """Text that is safe on a terminal: control and bidi characters shown as escapes.

    Examples
    --------
    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    lines = text.split("\n")[:MAX_MESSAGE_LINES]
    return "\n".join(_printable_line(line) for line in lines)


def _printable_line(line: str) -> str:
    shown = "".join(
        _escaped(c) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in line
    )
    if len(shown) <= MAX_LINE_CHARS:
        return shown
    return f"{shown[: MAX_LINE_CHARS - END_CHARS - 1]}…{shown[-END_CHARS:]}"


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def nearest(name: str, candidates: list[str] | tuple[str, ...]) -> str:
    """The phrase `` Did you mean 'x'?`` for a misspelt name, or nothing where no candidate is near.

    Examples
    --------
    >>> nearest("logistc", ["logistic", "ridge"])
    " Did you mean 'logistic'?"
    """
    found = nearest_name(name, candidates)
    return "" if found is None else f" Did you mean '{found}'?"


def nearest_name(name: str, candidates: list[str] | tuple[str, ...]) -> str | None:
    """The candidate that a misspelt name is most like, or None where none is near."""
    import difflib

    lowered = {c.lower(): c for c in candidates}
    close = difflib.get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.6)
    return lowered[close[0]] if close else None


_OUTPUT_STEPS = {
    errno.ENOSPC: "Free space or choose another output",
    errno.EDQUOT: "Free space or choose another output",
    errno.EACCES: "Choose an output in a folder that you may write to",
    errno.EPERM: "Choose an output in a folder that you may write to",
    errno.EROFS: "Choose an output in a folder that you may write to",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f) or choose another output",
    errno.EMFILE: "Allow more open files (ulimit -n) or use fewer workers",
    errno.ENFILE: "Close other programs or use fewer workers",
    errno.ENAMETOOLONG: "Choose a shorter name",
}


def output_error(path: str | Path, error: OSError) -> OutputError:
    """The refusal for an operating system error met while writing ``path``."""
    reason = error.strerror or type(error).__name__
    step = _OUTPUT_STEPS.get(error.errno or 0, "Choose another output")
    return OutputError(f"{path}: cannot be written ({reason}). {step}, then run again.")
