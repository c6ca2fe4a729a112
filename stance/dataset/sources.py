"""Where labelled statements come from: tables on disk, or the Hugging Face hub."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import Gt, Le, MinLen

from stance.dataset.labels import check_classes
from stance.dataset.rows import Fields, labelled_rows
from stance.errors import ConfigError, DataError
from stance.provenance import fingerprint

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset

    from stance.tables import Skip

logger = logging.getLogger(__name__)

HUB_NAME = re.compile(r"\w[\w.-]{0,95}/\w[\w.-]{0,95}", re.ASCII)
"""Of a dataset on the hub. A bare name could be one of the readers that ``datasets`` brings along."""


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
    auxiliary : tuple of LabelledDataset
        Of other sources, for training alone.
    weight : float
        How much a statement counts in training.
    averaged : tuple of str
        Classes whose mean F1 is the metric of the task; none where it is macro-F1.
    """

    name: str
    rows: "Dataset"
    skips: "tuple[Skip, ...]" = ()
    auxiliary: "tuple[LabelledDataset, ...]" = ()
    weight: float = 1.0
    averaged: tuple[str, ...] = ()

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
class Auxiliary(Fields):
    """Tables of another source with the same classes: their statements help in training and are never tested.

    Parameters
    ----------
    path : str or tuple of str
    weight : float
        How much each of their statements counts beside one of the dataset's own.
    drop_labels : tuple of str
    lang : str or None
        Only statements in this language, as the tables name it.
    """

    path: str | Annotated[tuple[str, ...], MinLen(1)]
    weight: Annotated[float, Gt(0), Le(1)]
    drop_labels: tuple[str, ...] = ()
    lang: str | None = None

    def read(self, name: str, classes: Sequence[str]) -> LabelledDataset:
        """Their statements, with labels in the order of ``classes``."""
        columns = {f.name: getattr(self, f.name) for f in fields(Fields)}
        found = Files(
            path=self.path, name=name, classes=tuple(classes), drop_labels=self.drop_labels, **columns
        )()
        rows = found.rows
        if self.lang is not None:
            langs = rows["lang"][:] if "lang" in rows.column_names else []
            rows = rows.select([i for i, lang in enumerate(langs) if lang == self.lang])
        if not len(rows):
            raise DataError(f"dataset.auxiliary.{name}: no statement is in '{self.lang}'. Check its lang.")
        return LabelledDataset(name, rows, weight=self.weight)


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
    auxiliary : mapping of str to Auxiliary
        Other sources that help in training.
    averaged : tuple of str
        Classes whose mean F1 is reported too, where a task is judged by it.
    """

    path: str | Annotated[tuple[str, ...], MinLen(1)]
    name: str = "files"
    classes: tuple[str, ...] | None = None
    drop_labels: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    on_bad_row: Literal["error", "skip"] = "error"
    auxiliary: Mapping[str, Auxiliary] = field(default_factory=dict)
    averaged: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_classes(self.classes)

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
        own = LabelledDataset(self.name, rows, tuple(skips), averaged=self.averaged)
        for name in self.averaged:
            if name not in own.classes:
                raise ConfigError(
                    f"dataset.averaged: '{name}' is not one of {list(own.classes)}. Name classes of the dataset."
                )
        if classes is not None or not self.auxiliary:
            return own
        return replace(own, auxiliary=tuple(s.read(name, own.classes) for name, s in self.auxiliary.items()))

    @property
    def paths(self) -> tuple[str, ...]:
        """The files, one or several."""
        return (self.path,) if isinstance(self.path, str) else self.path

    def _read(self, path: str, tables: "list[pa.Table]", where: list[str], skips: "list[Skip]") -> None:
        """Put the rows of one file, the places where they stand and the rows left out to what was read before."""
        from stance.tables import check_no_skips, listed, read_batches

        n_before, n_skipped = len(where), len(skips)
        texts = [name for name in (self.text_field, self.target_field) if name is not None]
        batches = read_batches(path, encoding=self.encoding, delimiter=self.delimiter, text_fields=texts)
        with _settings_in_full():
            for batch in batches:
                tables.append(batch.rows)
                where += [f"{path}, line {line}" for line in batch.lines.tolist()]
                skips += batch.skips
        found = skips[n_skipped:]
        if self.on_bad_row == "error":
            with _settings_in_full():
                check_no_skips(path, found)
        elif found:
            rows = f"{len(found)} bad row{'s'[: len(found) > 1]}"
            logger.warning("\n".join([f"{path}: {rows} left out", *listed(found)]))
        if len(where) == n_before:
            raise DataError(f"no rows in {path}; labelled statements are needed, one a row.")


@contextmanager
def _settings_in_full() -> Iterator[None]:
    """Advice of the readers, with the names that their settings have in the configuration of a dataset."""
    try:
        yield
    except (ConfigError, DataError) as error:
        advice = re.sub(
            r"((?:[Ss]et|Try|as) |^|\()(encoding|delimiter|text_field)\b", r"\1dataset.\2", str(error)
        )
        raise type(error)(advice) from error


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
        check_classes(self.classes)

    def __call__(self, classes: Sequence[str] | None = None) -> LabelledDataset:
        """Download (or take from the cache) and check."""
        import pyarrow as pa
        from datasets import ClassLabel, load_dataset

        if not HUB_NAME.fullmatch(self.path) or Path(self.path).exists():
            raise ConfigError(
                f"dataset.path is '{self.path}'; the name of a dataset on the hub, as owner/name, is needed. "
                "Files on this machine are read with dataset=files dataset.path=FILE."
            )
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
