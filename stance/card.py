"""The model card: what a bundle says of itself, from facts only."""

from collections.abc import Mapping
from typing import Any

from stance.metrics import decimal
from stance.model import Model


def model_card(model: Model) -> str:
    """The README.md of a bundle, with the front matter of the Hugging Face hub.

    References
    ----------
    Mitchell et al. (2019), Model cards for model reporting, FAT*, section 4.
    """
    facts = model.facts
    languages = [tag for tag in facts.get("languages", {}) if tag != "und"]
    front = [
        "---",
        "library_name: stance",
        "pipeline_tag: text-classification",
        "tags: [stance, tf-idf, linear]",
    ]
    if languages:
        front.append(f"language: [{', '.join(_plain(tag) for tag in languages)}]")
    sections = [
        "\n".join([*front, "---"]),
        f"# {_plain(str(facts.get('dataset', 'stance')))}: {', '.join(_plain(c) for c in model.classes)}",
        "A linear classifier of statements on TF-IDF features. Data only: loading it runs no code.",
        "## Trained on\n\n" + _training(facts),
        "## Held-out results\n\n" + _results(facts.get("held_out", {})),
        "## Model\n\n" + _model(model),
        '## Use\n\n```python\nimport stance\nmodel = stance.load("PATH")\nmodel.predict_proba(["…"])\n```',
        "## Limits\n\nThe results above hold for statements like those it was tested on. Probabilities are calibrated on the "
        "training source; another outlet, period or language needs an evaluation of its own "
        "(`stance evaluate`). The vocabulary holds words of the training texts; hashes and signatures of these texts tell "
        "whoever has a text whether it, or one nearly the same, was among them.",
    ]
    return "\n\n".join(sections) + "\n"


def _training(facts: Mapping[str, Any]) -> str:
    lines = [
        f"- dataset: {_plain(str(facts.get('dataset')))} (fingerprint `{facts.get('dataset_fingerprint')}`)"
    ]
    lines.append(f"- statements: {facts.get('n_statements')} in {facts.get('n_articles')} articles")
    for name, count in facts.get("statements_per_class", {}).items():
        lines.append(f"- {_plain(name)}: {count}")
    for tag, share in facts.get("languages", {}).items():
        lines.append(f"- language {_plain(tag)}: {share:.1%}")
    if facts.get("published_on"):
        lines.append(f"- published: {_plain(' to '.join(facts['published_on']))}")
    if facts.get("split"):
        lines.append(f"- held out: {_split(facts['split'])}")
    return "\n".join(lines)


def _split(split: Mapping[str, Any]) -> str:
    """The name of a split with its settings, those inside others at the same level."""
    values = {key: value for key, value in split.items() if key not in ("name", "seed")}
    nested = [value for value in values.values() if isinstance(value, Mapping)]
    flat = {key: value for key, value in values.items() if not isinstance(value, Mapping)}
    settings = [f"{_plain(str(k))} {_plain(str(v))}" for part in (flat, *nested) for k, v in part.items()]
    return f"{_plain(str(split.get('name')))} ({', '.join(settings)})"


def _results(held_out: Mapping[str, Any]) -> str:
    if not held_out:
        return "None: it was not tested."
    lines = ["| metric | estimate | 95 % interval |", "|---|---|---|"]
    for name, (estimate, lower, upper) in held_out["metrics"].items():
        lines.append(f"| {_plain(name)} | {decimal(estimate)} | {decimal(lower)} to {decimal(upper)} |")
    for tag, (n, estimate, lower, upper) in held_out.get("languages", {}).items():
        where = f"macro_f1 in {_plain(tag)} ({n} statements)"
        lines.append(f"| {where} | {decimal(estimate)} | {decimal(lower)} to {decimal(upper)} |")
    lines.append("")
    lines.append(
        f"On {held_out['n_statements']} statements of {held_out['n_articles']} held-out articles; intervals by "
        "resampling whole articles."
    )
    return "\n".join(lines)


def _model(model: Model) -> str:
    facts = model.facts
    settings = ", ".join(f"{k}={v}" for k, v in facts.get("classifier", {}).items() if k != "name")
    lines = [f"- classifier: {facts.get('classifier', {}).get('name', 'linear')} ({settings})"]
    lines += [
        f"- block {b.name}: {b.block.analyzer} {b.block.ngram_range[0]}-{b.block.ngram_range[1]} of {b.block.field}, "
        f"{len(b.terms)} terms"
        for b in model.features.blocks
    ]
    for source in facts.get("auxiliary") or ():
        lines.append(
            f"- also trained on: {source['n_statements']} statements of {_plain(str(source['dataset']))}, each "
            f"counted {source['weight']:g} times"
        )
    if facts.get("weighting"):
        lines.append(f"- weighting: {_plain(str(facts['weighting']))}")
    if facts.get("search"):
        found = facts["search"]
        lines.append(f"- search: {_split({**found, 'keys': ' '.join(found['keys'])})}")
    lines += [
        f"- actors: {model.features.actors}",
        f"- calibration: {model.calibration.kind}",
        f"- seed: {facts.get('seed')}",
    ]
    known = [
        f"{_plain(name)} {_plain(version)}" for name, version in facts.get("versions", {}).items() if version
    ]
    lines += [f"- versions: {', '.join(known)}"] if known else []
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A name that cannot turn into markup."""
    return "".join(c if c.isalnum() or c in " -_.+" else f"&#{ord(c)};" for c in text[:200])
