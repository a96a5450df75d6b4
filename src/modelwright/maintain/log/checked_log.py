"""The log of another system of which nothing is refused any more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl

from modelwright.data.values.series import series_of
from modelwright.errors import SchemaError
from modelwright.maintain.log.foreign_columns import (
    LogColumns,
    answers_of,
    classes_of,
    moments_of,
    said_by,
    texts_of,
)
from modelwright.maintain.log.labels import refuse_the_future, truths_of
from modelwright.predictor.bundle import Bundle
from modelwright.workspace.ledger.labels import GivenLabel


@dataclass(frozen=True, kw_only=True)
class CheckedLog:
    """What a log says beside inputs and answers.

    Parameters
    ----------
    columns
        Which column holds what, with each class named.
    ids, times
        Of each row; when it was answered, in microseconds since 1970 in UTC.
    given
        What came true, each with the moment of its row, and with the time at which it became known
        where the log says so.
    before
        When rows of these ids were answered that earlier logs had.
    """

    columns: LogColumns
    ids: Sequence[str]
    times: Sequence[int]
    given: Sequence[tuple[int, GivenLabel]] = ()
    before: Mapping[str, int] = field(default_factory=dict)

    def without(self, gone: Collection[tuple[str, int]]) -> Self:
        """Return it without rows of these ids and times, and without their labels."""
        rows = [row for row in zip(self.ids, self.times, strict=True) if row not in gone]
        given = [(time, label) for time, label in self.given if (label[0], time) not in gone]
        ids, times = [name for name, _ in rows], [time for _, time in rows]
        return replace(self, ids=ids, times=times, given=given)

    @cached_property
    def labels(self) -> list[GivenLabel]:
        """What came true of the rows that are kept."""
        return [label for time, label in self.given if self._kept[label[0]] == time]

    @property
    def left_out(self) -> int:
        """How many labels belong to a row that is not kept."""
        return len(self.given) - len(self.labels)

    @property
    def again(self) -> int:
        """How many rows have the id of one that is kept."""
        rows = {*zip(self.ids, self.times, strict=True)}
        return len(self.ids) - sum(row in rows for row in self._kept.items())

    @cached_property
    def _kept(self) -> dict[str, int]:
        """When the row of each id was answered that is kept: an earlier log's, else the first."""
        first = dict(zip(reversed(self.ids), reversed(self.times), strict=True))
        return {**first, **self.before}


def check_log(table: pl.DataFrame, bundle: Bundle, *, columns: LogColumns, at: int) -> CheckedLog:
    """Read a log, of which nothing is to be written where a row far down is wrong.

    Parameters
    ----------
    table
        One row per answer.
    bundle
        The model that gave these answers.
    columns
        Which column holds what.
    at
        Now, in microseconds since 1970 in UTC.

    Raises
    ------
    SchemaError
        When a column is missing, a row lacks its id or its moment, a probability is none, a row
        was answered or a label became known more than a day from now, or a row has no answer and
        the model is not here.
    TargetError
        When a class is none of the task's.
    """
    task = bundle.program.task
    columns = columns.checked(bundle.schema, task)
    ids, times = texts_of(table, columns.id, "id"), times_of(table, columns)
    refuse_the_future(times, at, what="answers were given", column=columns.time)
    _check_answers(table, bundle, columns)
    if not columns.label:
        return CheckedLog(columns=columns, ids=ids, times=times)
    rows = zip(times, _labels(table, bundle, columns, ids), strict=True)
    given = [(time, label) for time, label in rows if label[1] is not None]
    known = [label[2] for _, label in given if len(label) == 3]
    refuse_the_future(known, at, what="labels became known", column=columns.label_time)
    return CheckedLog(columns=columns, ids=ids, times=times, given=given)


def times_of(table: pl.DataFrame, columns: LogColumns) -> list[int]:
    """Return when each row was answered, in microseconds since 1970 in UTC.

    Raises
    ------
    SchemaError
        When there is no such column, or a row lacks it.
    """
    times = moments_of(table, columns.time, "time")
    known = [time for time in times if time is not None]
    if len(known) < len(times):
        raise SchemaError(
            f"{len(times) - len(known):,} of {len(times):,} rows have no time in the column "
            f"{columns.time!r}.",
            "Leave such rows out, or name another column.",
        )
    return known


def _labels(
    table: pl.DataFrame, bundle: Bundle, columns: LogColumns, ids: Sequence[str]
) -> list[GivenLabel]:
    """Return the label of each row, with the time at which it became known if the log says so."""
    label = series_of(table, columns.label)
    truths = truths_of(label, bundle.program.task, bundle.facts.target_unit)
    if not columns.label_time:
        return list(zip(ids, truths, strict=True))
    known = moments_of(table, columns.label_time, "time")
    return [
        (name, truth) if moment is None else (name, truth, moment)
        for name, truth, moment in zip(ids, truths, known, strict=True)
    ]


def _check_answers(table: pl.DataFrame, bundle: Bundle, columns: LogColumns) -> None:
    task = bundle.program.task
    answers_of(table, columns, task)
    classes_of(table, columns, task)
    if not bundle.facts.watched_only:
        return
    said = said_by(table, columns, task)
    if unknown := int(np.isnan(said).any(axis=1).sum()):
        raise SchemaError(
            f"{unknown:,} of {len(said):,} rows have no answer, and the model is not here.",
            "Leave such rows out.",
        )
