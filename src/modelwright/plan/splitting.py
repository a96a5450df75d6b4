"""How rows are split, from the data."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import polars as pl

from modelwright.data.schema import Kind, Role, Schema
from modelwright.data.splitting.splits import Split, boundary_of, holdout_mask, usual_folds
from modelwright.data.values.moments import moment_of
from modelwright.documents import Brief
from modelwright.errors import BriefError
from modelwright.plan.agreement import Answers
from modelwright.plan.clocks import are_years, as_numbers
from modelwright.plan.group_column import find_group_column
from modelwright.plan.time_column import TimeEvidence, find_counter, list_time_columns
from modelwright.tasks.task import Task

_HOLDOUT = 0.2
_ROWS_FOR_SMALL_HOLDOUT = 100_000
_SMALL_HOLDOUT = 0.1
_LARGEST_HOLDOUT = 0.5
"""A column with so few moments that its latest one is more than this is no use."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a table's moments have no zone
_FRACTION = re.compile(r"[0-9]+\.[0-9]{3,}")
"""A boundary between weeks, which are read as years, is rounded for people."""


@dataclass(frozen=True)
class Table:
    """A prepared table and what is asked of it.

    Parameters
    ----------
    frame, schema
        The columns.
    task, answers
        What is predicted.
    """

    frame: pl.DataFrame
    schema: Schema
    task: Task
    answers: Answers


def choose_split(brief: Brief, table: Table) -> Split:
    """Choose how the holdout and the folds are made.

    What the person asked for comes first; then time, because a model is used on later rows; then
    entities, because a model meets new ones; else chance.

    Parameters
    ----------
    brief
        May name the column of time or of groups and the first moment of the holdout.
    table
        The data.

    Raises
    ------
    SchemaError
        When the column named has no order in time, or the boundary leaves no row on one side.
    BriefError
        When the holdout should begin at a moment, but no column tells the time.
    """
    many = len(table.frame) >= _ROWS_FOR_SMALL_HOLDOUT
    usual = Split(
        kind="random", holdout_fraction=_SMALL_HOLDOUT if many else _HOLDOUT, seed=brief.seed
    )
    if time := brief.time or _with_role(Role.TIME, table):
        found = TimeEvidence(time, f"the brief names {time!r} as the time", ())
        return _by_time(found, usual, table, boundary=brief.holdout_from)
    group = brief.group or _with_role(Role.GROUP, table)
    if group and not brief.holdout_from:
        reason = f"The brief names {group!r} as the group: none is on both sides."
        return _by_group(group, reason, usual, table)
    if brief.moment:
        found = TimeEvidence(brief.moment, f"predictions are made at {brief.moment!r}", ())
        return _by_time(found, usual, table, boundary=brief.holdout_from)
    return _by_evidence(brief, usual, table)


