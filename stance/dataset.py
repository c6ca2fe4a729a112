"""Labelled statements as a checked Hugging Face Dataset."""

import json
import logging
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from annotated_types import MinLen

from stance.errors import ConfigError, DataError, nearest
from stance.normalise import clean
from stance.provenance import fingerprint

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset

    from stance.tables import Skip

__all__ = ["Files", "Hub"]

logger = logging.getLogger(__name__)

MIN_STATEMENTS_PER_CLASS = 2
MAX_CLASSES = 1000
SHOWN = 5


@dataclass(frozen=True)
class LabelledDataset:
    """Labelled statements, ready to split.

    Parameters
    ----------
    rows : datasets.Dataset
        Columns text, label (ClassLabel), statement_id, article_id and, where known, target, lang,
        published_on, source; further metadata as found.
    skips : tuple of Skip
        Rows left out, with the reason.
    """

    name: str
    rows: "Dataset"
    skips: "tuple[Skip, ...]" = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes in the order of the labels' numbers."""
        return tuple(self.rows.features["label"].names)

    @property
    def fingerprint(self) -> str:
        """Content hash of texts, labels, articles and targets."""
        columns = [c for c in ("text", "label", "article_id", "target") if c in self.rows.column_names]
        return fingerprint(self.classes, {name: list(self.rows[name]) for name in columns})


@dataclass(frozen=True, kw_only=True)
class Fields:
    """Which column holds what. A column that is named here but absent is an error only for text and label."""

    text_field: str = "text"
    label_field: str = "label"
    article_field: str | None = "article_id"
    target_field: str | None = None
    id_field: str | None = "statement_id"
    date_field: str | None = "published_on"
    source_field: str | None = "source"
    lang_field: str | None = "lang"

    def renamed(self) -> dict[str, str]:
        """Our name for each column of theirs."""
        theirs = {
            "text": self.text_field,
            "label": self.label_field,
            "article_id": self.article_field,
            "target": self.target_field,
            "statement_id": self.id_field,
            "published_on": self.date_field,
            "source": self.source_field,
            "lang": self.lang_field,
        }
        return {found: ours for ours, found in theirs.items() if found is not None}


@dataclass(frozen=True, kw_only=True)
class Files(Fields):
    """One or several tables on disk: jsonl, jsonl.gz, csv or parquet, one labelled statement a row.

    Parameters
    ----------
    path : str or tuple of str
        The file, or files that are read as one, in this order; a column that one lacks is empty there.
    classes : tuple of str or None
        Classes in order; a label that is not among them is an error. None takes all that occur, sorted.
    drop_labels : tuple of str
        Rows with these labels are left out, for instance ``neutral``.
    on_bad_row : str
        ``error`` lists all bad rows and stops; ``skip`` leaves them out and counts them.
    """

    path: str | Annotated[tuple[str, ...], MinLen(1)]
    name: str = "files"
    classes: tuple[str, ...] | None = None
    drop_labels: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    on_bad_row: Literal["error", "skip"] = "error"

    def __post_init__(self) -> None:
        _check_classes(self.classes)

    def __call__(self, classes: Sequence[str] | None = None) -> LabelledDataset:
        """Read and check the tables.

        Parameters
        ----------
        classes : sequence of str or None
            A model's classes, for evaluation: they win over those of the settings.
        """
        import pyarrow as pa

        from stance.tables import unify

        tables: list[pa.Table] = []
        where: list[str] = []
        skips: list[Skip] = []
        for path in self.paths:
            self._read(path, tables, where, skips)
        rows = labelled_rows(
            pa.concat_tables(unify(tables)),
            self,
            where,
            classes=tuple(classes) if classes is not None else self.classes,
            drop_labels=self.drop_labels,
            source=", ".join(self.paths),
            for_training=classes is None,
        )
        return LabelledDataset(self.name, rows, tuple(skips))

    @property
    def paths(self) -> tuple[str, ...]:
        """The files, one or several."""
        return (self.path,) if isinstance(self.path, str) else self.path

    def _read(self, path: str, tables: "list[pa.Table]", where: list[str], skips: "list[Skip]") -> None:
        """Put the rows of one file, the places where they stand and the rows left out to what was read before."""
        from stance.tables import check_no_skips, read_batches

        n_before, n_skipped = len(where), len(skips)
        texts = [name for name in (self.text_field, self.target_field) if name is not None]
        for batch in read_batches(path, encoding=self.encoding, delimiter=self.delimiter, text_fields=texts):
            tables.append(batch.rows)
            where += [f"{path}, line {line}" for line in batch.lines.tolist()]
            skips += batch.skips
        if self.on_bad_row == "error":
            check_no_skips(path, skips[n_skipped:])
        if len(where) == n_before:
            raise DataError(f"no rows in {path}; labelled statements are needed, one a row.")


