"""What training has seen: hashes of its texts and articles, and signatures that tell copies."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.duplicates import word_key
from stance.signatures import has_copy, signatures

Seen = Mapping[str, NDArray[Any]]


def seen_hashes(texts: Sequence[str], articles: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Sorted hashes of the different texts and articles, and signatures: enough to find what is seen again.

    The order tells nothing of the order of the texts, and the text of none can be read.
    """
    found = signatures(texts)
    return {
        "texts": np.unique(_hashes([word_key(text) for text in texts])),
        "articles": np.unique(_hashes(articles)),
        "signatures": np.unique(found[found.any(axis=1)], axis=0),
    }


def count_seen(seen: Seen, texts: Sequence[str], articles: Sequence[str]) -> dict[str, int]:
    """How many statements have a text, and how many different articles a name, that training had too."""
    same_text, same_article = which_seen(seen, texts, articles)
    shared = {article for article, is_shared in zip(articles, same_article, strict=True) if is_shared}
    return {"statements": int(same_text.sum()), "articles": len(shared)}


def which_seen(
    seen: Seen, texts: Sequence[str], articles: Sequence[str]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which statements have a text, and which an article, that training had too; shape (n_statements,) each."""
    return (
        np.isin(_hashes([word_key(text) for text in texts]), seen["texts"]),
        np.isin(_hashes(articles), seen["articles"]),
    )


def which_copied(seen: Seen, texts: Sequence[str]) -> NDArray[np.bool_] | None:
    """Which statements have nearly the words of one in training, or the same; None where no signatures are known."""
    return has_copy(signatures(texts), seen["signatures"]) if "signatures" in seen else None


def _hashes(values: Sequence[str]) -> NDArray[np.uint64]:
    digests = (hashlib.blake2b(value.encode(), digest_size=8).digest() for value in values)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)