def as_time(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return a table in which a column has an order in time: codes are read as numbers."""
    if frame[column].dtype != pl.String:
        return frame
    return frame.with_columns(as_numbers(frame[column]).alias(column))


def with_roles(schema: Schema, split: Split, *, group: str = "") -> Schema:
    """Give the columns that rows are split by their roles, where they must not serve as features.

    The model meets new groups. A year only grows, while the parts of a datetime come again.

    Parameters
    ----------
    group
        The column that the brief names.
    """
    if split.kind == "group" or group:
        schema = schema.assign(Role.GROUP, group or split.column)
    if split.kind != "time" or schema[split.column].kind == Kind.DATETIME:
        return schema
    columns = tuple(
        msgspec.structs.replace(column, kind=Kind.NUMERIC, role=Role.TIME)
        if column.name == split.column
        else column
        for column in schema
    )
    return msgspec.structs.replace(schema, columns=columns)


def _with_role(role: Role, table: Table) -> str:
    column = table.schema.the(role)
    return column.name if column else ""


def _by_evidence(brief: Brief, usual: Split, table: Table) -> Split:
    frame, schema, seed = table.frame, table.schema, brief.seed
    for time in list_time_columns(frame, schema, answers=table.answers, seed=seed):
        split = _by_time(time, usual, table, boundary=brief.holdout_from)
        if brief.holdout_from or _holdout_share(split, table) <= _LARGEST_HOLDOUT:
            return split
    if brief.holdout_from:
        raise BriefError(
            f"The holdout should begin at {brief.holdout_from!r}, but no column tells the time.",
            "Name it as `time`.",
        )
    if (group := find_group_column(frame, schema, answers=table.answers, seed=seed)) is not None:
        reason = _sentence(f"{group.reason}; a model meets new ones, so none is on both sides")
        return _by_group(group.column, reason, usual, table)
    if (counter := find_counter(frame, schema, answers=table.answers)) is not None:
        return _by_time(counter, usual, table)
    return _by_chance(usual, table)


def _by_time(found: TimeEvidence, usual: Split, table: Table, *, boundary: str = "") -> Split:
    boundary = _as_written(boundary, table, found.column)
    split = msgspec.structs.replace(usual, kind="time", column=found.column, boundary=boundary)
    frame = as_time(table.frame, found.column)
    split = msgspec.structs.replace(split, boundary=boundary or _nearest_boundary(frame, split))
    share = _holdout_share(split, table)
    since = split.boundary.removesuffix("T00:00:00").removesuffix(".0")
    if _FRACTION.fullmatch(since):
        since = f"{float(since):.2f}"
    reason = (
        f"{found.reason}; a model is used on later rows, so those from "
        f"{since} on are the holdout ({share:.0%} of the rows)"
    )
    return msgspec.structs.replace(split, reason=_sentence(reason))


def _as_written(boundary: str, table: Table, name: str) -> str:
    """Return a boundary as the column can be compared with it, however a person wrote it."""
    column, moment = table.schema[name], moment_of(boundary)
    if column.kind != Kind.DATETIME:
        is_day = moment is not None and are_years(as_numbers(table.frame[name]))
        return _first_year(_EPOCH + timedelta(microseconds=moment or 0)) if is_day else boundary
    if moment is not None or (told := moment_of(boundary, column.datetime_format)) is None:
        return boundary
    return (_EPOCH + timedelta(microseconds=told)).isoformat()


def _first_year(moment: datetime) -> str:
    """Return the first year that begins at a moment or later."""
    return str(moment.year + (moment > datetime(moment.year, 1, 1)))  # noqa: DTZ001 - as the epoch


def _nearest_boundary(frame: pl.DataFrame, split: Split) -> str:
    """Return the moment from which on the share of rows is nearest to the one wanted.

    Where moments are few, such as years, the moment at the wanted share may begin far too large
    a holdout, and the one after it a better one.
    """
    usual = boundary_of(frame, split)
    larger = holdout_mask(frame, msgspec.structs.replace(split, boundary=usual), None)
    later = frame[split.column].filter(pl.Series(larger))
    rest = later.filter(later > later.min())
    smaller, wanted = len(rest) / len(frame), split.holdout_fraction
    if smaller < wanted / 2 or wanted - smaller >= larger.mean() - wanted:
        return usual
    first = rest.min()
    return first.isoformat() if isinstance(first, datetime) else repr(first)


def _holdout_share(split: Split, table: Table) -> float:
    return float(holdout_mask(as_time(table.frame, split.column), split, None).mean())


def _by_group(column: str, reason: str, usual: Split, table: Table) -> Split:
    folds = usual_folds(len(table.frame))
    return msgspec.structs.replace(usual, kind="group", column=column, folds=folds, reason=reason)


def _by_chance(usual: Split, table: Table) -> Split:
    nothing = "No column tells when a row happened or which rows belong together"
    usual = msgspec.structs.replace(usual, folds=usual_folds(len(table.frame)))
    if not table.task.is_classification:
        return msgspec.structs.replace(usual, reason=f"{nothing}: the holdout is drawn by chance.")
    reason = f"{nothing}: the holdout is drawn by chance, each class in its share."
    return msgspec.structs.replace(usual, kind="stratified", reason=reason)


def _sentence(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}."
