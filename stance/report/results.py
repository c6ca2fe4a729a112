"""What a test came to: the contents of metrics.json."""

from typing import Any

import numpy as np

from stance.dataset import LabelledDataset
from stance.metrics import confusion, macro_f1
from stance.model import Model, count_seen
from stance.report.tested import Tested


def measure_all(tested: Tested, model: Model, labelled: LabelledDataset, *, seed: int) -> dict[str, Any]:
    """All numbers of a test, as plain values."""
    return tested.measure(seed) | {
        "majority_macro_f1": _majority_macro_f1(tested, model),
        "model_id": model.model_id,
        "dataset_fingerprint": labelled.fingerprint,
        "seen_in_training": count_seen(model.seen, list(tested.rows["text"]), tested.articles),
    }


def _majority_macro_f1(tested: Tested, model: Model) -> float:
    """Macro-F1 of the class that was most frequent in training, said of every statement."""
    counts = model.facts["statements_per_class"]
    majority = max(range(len(tested.classes)), key=lambda k: counts.get(tested.classes[k], 0))
    return float(macro_f1(confusion(tested.y, np.full_like(tested.y, majority), len(tested.classes))))
