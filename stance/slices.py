"""Named subsets of statements, and how good a model is on each."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.errors import ConfigError, nearest
from stance.intervals import measure

BoolArray = NDArray[np.bool_]

MIN_STATEMENTS = 30
MAX_VALUES = 30
_LENGTHS = (10, 20, 40)
_ISO_YEAR = re.compile(r"\d{4}(-|$)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_KEPT = ("n_statements", "n_articles", "macro_f1", "accuracy", "absent_classes")


class Rows(Protocol):
    """A Hugging Face dataset or a pyarrow table."""

    @property
    def column_names(self) -> list[str]:
        """Names of the columns."""

    def __getitem__(self, name: str) -> Any:
        """The values of a column."""


def find_slices(
    rows: Rows, columns: Sequence[str] | None = None, *, min_statements: int = MIN_STATEMENTS
) -> dict[str, BoolArray]:
    """Slices of statements by the values of columns, named ``column=value``.

    Parameters
    ----------
    rows : datasets.Dataset or pyarrow.Table
    columns : sequence of str or None
        Columns of ``rows``, or what is made of them: ``year`` (of published_on), ``length`` (words of the
        text, in bands) and ``speaker_known``. By default those of lang, year, source, kind, speaker_known
        and length that there are.
    min_statements : int
        Smaller slices are left out, and so is all but the 30 largest of a column.

    Returns
    -------
    dict
        Boolean arrays of shape (n_statements,). Columns whose values all begin with a number, such as years,
        dates and lengths, in that order; of others the largest slice first.

    Raises
    ------
    ConfigError
        For a column that is not there.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"text": ["Paris salue l'accord.", "Berlin proteste."], "published_on": ["2020-05-01", None]})
    >>> {name: rows.tolist() for name, rows in find_slices(rows, ["year", "length"], min_statements=1).items()}
    {'year=2020': [True, False], 'length=1-10 words': [True, True]}
    """
    available = {**{name: _column(name) for name in rows.column_names}, **_made_columns(rows.column_names)}
    if columns is None:
        wanted = ("lang", "year", "source", "kind", "speaker_known", "length")
        columns = [name for name in wanted if name in available]
    slices: dict[str, BoolArray] = {}
    for name in columns:
        if name not in available:
            raise ConfigError(
                f"slices: there is no column {name!r}; there are {sorted(available)}."
                f"{nearest(name, sorted(available))} Name one of them."
            )
        slices |= _slices_by_value(name, available[name](rows), min_statements)
    return slices


def measure_slices(
    slices: Mapping[str, BoolArray],
    y_true: ArrayLike,
    y_predicted: ArrayLike,
    classes: Sequence[str],
    articles: ArrayLike,
    *,
    seed: int,
) -> dict[str, dict[str, Any]]:
    """Size, macro-F1 and accuracy of each slice, with intervals by article, as plain values.

    Parameters
    ----------
    slices : mapping
        From :func:`find_slices`.
    y_true, y_predicted : array of shape (n_statements,)
        Classes by name or number.
    articles : array of shape (n_statements,)
    """
    true, predicted, article = (np.asarray(values) for values in (y_true, y_predicted, articles))
    found = {
        name: measure(true[rows], predicted[rows], None, classes, article[rows], seed=seed)
        for name, rows in slices.items()
    }
    return {name: {key: metrics[key] for key in _KEPT} for name, metrics in found.items()}


def _made_columns(names: Sequence[str]) -> dict[str, Callable[[Rows], list[str | None]]]:
    """Columns that are made of others, where those are there."""
    made: dict[str, tuple[str, Callable[[Any], str | None]]] = {
        "year": ("published_on", lambda date: str(date)[:4] if _ISO_YEAR.match(str(date)) else None),
        "length": ("text", _length_band),
        "speaker_known": ("speaker", lambda speaker: "yes" if speaker else "no"),
    }
    return {name: _made(source, of) for name, (source, of) in made.items() if source in names}


def _made(source: str, of: Callable[[Any], str | None]) -> Callable[[Rows], list[str | None]]:
    return lambda rows: [of(value) for value in _values(rows, source)]


def _column(name: str) -> Callable[[Rows], list[str | None]]:
    return lambda rows: [None if value in (None, "") else str(value) for value in _values(rows, name)]


def _values(rows: Rows, name: str) -> list[Any]:
    column = rows[name]
    return list(column.to_pylist() if hasattr(column, "to_pylist") else column[:])


def _length_band(text: str) -> str:
    band = bisect_left(_LENGTHS, len(text.split()))
    first = 1 + (0, *_LENGTHS)[band]
    return f"{first} words or more" if band == len(_LENGTHS) else f"{first}-{_LENGTHS[band]} words"


def _slices_by_value(name: str, values: Iterable[str | None], min_statements: int) -> dict[str, BoolArray]:
    texts = np.asarray(["" if value is None else value for value in values], dtype=np.str_)
    found, counts = np.unique(texts[texts != ""], return_counts=True)
    largest = np.argsort(-counts, kind="stable")[:MAX_VALUES]
    kept = [str(found[i]) for i in largest if counts[i] >= min_statements]
    return {f"{name}={value}": texts == value for value in _in_order(kept)}


def _in_order(values: list[str]) -> list[str]:
    """Values that all begin with a number by that number, then as texts; others as they stand."""
    numbers = [_NUMBER.match(value) for value in values]
    keyed = [(float(number[0]), value) for number, value in zip(numbers, values, strict=True) if number]
    return [value for _, value in sorted(keyed)] if len(keyed) == len(values) else values
