"""What every split gives: folds of parts, checked so that a model can be learnt from each."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.errors import SplitError
from stance.split.units import column, whole_units

if TYPE_CHECKING:
    from datasets import Dataset

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Parts:
    """Row numbers of the parts of one fold: sorted, disjoint, together all rows.

    Parameters
    ----------
    train, calibrate, test : array of row numbers
    left_out : array of row numbers
        Rows in no part: they share an article or a copied text with a part that comes later in time or was
        chosen by outlet, actor or column, and cannot move there.
    """

    train: IntArray
    calibrate: IntArray
    test: IntArray
    left_out: IntArray


@dataclass(frozen=True, eq=False)
class Split:
    """The folds of a dataset, one or more, and the units that none of them cuts.

    Parameters
    ----------
    folds : tuple of Parts
    units : array of shape (n_statements,)
        Number of the unit of each statement: its article and the articles linked with it by copies.
    """

    folds: tuple[Parts, ...]
    units: IntArray


class Labelled(NamedTuple):
    """What splitting needs to know of a dataset."""

    labels: IntArray
    units: IntArray
    classes: tuple[str, ...]


def read_labels(dataset: "Dataset") -> Labelled:
    """The labels, units and classes of a dataset.

    Raises
    ------
    SplitError
        For a dataset without rows.
    """
    if len(dataset) == 0:
        raise SplitError("split: the dataset has no statements; two articles or more are needed. Add some.")
    labels = np.asarray(column(dataset, "label"), dtype=np.int64)
    return Labelled(labels, whole_units(dataset), tuple(dataset.features["label"].names))


def cut(
    data: Labelled, *, test: BoolArray, calibrate: BoolArray | None = None, where: str = "split"
) -> Parts:
    """Parts from the rows chosen for test and calibrate; all others train that share nothing with those.

    Raises
    ------
    SplitError
        Where train would be empty or lack a class.
    """
    calibrate = np.zeros_like(test) if calibrate is None else calibrate & ~_touched(data.units, test)
    train = ~_touched(data.units, test | calibrate)
    parts = Parts(*map(np.flatnonzero, (train, calibrate, test, ~(train | calibrate | test))))
    if len(parts.left_out):
        logger.warning(
            "%s: %d of %d statements are in no part: they share an article or a text with a held-out one",
            where,
            len(parts.left_out),
            len(test),
        )
    check_train(data, parts, where)
    return parts


def check_train(data: Labelled, parts: Parts, where: str) -> None:
    """Refuse a fold that no model can be learnt from."""
    present = np.bincount(data.labels, minlength=len(data.classes))
    in_train = np.bincount(data.labels[parts.train], minlength=len(data.classes))
    missing = np.flatnonzero((present > 0) & (in_train == 0))
    if len(missing) == 0:
        return
    name, count = data.classes[missing[0]], present[missing[0]]
    n_units = len(np.unique(data.units[data.labels == missing[0]]))
    raise SplitError(
        f"{where}: part 'train' would hold 0 of {count} statements of class {name!r}, which occur in "
        f"{n_units} articles that share no text; each class needs some in train. Add articles with it, "
        f"drop it (dataset.drop_labels), or choose another split."
    )


def _touched(units: IntArray, rows: BoolArray) -> BoolArray:
    """Rows whose unit has a statement among ``rows``."""
    held = np.zeros(int(units.max()) + 1, dtype=np.bool_)
    held[units[rows]] = True
    return held[units]
