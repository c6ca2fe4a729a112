"""Splits by choice: the test part is a time, an outlet, an actor pair or a column of the dataset."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from annotated_types import Ge, Gt, Le, Lt
from numpy.typing import NDArray

from stance.errors import SplitError, nearest
from stance.split.parts import Labelled, Split, cut, read_labels
from stance.split.units import column

if TYPE_CHECKING:
    from datasets import Dataset

Texts = NDArray[np.str_]
Year = Annotated[int, Ge(1000), Le(9999)]
Share = Annotated[float, Gt(0), Lt(1)]

_ISO_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, kw_only=True)
class ByDate:
    """One fold in time: every train statement was published before the first test statement.

    Early articles that are linked with a late one by a copied text are left out.

    Parameters
    ----------
    test_from : str, int or float
        First day of the test part (ISO date, or a year), or the share of the latest statements, cut between two days.
        Where some dates are a month or a year only, all are compared as months or years.
    calibrate_from : str, int, float or None
        First day of the calibrate part, which ends before ``test_from``; or the share of the statements.
    field : str
        Column with the dates.
    """

    test_from: str | Year | Share = 0.2
    calibrate_from: str | Year | Share | None = None
    field: str = "published_on"

    def __call__(self, dataset: "Dataset") -> Split:
        """Split a dataset whose statements all have a date."""
        data = read_labels(dataset)
        days = _days(dataset, self.field)
        test_day = _first_day(days, self.test_from, "split.test_from")
        test = days >= test_day
        calibrate = np.zeros_like(test)
        if self.calibrate_from is not None:
            earlier = days[~test]
            share = self.calibrate_from
            if isinstance(share, float) and len(earlier):
                share = min(share * len(days) / len(earlier), 1.0)
            calibrate = ~test & (days >= _first_day(earlier, share, "split.calibrate_from"))
        return Split((cut(data, test=test, calibrate=calibrate),), data.units)


@dataclass(frozen=True, kw_only=True)
class ByOutlet:
    """One fold that tests on outlets the model has read nothing of.

    Parameters
    ----------
    test, calibrate : sequence of str
        Outlets of the part, as named in ``field``; all others train.
    field : str
        Column with the outlets.
    """

    test: Sequence[str]
    calibrate: Sequence[str] = ()
    field: str = "source"

    def __call__(self, dataset: "Dataset") -> Split:
        """Split a dataset with a column of outlets."""
        values = _values(dataset, self.field)
        for key, names in (("test", self.test), ("calibrate", self.calibrate)):
            _check_known(names, values, f"split.{key}", self.field)
        data = read_labels(dataset)
        test, calibrate = np.isin(values, list(self.test)), np.isin(values, list(self.calibrate))
        return Split((cut(data, test=test, calibrate=calibrate),), data.units)


@dataclass(frozen=True, kw_only=True)
class LeaveOneOut:
    """One fold for each value of a column: an outlet, or a pair of actors in any order, tested alone.

    Parameters
    ----------
    field : str or sequence of str
        Column with the values; a list, such as a pair of actors, is one value whatever its order. So are several
        columns, such as ``[source_actor, target_actor]``, of rows that have all of them.
    min_statements : int
        Values with fewer statements train in every fold and are never tested alone.
    """

    field: str | Sequence[str] = "source"
    min_statements: Annotated[int, Ge(1)] = 10

    def __call__(self, dataset: "Dataset") -> Split:
        """Split a dataset with a column of that name, or columns of those names."""
        field = self.field if isinstance(self.field, str) else " and ".join(self.field)
        values = _combined(dataset, (self.field,) if isinstance(self.field, str) else tuple(self.field))
        names, counts = np.unique(values[values != ""], return_counts=True)
        large = names[counts >= self.min_statements]
        if len(names) < 2 or len(large) == 0:
            raise SplitError(
                f"split: column {field!r} has {len(names)} values, of which {len(large)} have "
                f"{self.min_statements} statements or more; two values and one of that size are needed. "
                f"Lower split.min_statements or choose another split.field."
            )
        data = read_labels(dataset)
        where = "split, {} {!r} left out".format
        folds = (cut(data, test=values == name, where=where(field, str(name))) for name in large)
        return Split(tuple(folds), data.units)


@dataclass(frozen=True, kw_only=True)
class Given:
    """One fold as a column of the dataset says: ``train``, ``calibrate`` or ``test`` on each row.

    Parameters
    ----------
    field : str
        Column with the name of the part.
    on_crossing : str
        What to do where an article or a copied text is in two parts: ``refuse`` the split, or ``leave_out``
        the statements of the part that comes first in the order train, calibrate, test.
    """

    field: str = "part"
    on_crossing: Literal["refuse", "leave_out"] = "refuse"

    def __call__(self, dataset: "Dataset") -> Split:
        """Split a dataset with a column of parts."""
        values = _values(dataset, self.field)
        wrong = sorted(set(values.tolist()) - {"train", "calibrate", "test"})
        if wrong:
            raise SplitError(
                f"split: column {self.field!r} has {wrong[0]!r} on {np.isin(values, wrong).sum()} rows; "
                f"'train', 'calibrate' and 'test' are allowed. Correct them, or choose another split.field."
            )
        data = read_labels(dataset)
        if self.on_crossing == "refuse":
            _check_uncrossed(data, values)
        return Split((cut(data, test=values == "test", calibrate=values == "calibrate"),), data.units)


def _days(dataset: "Dataset", field: str) -> Texts:
    days = np.asarray([value[:10] for value in _values(dataset, field).tolist()], dtype=np.str_)
    bad = np.asarray([_ISO_DATE.fullmatch(day) is None for day in days.tolist()])
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise SplitError(
            f"split: column {field!r} has no date on {bad.sum()} of {len(days)} rows, the first is row "
            f"{first + 1} ({str(days[first])!r}); an ISO date is needed on each. "
            f"Add the dates or drop these rows."
        )
    return days.astype(f"U{min(map(len, days.tolist()))}")


def _first_day(days: Texts, start: str | Year | Share, key: str) -> str:
    """The first day of a part that starts on a day, or holds a share of the latest statements."""
    ordered = np.sort(days)
    start = str(start) if isinstance(start, int) else start
    if isinstance(start, str):
        if _ISO_DATE.fullmatch(start) is None:
            raise SplitError(f"{key} is {start!r}; a date as YYYY-MM-DD or a share is needed. Try {key}=0.2.")
        found = str(np.asarray(start).astype(days.dtype))
    else:
        found = _day_by_share(ordered, start)
    if len(ordered) == 0 or not ordered[0] < found <= ordered[-1]:
        spans = f"from {ordered[0]} to {ordered[-1]}" if len(ordered) else "nowhere"
        raise SplitError(
            f"{key}={start} puts all statements on one side; their dates reach {spans}, and both sides need "
            f"some. Choose a day between them."
        )
    return str(found)


def _day_by_share(ordered: Texts, share: float) -> str:
    """The day after the first whose start leaves a share of the statements nearest to ``share``."""
    starts, first = np.unique(ordered, return_index=True)
    shares = 1 - first[1:] / max(len(ordered), 1)
    return str(starts[1:][np.argmin(np.abs(shares - share))]) if len(shares) else ""


def _values(dataset: "Dataset", field: str) -> Texts:
    """The values of a column as texts; a missing value is empty."""
    if field not in dataset.column_names:
        raise SplitError(
            f"split: the dataset has no column {field!r}; it has {sorted(dataset.column_names)}. "
            f"Name one of them as split.field.{nearest(field, list(dataset.column_names))}"
        )
    return np.asarray([_as_text(value) for value in column(dataset, field)], dtype=np.str_)


def _combined(dataset: "Dataset", fields: tuple[str, ...]) -> Texts:
    """The values of a column, or of several as one whatever their order; empty where one of them is missing."""
    columns = [_values(dataset, field).tolist() for field in fields]
    rows = zip(*columns, strict=True)
    return np.asarray(["-".join(sorted(row)) if all(row) else "" for row in rows], dtype=np.str_)


def _as_text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "-".join(sorted(map(str, value)))
    return "" if value is None else str(value)


def _check_known(names: Sequence[str], values: Texts, key: str, field: str) -> None:
    known = sorted(set(values.tolist()) - {""})
    for name in names:
        if name not in known:
            shown = known if len(known) <= 10 else [*known[:10], f"and {len(known) - 10} more"]
            raise SplitError(
                f"{key}: no statement has {field} {name!r}; the dataset has {shown}."
                f"{nearest(name, known)} Correct {key}."
            )


def _check_uncrossed(data: Labelled, values: Texts) -> None:
    """Refuse a column that puts one unit in two parts."""
    seen = {name: np.unique(data.units[values == name]) for name in ("train", "calibrate", "test")}
    for first, second in (("train", "test"), ("train", "calibrate"), ("calibrate", "test")):
        shared = np.intersect1d(seen[first], seen[second])
        if len(shared):
            n_held = int((np.isin(data.units, shared) & (values == second)).sum())
            raise SplitError(
                f"split: {n_held} statements of part {second!r} share an article or a copied text with part "
                f"{first!r} ({len(shared)} groups of articles); whole articles are needed. Set "
                f"split.on_crossing=leave_out to leave those out of {first!r}, or correct the column."
            )
