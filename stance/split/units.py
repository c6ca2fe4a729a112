"""Units: what is never cut, an article with all articles that share a copied statement with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.duplicates import clusters, word_key

if TYPE_CHECKING:
    from datasets import Dataset

IntArray = NDArray[np.int64]


def whole_units(dataset: "Dataset") -> IntArray:
    """The unit of each statement: articles linked by exact or near copies, directly or through others.

    A statement without article is an article of its own. The numbers follow the words of the statements, so
    they do not depend on the order of the rows.

    Returns
    -------
    array of shape (n_statements,)
        Numbers from 0, without gaps.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    texts = column(dataset, "text")
    if not texts:
        return np.empty(0, dtype=np.int64)
    articles, copies = article_numbers(dataset), clusters(texts)
    n_articles = int(articles.max()) + 1
    n_nodes = n_articles + int(copies.max()) + 1
    ones = np.ones(len(texts), dtype=np.int8)
    links = coo_matrix((ones, (articles, n_articles + copies)), shape=(n_nodes, n_nodes))
    return _by_first_words(connected_components(links, directed=False)[1][articles], texts)


def article_numbers(dataset: "Dataset") -> IntArray:
    """A number for each statement's article, from 0; a statement without article has one of its own."""
    ids = column(dataset, "article_id") if "article_id" in dataset.column_names else [None] * len(dataset)
    names = [i if name in (None, "") else str(name) for i, name in enumerate(ids)]
    number = {name: i for i, name in enumerate(dict.fromkeys(names))}
    return np.fromiter((number[name] for name in names), dtype=np.int64, count=len(names))


def _by_first_words(units: IntArray, texts: Sequence[str]) -> IntArray:
    """Units numbered anew by the first of their texts in alphabetical order; no two units share a text."""
    keys = [word_key(text) for text in texts]
    number: dict[int, int] = {}
    for i in sorted(range(len(keys)), key=keys.__getitem__):
        number.setdefault(int(units[i]), len(number))
    return np.fromiter((number[unit] for unit in units.tolist()), dtype=np.int64, count=len(units))


def column(dataset: "Dataset", name: str) -> list[Any]:
    """All values of one column."""
    return list(dataset[name][:])
