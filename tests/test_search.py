import numpy as np
import pytest
from sklearn.metrics import f1_score

from stance import search
from stance.calibration import Uncalibrated
from stance.classifier import LinearSVC, Logistic
from stance.errors import ConfigError
from stance.fit import Fit
from stance.search import SEARCH_TOL, Grid, NoSearch, Random
from stance.split import deal_folds
from tests.texts import labelled, word_features

SPACE = {"classifier.C": [0.01, 1.0], "features.blocks.word.min_df": [1, 2]}


def fit_of(seed: int = 0) -> Fit:
    return Fit(labelled(30, seed), word_features(), LinearSVC(), Uncalibrated(), seed=3)


def test_each_trial_scores_as_fitting_its_setting_on_each_fold_alone():
    fit = fit_of()
    rows = np.arange(len(fit.data.y))
    result = Grid(space=SPACE, n_folds=3)(fit, rows)
    folds = deal_folds(fit.data.y, fit.data.units, n_folds=3, seed=3)
    assert [dict(t.setting) for t in result.trials] == [
        {"classifier.C": c, "features.blocks.word.min_df": m} for c in (0.01, 1.0) for m in (1, 2)
    ]
    for trial in result.trials:
        alone = Fit(
            fit.data,
            word_features(min_df=trial.setting["features.blocks.word.min_df"]),
            LinearSVC(C=trial.setting["classifier.C"], tol=SEARCH_TOL),
            Uncalibrated(),
            seed=3,
        )
        for k, score in enumerate(trial.scores):
            values = alone.decide(*alone.weights(rows[folds != k]), rows[folds == k])
            assert score == f1_score(fit.data.y[folds == k], values[:, 0] > 0, average="macro")


@pytest.mark.parametrize("worth_it_from_s", [0, 3600])
def test_the_best_setting_is_kept_and_workers_change_nothing(worth_it_from_s, monkeypatch):
    monkeypatch.setattr(search, "WORKERS_PAY_S", worth_it_from_s)
    fit, rows = fit_of(), np.arange(60)
    one, two = (Grid(space=SPACE, n_folds=3, workers=w)(fit, rows) for w in (1, 2))
    assert one.trials == two.trials
    best = one.best()
    assert best is not None
    assert one.fit.classifier == LinearSVC(C=best.setting["classifier.C"])
    assert best.mean == max(trial.mean for trial in one.trials)


def test_more_workers_than_settings_leave_no_worker_a_fault(monkeypatch):
    monkeypatch.setattr(search, "WORKERS_PAY_S", 0)
    fit, rows = fit_of(), np.arange(60)
    result = Grid(space={"classifier.C": [1.0]}, n_folds=2, workers=2)(fit, rows)
    assert result.trials == Grid(space={"classifier.C": [1.0]}, n_folds=2)(fit, rows).trials
    assert result.fit.counts.blocks[0].terms


def test_a_search_that_ends_before_workers_have_started_is_done_without(monkeypatch):
    monkeypatch.setattr("joblib.Parallel", None)
    fit, rows = fit_of(), np.arange(60)
    trials = [Grid(space=SPACE, n_folds=3, workers=w)(fit, rows).trials for w in (1, 2, 5)]
    assert trials[0] == trials[1] == trials[2]


def test_random_search_tries_different_settings_and_repeats_with_its_seed():
    fit, rows = fit_of(), np.arange(60)
    results = [Random(space=SPACE, n_trials=3, n_folds=2)(fit, rows).trials for _ in range(2)]
    assert results[0] == results[1]
    assert len({tuple(sorted(t.setting.items())) for t in results[0]}) == 3


def test_no_search_keeps_the_fit():
    fit = fit_of()
    assert NoSearch()(fit, np.arange(60)).fit is fit


@pytest.mark.parametrize("metric", ["macro_f1", "accuracy", "log_loss"])
def test_every_metric_prefers_a_model_to_none(metric):
    fit = Fit(labelled(30), word_features(), Logistic(), Uncalibrated(), seed=3)
    weak, strong = Grid(space={"classifier.C": [1e-6, 10.0]}, n_folds=3, metric=metric)(
        fit, np.arange(60)
    ).trials
    assert strong.mean > weak.mean


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"classifier.c": [1]}, "classifier.c: there is no such setting. Did you mean 'C'"),
        ({"split.seed": [1]}, "'split.seed' cannot be searched"),
        ({"classifier.C": [1.0, "x"]}, "classifier.C is 'x'; a number is needed"),
        ({"features.blocks.char.min_df": [1]}, "features.blocks.char: there is no such setting"),
    ],
)
def test_a_space_that_cannot_be_searched_is_refused_before_any_work(space, message):
    with pytest.raises(ConfigError) as refusal:
        Grid(space=space)(fit_of(), np.arange(60))
    assert message in str(refusal.value)
