"""How far an archive is from what the model was trained and tested on: counts that add up over parts, and indices."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.predictions.counts import Counts, capped
from stance.predictions.partitions import DATE, years
from stance.records import UNDETERMINED

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.model import Scores

UNKNOWN = "(none)"
SAMPLED = 16
"""Statements of a part whose language is identified: 4 ms, where scoring a part takes 60 ms or more."""

MIN_COUNTED = 200
"""Of fewer decisions the index is noise: by chance alone about the number of bins over their number."""

SMALLEST_SHARE = 1e-4
"""Stands for the share of an empty bin, as the index has none for it."""


@dataclass(frozen=True)
class Bins:
    """Intervals of a class's decision values with the shares of held-out statements in them.

    Parameters
    ----------
    edges : tuple of float, ascending
    shares : tuple of float
        One more than edges.
    """

    edges: tuple[float, ...]
    shares: tuple[float, ...]

    def of(self, decisions: NDArray[np.float64]) -> NDArray[np.int64]:
        """The bin of each decision value."""
        return np.searchsorted(np.asarray(self.edges), decisions, side="right")


def score_bins(decisions: NDArray[np.float64]) -> dict[str, list[float]]:
    """Deciles of held-out decision values and the shares between them, as a model's facts state them.

    Parameters
    ----------
    decisions : array of shape (n_statements,)
        Of one class.
    """
    edges = np.unique(np.quantile(decisions, np.linspace(0.1, 0.9, 9)))
    counts = np.bincount(np.searchsorted(edges, decisions, side="right"), minlength=len(edges) + 1)
    return {"edges": edges.tolist(), "shares": (counts / len(decisions)).tolist()}


def held_out_bins(facts: Mapping[str, Any], classes: Sequence[str]) -> dict[str, Bins]:
    """The bins that a model's facts state for its classes; of two, whose values mirror, the second is enough.

    Facts that are not usable bins are as good as none: they come from a file.
    """
    held_out = facts.get("held_out")
    stated = held_out.get("score_bins") if isinstance(held_out, Mapping) else None
    names = classes[1:] if len(classes) == 2 else classes
    found = {name: _bins(stated.get(name)) for name in names} if isinstance(stated, Mapping) else {}
    return {name: bins for name, bins in found.items() if bins is not None}


def _bins(stated: Any) -> Bins | None:
    try:
        edges, shares = (np.asarray(stated[key], dtype=np.float64) for key in ("edges", "shares"))
    except (TypeError, KeyError, ValueError):
        return None
    fits = edges.ndim == shares.ndim == 1 and len(shares) == len(edges) + 1
    if not fits or not np.isfinite(edges).all() or not (np.diff(edges) > 0).all():
        return None
    return Bins(tuple(edges.tolist()), tuple(shares.tolist())) if (shares >= 0).all() else None


def count(rows: "pa.Table", scores: "Scores", classes: Sequence[str], bins: Mapping[str, Bins]) -> Counts:
    """What is counted of statements and their scores: whole numbers that add up over parts.

    Parameters
    ----------
    rows : pyarrow.Table
        The statements; of their columns ``lang``, ``source`` and ``published_on`` are looked at, where
        they are.
    """
    predicted = np.bincount(scores.predicted, minlength=len(classes))
    placed = {name: bins[name].of(scores.decisions[:, classes.index(name)]) for name in bins}
    groups = _Groups(scores.n_known_terms == 0, placed, {name: len(b.shares) for name, b in bins.items()})
    return {
        **groups.whole(),
        "predicted": dict(zip(classes, predicted.tolist(), strict=True)),
        "languages": {name: group["n"] for name, group in groups.by(_texts(rows, "lang")).items()},
        "sampled_languages": {},
        "sources": groups.by(_texts(rows, "source")),
        "years": groups.by(years(rows.column(DATE)) if DATE in rows.column_names else None),
    }


def sampled_languages(rows: "pa.Table", text_field: str) -> Counts:
    """The languages of some statements, taken evenly, where rows do not say theirs.

    To identify all would take longer than to score them.
    """
    from stance.languages import identify

    lang = _texts(rows, "lang")
    if text_field not in rows.column_names or (lang is not None and lang.null_count < len(lang)):
        return {}
    at = np.arange(0, rows.num_rows, max(1, -(-rows.num_rows // SAMPLED)))
    return dict(Counter(identify(text) for text in rows.column(text_field).take(at).to_pylist()))


@dataclass(frozen=True)
class _Groups:
    """Counts of statements by group.

    Parameters
    ----------
    unknown : array of bool, shape (n_statements,)
        Whether a statement has no known term.
    placed : mapping of class to array of int, shape (n_statements,)
        Bin of each statement.
    n_bins : mapping of class to int
    """

    unknown: NDArray[np.bool_]
    placed: Mapping[str, NDArray[np.int64]]
    n_bins: Mapping[str, int]

    def whole(self) -> Counts:
        """The counts of all statements."""
        return self._counts(np.zeros(len(self.unknown), np.int64), 1)[0]

    def by(self, column: "pa.ChunkedArray | None") -> dict[str, Counts]:
        """The counts for each value of a column."""
        if column is None or not len(column):
            return {}
        values = column.combine_chunks().dictionary_encode(null_encoding="encode")
        names = [UNKNOWN if name is None else name for name in values.dictionary.to_pylist()]
        counted = self._counts(values.indices.to_numpy().astype(np.int64), len(names))
        return capped(dict(zip(names, counted, strict=True)))

    def _counts(self, codes: NDArray[np.int64], n_groups: int) -> list[Counts]:
        n = np.bincount(codes, minlength=n_groups)
        unknown = np.bincount(codes[self.unknown], minlength=n_groups)
        binned = {
            name: np.bincount(codes * size + self.placed[name], minlength=n_groups * size).reshape(-1, size)
            for name, size in self.n_bins.items()
        }
        return [
            {
                "n": int(n[k]),
                "out_of_vocabulary": int(unknown[k]),
                "bins": {name: table[k].tolist() for name, table in binned.items()},
            }
            for k in range(n_groups)
        ]


def _texts(rows: "pa.Table", name: str) -> "pa.ChunkedArray | None":
    """A column as text, or None where it is absent or of another kind."""
    import pyarrow as pa

    if name not in rows.column_names or not pa.types.is_string(rows.column(name).type):
        return None
    return rows.column(name)


def stability_index(counts: Sequence[int], shares: Sequence[float]) -> float | None:
    """How far counts in bins are from expected shares: below 0.1 alike, above 0.25 of another kind.

    References
    ----------
    Siddiqi (2006), Credit risk scorecards, Wiley, on the population stability index. It is the symmetric
    Kullback-Leibler divergence of the two distributions.

    Examples
    --------
    >>> stability_index([50, 50], [0.5, 0.5]), round(stability_index([90, 10], [0.5, 0.5]), 3)
    (0.0, 0.879)
    """
    total = sum(counts)
    if not total:
        return None
    found = np.maximum(np.asarray(counts) / total, SMALLEST_SHARE)
    expected = np.maximum(np.asarray(shares), SMALLEST_SHARE)
    return float(np.sum((found - expected) * np.log(found / expected)))


def summary(counts: Counts, facts: Mapping[str, Any], bins: Mapping[str, Bins]) -> dict[str, Any]:
    """Coverage and drift as the manifest states them, all of it shares and indices.

    Parameters
    ----------
    counts : mapping
        Sum over all parts.
    facts : mapping
        Of the model.
    """
    stated, languages = facts.get("languages"), _languages(counts)
    return {
        **_group_summary(counts, bins),
        "predicted": _shares(counts["predicted"]),
        "languages": _shares(languages),
        "languages_sampled": sum(counts["sampled_languages"].values()),
        "languages_of_training": stated if isinstance(stated, Mapping) else {},
        "in_other_languages": _in_others(languages, stated),
        "sources": _by_size(counts["sources"], bins),
        "years": {name: _group_summary(counts["years"][name], bins) for name in sorted(counts["years"])},
    }


def _languages(counts: Counts) -> dict[str, float]:
    """Statements of each language: as they say, and those that do not as the sample of them shows."""
    said, sampled = counts["languages"], counts["sampled_languages"]
    if not sampled:
        return dict(said)
    weight = (counts["n"] - sum(said.values())) / sum(sampled.values())
    return {name: said.get(name, 0) + weight * sampled.get(name, 0) for name in {**said, **sampled}}


def _in_others(counts: Mapping[str, float], stated: Any) -> float | None:
    """Share of statements in languages that the model was not trained on, of those whose language is known."""
    known = {name: n for name, n in counts.items() if n and name not in (UNKNOWN, UNDETERMINED)}
    if not known or not isinstance(stated, Mapping) or not set(stated) - {UNDETERMINED}:
        return None
    trained = {str(name).partition("-")[0] for name in stated}
    others = sum(n for name, n in known.items() if name.partition("-")[0] not in trained)
    return others / sum(known.values())


def _group_summary(counts: Counts, bins: Mapping[str, Bins]) -> dict[str, Any]:
    n = counts["n"]
    return {
        "n": n,
        "out_of_vocabulary": counts["out_of_vocabulary"] / n if n else None,
        "stability_index": {
            name: stability_index(counts["bins"][name], bins[name].shares)
            if sum(counts["bins"][name]) >= MIN_COUNTED
            else None
            for name in bins
        },
    }


def _by_size(groups: Mapping[str, Counts], bins: Mapping[str, Bins]) -> dict[str, Any]:
    names = sorted(groups, key=lambda name: (-groups[name]["n"], name))
    return {name: _group_summary(groups[name], bins) for name in names}


def _shares(counts: Mapping[str, float]) -> dict[str, float]:
    total = sum(counts.values())
    if not total:
        return {}
    return {name: counts[name] / total for name in sorted(counts, key=lambda name: (-counts[name], name))}
