"""Settings of one study compared on the same folds of articles: python experiments/variants.py STUDY benchmarks=FOLDER [EXPERIMENT …].

STUDY is a folder beside this file. Its variants.yaml names an experiment and, for each variant, what is
overridden in it, as on the command line of ``stance train``. Each variant decides about every statement by
weights of the other folds' articles, for some seeds of the folds. Means, differences from the experiment
itself (the variant that overrides nothing) and their 95 % intervals (whole articles resampled, the same
draws for all) go to results.json, where experiments that are not named keep what they had.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from hydra import compose, initialize_config_dir
from numpy.typing import NDArray

from stance.classifier import Decisions
from stance.config import arguments, conf_folder, plain, register_resolvers
from stance.dataset import LabelledDataset
from stance.fit import Fit
from stance.train import train, training_data

Array = NDArray[np.float64]
N_RESAMPLES = 1000


def main(study: str, benchmarks: str, *experiments: str) -> None:
    folder = Path(__file__).parent / study
    plan = yaml.safe_load((folder / "variants.yaml").read_text(encoding="utf-8"))
    results = folder / "results.json"
    done = json.loads(results.read_text(encoding="utf-8")) if experiments and results.exists() else {}
    done |= {"metric": plan["metric"], "seeds": plan["seeds"]}
    for experiment in experiments or plan["variants"]:
        done[experiment] = compared(experiment, plan["variants"][experiment], plan, benchmarks)
    results.write_text(json.dumps(done, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def compared(
    experiment: str, variants: dict[str, list[str]], plan: dict[str, Any], benchmarks: str
) -> dict[str, Any]:
    """The results of all variants of one experiment."""
    results: dict[str, Any] = {}
    drawn: dict[str, Array] = {}
    labelled = None
    for name, overrides in variants.items():
        fit, labelled = prepared([f"experiment={experiment}", f"benchmarks={benchmarks}", *overrides])
        tallies = np.stack([tallied(fit, seed, plan["folds"]) for seed in plan["seeds"]])
        drawn[name] = resampled(tallies, plan)
        by_seed = [round(float(value), 4) for value in measured(tallies.sum(axis=1), plan)]
        results[name] = {"overrides": overrides, "by_seed": by_seed, **interval(drawn[name])}
        print(f"{experiment:18s} {name:40s} {show(results[name])}", flush=True)
    itself = next(name for name, overrides in variants.items() if not overrides)
    for name, draws in drawn.items():
        results[name]["difference"] = interval(draws - drawn[itself])
    assert labelled is not None
    return {"fingerprint": labelled.fingerprint, "n_statements": len(labelled.rows), "variants": results}


def prepared(overrides: list[str]) -> tuple[Fit, LabelledDataset]:
    with initialize_config_dir(str(conf_folder()), version_base="1.3"):
        given = arguments(train, plain(compose("train", overrides)))
    labelled = given["dataset"]()
    data = training_data(labelled, given["split"](labelled.rows))
    return Fit(data, given["features"], given["classifier"], given["calibration"], given["seed"]), labelled


def tallied(fit: Fit, seed: int, n_folds: int) -> Array:
    """Confusion counts of each article, shape (n_articles, n_classes, n_classes): gold, then predicted."""
    from dataclasses import replace

    again = replace(fit, counted=fit.counts, seed=seed)
    y, n_classes = fit.data.y, len(fit.data.classes)
    values = again.cross_decide(np.arange(len(y)), n_folds)
    predicted = Decisions(values, np.zeros(0, dtype=np.int64)).per_class().argmax(axis=1)
    counts = np.zeros((int(fit.data.units.max()) + 1, n_classes, n_classes))
    np.add.at(counts, (fit.data.units, y, predicted), 1)
    return counts


def resampled(tallies: Array, plan: dict[str, Any]) -> Array:
    """The metric, a mean over seeds, of all articles and of draws of as many articles."""
    n_articles = tallies.shape[1]
    random = np.random.default_rng(plan["seeds"][0])
    weights = random.multinomial(n_articles, np.full(n_articles, 1 / n_articles), N_RESAMPLES)
    weights = np.vstack([np.ones((1, n_articles)), weights])
    counts = np.einsum("ra,sagp->srgp", weights, tallies, optimize=True)
    return np.asarray(measured(counts, plan).mean(axis=0))


def measured(counts: Array, plan: dict[str, Any]) -> Array:
    """Mean F1 of the classes that the plan names, or of all, from confusion counts (..., n_classes, n_classes)."""
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    f1 = 2 * hits / np.maximum(counts.sum(axis=-1) + counts.sum(axis=-2), 1e-12)
    return np.asarray(f1[..., plan.get("classes", list(range(f1.shape[-1])))].mean(axis=-1))


def interval(draws: Array) -> dict[str, float]:
    lower, upper = np.quantile(draws[1:], [0.025, 0.975])
    return {
        "estimate": round(float(draws[0]), 4),
        "lower": round(float(lower), 4),
        "upper": round(float(upper), 4),
    }


def show(found: dict[str, Any]) -> str:
    return f"{100 * found['estimate']:6.2f} [{100 * found['lower']:.2f}, {100 * found['upper']:.2f}]"


if __name__ == "__main__":
    register_resolvers()
    main(sys.argv[1], sys.argv[2].removeprefix("benchmarks="), *sys.argv[3:])
