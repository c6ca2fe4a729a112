"""Where the ``stance`` program begins: from here on a signal ends it with one line and its own status."""

import os
import sys

_HOME = __file__.rpartition(os.sep)[0] + "/.."


def main(argv: list[str] | None = None) -> None:
    """Run ``stance VERB …`` and leave with the exit status of errors.py."""
    sys.path[:] = [folder for folder in sys.path if not _is_working_folder(folder)]
    os.environ["PYTHONSAFEPATH"] = "1"  # so that no process started from here imports from the working folder
    import signal  # no module is imported before: the working folder might have one of its name

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    from stance.program import run

    run(sys.argv[1:] if argv is None else argv)


def _is_working_folder(folder: str) -> bool:
    """Whether modules would be taken from where the command is run, and stance itself is not there."""
    if folder in ("", "."):
        return True
    try:
        return os.path.samefile(folder, ".") and not os.path.samefile(folder, _HOME)  # noqa: PTH121
    except OSError:
        return False


def _leave(number: int, frame: object) -> None:
    """End at once: nothing has begun, and an exception might be taken for the error of an import."""
    os.write(2, b"stopped by a signal; nothing was begun.\n")
    os._exit(128 + number)


if __name__ == "__main__":
    main()
