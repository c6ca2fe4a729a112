"""What the names of actors decide: a model that sees nothing else, one that sees none, and swapped actors."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.actors import ActorMention, find_actors
from stance.comparison import Predicted, paired_difference
from stance.errors import DataError
from stance.fields import Actors, reads_lexicon
from stance.fit import Fit
from stance.intervals import Interval, bootstrap_interval
from stance.metrics import accuracy, macro_f1
from stance.model import Model
from stance.progress import steps
from stance.split import Parts

logger = logging.getLogger(__name__)

IntArray = NDArray[np.int64]
Mentions = Sequence[ActorMention]

N_SWAPS = 5
"""Random swaps of each statement."""


@dataclass(frozen=True)
class Probes:
    """How much a model leans on who is named.

    Parameters
    ----------
    names_only : Interval
        Macro-F1 of a model of the same kind that sees the names of actors and nothing else.
    masked_minus_plain : Interval
        Macro-F1 with masked names minus macro-F1 with names.
    swap_flip_rate : Interval
        Share of predictions that change when the actors of a statement are replaced by others of their kind.
    n_swapped : int
        Statements that name an actor which has another of its kind.
    """

    names_only: Interval
    masked_minus_plain: Interval
    swap_flip_rate: Interval
    n_swapped: int

    def numbers(self) -> dict[str, Any]:
        """All of it as plain values."""
        names = ("names_only", "masked_minus_plain", "swap_flip_rate")
        return {name: getattr(self, name).plain() for name in names} | {"n_swapped": self.n_swapped}


@dataclass(frozen=True)
class _Test:
    """The held-out rows, and how the models that test them are fitted."""

    fits: Sequence[Fit]
    folds: Sequence[Parts]
    articles: NDArray[Any]
    langs: Sequence[str]
    seed: int

    @property
    def rows(self) -> IntArray:
        return np.sort(np.concatenate([fold.test for fold in self.folds]))

    @property
    def y(self) -> IntArray:
        return self.fits[0].data.y[self.rows]

    def predict(self, change: Callable[[Fit], Fit]) -> IntArray:
        """Classes of the held-out rows by models fitted otherwise."""
        return self.apply(
            [change(fit).model(fold.train, fold.calibrate) for fit, fold in self.pairs()], change
        )

    def apply(self, models: Sequence[Model], change: Callable[[Fit], Fit]) -> IntArray:
        """Classes of the held-out rows, as changed, by the model of each fold."""
        predicted = np.zeros(len(self.articles), dtype=np.int64)
        for model, (fit, fold) in zip(models, self.pairs(), strict=True):
            data = change(fit).data
            targets = None if data.targets is None else [data.targets[i] for i in fold.test]
            predicted[fold.test] = model.score([data.texts[i] for i in fold.test], targets).predicted
        return predicted[self.rows]

    def pairs(self) -> list[tuple[Fit, Parts]]:
        return list(zip(self.fits, self.folds, strict=True))


def probe(
    fits: Sequence[Fit],
    folds: Sequence[Parts],
    predicted: IntArray,
    articles: ArrayLike,
    langs: Sequence[str],
    *,
    seed: int,
) -> Probes | None:
    """How much models lean on the names of actors, or None where too few are named to learn from.

    Parameters
    ----------
    fits, folds : sequences of the same length
        How the model of each fold is fitted.
    predicted : array of shape (n_held_out,)
        What these models say of the held-out rows, in the order of row numbers.
    articles : array of shape (n_statements,)
        Article of each row.
    langs : sequence of length n_statements
        Language of each row, within which names are swapped.
    """
    test = _Test(fits, folds, np.asarray(articles), langs, seed)
    mentions = [find_actors(text) for text in fits[0].data.texts]
    article, classes = test.articles[test.rows], fits[0].data.classes
    names = [_names(found) for found in mentions]
    try:
        by_names = test.predict(partial(_of_names, names=names))
    except DataError:
        logger.warning("probes: too few actors are named to learn from; they are left out")
        return None
    by_actors = {how: _predict_with(test, how, predicted) for how in ("keep", "mask")}
    gain = paired_difference(
        test.y, Predicted(by_actors["mask"]), Predicted(by_actors["keep"]), classes, article, seed=seed
    )
    flip_rate, n_swapped = _flip_rate(test, mentions)
    return Probes(
        names_only=bootstrap_interval(macro_f1, test.y, by_names, articles=article, seed=seed),
        masked_minus_plain=Interval(gain.estimate, gain.lower, gain.upper),
        swap_flip_rate=flip_rate,
        n_swapped=n_swapped,
    )


def _with_texts(fit: Fit, texts: Sequence[str]) -> Fit:
    return replace(fit, data=replace(fit.data, texts=texts, auxiliary=None), counted=None)


def _of_names(fit: Fit, names: Sequence[str]) -> Fit:
    """The fit on names alone, without the blocks of lexicons, which know none."""
    own = {name: block for name, block in fit.features.blocks.items() if not reads_lexicon(block.field)}
    features = replace(fit.features, actors="keep", blocks=own or fit.features.blocks)
    return replace(_with_texts(fit, names), features=features)


def _with_actors(fit: Fit, how: Actors) -> Fit:
    return replace(fit, features=replace(fit.features, actors=how), counted=None)


def _names(found: Mentions) -> str:
    return " ; ".join(mention.surface for mention in found)


def _predict_with(test: _Test, how: Actors, predicted: IntArray) -> IntArray:
    """Classes by models that see names in one way; those at hand where it is their own way."""
    if test.fits[0].features.actors == how:
        return predicted
    return test.predict(partial(_with_actors, how=how))


def _flip_rate(test: _Test, mentions: Sequence[Mentions]) -> tuple[Interval, int]:
    """Share of predictions that change under swaps, and the number of statements that were swapped."""
    swap = Swap.of(mentions, test.langs)
    texts = test.fits[0].data.texts
    models = [fit.model(fold.train, fold.calibrate) for fit, fold in test.pairs()]
    can_swap = np.asarray([swap.can_change(mentions[i], test.langs[i]) for i in test.rows])
    before = test.apply(models, lambda fit: fit)
    rng = np.random.default_rng(test.seed)
    after = []
    for _ in steps(range(N_SWAPS), "swapping actors"):
        swapped = list(texts)
        for i in test.rows[can_swap]:
            swapped[i] = swap(texts[i], mentions[i], test.langs[i], rng)
        after.append(test.apply(models, partial(_with_texts, texts=swapped)))
    n = int(can_swap.sum())
    if n == 0:
        return Interval(np.nan, np.nan, np.nan), 0
    rate = bootstrap_interval(
        lambda counts: 1 - accuracy(counts),
        np.tile(before[can_swap], N_SWAPS),
        np.concatenate([found[can_swap] for found in after]),
        articles=np.tile(test.articles[test.rows][can_swap], N_SWAPS),
        seed=test.seed,
    )
    return rate, n


@dataclass(frozen=True)
class Swap:
    """Replaces the actors of a text by others of their kind and language.

    Parameters
    ----------
    names : mapping of (language, kind) to the names of each actor
    """

    names: Mapping[tuple[str, str], Mapping[str, Sequence[str]]]

    @classmethod
    def of(cls, mentions: Sequence[Mentions], langs: Sequence[str]) -> "Swap":
        """The actors named in some texts."""
        names: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(dict)
        for found, lang in zip(mentions, langs, strict=True):
            for m in found:
                known = names[lang, m.kind].setdefault(_actor(m), [])
                if m.surface not in known:
                    known.append(m.surface)
        return cls(names)

    def can_change(self, found: Mentions, lang: str) -> bool:
        """Whether some actor of a text has another of its kind."""
        return any(len(self.names[lang, m.kind]) > 1 for m in found)

    def __call__(self, text: str, found: Mentions, lang: str, rng: np.random.Generator) -> str:
        """The text with other actors, by names as they occur in the data: one actor stays one, two stay two."""
        others: dict[tuple[str, str], str] = {}
        pieces, end = [], 0
        for m in found:
            key = (m.kind, _actor(m))
            if key not in others:
                others[key] = self._other(
                    lang, *key, {other for (kind, _), other in others.items() if kind == m.kind}, rng
                )
            known = self.names[lang, m.kind][others[key]]
            kept = others[key] == key[1]
            pieces += [text[end : m.start], m.surface if kept else known[int(rng.integers(len(known)))]]
            end = m.end
        return "".join([*pieces, text[end:]])

    def _other(self, lang: str, kind: str, actor: str, taken: set[str], rng: np.random.Generator) -> str:
        """Another actor of a kind that has not been taken, or the same where there is none."""
        free = [name for name in self.names[lang, kind] if name != actor and name not in taken]
        return free[int(rng.integers(len(free)))] if free else actor


def _actor(mention: ActorMention) -> str:
    return mention.code or mention.surface.casefold()
