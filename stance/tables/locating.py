"""The files that a path, a folder or a glob pattern stands for, each once, in the same order everywhere."""

import fnmatch
import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from stance.errors import DataError
from stance.tables.batches import Skip
from stance.tables.opening import check_is_file, input_mode, kind_of
from stance.tables.suffixes import table_suffix

MAGIC = re.compile(r"[*?\[]")
ANY_FOLDERS = "**"
MAX_ENTRIES = 2_000_000
"""Names that are looked at; their paths then take about 500 MB."""

MANY_FIX = "Name a folder further down."
LEFT_OUT_FIX = "Name the file itself, if it is meant."


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """Regular files, and what was left out, with its reason (``line`` is 0).

    Parameters
    ----------
    files : list of Path
        Without repetition; ordered by code points, part by part.
    skipped : list of Skip
        Hidden files, links, pipes, devices, files of other kinds, names that are not text.
    """

    files: list[Path]
    skipped: list[Skip]


def find_files(pattern: str | Path, suffixes: Collection[str] | None = None) -> FoundFiles:
    """The files that ``pattern`` stands for: itself, those in and below the folder, or those that match.

    A path that exists is taken as typed, whatever characters it holds. Links below a folder are
    not followed, so that nothing is read twice, endlessly, or from elsewhere.

    Parameters
    ----------
    pattern : str or Path
        A file, a folder, or a pattern with ``*``, ``?``, ``[…]``, and ``**`` for any folders.
    suffixes : collection of str, optional
        In folders and patterns, only files with these suffixes (``.jsonl``, ``.csv.gz``) are taken.

    Raises
    ------
    DataError
        If there is no such file, or nothing to read.
    ConfigError
        If ``pattern`` is an address.
    """
    search = _Search(suffixes)
    if MAGIC.search(str(pattern)) and not os.path.lexists(pattern):
        parts = Path(pattern).parts
        n_fixed = next(i for i, part in enumerate(parts) if MAGIC.search(part))
        search.take_matches(Path(*parts[:n_fixed]), list(parts[n_fixed:]))
    elif stat.S_ISDIR(input_mode(pattern)):
        search.take_matches(Path(pattern), [ANY_FOLDERS])
    else:
        check_is_file(pattern)
        return FoundFiles([Path(pattern)], [])
    if not search.files:
        raise DataError(f"{pattern}: {_nothing(search.skipped(), suffixes)}")
    return FoundFiles(sorted(search.files, key=lambda path: path.parts), search.skipped())


def _nothing(skipped: list[Skip], suffixes: Collection[str] | None) -> str:
    kinds = (
        f"files that end in {', '.join(sorted(suffixes))} are read"
        if suffixes
        else "a regular file is needed"
    )
    if not skipped:
        return f"holds or matches no file; {kinds}. Correct the path."
    first = skipped[0]
    return f"nothing to read in it; {kinds} ({len(skipped)} left out, first {first.file}: {first.reason})."


class _Search:
    """A walk below one folder."""

    def __init__(self, suffixes: Collection[str] | None) -> None:
        self.files: dict[Path, None] = {}
        self._reasons: dict[str, str] = {}
        self._suffixes = suffixes
        self._seen: dict[tuple[int, int], Path] = {}
        self._n_entries = 0

    def take_matches(self, folder: Path, parts: list[str]) -> None:
        """Take the files below a folder that match, part by part, and the files in folders that match."""
        if ANY_FOLDERS in parts and folder.resolve() == Path(folder.anchor or "/"):
            raise DataError(f"{folder}: is the whole file system; a folder of data is needed. {MANY_FIX}")
        todo = [(folder, parts)]
        while todo:
            folder, parts = todo.pop()
            first, rest = parts[0], parts[1:]
            if first == ANY_FOLDERS and rest:
                todo.append((folder, rest))
            for entry in self._entries(folder):
                is_folder = entry.is_dir(follow_symlinks=False)
                if not fnmatch.fnmatchcase(entry.name, first) or (rest and not is_folder):
                    continue
                if entry.name.startswith(".") and not first.startswith("."):
                    self._skip(entry, "is hidden")
                elif is_folder:
                    todo.append((Path(entry.path), parts if first == ANY_FOLDERS else rest or [ANY_FOLDERS]))
                else:
                    self._take(entry)

    def skipped(self) -> list[Skip]:
        """What was left out, by name."""
        return [Skip(name, 0, None, reason, LEFT_OUT_FIX) for name, reason in sorted(self._reasons.items())]

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                found = list(islice(entries, MAX_ENTRIES + 1 - self._n_entries))
        except OSError as error:
            self._skip(folder, f"cannot be read ({error.strerror})")
            return []
        self._n_entries += len(found)
        if self._n_entries > MAX_ENTRIES:
            raise DataError(f"{folder}: more than {MAX_ENTRIES} files and folders to look at. {MANY_FIX}")
        return sorted(found, key=lambda entry: entry.name)

    def _take(self, entry: os.DirEntry[str]) -> None:
        """Take a file, or say why not."""
        path = Path(entry.path)
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            self._skip(entry, f"cannot be read ({error.strerror})")
            return
        first = self._seen.setdefault((status.st_dev, status.st_ino), path)
        if not _is_text(entry.name):
            self._skip(entry, "has a name that is not UTF-8")
        elif entry.is_symlink():
            self._skip(entry, "is a link")
        elif not stat.S_ISREG(status.st_mode):
            self._skip(entry, f"is {kind_of(status.st_mode)}")
        elif self._suffixes is not None and table_suffix(path) not in self._suffixes:
            self._skip(entry, "is of another kind")
        elif first != path and first in self.files:
            self._skip(entry, f"is the same file as {first}")
        else:
            self.files[path] = None

    def _skip(self, path: Path | os.DirEntry[str], reason: str) -> None:
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        self._reasons.setdefault(name, reason)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
