"""Ways to a related table through another one: of an order's customer the region.

The rows of the table between are joined with the related rows that belong to them, and the pairs
are read like any related table. A pair is known when both of its rows are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import polars as pl

from modelwright.data.relations.clocks import Clock, clock_of
from modelwright.data.relations.keys import count_key, key_column, key_frame
from modelwright.data.relations.links import Link, links_to
from modelwright.data.relations.names import heading_of
from modelwright.data.relations.relation import Relation, Step
from modelwright.data.relations.table import Question, RelatedTable, answers_in
from modelwright.data.schema import Schema
from modelwright.data.sources.columns import listed
from modelwright.errors import BriefError, nearest

_MOST_PATHS = 2
MOST_JOINED = 3_000_000
"""Pairs of rows that are held in memory, or as many as both tables have rows."""

_TIMELESS = (
    "it is reached through {0}, which has many rows for a key and no time, so nobody can say which "
    "of them were known at the moment. Say static = true in {1} when its rows never "
    "change."
)
_UNDATED = (
    "it has many rows for a key of {0}, through which it is reached, and no time: that of {0} does "
    "not say when they came. Name its time, or say static = true in {1} when they are "
    "all known with their row of {0}."
)
_TIME_IN_KEY = (
    "its key has {0!r}, the time of {1}, through which it is reached. Name another time in "
    "{2}, or give {1} a copy of {0!r} as text, by a query or a view, for the key."
)
_ANSWER = (
    "its key has {0!r}, which is called like the target, so it is looked up by the answer. Say "
    "with `delay` in {1} how long after a row it is known, if it is known in time."
)

_TOO_MANY = (
    "its rows and those of {0}, through which it is reached, make {1:,} pairs; at most {2:,} are "
    "made. Bring one of them to fewer rows for each value of {3}, by a query or a view."
)


@dataclass(frozen=True)
class Path:
    """A way to a table.

    Parameters
    ----------
    table
        The pairs of rows, as a related table; the table alone where they cannot be used.
    link
        What leads to them.
    clock
        When they are known, or why they cannot be used.
    step
        The table between.
    """

    table: RelatedTable
    link: Link
    clock: Clock | str
    step: Step


def find_paths(
    question: Question,
    table: RelatedTable,
    tables: Sequence[RelatedTable],
    direct: Mapping[str, Sequence[Link]],
) -> list[Path]:
    """Return the ways to a table through another one.

    Parameters
    ----------
    question, table
        Whose rows should lead to which.
    tables
        All related tables.
    direct
        By their names, what leads to them in one step.

    Raises
    ------
    BriefError
        When the table between that the brief names is not there, or a key of it.
    """
    via = table.source.via
    names = [each.name for each in tables if each.name != table.name]
    if via and via not in names:
        raise BriefError(
            f"The related table {table.name!r} is said to be reached via {via!r}, which is none of "
            "the related tables.",
            nearest(via, names),
        )
    if table.source.key_pairs and not via:
        return []
    found = []
    for between in tables:
        if between.name == table.name or (via and between.name != via):
            continue
        if via and between.source.via:
            raise BriefError(
                f"The related table {table.name!r} is said to be reached via {via!r}, which is "
                f"itself reached via {between.source.via!r}: at most two steps are followed.",
                "Join two of these tables, by a query or a view.",
            )
        ways = direct[between.name]
        onward = links_to(Question(between.frame, between.schema), table) if ways else []
        if onward and (via or _leads_to_one(between, table, onward[0])):
            found += [_path(question, between, way, table, onward[0]) for way in ways]
    return found if via else found[:_MOST_PATHS]


def with_step(relation: Relation, path: Path, *, several: bool) -> Relation:
    """Return a relation to the pairs of rows as one to the table, through the other.

    Parameters
    ----------
    relation, path
        To the pairs.
    several
        Whether it is one of several to this table, so that its name has to say which.
    """
    step, columns = path.step, list(relation.schema)
    if step.time and step.time not in relation.schema:
        columns.append(path.table.schema[step.time])
    by = "_".join(relation.columns)
    return msgspec.structs.replace(
        relation,
        name=f"{relation.table}_via_{step.table}_by_{by}" if several else relation.table,
        schema=Schema(columns=tuple(columns)),
        through=step,
    )


def _path(
    question: Question, between: RelatedTable, way: Link, table: RelatedTable, onward: Link
) -> Path:
    first = clock_of(question, between, way.keys)
    second = clock_of(question, table, onward.keys)
    step = Step(
        table=between.name,
        columns=onward.columns,
        keys=onward.keys,
        schema=_read_between(between, way, onward, first),
        theirs=Schema(columns=tuple(key_column(table.schema[name]) for name in onward.keys)),
    )
    is_lookup = _is_unique(table, onward)
    read = (*way.keys, first.time if isinstance(first, Clock) else "")
    said: tuple[str, ...] = ()
    answer = _answer(question, between, onward.columns) or _answer(question, table, onward.keys)
    clock: Clock | str = answer or _refusal(
        (between, first), (table, second), (way, onward), is_lookup=is_lookup
    )
    clock = clock or _too_many(between, table, onward)
    if isinstance(first, Clock) and isinstance(second, Clock) and not clock:
        first = replace(first, time=step.named(first.time) if first.time else "")
        # What is looked up happened with the row that looks it up.
        is_first = bool(first.time) and (is_lookup or not second.time)
        clock, further = (first, second) if is_first else (second, first)
        said = further.evidence
        step = msgspec.structs.replace(
            step, time=further.time, grain=further.grain, delay_s=further.delay_s
        )
    static = (between if is_lookup else table).source.static
    link = Link(
        way.columns,
        tuple(map(step.named, way.keys)),
        (
            f"Its rows belong to those of {between.name}, which are joined with them.",
            *way.evidence,
            *onward.evidence,
            *said,
        ),
    )
    if isinstance(clock, Clock):
        table = _pairs(between, table, step, read=read, static=static)
    return Path(table, link, clock, step)


def _too_many(between: RelatedTable, table: RelatedTable, onward: Link) -> str:
    """Return why the pairs of rows cannot be held; empty where they can. They are only counted."""
    ours = key_frame(between.frame, between.schema, onward.columns).group_by(onward.columns)
    theirs = key_frame(table.frame, table.schema, onward.keys).group_by(onward.keys)
    both = ours.len("_ours").join(
        theirs.len("_theirs"), left_on=onward.columns, right_on=onward.keys
    )
    pairs = int((both["_ours"].cast(pl.Int64) * both["_theirs"]).sum())
    most = max(MOST_JOINED, between.frame.height + table.frame.height)
    return _TOO_MANY.format(between.name, pairs, most, listed(onward.columns)) * (pairs > most)


def _answer(question: Question, table: RelatedTable, key: Sequence[str]) -> str:
    """Return why a key may not be used that would be left out as a value; empty where it may."""
    found = sorted(answers_in(question, table) & set(key))
    return _ANSWER.format(found[0], heading_of(table.name)) if found else ""


def _refusal(
    ours: tuple[RelatedTable, Clock | str],
    theirs: tuple[RelatedTable, Clock | str],
    links: tuple[Link, Link],
    *,
    is_lookup: bool,
) -> str:
    """Return why the rows cannot be used, in a sentence; empty where they can."""
    (between, first), (table, second), (way, onward) = ours, theirs, links
    if isinstance(first, str):
        return f"{between.name}, through which it is reached, cannot be used: {first}"
    if isinstance(second, str):
        return second
    if first.time in onward.columns:
        return _TIME_IN_KEY.format(first.time, between.name, heading_of(between.name))
    # When a related row was known says nothing of the row that leads to it, and the other way.
    if not first.time and not between.source.static and not _is_unique(between, way):
        return _TIMELESS.format(between.name, heading_of(between.name))
    if not second.time and not table.source.static and not is_lookup:
        return _UNDATED.format(between.name, heading_of(table.name))
    return ""


def _read_between(between: RelatedTable, way: Link, onward: Link, clock: Clock | str) -> Schema:
    keys = dict.fromkeys((*way.keys, *onward.columns))
    columns = [key_column(between.schema[name]) for name in keys]
    if isinstance(clock, Clock) and clock.time and clock.time not in keys:
        columns.append(between.schema[clock.time])
    return Schema(columns=tuple(columns))


def _leads_to_one(between: RelatedTable, table: RelatedTable, onward: Link) -> bool:
    """Say whether one side has one row for a key: that many belong to many is to be said."""
    ours = Link(onward.keys, onward.columns, ())
    return _is_unique(table, onward) or _is_unique(between, ours)


def _is_unique(table: RelatedTable, link: Link) -> bool:
    return count_key(key_frame(table.frame, table.schema, link.keys), link.keys).is_unique


def _pairs(
    between: RelatedTable,
    table: RelatedTable,
    step: Step,
    *,
    read: Collection[str],
    static: bool,
) -> RelatedTable:
    """Return the joined rows, raw, with the columns that may be read of them."""
    ours = key_frame(between.frame, between.schema, step.columns)
    theirs = key_frame(table.frame, table.schema, step.keys)
    places = ours.with_row_index("_ours").join(
        theirs.with_row_index("_theirs"),
        left_on=step.columns,
        right_on=step.keys,
        how="inner",
        maintain_order="left_right",
    )
    values = [
        each for each in table.schema if each.name not in step.keys and each.name not in step.names
    ]
    names = [each for each in step.schema.names if each in read]
    frame = between.frame[places["_ours"]].select(names).rename(step.named)
    frame = frame.hstack(table.frame[places["_theirs"]].select(each.name for each in values))
    columns = [
        msgspec.structs.replace(between.schema[name], name=step.named(name)) for name in names
    ]
    return replace(
        table,
        frame=frame,
        schema=Schema(columns=(*columns, *values)),
        source=msgspec.structs.replace(table.source, static=static),
    )
