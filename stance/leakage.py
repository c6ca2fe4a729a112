"""What a test set shares with the statements a model was trained on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.duplicates import SIMILARITY, clusters, word_key

if TYPE_CHECKING:
    from datasets import Dataset

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LeakageAudit:
    """Which test statements the train statements give away.

    Parameters
    ----------
    in_shared_article : array of shape (n_test_statements,)
        The statement's article has train statements too.
    exact_copy : array of shape (n_test_statements,)
        A train statement has the same words.
    near_copy : array of shape (n_test_statements,)
        A train statement, not an exact copy, is in the same cluster of copies.
    not_later : array of shape (n_test_statements,)
        The statement was not published after the last train statement. This alone is no contamination.
    n_shared_articles : int
    last_train_day : str or None
        None where no date is known.
    """

    in_shared_article: BoolArray
    exact_copy: BoolArray
    near_copy: BoolArray
    not_later: BoolArray
    n_shared_articles: int
    last_train_day: str | None

    @property
    def contaminated(self) -> BoolArray:
        """Statements in a shared article, or copies of a train statement."""
        return self.in_shared_article | self.exact_copy | self.near_copy

    @property
    def clean(self) -> BoolArray:
        """All other statements."""
        return ~self.contaminated

    def summary(self) -> dict[str, Any]:
        """Counts and shares of test statements, as plain values."""
        names = ("in_shared_article", "exact_copy", "near_copy", "not_later", "contaminated")
        n = len(self.exact_copy)
        counts = {name: int(getattr(self, name).sum()) for name in names}
        shares = {
            name: {"statements": count, "share": count / n if n else 0.0} for name, count in counts.items()
        }
        return {
            "n_statements": n,
            "n_shared_articles": self.n_shared_articles,
            "last_train_day": self.last_train_day,
            **shares,
        }


def audit_leakage(train: "Dataset", test: "Dataset", *, similarity: float = SIMILARITY) -> LeakageAudit:
    """What ``test`` shares with ``train``: articles, exact and near copies, time.

    Parameters
    ----------
    train, test : datasets.Dataset
        Column text and, where known, article_id and published_on (ISO date).
    similarity : float
        See :func:`stance.duplicates.clusters`.
    """
    train_texts, test_texts = _column(train, "text"), _column(test, "text")
    cluster = clusters([*train_texts, *test_texts], similarity=similarity)
    copies = np.isin(cluster[len(train_texts) :], cluster[: len(train_texts)])
    train_keys = set(map(word_key, train_texts))
    exact = np.asarray([word_key(text) in train_keys for text in test_texts], dtype=np.bool_)
    train_articles = set(_column(train, "article_id")) - {"", None}
    articles = _column(test, "article_id")
    last = max(_days(train), default="") or None
    not_later = [last is not None and "" < day <= last for day in _days(test)]
    return LeakageAudit(
        in_shared_article=np.asarray([name in train_articles for name in articles], dtype=np.bool_),
        exact_copy=exact,
        near_copy=copies & ~exact,
        not_later=np.asarray(not_later, dtype=np.bool_),
        n_shared_articles=len(train_articles & set(articles)),
        last_train_day=last,
    )


def _days(dataset: "Dataset") -> list[str]:
    return ["" if date is None else str(date)[:10] for date in _column(dataset, "published_on")]


def _column(dataset: "Dataset", name: str) -> list[Any]:
    return list(dataset[name][:]) if name in dataset.column_names else [None] * len(dataset)
