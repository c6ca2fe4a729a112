"""A paragraph on methods, in English and in French, made of facts alone."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.model import Model
from stance.pages.rendering import number
from stance.report.contents import METRIC_NAMES

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("en", "fr")

_UNSTATED: dict[str, Any] = {
    **dict.fromkeys(("n_statements", "n_articles", "dataset", "seed"), "?"),
    **dict.fromkeys(
        (
            "statements_per_class",
            "auxiliary",
            "weighting",
            "search",
            "versions",
            "languages",
            "published_on",
            "dataset_fingerprint",
        )
    ),
}
"""What stands in for facts that a model does not state."""


def stated_facts(model: Model) -> dict[str, Any]:
    """What a model says of where it comes from; question marks or None for what it does not say."""
    return _UNSTATED | dict(model.facts)


def methods(
    metrics: Mapping[str, Any], model: Model, *, dataset: str, is_evaluation: bool, n_folds: int = 1
) -> dict[str, str]:
    """The paragraph as plain text, by language: ``en`` and ``fr``.

    Parameters
    ----------
    dataset : str
        Name of the tested data.
    is_evaluation : bool
        Whether a saved model was tested on other data than those it comes with.
    n_folds : int
        Models that tested, each on its own part; 1 where it is the saved one.
    """
    baselines = metrics["baselines"]
    best = max(baselines, key=lambda name: baselines[name]["macro_f1"]["estimate"])
    classifier = model.facts.get("classifier") or {}
    content = {
        "metrics": metrics,
        "facts": stated_facts(model),
        "features": model.features,
        "calibration": model.calibration.kind,
        "classifier": classifier.get("name"),
        "settings": {
            key: classifier[key] for key in ("C", "alpha", "loss", "class_weight") if classifier.get(key)
        },
        "split": (model.facts.get("split") or {}).get("name"),
        "metric_names": METRIC_NAMES,
        "baseline": best,
        "baseline_f1": baselines[best]["macro_f1"],
        "dataset": dataset,
        "is_evaluation": is_evaluation,
        "n_folds": n_folds,
        **{side: metrics["leakage"]["results"].get(side) for side in ("contaminated", "clean")},
    }
    return {lang: _paragraph(lang, content) for lang in LANGUAGES}


def _paragraph(lang: str, content: Mapping[str, Any]) -> str:
    text = _environment().get_template(f"methods.{lang}.j2").render(content)
    return unbroken(re.sub(r"[ \n]+", " ", text).strip())


def unbroken(text: str) -> str:
    """The text with no-break spaces before a percent sign and, as French has them, before ``:`` and ``;``.

    Examples
    --------
    >>> unbroken("à 95 % ; vu")
    'à 95\\xa0%\\xa0; vu'
    """
    return re.sub(r" (?=[%;:])", "\u00a0", text)


@cache
def _environment() -> "Environment":
    """Plain text: what shows the paragraph escapes it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=False, undefined=StrictUndefined)
    environment.filters |= {"en": _english, "fr": _french}
    environment.tests["marking_negation"] = lambda field: (
        not {"negated", "reversed"}.isdisjoint(field.split("+")) and "polarity" not in field
    )
    return environment


def _english(value: float | str) -> str:
    """A number as English writes it; text stays."""
    if isinstance(value, int):
        return f"{value:,}"
    return value if isinstance(value, str) else number(value)


def _french(value: float | str) -> str:
    """A number as French writes it: narrow no-break spaces between thousands, a decimal comma."""
    return value if isinstance(value, str) else _english(value).translate({ord(","): "\u202f", ord("."): ","})
