"""How far annotators agree, and how sure that is.

Ratings are class numbers, one row a statement and one column an annotator; -1 is no rating.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.errors import DataError
from stance.intervals.bounds import CONFIDENCE, Interval, effective_number, percentile_bounds
from stance.intervals.resampling import N_RESAMPLES, numbered, resample
from stance.intervals.tallies import Tally, article_sums, tally_of
from stance.metrics import class_numbers

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MISSING = -1


def rating_table(
    statements: Sequence[str], annotators: Sequence[str], labels: Sequence[str], classes: Sequence[str]
) -> tuple[IntArray, list[str], list[str]]:
    """Ratings from rows of (statement, annotator, label), with the names of rows and columns.

    Raises
    ------
    DataError
        Where an annotator has given one statement two labels.
    """
    rows, columns = sorted(set(statements)), sorted(set(annotators))
    row_of, column_of = ({name: i for i, name in enumerate(names)} for names in (rows, columns))
    ratings = np.full((len(rows), len(columns)), MISSING, dtype=np.int64)
    numbers = class_numbers(np.asarray(labels, dtype=object), classes)
    twice = []
    for statement, annotator, number in zip(statements, annotators, numbers.tolist(), strict=True):
        cell = row_of[statement], column_of[annotator]
        if ratings[cell] not in (MISSING, number):
            twice.append((annotator, statement))
        ratings[cell] = number
    if twice:
        raise DataError(
            f"agreement: annotator {twice[0][0]!r} gives statement {twice[0][1]!r} two labels ({len(twice)} such "
            f"statements); one is needed. Keep the right one."
        )
    return ratings, rows, columns


def raw_agreement(coincidences: NDArray[np.number]) -> FloatArray:
    """Share of coincidences in which two annotators give one class, of shape (..., n_classes, n_classes)."""
    total = coincidences.sum(axis=(-2, -1))
    same = np.trace(coincidences, axis1=-2, axis2=-1)
    return np.asarray(np.divide(same, total, out=np.full(np.shape(total), np.nan), where=total > 0))


def krippendorff_alpha(coincidences: NDArray[np.number]) -> FloatArray:
    """Agreement beyond chance of any number of annotators with gaps, of nominal classes.

    Parameters
    ----------
    coincidences : array of shape (..., n_classes, n_classes)
        From :func:`coincidences`.

    Returns
    -------
    array of shape (...)
        1 is perfect, 0 as by chance; nan where all ratings are of one class.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C.
    """
    each = coincidences.sum(axis=-1)
    n = each.sum(axis=-1)
    observed = n - np.trace(coincidences, axis1=-2, axis2=-1)
    expected = n**2 - np.square(each).sum(axis=-1)
    quotient = np.divide((n - 1) * observed, expected, out=np.full(np.shape(n), np.nan), where=expected > 0)
    return np.asarray(1 - quotient)


def cohen_kappa(counts: NDArray[np.number]) -> FloatArray:
    """Agreement beyond chance of two annotators, of counts (..., n_classes, n_classes) of their pairs of classes.

    References
    ----------
    Cohen (1960), A coefficient of agreement for nominal scales.
    """
    n = counts.sum(axis=(-2, -1))
    observed = n * np.trace(counts, axis1=-2, axis2=-1)
    expected = (counts.sum(axis=-1) * counts.sum(axis=-2)).sum(axis=-1)
    room = n**2 - expected
    quotient = np.divide(observed - expected, room, out=np.full(np.shape(n), np.nan), where=room > 0)
    return np.asarray(quotient)


def coincidences(ratings: IntArray, n_classes: int) -> FloatArray:
    """How often two ratings of one statement are of each pair of classes, summed over statements.

    Each statement counts with its number of ratings; one with a single rating does not count.

    Returns
    -------
    array of shape (n_classes, n_classes)
    """
    return np.asarray(coincidences_of_statements(ratings, n_classes).sum(axis=0))


def coincidences_of_statements(ratings: IntArray, n_classes: int) -> FloatArray:
    """The coincidences of each statement, shape (n_statements, n_classes, n_classes)."""
    votes = (ratings[:, :, None] == np.arange(n_classes)).sum(axis=1)
    n_ratings = votes.sum(axis=1)
    pairs = votes[:, :, None] * votes[:, None, :] - np.eye(n_classes, dtype=np.int64) * votes[:, None, :]
    return np.asarray(pairs / np.maximum(n_ratings - 1, 1)[:, None, None])


def measure_agreement(
    ratings: IntArray,
    classes: Sequence[str],
    annotators: Sequence[str],
    articles: ArrayLike,
    *,
    seed: int,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
) -> dict[str, Any]:
    """Agreement of annotators with bootstrap intervals by article, as plain values.

    Parameters
    ----------
    ratings : array of shape (n_statements, n_annotators)
    articles : array of shape (n_statements,)

    Returns
    -------
    dict
        ``raw_agreement`` and ``krippendorff_alpha`` as estimate, lower and upper; ``cohen_kappa``: the same
        for each pair of annotators with statements in common, and their number.

    Raises
    ------
    DataError
        Where no statement has two ratings.
    """
    n_ratings = (ratings != MISSING).sum(axis=1)
    if not (n_ratings >= 2).any():
        raise DataError(
            f"agreement: 0 of {len(ratings)} statements have two labels or more; some are needed. Give the "
            f"same statements to a second annotator."
        )
    k, article = len(classes), numbered(articles)

    def of_cells(cells: FloatArray) -> FloatArray:
        table = cells.reshape(*cells.shape[:-1], k, k)
        return np.stack([raw_agreement(table), krippendorff_alpha(table)], axis=-1)

    cells = coincidences_of_statements(ratings, k)
    n_articles = effective_number(np.bincount(article, weights=cells.sum(axis=(1, 2)))).repeat(2)
    sums = _cell_sums(article, cells)
    tallies = [tally_of(("raw_agreement", "krippendorff_alpha"), sums, of_cells, n_articles)]
    pairs = list(combinations(range(ratings.shape[1]), 2))
    tallies += [_kappa_tally(ratings[:, pair], article, k) for pair in pairs]
    (raw, alpha), *kappas = _intervals(tallies, n_resamples, seed, confidence)
    shared = [int((ratings[:, pair] != MISSING).all(axis=1).sum()) for pair in pairs]
    return {
        "n_statements": len(ratings),
        "n_statements_rated_twice": int((n_ratings >= 2).sum()),
        "n_annotators": ratings.shape[1],
        "raw_agreement": raw.plain(),
        "krippendorff_alpha": alpha.plain(),
        "cohen_kappa": [
            {"annotators": [annotators[a], annotators[b]], "n_statements": n, **kappa.plain()}
            for (a, b), n, (kappa,) in zip(pairs, shared, kappas, strict=True)
            if n
        ],
    }


def _kappa_tally(pair: IntArray, article: IntArray, k: int) -> Tally:
    both = (pair != MISSING).all(axis=1)
    cells = both[:, None, None] & (pair[:, 0, None] == np.arange(k))[:, :, None]
    cells = cells & (pair[:, 1, None] == np.arange(k))[:, None, :]
    n_articles = effective_number(np.bincount(article, weights=both)[:, None])

    def of_cells(sums: FloatArray) -> FloatArray:
        return cohen_kappa(sums.reshape(*sums.shape[:-1], k, k))[..., None]

    return tally_of(("cohen_kappa",), _cell_sums(article, cells), of_cells, n_articles)


def _cell_sums(article: IntArray, cells: NDArray[Any]) -> Any:
    n_cells = cells[0].size
    columns = np.tile(np.arange(n_cells), len(cells))
    return article_sums(np.repeat(article, n_cells), columns, cells.ravel(), n_cells)


def _intervals(tallies: list[Tally], n_resamples: int, seed: int, confidence: float) -> list[list[Interval]]:
    replicates = resample(tallies, n_resamples=n_resamples, seed=seed)
    return [
        [
            Interval(
                float(estimate),
                *percentile_bounds(values, n_articles=float(n_articles), confidence=confidence),
            )
            for estimate, values, n_articles in zip(tally.estimates, found.T, tally.n_articles, strict=True)
        ]
        for tally, found in zip(tallies, replicates, strict=True)
    ]
