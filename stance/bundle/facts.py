"""What a bundle states of its origin: types and ranges of all that reports, summaries and pages read of it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from annotated_types import Ge, Le
from typing_extensions import TypedDict  # of pydantic, which reads no other before Python 3.12

Count = Annotated[int, Ge(0)]
Share = Annotated[float, Ge(0), Le(1)]
SHOWN_CHARS = 40


class Named(TypedDict, total=False):
    """Settings under a name."""

    name: str


class SearchFacts(TypedDict):
    """How the settings were found."""

    name: str
    keys: list[str]
    n_trials: Count
    n_folds: Count
    metric: str


class AuxiliaryFacts(TypedDict):
    """A source that the model also learned from."""

    dataset: str
    n_statements: Count
    weight: float


class Facts(TypedDict, total=False):
    """The facts that are read again; others may stand beside them."""

    dataset: str
    dataset_fingerprint: str | None
    n_statements: Count
    n_articles: Count
    auxiliary: list[AuxiliaryFacts] | None
    statements_per_class: dict[str, Count]
    languages: dict[str, Share]
    published_on: list[str]
    classifier: Named
    weighting: str | None
    split: Named
    search: SearchFacts | None
    seed: int
    versions: dict[str, str | None]


def fault(facts: Mapping[str, Any], classes: Sequence[str]) -> str | None:
    """What is wrong with the facts of a model of these classes, with the value; None where nothing is."""
    from pydantic import TypeAdapter, ValidationError

    try:
        TypeAdapter(Facts).validate_python(facts, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part)[:SHOWN_CHARS] for part in ("facts", *first["loc"]))
        return f"states {place} as {repr(first['input'])[:SHOWN_CHARS]} ({first['msg']})"
    if len(facts.get("published_on", ())) not in (0, 2):
        return "states facts.published_on as something else than a first and a last day"
    counts = facts.get("statements_per_class")
    if counts is not None and (set(counts) != set(classes) or not any(counts.values())):
        return "states facts.statements_per_class of other classes, or of no statements"
    return None
