from dataclasses import replace

import numpy as np
import pytest
from datasets import concatenate_datasets

from stance import report
from stance.errors import BundleError
from stance.intervals import Interval
from stance.leakage import audit_leakage
from stance.metrics import confusion, macro_f1, mean_f1
from stance.probes import Probes
from stance.report.contamination import audit_folds, audit_seen, leakage_numbers
from stance.report.printing import print_metrics
from stance.report.results import measure_all, measure_baselines
from stance.split import Parts
from tests.report.builders import SEED, dataset, fold_of, model_with_test


def test_the_majority_baseline_is_the_most_frequent_class_of_training():
    labelled = dataset()
    tested, model = model_with_test(labelled)
    found = measure_baselines(tested, model, seed=SEED)
    counts = model.facts["statements_per_class"]
    k = tested.classes.index(max(counts, key=counts.get))
    expected = macro_f1(confusion(tested.y, np.full_like(tested.y, k), 2))
    assert found["majority"]["macro_f1"]["estimate"] == pytest.approx(float(expected))
    own = tested.measure(SEED)["macro_f1"]["estimate"]
    gain = found["lexicon"]["model_minus_this"]
    assert gain["estimate"] == pytest.approx(own - found["lexicon"]["macro_f1"]["estimate"])
    assert gain["lower"] <= gain["estimate"] <= gain["upper"]


def test_a_lexicon_is_no_baseline_where_the_classes_are_no_tones():
    tested, model = model_with_test(dataset(("in favour", "against")))
    assert set(measure_baselines(tested, model, seed=SEED)) == {"majority", "prior"}


def test_every_number_is_there_and_slices_have_their_size():
    labelled = dataset()
    tested, model = model_with_test(labelled)
    metrics = measure_all(tested, model, labelled, None, seed=SEED)
    assert metrics["slices"]["source=Le Phare"]["n_statements"] == len(tested.y)
    assert metrics["slices"]["source=Le Phare"]["macro_f1"] == metrics["macro_f1"]
    assert "lang=fr" not in metrics["slices"], "less than 30 statements"
    assert metrics["majority_macro_f1"] == metrics["baselines"]["majority"]["macro_f1"]["estimate"]
    assert metrics["out_of_vocabulary"] == 0
    assert metrics["label_errors"]["n_statements"] == tested.label_errors.likely.sum()


def test_folds_are_audited_each_against_its_own_training():
    labelled = dataset(n_articles=12)
    rows = labelled.rows
    n, none = len(rows), np.zeros(0, dtype=np.int64)
    # The first fold trains on part of the articles that it tests, the second on none of them.
    first = Parts(np.arange(10, n), none, np.arange(0, 10), none)
    second = Parts(np.arange(0, n - 9), none, np.arange(n - 9, n), none)
    found = audit_folds(rows, [first, second])
    one = audit_leakage(rows.select(first.train), rows.select(first.test))
    two = audit_leakage(rows.select(second.train), rows.select(second.test))
    for name in ("in_shared_article", "exact_copy", "near_copy", "not_later", "contaminated"):
        assert getattr(found, name).tolist() == [*getattr(one, name), *getattr(two, name)]
    assert found.n_shared_articles == one.n_shared_articles + two.n_shared_articles > 0


def test_a_saved_model_tells_shared_articles_copies_and_dates():
    labelled = dataset()
    tested, model = model_with_test(labelled)
    train = labelled.rows.select(fold_of(labelled).train)
    mixed = concatenate_datasets([tested.rows.select(range(6)), train.select(range(4))])
    again = report.Tested.of(mixed, model.score(mixed["text"][:]))
    found = audit_seen(model, again)
    assert found.exact_copy.tolist() == [False] * 6 + [True] * 4
    assert found.in_shared_article.tolist() == [False] * 6 + [True] * 4
    assert found.n_shared_articles == len(set(train["article_id"][:4]))
    assert found.not_later.tolist() == [day <= "2014-05-01" for day in mixed["published_on"][:]]
    # The texts themselves tell more: they also link a copy through another one.
    assert (found.near_copy <= audit_leakage(train, mixed).near_copy).all()
    n_near = int(found.near_copy.sum())
    assert n_near > 0
    numbers = leakage_numbers(found, again, near_copies_known=True, seed=SEED)
    assert numbers["contaminated"]["statements"] == 4 + n_near
    assert numbers["results"]["clean"]["n_statements"] == 6 - n_near
    assert numbers["results"]["near_copy"]["n_statements"] == n_near
    assert numbers["results"]["exact_copy"]["n_statements"] == 4
    assert leakage_numbers(found, again, near_copies_known=False, seed=SEED)["near_copy"] is None


