"""Rows of any table as labelled statements under our names, checked."""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from typing import TYPE_CHECKING, Any, Self

from stance.dataset.labels import (
    SHOWN,
    check_distinct,
    check_drop_labels,
    check_known,
    check_learnable,
    read_labels,
)
from stance.errors import DataError, nearest
from stance.normalise import clean
from stance.provenance import fingerprint

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset


logger = logging.getLogger(__name__)


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

    def with_target(self) -> Self:
        """These columns and one of targets, ``target`` where none is named: for what reads a target."""
        return self if self.target_field is not None else replace(self, target_field="target")

    def unusual(self) -> dict[str, str]:
        """The columns that are not called as usual, as their settings are written."""
        values = {
            field.name: (getattr(self, field.name), field.default) for field in dataclass_fields(Fields)
        }
        return {name: value or "null" for name, (value, usual) in values.items() if value != usual}


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
    _check_names(table, source)
    labels = read_labels(table, fields.label_field, where)
    keep = [label not in drop_labels for label in labels]
    check_drop_labels(drop_labels, labels, source)
    table = table.filter(pa.array(keep))
    labels, places = _kept(labels, keep), _kept(where, keep)
    check_distinct(dict(zip(reversed(labels), reversed(places), strict=True)))
    found = classes if classes is not None else tuple(sorted(set(labels)))
    check_known(labels, found, places, source, for_training)
    if for_training:
        check_learnable(Counter(labels), source)
    table = _with_ids(table)
    _report_repeats(table, labels, source)
    table = _without_maps(table)
    at = table.column_names.index("label")
    table = table.set_column(at, "label", pa.array([found.index(x) for x in labels], pa.int64()))
    features = Features(
        {
            name: ClassLabel(names=list(found)) if name == "label" else _feature(field)
            for name, field in zip(table.column_names, table.schema, strict=True)
        }
    )
    return Dataset(table.replace_schema_metadata(None).cast(features.arrow_schema), fingerprint=None)


def _check_names(table: "pa.Table", source: str) -> None:
    """Refuse names that a dataset would cut at what ends them in C."""
    for name in table.column_names:
        if "\0" in name:
            raise DataError(f"{source}: the name of column {name[:40]!r} holds a NUL. Rename the column.")


def _feature(field: "pa.Field") -> Any:
    from datasets.features.features import generate_from_arrow_type

    return generate_from_arrow_type(field.type)


def _without_maps(table: "pa.Table") -> "pa.Table":
    """The table with columns of kinds that a Dataset does not know, such as maps, as JSON text."""
    import orjson
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        try:
            _feature(field)
        except (ValueError, NotImplementedError, TypeError):
            values = table.column(at).to_pylist()
            texts = [None if v is None else orjson.dumps(v, default=str).decode() for v in values]
            table = table.set_column(at, field.name, pa.array(texts, pa.string()))
    return table


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
            rows_repeat = "row repeats" if repeated == 1 else "rows repeat"
            logger.warning("%s: %d %s a %s of another row", source, repeated, rows_repeat, what)
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