@dataclass(frozen=True, kw_only=True)
class Hub(Fields):
    """A dataset of the Hugging Face hub by name; the one place where stance uses the network."""

    path: str
    config: str | None = None
    split: str = "train"
    revision: str | None = None
    classes: tuple[str, ...] | None = None
    drop_labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_classes(self.classes)

    def __call__(self, classes: Sequence[str] | None = None) -> LabelledDataset:
        """Download (or take from the cache) and check."""
        import pyarrow as pa
        from datasets import ClassLabel, load_dataset

        try:
            found = load_dataset(self.path, self.config, split=self.split, revision=self.revision)
        except Exception as error:
            raise DataError(
                f"hub dataset '{self.path}': could not be loaded ({type(error).__name__}: {str(error)[:200]}). "
                "Check the name and the network, or give a file with dataset=files dataset.path=FILE."
            ) from None
        feature = found.features.get(self.label_field)
        table = pa.table(found.data.table)
        if isinstance(feature, ClassLabel):
            names = [
                feature.int2str(k) if k is not None and k >= 0 else None for k in found[self.label_field]
            ]
            at = table.column_names.index(self.label_field)
            table = table.set_column(at, self.label_field, pa.array(names, pa.string()))
        where = [f"{self.path}, row {i + 1}" for i in range(len(table))]
        rows = labelled_rows(
            table,
            self,
            where,
            classes=tuple(classes) if classes is not None else self.classes,
            drop_labels=self.drop_labels,
            source=self.path,
            for_training=classes is None,
        )
        return LabelledDataset(self.path, rows)


def labelled_rows(
    table: "pa.Table",
    fields: Fields,
    where: Sequence[str],
    *,
    classes: tuple[str, ...] | None,
    drop_labels: tuple[str, ...],
    source: str,
    for_training: bool,
) -> "Dataset":
    """A checked Dataset from rows whose texts are known to be texts.

    Raises
    ------
    DataError
        For labels that are missing, not texts, unknown or nearly equal, and for sets too small to learn from.
    """
    import pyarrow as pa
    from datasets import ClassLabel, Dataset, Features

    table = _rename(table, fields, source)
    labels = _labels(table, fields.label_field, where)
    keep = [label not in drop_labels for label in labels]
    _check_drop_labels(drop_labels, labels, source)
    table = table.filter(pa.array(keep))
    labels, places = _kept(labels, keep), _kept(where, keep)
    check_distinct(set(labels), source)
    found = classes if classes is not None else tuple(sorted(set(labels)))
    _check_known(labels, found, places, source, for_training)
    if for_training:
        check_learnable(Counter(labels), source)
    table = _with_ids(table)
    _report_repeats(table, labels, source)
    at = table.column_names.index("label")
    table = table.set_column(at, "label", pa.array([found.index(x) for x in labels], pa.int64()))
    features = Features(
        {
            name: ClassLabel(names=list(found)) if name == "label" else _feature(field)
            for name, field in zip(table.column_names, table.schema, strict=True)
        }
    )
    return Dataset(table.replace_schema_metadata(None).cast(features.arrow_schema), fingerprint=None)


def _feature(field: "pa.Field") -> Any:
    from datasets.features.features import generate_from_arrow_type

    return generate_from_arrow_type(field.type)


def _kept(values: Sequence[str], keep: Sequence[bool]) -> list[str]:
    return [value for value, kept in zip(values, keep, strict=True) if kept]


def _rename(table: "pa.Table", fields: Fields, source: str) -> "pa.Table":
    """The table with our names for the columns; a column already of that name gets ``original_`` before it."""
    renamed = fields.renamed()
    optional = {
        fields.article_field,
        fields.id_field,
        fields.date_field,
        fields.source_field,
        fields.lang_field,
    }
    for theirs in renamed:
        if theirs not in table.column_names and theirs not in optional:
            raise DataError(
                f"{source}: there is no column '{theirs}'; the columns are {table.column_names}."
                f"{nearest(theirs, table.column_names)} Name the right one in dataset.{renamed[theirs]}_field."
            )
    taken = {ours for theirs, ours in renamed.items() if theirs in table.column_names and theirs != ours}
    return table.rename_columns(
        [renamed.get(name, f"original_{name}" if name in taken else name) for name in table.column_names]
    )


def _labels(table: "pa.Table", field: str, where: Sequence[str]) -> list[str]:
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
            f"{where[0]}: column '{field}' mixes texts with numbers or other values. Make all labels texts."
        )
    labels, bad = [], []
    for value, place in zip(column.to_pylist(), where, strict=True):
        label = "" if value is None else unicodedata.normalize("NFC", clean(str(value))).strip()
        labels.append(label)
        if label.casefold() in {"", "nan"}:
            bad.append(place)
    if bad:
        raise DataError(
            f"{bad[0]}: the label is missing ({len(bad)} such row{'s' if len(bad) > 1 else ''}). "
            "Label the rows, or leave them out of the file."
        )
    return labels


