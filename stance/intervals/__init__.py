"""How sure a metric is: intervals from resampling whole articles."""

from stance.intervals.bounds import Interval, error_bounds, percentile_bounds, share_bounds
from stance.intervals.measure import measure
from stance.intervals.resampling import article_weights, bootstrap_interval
from stance.intervals.tallies import Tally, count_tally

__all__ = [
    "Interval",
    "Tally",
    "article_weights",
    "bootstrap_interval",
    "count_tally",
    "error_bounds",
    "measure",
    "percentile_bounds",
    "share_bounds",
]
