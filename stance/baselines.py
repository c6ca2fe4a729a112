"""What is gained without learning from texts: the most frequent class, class shares, a lexicon."""

from collections.abc import Mapping, Sequence

import numpy as np

from stance.comparison import Predicted
from stance.lexicon import TONES, ToneLexicon


def baseline_predictions(
    texts: Sequence[str],
    langs: Sequence[str | None],
    classes: Sequence[str],
    counts: Mapping[str, int],
    *,
    seed: int,
) -> dict[str, Predicted]:
    """What each baseline says of some statements.

    Parameters
    ----------
    texts, langs : sequence of length n_statements
        BCP 47 tags, or None where a language is not known.
    counts : mapping of class to int
        Statements of each class in training.

    Returns
    -------
    dict
        ``majority``: the class most frequent in training. ``prior``: classes drawn at random by their shares
        in training, with these shares as probabilities. ``lexicon``: more cooperative than tense words of
        :class:`stance.lexicon.ToneLexicon` or the reverse, for tasks that have both classes.

    Examples
    --------
    >>> found = baseline_predictions(["Paris salue l'accord."], ["fr"], ("cooperative", "tense"), {"tense": 9}, seed=1)
    >>> {name: predicted.y.tolist() for name, predicted in found.items()}
    {'majority': [1], 'prior': [1], 'lexicon': [0]}
    """
    known = np.asarray([counts.get(name, 0) for name in classes], dtype=np.float64)
    shares = known / known.sum() if known.sum() else np.full(len(classes), 1 / len(classes))
    majority = int(shares.argmax())
    n_statements = len(texts)
    drawn = np.random.default_rng(seed).choice(len(classes), size=n_statements, p=shares)
    found = {
        "majority": Predicted(np.full(n_statements, majority)),
        "prior": Predicted(drawn, np.tile(shares, (n_statements, 1))),
    }
    if set(TONES) <= set(classes):
        lexicon = ToneLexicon.load()
        found["lexicon"] = Predicted(lexicon.predict(texts, langs, list(classes), otherwise=majority))
    return found
