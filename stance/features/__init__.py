"""TF-IDF features: blocks over fields, counted once, fitted on the rows of any fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stance.errors import ConfigError
from stance.features.blocks import Block
from stance.features.counting import BlockCounts, Counts, KeptTerms
from stance.features.fitted import FittedBlock, FittedFeatures
from stance.features.patterns import FRENCH_ENGLISH_TOKENS
from stance.features.terms import Terms
from stance.fields import Actors, read_fields, reads_target

__all__ = [
    "Features",
    "Block",
    "BlockCounts",
    "Counts",
    "FittedBlock",
    "FittedFeatures",
    "KeptTerms",
    "Terms",
    "FRENCH_ENGLISH_TOKENS",
]

Weighting = Literal["naive_bayes", "naive_bayes_beside"]


@dataclass(frozen=True, kw_only=True)
class Features:
    """Settings of all feature blocks.

    Parameters
    ----------
    blocks : mapping of str to Block
        Named TF-IDF vectorisers; their columns stand side by side in this order.
    actors : str
        ``keep`` names of countries, leaders and institutions, ``mask`` them by a placeholder, or ``drop``
        them; the same in training and scoring.
    weighting : str or None
        ``naive_bayes`` multiplies features by their log-count ratios before a linear classifier is
        fitted (NB-SVM); ``naive_bayes_beside`` has both, the features as they are and multiplied.

    References
    ----------
    Wang and Manning (2012), Baselines and bigrams, ACL, section 2.
    """

    blocks: Mapping[str, Block]
    actors: Actors = "keep"
    weighting: Weighting | None = None

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ConfigError(
                "features.blocks: no block is given; at least one is needed. Try features=word_char."
            )
        for name in self.blocks:
            if not name.isidentifier():
                raise ConfigError(
                    f"features.blocks: '{name}' cannot name a block; use letters, digits and _."
                )

    @property
    def needs_target(self) -> bool:
        """Whether some block reads the target of a statement."""
        return any(reads_target(block.field) for block in self.blocks.values())

    def count(self, texts: Sequence[str], targets: Sequence[str] | None = None) -> Counts:
        """Counts of every term of every block, before any term is left out."""
        fields = [block.field for block in self.blocks.values()]
        read = read_fields(fields, texts, targets, actors=self.actors)
        counts = (BlockCounts.of(name, block, read[block.field]) for name, block in self.blocks.items())
        return Counts(tuple(counts), self.actors)