def test_metrics_are_measured_once_for_a_seed():
    tested, _ = model_with_test(dataset())
    assert tested.measure(1)["intervals"] is tested.measure(1)["intervals"]
    assert tested.measure(1)["intervals"] != tested.measure(2)["intervals"]


def test_a_task_that_averages_some_classes_is_told_their_mean_f1_first(capsys):
    labelled = replace(dataset(("against", "favor", "none")), averaged=("against", "favor"))
    tested, model = model_with_test(labelled)
    metrics = measure_all(tested, model, labelled, None, seed=SEED)
    counts = confusion(tested.y, tested.scores.predicted, 3)
    assert metrics["mean_f1"]["estimate"] == pytest.approx(float(mean_f1(counts, [0, 1])))
    lower, upper = metrics["intervals"]["mean_f1"]
    assert lower <= metrics["mean_f1"]["estimate"] <= upper
    print_metrics(metrics)
    assert "mean F1 of against, favor" in capsys.readouterr().out
    assert "mean_f1" not in measure_all(tested, model, replace(labelled, averaged=()), None, seed=SEED)


def test_a_model_that_does_not_state_its_classes_is_refused():
    tested, model = model_with_test(dataset())
    with pytest.raises(BundleError, match="statements_per_class"):
        measure_baselines(tested, replace(model, facts={}), seed=SEED)


def test_a_learning_curve_is_printed_with_what_twice_as_many_articles_would_give(capsys):
    tested, model = model_with_test(dataset())
    metrics = measure_all(tested, model, dataset(), None, seed=SEED)
    print_metrics(metrics)
    assert "Learning curve" not in capsys.readouterr().out
    points = [
        {"n_articles": n, "n_statements": 3 * n, "macro_f1": {"estimate": f1, "lower": 0.4, "upper": 0.8}}
        for n, f1 in ((8, 0.5), (16, 0.61))
    ]
    doubled = {"estimate": 0.68, "lower": 0.5, "upper": 0.9}
    gain = {"estimate": 0.07, "lower": -0.01, "upper": 0.1}
    print_metrics({**metrics, "learning_curve": {"points": points, "doubled": doubled, "gain": gain}})
    out = capsys.readouterr().out
    curve = out[out.index("Learning curve") :]
    rows = [line.strip("│").split("│") for line in curve.splitlines() if line.startswith("│")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["8", "24", "0.500 (0.400 to 0.800)", "measured"],
        ["16", "48", "0.610 (0.400 to 0.800)", "measured"],
        ["32", "96", "0.680 (0.500 to 0.900)", "projected"],
    ]
    assert "Twice as many articles would change macro-F1 by +0.070 (−0.010 to +0.100)" in curve


def test_probes_are_printed_and_what_is_not_known_is_a_dash(capsys):
    tested, model = model_with_test(dataset())
    metrics = measure_all(tested, model, dataset(), None, seed=SEED)
    none = Interval(np.nan, np.nan, np.nan)
    probes = Probes(Interval(0.61, 0.5, 0.7), Interval(-0.02, -0.03, 0.01), none, 0)
    print_metrics({**metrics, "probes": probes.numbers()})
    out = capsys.readouterr().out
    rows = [[c.strip() for c in line.split("│")] for line in out[out.index("What the names") :].splitlines()]
    assert [row[2] for row in rows if len(row) == 4] == [
        "0.610 (0.500 to 0.700)",
        "−0.020 (−0.030 to 0.010)",
        "–",
    ]
