"""What more articles would give: an inverse power law through scores at several sizes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.errors import DataError
from stance.intervals.bounds import CONFIDENCE, Interval, percentile_bounds

FloatArray = NDArray[np.float64]

N_RESAMPLES = 1000
MIN_SIZES = 3
_N_PARAMETERS = 3
_RATES = np.geomspace(0.1, 2.0, 40)
"""Exponents tried: below 0.1 the limit cannot be told from the data, above 2 the curve is flat at once."""


@dataclass(frozen=True)
class LearningCurve:
    """The law ``limit - lack * n_articles ** -rate``, with what it says of twice as many articles.

    Parameters
    ----------
    limit, lack, rate : float
        ``lack`` is 0 where more articles have not helped.
    n_articles : int
        The largest number of articles tried.
    now, doubled, gain : Interval
        Expected score at ``n_articles``, at twice as many, and their difference.
    """

    limit: float
    lack: float
    rate: float
    n_articles: int
    now: Interval
    doubled: Interval
    gain: Interval

    def at(self, n_articles: ArrayLike) -> FloatArray:
        """Expected score with so many articles."""
        return np.asarray(self.limit - self.lack * np.asarray(n_articles, dtype=np.float64) ** -self.rate)


def fit_learning_curve(
    n_articles: ArrayLike,
    scores: ArrayLike,
    *,
    replicates: ArrayLike | None = None,
    seed: int,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
) -> LearningCurve:
    """The inverse power law nearest to scores between 0 and 1, with intervals from resampled residuals.

    With replicates the intervals hold for other test articles too, not for those alone that gave the scores.

    Parameters
    ----------
    n_articles : array of shape (n_points,)
        Articles in train at each point; a size may occur more than once, with other articles.
    scores : array of shape (n_points,)
        Macro-F1, or another metric that grows with articles up to at most 1.
    replicates : array of shape (n_replicates, n_points) or None
        The scores on resampled test articles, the same for all points; the first ``n_resamples`` are used.

    Raises
    ------
    DataError
        For fewer than three sizes or four points.

    References
    ----------
    Cortes et al. (1994), Learning curves: asymptotic values and rate of convergence. Figueroa et al. (2012),
    Predicting sample size required for classification performance, BMC Medical Informatics 12:8.
    """
    sizes, values = np.asarray(n_articles, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    n_sizes = len(np.unique(sizes))
    if n_sizes < MIN_SIZES or len(sizes) <= _N_PARAMETERS:
        raise DataError(
            f"learning curve: {len(sizes)} scores at {n_sizes} sizes; {_N_PARAMETERS + 1} scores at {MIN_SIZES} "
            f"sizes or more are needed. Train at more sizes."
        )
    largest = sizes.max()
    (law,) = _fit(sizes, values[None, :])
    # The fit takes up a part of the noise: residuals are too small by the root of the degrees of freedom.
    degrees = len(sizes) - _N_PARAMETERS
    residuals = (values - _at(law[None, :], sizes)[0]) * np.sqrt(len(sizes) / degrees)
    drawn = np.random.default_rng(seed).choice(residuals - residuals.mean(), size=(n_resamples, len(sizes)))
    if replicates is not None:
        found = np.asarray(replicates, dtype=np.float64)[:n_resamples]
        drawn = drawn[: len(found)] + found - values
    laws = np.concatenate([law[None, :], _fit(sizes, _at(law[None, :], sizes) + drawn)])
    now, doubled = (_at(laws, np.array([n]))[:, 0] for n in (largest, 2 * largest))

    def interval(found: FloatArray) -> Interval:
        bounds = percentile_bounds(found[1:], n_articles=degrees + 1, confidence=confidence)
        return Interval(float(found[0]), *bounds)

    limit, lack, rate = law.tolist()
    return LearningCurve(
        limit, lack, rate, int(largest), interval(now), interval(doubled), interval(doubled - now)
    )


def _fit(sizes: FloatArray, values: FloatArray) -> FloatArray:
    """Limit, lack and rate of least squares for each row of values, shape (n_rows, 3).

    Of the laws that fall with more articles or pass 1 none is taken; the flat line stands in.
    """
    means = np.minimum(values.mean(axis=1), 1.0)
    best = np.column_stack([means, np.zeros(len(values)), np.ones(len(values))])
    error = np.square(values - means[:, None]).sum(axis=1)
    for rate in _RATES:
        design = np.column_stack([np.ones(len(sizes)), -(sizes**-rate)])
        limit, lack = np.linalg.lstsq(design, values.T)[0]
        over = limit > 1
        # At the bound of 1 only the lack is free.
        free = np.square(design[:, 1]).sum()
        lack = np.where(over, (values - 1) @ design[:, 1] / free, lack)
        limit = np.minimum(limit, 1.0)
        candidate = np.column_stack([limit, lack, np.full(len(values), rate)])
        squares = np.square(values - _at(candidate, sizes)).sum(axis=1)
        better = (lack > 0) & (squares < error)
        best[better], error[better] = candidate[better], squares[better]
    return best


def _at(laws: FloatArray, sizes: FloatArray) -> FloatArray:
    """Scores of laws (n_laws, 3) at sizes, shape (n_laws, n_sizes)."""
    limit, lack, rate = laws.T[:, :, None]
    return np.asarray(limit - lack * sizes**-rate)
