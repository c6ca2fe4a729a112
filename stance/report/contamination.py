"""What the tested statements share with those the model was trained on, and what that does to the numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.leakage import LeakageAudit, audit_leakage
from stance.model import Model
from stance.report.tested import Tested
from stance.seen import which_copied, which_seen
from stance.slices import measure_slices
from stance.split import Parts

if TYPE_CHECKING:
    from datasets import Dataset


def audit_folds(rows: "Dataset", folds: Sequence[Parts]) -> LeakageAudit:
    """What the test part of each fold shares with its other parts, for all tested rows in their order."""
    names = ("in_shared_article", "exact_copy", "near_copy", "not_later")
    found = {name: np.zeros(len(rows), dtype=np.bool_) for name in names}
    last_days: list[str] = []
    for fold in folds:
        train = np.sort(np.concatenate([fold.train, fold.calibrate]))
        audit = audit_leakage(rows.select(train), rows.select(fold.test))
        for name in names:
            found[name][fold.test] = getattr(audit, name)
        last_days += [audit.last_train_day] if audit.last_train_day else []
    held_out = np.sort(np.concatenate([fold.test for fold in folds]))
    article_of = rows["article_id"][:]
    shared = {article_of[i] for i in np.flatnonzero(found["in_shared_article"])}
    arrays = {name: values[held_out] for name, values in found.items()}
    return LeakageAudit(**arrays, n_shared_articles=len(shared), last_train_day=max(last_days, default=None))


def audit_seen(model: Model, tested: Tested) -> LeakageAudit:
    """What a saved model can tell: shared articles, texts with the same words or nearly, and dates."""
    texts = tested.rows["text"][:]
    same_text, same_article = which_seen(model.seen, texts, tested.articles)
    copied = which_copied(model.seen, texts)
    last = (model.facts.get("published_on") or [None])[-1]
    has_dates = last is not None and "published_on" in tested.rows.column_names
    days = [str(day or "")[:10] for day in tested.rows["published_on"][:]] if has_dates else []
    return LeakageAudit(
        in_shared_article=same_article,
        exact_copy=same_text,
        near_copy=np.zeros_like(same_text) if copied is None else copied & ~same_text,
        not_later=np.asarray([len(d) > 0 and d <= last for d in days] or np.zeros_like(same_text)),
        n_shared_articles=len(set(np.asarray(tested.articles)[same_article])),
        last_train_day=last,
    )


def leakage_numbers(
    audit: LeakageAudit, tested: Tested, *, near_copies_known: bool, seed: int
) -> dict[str, Any]:
    """Counts of shared statements, and the results on those and on all others, as plain values."""
    summary = audit.summary()
    if not near_copies_known:
        summary["near_copy"] = None
    if audit.last_train_day is None:
        summary["not_later"] = None
    kinds = {name: getattr(audit, name) for name in ("in_shared_article", "exact_copy", "near_copy")}
    sides = {**kinds, "contaminated": audit.contaminated, "clean": audit.clean}
    measured = measure_slices(
        {name: rows for name, rows in sides.items() if rows.any()},
        tested.y,
        tested.scores.predicted,
        tested.classes,
        tested.articles,
        seed=seed,
    )
    return summary | {"results": measured}
