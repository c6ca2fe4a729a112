"""n-grams as paths in a trie: exact for any length, and no n-gram is looked up whose beginning is unknown.

A node is an n-gram; one symbol more leads to another node. Symbols are code points for n-grams of characters
and, for n-grams of words, the nodes of the single words.
"""

# NumPy types what the operators of its scalars give as Any.
# mypy: no-warn-return-any

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stance.kernel.compiled import compiled, inlined
from stance.kernel.slots import EMPTY, Int, U, Words, grown, mixed, new_slots, next_slot, with_room

ROOT = np.uint32(0xFFFFFFFE)
"""The node of the empty n-gram."""
UNKNOWN = np.uint32(0xFFFFFFFF)
"""The node of an n-gram that is not in the trie, and of a word that is in none."""
FACTOR = U(0x9E3779B97F4A7C15)

Nodes = NDArray[np.uint32]
Offsets = NDArray[np.int64]


@inlined
def first_slot(slots: Words, node: Int, symbol: Int) -> np.uint64:
    """Where the search for the child of a node starts."""
    return mixed((U(node) << U(32)) | U(symbol), FACTOR) & U((len(slots) >> 1) - 1)


@inlined
def child(slots: Words, node: Int, symbol: Int) -> Int:
    """The node that a symbol leads to; an empty slot holds the unknown node."""
    key = (U(node) << U(32)) | U(symbol)
    slot = first_slot(slots, node, symbol)
    while True:
        found = slots[slot << U(1)]
        if found == key or found == EMPTY:  # noqa: SIM109
            return np.uint32(slots[(slot << U(1)) + U(1)])
        slot = next_slot(slots, slot)


@inlined
def put(slots: Words, node: Int, symbol: Int, value: Int) -> None:
    """Make a new node the child of another."""
    slot = first_slot(slots, node, symbol)
    while slots[slot << U(1)] != EMPTY:
        slot = next_slot(slots, slot)
    slots[slot << U(1)] = (U(node) << U(32)) | U(symbol)
    slots[(slot << U(1)) + U(1)] = U(value)


class Trie(NamedTuple):
    """Arrays of a trie, as compiled functions take them.

    slots : the child of each node and symbol
    parents, symbols : of each node; empty where the trie does not grow
    counts : numbers of nodes and of slots in use
    """

    slots: Words
    parents: Nodes
    symbols: Nodes
    counts: Offsets

    @classmethod
    def empty(cls, n_nodes: int = 0) -> "Trie":
        """A trie whose first nodes are the single symbols."""
        parents, symbols = np.full(n_nodes, ROOT, np.uint32), np.arange(n_nodes, dtype=np.uint32)
        return cls(new_slots(0), parents, symbols, np.array([n_nodes, 0]))

    def with_room(self, n_new: int) -> "Trie":
        """The same trie with room for some nodes more."""
        slots, parents, symbols, counts = self
        n_nodes, n_slots = counts.tolist()
        return Trie(
            with_room(slots, n_slots + n_new, FACTOR),
            grown(parents, n_nodes + n_new),
            grown(symbols, n_nodes + n_new),
            counts,
        )

    def paths(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The symbols that lead to each node, a row each; -1 beyond the last."""
        current, backwards = nodes, []
        while (below := current != ROOT).any():
            at = np.where(below, current, 0)
            backwards.append(np.where(below, self.symbols[at].astype(np.int64), -1))
            current = np.where(below, self.parents[at], ROOT)
        last_first = np.stack(backwards, axis=1) if backwards else np.empty((len(nodes), 0), np.int64)
        place = (last_first >= 0).sum(axis=1)[:, None] - 1 - np.arange(last_first.shape[1])
        return np.where(place >= 0, np.take_along_axis(last_first, np.maximum(place, 0), axis=1), -1)


def trie_of(symbols: Nodes, ends: Offsets, nodes: Nodes, first_free: int, *, rooted: bool) -> Trie:
    """A trie of given n-grams, complete.

    Parameters
    ----------
    symbols : array
        The symbols of all n-grams; those of n-gram i are ``symbols[ends[i] : ends[i + 1]]``.
    nodes : array of shape (n_ngrams,)
        The node that each n-gram is to be.
    first_free : int
        Number of the first node that is only the beginning of n-grams.
    rooted : bool
        Whether paths start at the root, or at the node of the first symbol.
    """
    order = np.argsort(np.diff(ends), kind="stable")  # beginnings first: they have nodes of their own
    counts = np.array([first_free, 0], np.int64)
    slots = new_slots(len(nodes))
    done: Int = 0
    while done < len(order):
        done = plant(symbols, ends, nodes, order, done, slots, counts, rooted)
        if done < len(order):
            slots = with_room(slots, len(slots) // 2, FACTOR)
    return Trie(slots, np.empty(0, np.uint32), np.empty(0, np.uint32), counts)


@compiled
def plant(
    symbols: Nodes,
    ends: Offsets,
    nodes: Nodes,
    order: Offsets,
    done: Int,
    slots: Words,
    counts: Offsets,
    rooted: bool,
) -> Int:
    """Make paths of n-grams from one on; returns the place in the order for which there is no room, or the end."""
    while done < len(order):
        i = order[done]
        start, end = ends[i], ends[i + 1]
        if counts[1] + end - start > len(slots) >> 2:
            return done
        node = ROOT if rooted or start == end else symbols[start]
        for position in range(start if rooted else start + 1, end):
            symbol = symbols[position]
            following = child(slots, node, symbol)
            if following == UNKNOWN:
                following = nodes[i] if position == end - 1 else np.uint32(counts[0])
                counts[0] += position != end - 1
                counts[1] += 1
                put(slots, node, symbol, following)
            node = following
        done += 1
    return done


@inlined
def room_of(trie: Trie) -> Int:
    """How many nodes can be added."""
    return min(len(trie.parents) - trie.counts[0], (len(trie.slots) >> 2) - trie.counts[1])


@inlined
def reached(trie: Trie, node: Int, symbol: Int) -> Int:
    """The node that a symbol leads to, made if it is new."""
    following = child(trie.slots, node, symbol)
    if following == UNKNOWN:
        following = np.uint32(trie.counts[0])
        put(trie.slots, node, symbol, following)
        trie.parents[following], trie.symbols[following] = node, symbol
        trie.counts[0] += 1
        trie.counts[1] += 1
    return following
