"""Five values of C in five folds: the product's search beside GridSearchCV over the whole pipeline; writes search.json.

Usage: python experiments/speed/search.py benchmarks=FOLDER [n_statements=11882] [rounds=3]
"""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from facts import machine_facts
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC as SklearnLinearSVC
from statements import labelled
from threadpoolctl import threadpool_limits

from stance.calibration import Uncalibrated
from stance.classifier import LinearSVC
from stance.features import Block, Features
from stance.fit import Fit, TrainingData
from stance.search import Grid
from stance.split import deal_folds

HERE = Path(__file__).parent
WORDS = r"(?u)\b\w\w+\b"
CS = [0.05, 0.1, 0.25, 0.5, 1.0]
N_FOLDS = 5
SEED = 0


def fit_on(data: TrainingData) -> Fit:
    settings = {"min_df": 2, "sublinear_tf": True}
    blocks = {
        "word": Block(token_pattern=WORDS, ngram_range=(1, 2), **settings),
        "char": Block(analyzer="char_wb", ngram_range=(2, 5), **settings),
    }
    return Fit(data, Features(blocks=blocks), LinearSVC(), Uncalibrated(), SEED)


def by_stance(data: TrainingData, workers: int) -> dict[float, float]:
    """Mean score of each C."""
    result = Grid(space={"classifier.C": CS}, n_folds=N_FOLDS, workers=workers)(
        fit_on(data), np.arange(len(data.y))
    )
    return {trial.setting["classifier.C"]: trial.mean for trial in result.trials}


def by_sklearn(data: TrainingData, workers: int) -> dict[float, float]:
    """The same by scikit-learn, on the same folds."""
    settings = {"min_df": 2, "sublinear_tf": True}
    vectorizers = [
        TfidfVectorizer(ngram_range=(1, 2), **settings),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **settings),
    ]
    pipeline = make_pipeline(make_union(*vectorizers), SklearnLinearSVC(random_state=SEED))
    folds = PredefinedSplit(deal_folds(data.y, data.units, n_folds=N_FOLDS, seed=SEED))
    search = GridSearchCV(
        pipeline, {"linearsvc__C": CS}, scoring="f1_macro", cv=folds, n_jobs=workers, refit=False
    )
    search.fit(data.texts, data.y)
    return dict(zip(CS, search.cv_results_["mean_test_score"].tolist(), strict=True))


WAYS = {
    "scikit-learn": lambda data: by_sklearn(data, 1),
    "stance": lambda data: by_stance(data, 1),
    "stance, two workers": lambda data: by_stance(data, 2),
}


def main(benchmarks: str, n_statements: str = "11882", rounds: str = "3") -> None:
    texts, labels = labelled(Path(benchmarks), "train")
    chosen = np.sort(np.random.default_rng(SEED).permutation(len(texts))[: int(n_statements)])
    y = np.asarray([labels[i] == "tense" for i in chosen]).astype(np.int64)
    data = TrainingData([texts[i] for i in chosen], None, y, np.arange(len(y)), ("cooperative", "tense"))
    by_stance(data, 1)  # compiles
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    scores = {}
    with threadpool_limits(1):
        for _ in range(int(rounds)):
            for way, run in WAYS.items():
                start = time.perf_counter()
                scores[way] = run(data)
                times[way].append(time.perf_counter() - start)
    report(len(y), times, scores)


def report(n_statements: int, times: dict[str, list[float]], scores: dict[str, dict[float, float]]) -> None:
    """Print the table and write search.json."""
    print(
        f"{n_statements} statements, {len(CS)} values of C, {N_FOLDS} folds, word + char, one alternation a row"
    )
    base = times["scikit-learn"]
    for way, seconds in times.items():
        ratio = statistics.median(np.divide(base, seconds))
        best = max(scores[way], key=scores[way].__getitem__)
        apart = max(abs(scores[way][c] - scores["scikit-learn"][c]) for c in CS)
        print(
            f"| {way} | {statistics.median(seconds):.1f} s | {ratio:.1f} times | C={best} "
            f"| {scores[way][best]:.4f} | {apart:.4f} |"
        )
    results = {
        "facts": machine_facts(),
        "n_statements": n_statements,
        "seconds": times,
        "mean_macro_f1": scores,
    }
    (HERE / "search.json").write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(**dict(argument.split("=", 1) for argument in sys.argv[1:]))
