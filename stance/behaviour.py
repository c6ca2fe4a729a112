"""A behaviour suite: minimal pairs, and how often a model reacts to them as it should not."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stance.errors import ConfigError, DataError
from stance.intervals import Interval
from stance.model import Model, Scores
from stance.settings import build_settings
from stance.tables import check_no_skips, read_batches

CLASSES = ("cooperative", "tense")
NORMAL_95 = 1.959963984540054
"""The normal deviate that 95 % lie within."""

Label = Literal["cooperative", "tense"]


@dataclass(frozen=True)
class Pair:
    """Two statements that differ in one thing.

    Parameters
    ----------
    capability : str
        What the difference tests.
    expected : {"same", "flip"}
        Whether both must be given one label, or two.
    first_label, second_label : str or None
        The labels of a flip, where they are known.
    """

    pair_id: str
    capability: str
    first: str
    second: str
    expected: Literal["same", "flip"]
    lang: str
    first_label: Label | None = None
    second_label: Label | None = None

    def fails(self, first: str, second: str) -> bool:
        """Whether two predicted classes are not what is expected; a flip must go the right way."""
        if self.expected == "same":
            return first != second
        return (
            first == second or first != (self.first_label or first) or second != (self.second_label or second)
        )


@dataclass(frozen=True)
class Rate:
    """How many pairs of a capability and language fail, with the 95 % interval of their share."""

    capability: str
    lang: str
    n_pairs: int
    n_failed: int
    failure_rate: Interval


@dataclass(frozen=True)
class Failure:
    """A failing pair with the probabilities of both statements, by class."""

    pair: Pair
    first_probabilities: dict[str, float]
    second_probabilities: dict[str, float]


@dataclass(frozen=True)
class Behaviour:
    """What a suite says of a model: rates by capability and language (``all`` for every one), failing pairs."""

    rates: tuple[Rate, ...]
    failures: tuple[Failure, ...]

    def plain(self) -> dict[str, Any]:
        """The same as plain values, for a file."""
        rates = [{**asdict(rate), "failure_rate": rate.failure_rate.plain()} for rate in self.rates]
        return {"rates": rates, "failures": [asdict(failure) for failure in self.failures]}


def read_suite(folder: str | Path) -> list[Pair]:
    """The pairs of all ``pairs_*.jsonl`` of a folder.

    Raises
    ------
    DataError
        If there is none, a row is no pair, or an id stands twice.
    """
    pairs: list[Pair] = []
    for path in sorted(Path(folder).glob("pairs_*.jsonl")):
        for batch in read_batches(path, text_fields=("first", "second")):
            check_no_skips(path, batch.skips)
            for line, row in zip(batch.lines, batch.rows.to_pylist(), strict=True):
                pairs.append(_pair(row, f"{path}, line {line}"))
    if not pairs:
        raise DataError(
            f"{folder}: there are no pairs in it; files pairs_*.jsonl are needed. Install stance again."
        )
    ids = [pair.pair_id for pair in pairs]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise DataError(f"{folder}: pair_id '{twice[0]}' stands twice. Give each pair an id of its own.")
    return pairs


def _pair(row: dict[str, Any], where: str) -> Pair:
    try:
        return build_settings(Pair, row, where)
    except ConfigError as error:
        raise DataError(str(error)) from None


def check_classes(model: Model) -> None:
    """Raise ConfigError unless the suite can say something of a model: two classes of tone, texts alone."""
    if set(model.classes) != set(CLASSES):
        raise ConfigError(
            f"suite: the model's classes are {list(model.classes)}; {list(CLASSES)} are needed. "
            "Choose a model of tone, or test this one with dataset=files dataset.path=FILE."
        )
    if model.features.needs_target:
        raise ConfigError(
            "suite: the model reads a target; the pairs have none. Choose a model of texts alone."
        )


def measure_behaviour(model: Model, pairs: Sequence[Pair]) -> Behaviour:
    """Failure rates and failing pairs of a model.

    References
    ----------
    Ribeiro, Wu, Guestrin and Singh (2020), Beyond Accuracy: Behavioral Testing of NLP Models with
    CheckList, ACL, sections 2.1 and 2.2.
    """
    scores = model.score([text for pair in pairs for text in (pair.first, pair.second)])
    predicted = [model.classes[k] for k in scores.predicted]
    failed = np.array(
        [pair.fails(*predicted[2 * k : 2 * k + 2]) for k, pair in enumerate(pairs)], dtype=np.bool_
    )
    failures = [
        Failure(pairs[k], _by_class(model, scores, 2 * k), _by_class(model, scores, 2 * k + 1))
        for k in map(int, np.flatnonzero(failed))
    ]
    return Behaviour(tuple(_rates(pairs, failed)), tuple(failures))


def _by_class(model: Model, scores: Scores, row: int) -> dict[str, float]:
    return dict(zip(model.classes, scores.probabilities[row].tolist(), strict=True))


def _rates(pairs: Sequence[Pair], failed: NDArray[np.bool_]) -> list[Rate]:
    """Rates in the order in which capabilities come first, ``all`` last."""
    rates = []
    for capability in [*dict.fromkeys(pair.capability for pair in pairs), "all"]:
        for lang in [*sorted({pair.lang for pair in pairs}), "all"]:
            chosen = [pair.capability == capability or capability == "all" for pair in pairs]
            chosen = [yes and lang in (pair.lang, "all") for yes, pair in zip(chosen, pairs, strict=True)]
            n_pairs, n_failed = sum(chosen), int(failed[chosen].sum())
            if n_pairs:
                rates.append(Rate(capability, lang, n_pairs, n_failed, wilson_interval(n_failed, n_pairs)))
    return rates


def wilson_interval(n_hits: int, n: int) -> Interval:
    """The share of hits with its 95 % score interval, which holds for few pairs and for shares of 0 and 1.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22(158), 209-212.

    Examples
    --------
    >>> [round(value, 3) for value in wilson_interval(0, 25)]
    [0.0, 0.0, 0.133]
    """
    share, square = n_hits / n, NORMAL_95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = NORMAL_95 * float(np.sqrt(share * (1 - share) / n + square / (4 * n * n))) / (1 + square / n)
    return Interval(share, max(middle - reach, 0.0), min(middle + reach, 1.0))
