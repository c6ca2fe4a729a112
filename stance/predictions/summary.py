"""The account of a run on standard output."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stance.errors import printable
from stance.predictions.drift import MIN_COUNTED
from stance.predictions.manifest import MANIFEST, SKIPS, beside

SHOWN_SHARES = 8


def print_summary(manifest: Mapping[str, Any], output: str) -> None:
    """Print what was read, scored and skipped, how well the model covers it, and where it is."""
    skipped = f", {manifest['skipped']} skipped" if manifest["skipped"] else ""
    n_rows = manifest["rows"] - manifest["not_statements"]
    statements = f", {n_rows} statements" if n_rows != manifest["scored"] else ""
    print(f"{manifest['scored']} of {manifest['read']} {manifest['unit']}s scored{skipped}{statements}")
    if manifest["not_statements"]:
        print(
            f"  {'no statements':<23}{manifest['not_statements']} headings, captions and boilerplate, skipped"
        )
    for line in _coverage(manifest["coverage"]):
        print(f"  {line}")
    if manifest["left_out"]:
        print(f"  {'files left out':<23}{manifest['left_out']}")
    if manifest["skipped"] > manifest["not_statements"] or manifest["left_out"]:
        print(printable(f"Skipped:  {beside(Path(output), SKIPS)}"))
    print(printable(f"Manifest: {beside(Path(output), MANIFEST)}"))
    print(printable(f"Output:   {output}"))


def _coverage(coverage: Mapping[str, Any]) -> list[str]:
    lines = [("predicted", _listed(coverage["predicted"]))]
    if coverage["out_of_vocabulary"] is not None:
        lines.append(("without known terms", f"{coverage['out_of_vocabulary']:.4f}"))
    n_sampled = coverage["languages_sampled"]
    sample = f" (of a sample of {n_sampled} statements)" if n_sampled else ""
    if coverage["languages"]:
        lines.append(("languages", _listed(coverage["languages"]) + sample))
        lines.append(("languages of training", _listed(coverage["languages_of_training"]) or "not known"))
    if coverage["in_other_languages"]:
        lines.append(
            ("in other languages", f"{coverage['in_other_languages']:.3f}{sample}: their scores mean little")
        )
    index = [value for value in coverage["stability_index"].values() if value is not None]
    if index:
        lines.append(
            ("stability index", f"{max(index):.3f} against held-out statements ({_judged(max(index))})")
        )
    elif coverage["stability_index"]:
        lines.append(("stability index", f"too few statements to tell ({MIN_COUNTED} are needed)"))
    return [f"{name:<23}{value}" for name, value in lines]


def _judged(index: float) -> str:
    return "alike" if index < 0.1 else "shifted" if index < 0.25 else "of another kind: check some by hand"


def _listed(shares: Mapping[str, float]) -> str:
    largest = sorted(shares.items(), key=lambda item: -item[1])
    return ", ".join(f"{printable(str(name))} {share:.3f}" for name, share in largest[:SHOWN_SHARES])
