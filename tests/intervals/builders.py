"""Simulated predictions of clustered statements, whose true metrics are known."""

import numpy as np

CLASSES = ("cooperative", "neutral", "tense")


def simulated_articles(n_articles, rng, mean_size=8):
    """Articles that differ in size, in what they say and in how well a model reads them.

    Returns the article, the class and the probabilities of each statement.
    """
    sizes = rng.geometric(1 / mean_size, size=n_articles)
    articles = np.repeat(np.arange(n_articles), sizes)
    tone = rng.dirichlet([1.5, 0.9, 0.6], size=n_articles)[articles]
    y = (tone.cumsum(axis=1) < rng.random((len(articles), 1))).sum(axis=1)
    decisions = rng.normal(size=(len(y), 3)) + rng.normal(0, 0.5, size=(n_articles, 3))[articles]
    decisions[np.arange(len(y)), y] += 1.7 + rng.normal(0, 0.8, size=n_articles)[articles]
    powers = np.exp(1.3 * decisions)
    return articles, y, powers / powers.sum(axis=1, keepdims=True)


def values_by_path(measured):
    """The metrics of :func:`stance.intervals.measure` by the paths of their intervals."""
    found = {}
    for path in measured["intervals"]:
        value = measured
        for name in path.split("."):
            value = value[name]
        found[path] = value["estimate"] if isinstance(value, dict) else value
    return found
