"""Labels: read as texts, told apart, and enough of each to learn from."""

import logging
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stance.errors import ConfigError, DataError, nearest
from stance.normalise import clean

if TYPE_CHECKING:
    import pyarrow as pa


logger = logging.getLogger(__name__)

MIN_STATEMENTS_PER_CLASS = 2
MAX_CLASSES = 1000
MAX_LABEL_CHARS = 200
SHOWN = 5


def read_labels(table: "pa.Table", field: str, where: Sequence[str]) -> list[str]:
    """Labels as canonical texts; numbers are allowed if all are whole numbers."""
    import pyarrow as pa

    column = table["label"]
    if pa.types.is_boolean(column.type):
        raise DataError(
            f'{where[0]}: label is true or false, not a name. Write the labels as texts, as "yes".'
        )
    if not (pa.types.is_integer(column.type) or _is_text(column.type)):
        raise DataError(
            f"{where[0]}: labels of column '{field}' are of type {column.type}; texts are needed."
        )
    if (table.schema.field("label").metadata or {}).get(b"stance:json"):
        raise DataError(
            f"{_first_other(column.to_pylist(), where)}: column '{field}' mixes texts with numbers or other values, "
            "and the label here is unlike the first one. Make all labels texts."
        )
    labels, bad, changed = [], [], []
    for value, place in zip(column.to_pylist(), where, strict=True):
        label = "" if value is None else unicodedata.normalize("NFC", clean(str(value))).strip()
        labels.append(label)
        if label != str(value):
            changed.append(place)
        if _is_missing(label):
            bad.append(place)
    if bad:
        raise DataError(
            f"{bad[0]}: the label is missing ({len(bad)} such row{'s' if len(bad) > 1 else ''}). "
            "Label the rows, or leave them out of the file."
        )
    long = next(
        (place for label, place in zip(labels, where, strict=True) if len(label) > MAX_LABEL_CHARS), None
    )
    if long:
        raise DataError(
            f"{long}: the label in column '{field}' has more than {MAX_LABEL_CHARS} characters; a name is needed. "
            "Correct label_field, or the labels."
        )
    if changed:
        logger.warning(
            "%s: label read without outer spaces, invisible characters, loose accents or curled apostrophes (%d such rows)",
            changed[0],
            len(changed),
        )
    return labels


def _first_other(values: Sequence[str | None], where: Sequence[str]) -> str:
    """Where a JSON value first is a text and the one of the first row is not, or the other way round."""
    are_texts = [value is not None and value.startswith('"') for value in values]
    return where[are_texts.index(not are_texts[0])] if len(set(are_texts)) > 1 else where[0]


def _is_missing(label: str) -> bool:
    return label.strip().casefold() in {"", "nan"}


def _is_text(arrow_type: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(arrow_type) or pa.types.is_large_string(arrow_type))


def check_classes(classes: tuple[str, ...] | None) -> None:
    """Refuse classes that are fewer than two, or not different."""
    if classes is None:
        return
    if len(set(classes)) != len(classes) or len(classes) < 2:
        raise ConfigError(f"dataset.classes is {list(classes)}; two or more different classes are needed.")
    if any(map(_is_missing, classes)):
        raise ConfigError(
            f"dataset.classes is {list(classes)}; an empty text and nan stand for a missing label, and are no class. "
            "Take them out."
        )
    try:
        check_distinct(dict.fromkeys(classes, "dataset.classes"))
    except DataError as error:
        raise ConfigError(str(error)) from None


def check_drop_labels(drop_labels: tuple[str, ...], labels: Sequence[str], source: str) -> None:
    """Say which of the labels to leave out no row has."""
    for label in drop_labels:
        if label not in labels:
            logger.warning("%s: dataset.drop_labels names '%s', which no row has", source, label)


def check_distinct(places: Mapping[str, str]) -> None:
    """Refuse labels that only look different: by case, spaces, width, or letters of another script.

    Parameters
    ----------
    places : mapping
        Where each label first stands.
    """
    seen: dict[str, str] = {}
    for label in sorted(places):
        other = seen.setdefault(_skeleton(label), label)
        if other != label:
            raise DataError(
                f"{places[label]}: label {_spelled(label)} and label {_spelled(other)} of {places[other]} differ "
                "only in case, spaces or look-alike letters; one spelling is needed. Correct the labels."
            )


def _spelled(label: str) -> str:
    """A label in quotes, with the codes of letters that may not be what they look like."""
    return repr(label) if label.isascii() else f"{label!r} ({label!a})"


# Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, confusables, the lower-case core).
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁɡһԛԝνοικτρυ", "aeopcyxijsdghqwvoiktpu")


def _skeleton(label: str) -> str:
    folded = unicodedata.normalize("NFKC", label).casefold()
    visible = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cc"} and not c.isspace())
    return visible.translate(_LOOK_ALIKES)


def check_known(
    labels: Sequence[str], classes: tuple[str, ...], where: Sequence[str], source: str, for_training: bool
) -> None:
    """Refuse labels that are not among the classes, with their counts and the first place."""
    unknown = Counter(label for label in labels if label not in classes)
    if not unknown:
        return
    first = next(place for label, place in zip(labels, where, strict=True) if label in unknown)
    counts = ", ".join(f"{label!r}: {n}" for label, n in unknown.most_common(SHOWN))
    step = (
        "Correct the labels, or add the class to dataset.classes; dataset=files without it takes all that occur."
        if for_training
        else f"Leave them out with dataset.drop_labels=[{next(iter(unknown))}], or correct them."
    )
    raise DataError(
        f"{first}: labels that are not among the classes {list(classes)} ({counts})."
        f"{nearest(next(iter(unknown)), classes)} {step}"
    )


def check_learnable(counts: Mapping[str, int], source: str) -> None:
    """Refuse a set that no classifier can be learnt from, with its counts."""
    shown = ", ".join(f"{name!r}: {n}" for name, n in sorted(counts.items())[:SHOWN])
    if len(counts) < 2:
        raise DataError(
            f"{source}: {sum(counts.values())} statements of {len(counts)} class ({shown or 'none'}); "
            "two classes or more are needed. Add labelled statements, or check dataset.drop_labels."
        )
    if len(counts) > MAX_CLASSES or len(counts) == sum(counts.values()):
        raise DataError(
            f"{source}: {len(counts)} classes in {sum(counts.values())} statements ({shown}, …); "
            "labels are meant to repeat. Check dataset.label_field."
        )
    rare = {name: n for name, n in counts.items() if n < MIN_STATEMENTS_PER_CLASS}
    if rare:
        shown = ", ".join(f"{name!r}: {n}" for name, n in sorted(rare.items())[:SHOWN])
        raise DataError(
            f"{source}: too few statements for a class ({shown}); {MIN_STATEMENTS_PER_CLASS} or more of each are "
            f"needed. Add statements, or leave the class out with dataset.drop_labels=[{next(iter(rare))}]."
        )
