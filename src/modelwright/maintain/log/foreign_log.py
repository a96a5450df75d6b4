"""The log of another system comes into the ledger, so that a model served elsewhere is watched."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.conform import columns_of, conform, count_unparsed
from modelwright.data.schema import Column
from modelwright.data.values.series import series_of
from modelwright.errors import SchemaError, nearest
from modelwright.maintain.log.checked_log import check_log
from modelwright.maintain.log.foreign_columns import LogColumns, answers_of, classes_of, said_by
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.cases import as_sent
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import Floats
from modelwright.workspace.ledger.ledger import LabelCount, Ledger, Prediction
from modelwright.workspace.ledger.rows import IMPORTED

_PAGE = 5_000
_APART = 1e-4
"""By how much an answer of the log may differ; logs often keep few digits."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a log.

    Parameters
    ----------
    rows
        How many it has.
    new
        Those that were not in the ledger yet.
    unanswered
        Rows that the model has no answer to, which are left out with their labels.
    again
        Rows with the id of one before them, in the log or in one before, which alone is kept.
    left_out
        Labels of such rows that were answered at another time than the one that is kept.
    compared, apart
        Rows whose answer the log holds; those that the bundle answers otherwise.
    furthest
        By how much, at most; 0 where only classes were compared.
    first_apart
        The id of the first such row.
    unread
        Values that are no number or moment, by column; they count as missing.
    labels
        What became of the labels; None where the log has none.
    """

    rows: int
    new: int
    unanswered: int = 0
    again: int = 0
    left_out: int = 0
    compared: int = 0
    apart: int = 0
    furthest: float = 0.0
    first_apart: str = ""
    unread: dict[str, int] = {}
    labels: LabelCount | None = None


def import_log(
    ledger: Ledger, table: pl.DataFrame, bundle: Bundle, *, columns: LogColumns, at: int
) -> Imported:
    """Write the rows of a log into a ledger as answers of a bundle, with their labels.

    A row whose id is in the ledger already is left as it is: after a kill, importing the same log
    again completes the work. What the log does not say of an answer, the bundle says.

    Parameters
    ----------
    ledger
        Where to.
    table
        One row per answer.
    bundle
        The model that gave these answers, wherever it was served.
    columns
        Which column holds what.
    at
        Now, in microseconds since 1970 in UTC.

    Raises
    ------
    SchemaError, TargetError
        As `check_log` does, before anything is written.
    """
    log = check_log(table, bundle, columns=columns, at=at)
    log = replace(log, before=ledger.imported_at(set(log.ids)))
    told, gone = Imported(rows=len(table), new=0), set[tuple[str, int]]()
    for start in range(0, len(table), _PAGE):
        part = _Part.read(table[start : start + _PAGE], bundle, log.columns)
        ids, times = log.ids[start : start + _PAGE], log.times[start : start + _PAGE]
        told = part.added_to(told, ids)
        told = msgspec.structs.replace(
            told, new=told.new + ledger.append(list(part.predictions(ids, times)))
        )
        gone.update(compress(zip(ids, times, strict=True), part.unanswered))
    log = log.without(gone) if gone else log
    return msgspec.structs.replace(
        told,
        again=log.again,
        left_out=log.left_out,
        labels=ledger.label(log.labels, at) if columns.label else None,
    )


def _feature(table: pl.DataFrame, column: Column, columns: LogColumns) -> pl.Series:
    """Return a feature as logged, or the cells in which it stands beside others."""
    name, cell = columns.of_feature(column.name), columns.of_feature(column.cell)
    is_shared = name not in table.columns and cell in table.columns
    if name == column.name and not is_shared and name not in table.columns:
        raise SchemaError(
            f"The log has no column {name!r}, which the model reads. "
            f"{nearest(name, table.columns)}",
            f"Where the log calls it otherwise, say so: --input '{name:.40}=COLUMN'",
        )
    return series_of(table, cell if is_shared else name).alias(column.name)


def _own_answers(bundle: Bundle, typed: pl.DataFrame) -> Floats:
    """Return what the bundle answers, NaN where it has no answer."""
    own = bundle.program.run(columns_of(typed, bundle.schema))
    return np.where(bundle.program.unanswered(own)[:, None], np.nan, own)


@dataclass(frozen=True)
class _Part:
    """Some rows of a log beside what the bundle answers to them.

    Parameters
    ----------
    bundle
        The model.
    records
        The rows, as clients would send them.
    unread
        Values that are no number or moment, by column.
    own : ndarray of shape (rows, outputs)
        What the bundle answers, NaN where it has no answer.
    logged : ndarray of shape (rows, outputs), optional
        What the log says, with NaN; None where it has no such column.
    classes : ndarray of shape (rows,), optional
        Indices of classes that the log says, with -1; None where it has no such column.
    """

    bundle: Bundle
    records: Sequence[Mapping[str, Any]]
    unread: Mapping[str, int]
    own: Floats
    logged: Floats | None
    classes: NDArray[Any] | None

    @classmethod
    def read(cls, table: pl.DataFrame, bundle: Bundle, columns: LogColumns) -> "_Part":
        schema, task = bundle.schema, bundle.program.task
        inputs = pl.DataFrame([_feature(table, each, columns) for each in schema])
        typed = conform(inputs, schema)
        logged, classes = answers_of(table, columns, task), classes_of(table, columns, task)
        own = (
            said_by(table, columns, task)
            if bundle.facts.watched_only
            else _own_answers(bundle, typed)
        )
        return cls(
            bundle=bundle,
            records=as_sent(typed.to_dicts(), schema),
            unread={name: count for name, (count, _) in count_unparsed(inputs, schema).items()},
            own=own,
            logged=logged,
            classes=classes,
        )

    @property
    def unanswered(self) -> NDArray[np.bool_]:
        """Which rows the bundle has no answer to."""
        return np.asarray(np.isnan(self.own).any(axis=1))

    def predictions(self, ids: Sequence[str], times: Sequence[int]) -> Iterator[Prediction]:
        """Yield the rows that have an answer as the ledger has them."""
        rows = zip(ids, times, self.records, self._answers(), strict=True)
        for name, moment, record, answer in compress(rows, ~self.unanswered):
            yield Prediction(
                id=name,
                at=moment,
                version=self.bundle.hash,
                inputs=msgspec.json.encode(record),
                output=msgspec.json.encode({"id": name, **answer}),
                latency_s=0.0,
                host=IMPORTED,
            )

    def added_to(self, told: Imported, ids: Sequence[str]) -> Imported:
        """Return what was found in the parts before and in this one."""
        if self.bundle.facts.watched_only:
            return told
        known, apart = self._compared()
        places = np.flatnonzero(apart > _APART)
        unread = Counter(told.unread) + Counter(self.unread)
        return msgspec.structs.replace(
            told,
            unanswered=told.unanswered + int(self.unanswered.sum()),
            compared=told.compared + int(known.sum()),
            apart=told.apart + len(places),
            furthest=max(told.furthest, float(apart.max(initial=0.0))),
            first_apart=told.first_apart or (ids[places[0]] if len(places) else ""),
            unread=dict(unread),
        )

    def _compared(self) -> tuple[NDArray[np.bool_], Floats]:
        """Return which answers the log says, and how far the bundle's own are from them."""
        if self.logged is not None:
            far = np.abs(self.logged - self.own) / np.maximum(1.0, np.abs(self.own))
            said = ~np.isnan(far.max(axis=1))
            return said, np.where(said, np.nan_to_num(far).max(axis=1), 0.0)
        if self.classes is not None:
            said = (self.classes >= 0) & ~self.unanswered
            other = self.classes != self.bundle.program.choose(self.own)
            return said, np.where(said & other, 1.0, 0.0)
        return np.zeros(len(self.own), bool), np.zeros(len(self.own))

    def _answers(self) -> Iterator[dict[str, Any]]:
        """Yield what was answered: by the log where it says so, else by the bundle."""
        program, values = self.bundle.program, self.own
        if self.logged is not None:
            values = np.where(np.isnan(self.logged), self.own, self.logged)
        if not program.task.is_classification:
            yield from ({"answer": value} for value in values[:, 0].tolist())
            return
        chosen = program.choose(values)
        if self.classes is not None:
            chosen = np.where(self.classes >= 0, self.classes, chosen)
        names = [label_text(label) for label in program.task.classes]
        labels = program.task.classes
        for place, row in zip(chosen.tolist(), values.tolist(), strict=True):
            yield {"answer": labels[place], "probabilities": dict(zip(names, row, strict=True))}
