import logging
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from stance.growth import Growth, grow, predict
from stance.intervals import measure
from stance.split import Parts
from tests.report.builders import SEED, dataset, fit_of, fold_of


@cache
def grown(n_articles: int = 90) -> tuple[Growth | None, np.ndarray, Parts]:
    labelled = dataset(n_articles=n_articles)
    fit, fold = fit_of(labelled), fold_of(labelled)
    predicted = predict(fit, fold.train, fold)
    return grow([fit], [fold], predicted, labelled.rows["article_id"][:], seed=SEED), predicted, fold


def test_sizes_are_halves_of_each_other_and_the_last_point_is_the_tested_model():
    growth, predicted, fold = grown()
    labelled = dataset(n_articles=90)
    sizes = [p.n_articles for p in growth.points]
    assert sizes[-1] == 60
    assert sizes == sorted(sizes)
    assert all(abs(2 * a - b) <= 2 for a, b in pairwise(sizes))
    y, articles = np.asarray(labelled.rows["label"][:]), np.asarray(labelled.rows["article_id"][:])
    whole = measure(y[fold.test], predicted, None, labelled.classes, articles[fold.test], seed=SEED)[
        "macro_f1"
    ]
    assert growth.points[-1].macro_f1._asdict() == pytest.approx(whole)
    assert growth.law.n_articles == 60


def test_numbers_are_plain_values():
    numbers = grown()[0].numbers()
    assert {"points", "limit", "lack", "rate", "now", "doubled", "gain"} <= set(numbers)
    assert numbers["doubled"]["estimate"] - numbers["now"]["estimate"] == pytest.approx(
        numbers["gain"]["estimate"]
    )


def test_several_folds_test_all_statements_at_each_size():
    labelled = dataset(n_articles=60)
    fit, rows, none = fit_of(labelled), np.arange(180), np.zeros(0, dtype=np.int64)
    folds = [Parts(rows[rows % 180 // 60 != k], none, rows[rows // 60 == k], none) for k in range(3)]
    predicted = np.concatenate([predict(fit, fold.train, fold) for fold in folds])
    growth = grow([fit] * 3, folds, predicted, labelled.rows["article_id"][:], seed=SEED)
    assert growth.points[-1].n_articles == 40
    assert growth.points[-1].n_statements == 120


def test_too_few_articles_leave_the_curve_out_with_a_word(caplog):
    with caplog.at_level(logging.WARNING):
        growth, _, _ = grown(n_articles=18)
    assert growth is None
    assert "too few" in caplog.text
