"""Terms as strings, in the order of their code points, from the symbols that make them."""

import numpy as np
from numpy.typing import NDArray

Symbols = NDArray[np.int64]


def spell_words(symbols: Symbols, words: list[str]) -> tuple[NDArray[np.int64], list[str]]:
    """The order of n-grams of words, given as rows of numbers of words (-1: none), and the terms in that order."""
    ranks = np.full(len(words) + 1, -1)
    ranks[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    order = np.lexsort(ranks[symbols].T[::-1])
    first, *others = symbols[order].T.tolist()
    terms = [words[i] for i in first]
    for following in others:
        terms = [term if i < 0 else f"{term} {words[i]}" for term, i in zip(terms, following, strict=True)]
    if any(min(word) < " " for word in words):  # would sort before the space between words
        return _resorted(order, terms)
    return order, terms


def spell_characters(symbols: Symbols) -> tuple[NDArray[np.int64], list[str]]:
    """The order of n-grams of characters, given as rows of code points (-1: none), and the terms in that order."""
    order = np.lexsort(symbols.T[::-1])
    codes = np.ascontiguousarray(np.maximum(symbols[order], 0), np.uint32)
    terms = codes.view(f"U{codes.shape[1]}")[:, 0].tolist()
    if (symbols == 0).any():  # NumPy takes a last character 0 for the end of a string
        terms = ["".join(chr(code) for code in row if code >= 0) for row in symbols[order].tolist()]
    return order, terms


def _resorted(order: NDArray[np.int64], terms: list[str]) -> tuple[NDArray[np.int64], list[str]]:
    again = sorted(range(len(terms)), key=terms.__getitem__)
    return order[again], [terms[i] for i in again]