def _is_text(arrow_type: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(arrow_type) or pa.types.is_large_string(arrow_type))


def _check_classes(classes: tuple[str, ...] | None) -> None:
    if classes is None:
        return
    if len(set(classes)) != len(classes) or len(classes) < 2:
        raise ConfigError(f"dataset.classes is {list(classes)}; two or more different classes are needed.")
    try:
        check_distinct(set(classes), "dataset.classes")
    except DataError as error:
        raise ConfigError(str(error)) from None


def _check_drop_labels(drop_labels: tuple[str, ...], labels: Sequence[str], source: str) -> None:
    for label in drop_labels:
        if label not in labels:
            logger.warning("%s: dataset.drop_labels names '%s', which no row has", source, label)


def check_distinct(labels: set[str], source: str) -> None:
    """Refuse labels that only look different: by case, spaces, width, or letters of another script."""
    seen: dict[str, str] = {}
    for label in sorted(labels):
        skeleton = _skeleton(label)
        if skeleton in seen:
            raise DataError(
                f"{source}: labels {seen[skeleton]!r} and {label!r} differ only in case, spaces or look-alike "
                "letters; one spelling is needed. Correct the labels."
            )
        seen[skeleton] = label


# Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, confusables, the lower-case core).
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁɡһԛԝνοικτρυ", "aeopcyxijsdghqwvoiktpu")


def _skeleton(label: str) -> str:
    folded = unicodedata.normalize("NFKC", label).casefold()
    visible = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cc"} and not c.isspace())
    return visible.translate(_LOOK_ALIKES)


def _check_known(
    labels: Sequence[str], classes: tuple[str, ...], where: Sequence[str], source: str, for_training: bool
) -> None:
    unknown = Counter(label for label in labels if label not in classes)
    if not unknown:
        return
    first = next(place for label, place in zip(labels, where, strict=True) if label in unknown)
    counts = ", ".join(f"{label!r}: {n}" for label, n in unknown.most_common(SHOWN))
    step = (
        "Correct the labels, or add the class to dataset.classes."
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


def _with_ids(table: "pa.Table") -> "pa.Table":
    """The table with an article and a statement id in every row; a row without article is one of its own.

    Such an article is named by its text, so that those of two files are the same only if their texts are.
    """
    import pyarrow as pa

    articles = _strings(table, "article_id")
    texts = table["text"].to_pylist()
    articles = [a or f"text-{fingerprint(clean(text))[:16]}" for a, text in zip(articles, texts, strict=True)]
    given = _strings(table, "statement_id")
    position: Counter[str] = Counter()
    ids = []
    for article, name in zip(articles, given, strict=True):
        position[article] += 1
        ids.append(name or f"{article}:{position[article]}")
    for name, values in (("article_id", articles), ("statement_id", ids)):
        column = pa.array(values, pa.string())
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, column)
        else:
            table = table.append_column(name, column)
    return table


def _strings(table: "pa.Table", name: str) -> list[Any]:
    if name not in table.column_names:
        return [None] * len(table)
    return [None if value is None else str(value) for value in table[name].to_pylist()]


def _report_repeats(table: "pa.Table", labels: Sequence[str], source: str) -> None:
    """Say how many texts and ids stand there twice, and how many of them with different labels."""
    targets = _strings(table, "target")
    texts = list(zip(map(clean, table["text"].to_pylist()), targets, strict=True))
    for what, keys in (("text", texts), ("statement_id", table["statement_id"].to_pylist())):
        repeated, conflicting = _repeats(keys, labels)
        if repeated:
            logger.warning("%s: %d rows repeat a %s of another row", source, repeated, what)
        if conflicting:
            logger.warning(
                "%s: %d of these %ss carry different labels, for instance %s",
                source,
                len(conflicting),
                what,
                _first_conflict(conflicting, keys, table),
            )


def _repeats(keys: Iterable[Any], labels: Sequence[str]) -> tuple[int, list[Any]]:
    seen: dict[Any, set[str]] = {}
    n_rows = 0
    for key, label in zip(keys, labels, strict=True):
        seen.setdefault(key, set()).add(label)
        n_rows += 1
    return n_rows - len(seen), [key for key, found in seen.items() if len(found) > 1]


def _first_conflict(conflicting: list[Any], keys: Sequence[Any], table: "pa.Table") -> str:
    ids = table["statement_id"].to_pylist()
    return json.dumps([ids[i] for i in _positions(keys, conflicting[0])][:SHOWN], ensure_ascii=False)


def _positions(keys: Sequence[Any], wanted: Any) -> Iterator[int]:
    return (i for i, key in enumerate(keys) if key == wanted)
