"""Relations between the question's table and related ones, found and verified.

Names, kinds and contained values are evidence; what is found is verified by exact counts over all
rows. Columns with other names are believed only where nearly all values are contained and the
related column is a key: small whole numbers are contained in each other by chance.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from modelwright.data.conform import conform
from modelwright.data.relations.keys import count_key, key_column, key_frame, may_be_key
from modelwright.data.relations.relation import DAY_S, Grain, Relation, Shape
from modelwright.data.relations.table import RelatedTable
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.errors import BriefError, nearest

MOST_PAIRS = 500_000_000
"""Pairs of a row's moment and a related row; more of them are refused."""

_PARTS_OF_DATES = {"year", "month", "day", "hour", "minute", "week", "weekday", "quarter", "date"}
_CONTAINED, _SAME_NAME_CONTAINED = 0.9, 0.02
_FEWEST_VALUES = 3
_MOST_BY_NAME = 3
_DENSE = 0.5
_ZONES_S = 14 * 3600
"""The clock of no place is further from UTC."""


@dataclass(frozen=True)
class Question:
    """The question's table, without its holdout.

    Parameters
    ----------
    frame, schema
        Raw rows, and what their columns hold.
    moment
        The column with the moment of prediction; empty where there is none.
    """

    frame: pl.DataFrame
    schema: Schema
    moment: str = ""


@dataclass(frozen=True)
class Found:
    """What was found: relations, and sentences about what is not used."""

    relations: tuple[Relation, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Link:
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class _Clock:
    time: str = ""
    grain: Grain = "exact"
    delay_s: float = 0.0
    evidence: tuple[str, ...] = field(default=())


def find_relations(question: Question, tables: Sequence[RelatedTable]) -> Found:
    """Find how related tables belong to the question's.

    Raises
    ------
    BriefError
        When a key or a time that the brief names is not there.
    """
    relations: list[Relation] = []
    refused: list[str] = []
    for table in tables:
        links = _links(question, table)
        if not links:
            refused.append(
                f"{table.name}: no column of it leads to the question's rows. "
                f'Name one: [related.{table.name}] key = "COLUMN = ITS_COLUMN".'
            )
        for link in links:
            made = _relation(question, table, link, several=len(links) > 1)
            if isinstance(made, str):
                refused.append(f"{table.name}: {made}")
            else:
                relations.append(made)
    return Found(tuple(relations), tuple(refused))


# --- which columns lead to it ---------------------------------------------------------------


def _links(question: Question, table: RelatedTable) -> list[_Link]:
    if pairs := table.source.key_pairs:
        for our, their in pairs:
            _require(our, question.schema.names, "The question's table")
            _require(their, table.schema.names, f"The related table {table.name!r}")
        ours, theirs = zip(*pairs, strict=True)
        return [_Link(ours, theirs, ("The brief names its key.",))]
    leading = [each for each in question.schema if _may_lead(each, question)]
    keys = [each for each in table.schema if may_be_key(each)]
    by_name = _by_name(question, table, leading, keys)
    return by_name or _by_values(question, table, leading, keys)


def _may_lead(column: Column, question: Question) -> bool:
    is_free = column.role != Role.TARGET and column.name != question.moment
    return is_free and may_be_key(column)


def _by_name(
    question: Question, table: RelatedTable, ours: list[Column], theirs: list[Column]
) -> list[_Link]:
    pairs = [
        (our.name, their.name)
        for our in ours
        for their in theirs
        if _same_name(our.name, their.name, table.name) and _plain(our.name) not in _PARTS_OF_DATES
    ]
    found = []
    for our, their in pairs:
        contained = _contained(question, table, our, their)
        if contained >= _SAME_NAME_CONTAINED:
            said = (
                f"{our!r} is called {their!r} there, and {contained:.0%} of its values are there."
            )
            found.append((contained, _Link((our,), (their,), (said,))))
    found.sort(key=lambda each: -each[0])
    links = [link for _, link in found][:_MOST_BY_NAME]
    return _together(table, links) or links


def _together(table: RelatedTable, links: list[_Link]) -> list[_Link]:
    """Return the columns of all links as one key, where only together they are one."""
    if len(links) < 2 or _time_columns(table):
        return []
    names = [link.keys[0] for link in links]
    typed = key_frame(table.frame, table.schema, names)
    if any(count_key(typed, [name]).is_unique for name in names):
        return []
    if not count_key(typed, names).is_unique:
        return []
    columns = tuple(link.columns[0] for link in links)
    said = "Together they name one row there; none does alone."
    return [_Link(columns, tuple(names), (said,))]


def _by_values(
    question: Question, table: RelatedTable, ours: list[Column], theirs: list[Column]
) -> list[_Link]:
    """Return links between columns with other names: into keys of the related table only."""
    links = []
    for their in theirs:
        values = key_frame(table.frame, table.schema, [their.name])
        if not count_key(values, [their.name]).is_unique or _is_sequence(values[their.name]):
            continue
        for our in ours:
            contained = _contained(question, table, our.name, their.name)
            if contained >= _CONTAINED:
                said = (
                    f"{contained:.0%} of the values of {our.name!r} are values of {their.name!r}, "
                    "which names one row there."
                )
                links.append(_Link((our.name,), (their.name,), (said,)))
    return links[:_MOST_BY_NAME]


def _is_sequence(keys: pl.Series) -> bool:
    """Say whether keys are whole numbers without large gaps, in which others lie by chance."""
    numbers = keys.drop_nulls().cast(pl.Int64, strict=False)
    if not len(numbers) or numbers.null_count():
        return False
    low, high = numbers.min(), numbers.max()
    assert isinstance(low, int)
    assert isinstance(high, int)
    return len(numbers) / (high - low + 1) > _DENSE


def _contained(question: Question, table: RelatedTable, our: str, their: str) -> float:
    """Return the fraction of our values that are theirs too; 0 where there are too few."""
    ours = key_frame(question.frame, question.schema, [our])[our].drop_nulls().unique()
    theirs = key_frame(table.frame, table.schema, [their])[their].drop_nulls().unique()
    if len(ours) < _FEWEST_VALUES or not len(theirs):
        return 0.0
    return float(ours.is_in(theirs.implode()).sum()) / len(ours)


def _same_name(ours: str, theirs: str, table: str) -> bool:
    """Say whether two columns have the same name, or one is the id of the table named.

    Examples
    --------
    >>> _same_name("CustomerID", "customer_id", "orders"), _same_name("plane_id", "id", "planes")
    (True, True)
    >>> _same_name("id", "id", "orders")
    True
    """
    our, their, name = _plain(ours), _plain(theirs), _plain(table)
    if our == their:
        return True
    singular = name.removesuffix("s")
    return their in ("id", "key", "code", "no") and our in (
        singular,
        *(f"{each}{their}" for each in (name, singular)),
    )


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "", name.lower())


def _require(name: str, known: Sequence[str], where: str) -> None:
    if name not in known:
        raise BriefError(f"{where} has no column {name!r}.", nearest(name, known))


# --- what it is -----------------------------------------------------------------------------


def _relation(
    question: Question, table: RelatedTable, link: _Link, *, several: bool
) -> Relation | str:
    ours = key_frame(question.frame, question.schema, link.columns)
    theirs = key_frame(table.frame, table.schema, link.keys)
    our_key, their_key = count_key(ours, link.columns), count_key(theirs, link.keys)
    if not their_key.distinct:
        return f"{_named(link.keys)} is missing in all of its rows."
    clock = _clock(question, table)
    if isinstance(clock, str):
        return clock
    if not clock.time and not their_key.is_unique and not table.source.static:
        return (
            "it has many rows for a key and no time, so nobody can say which of them were known at "
            f"the moment. Name its time, or say static = true in [related.{table.name}] when its "
            "rows never change."
        )
    sizes = theirs.drop_nulls().group_by(link.keys).len("theirs")
    asked = ours.drop_nulls().group_by(link.columns).len("ours")
    both = asked.join(sizes, left_on=link.columns, right_on=link.keys)
    if not both.height:
        return f"no value of {_named(link.columns)} is a value of {_named(link.keys)}."
    if (pairs := int((both["ours"] * both["theirs"]).sum())) > MOST_PAIRS and clock.time:
        return f"rows and related rows make {pairs:,} pairs; at most {MOST_PAIRS:,} are tried."
    return Relation(
        name=f"{table.name}_by_{link.columns[0]}" if several else table.name,
        table=table.name,
        columns=link.columns,
        keys=link.keys,
        shape=_SHAPES[our_key.is_unique, their_key.is_unique],
        moment=question.moment if clock.time else "",
        time=clock.time,
        grain=clock.grain,
        delay_s=clock.delay_s,
        schema=_child_schema(question, table, link, clock),
        asked=_asked_schema(question, link, clock),
        matched=float(both["ours"].sum()) / max(1, our_key.rows),
        used=float(both["theirs"].sum()) / max(1, their_key.rows),
        null_keys=(
            our_key.nulls / max(1, our_key.rows),
            their_key.nulls / max(1, their_key.rows),
        ),
        evidence=(
            *link.evidence,
            f"One value has at most {their_key.most:,} rows there and {our_key.most:,} here.",
            *clock.evidence,
            *(
                f"Its {name!r} is left out: it is called like the target, and nobody said with "
                "`delay` how long after a row it is known."
                for name in _answers(question, table)
            ),
        ),
    )


_SHAPES: dict[tuple[bool, bool], Shape] = {
    (True, True): "one-to-one",
    (True, False): "one-to-many",
    (False, True): "many-to-one",
    (False, False): "many-to-many",
}


def _child_schema(question: Question, table: RelatedTable, link: _Link, clock: _Clock) -> Schema:
    keys = [key_column(table.schema[name]) for name in link.keys]
    times = [table.schema[clock.time]] if clock.time else []
    taken = {column.name for column in (*keys, *times)} | _answers(question, table)
    values = [
        each
        for each in table.schema
        if each.name not in taken and each.kind not in (Kind.DATETIME, Kind.TEXT, Kind.CONSTANT)
    ]
    return Schema(columns=(*keys, *times, *values))


def _answers(question: Question, table: RelatedTable) -> set[str]:
    """Return the column that is called like the target, unless it is said when it is known."""
    targets = {column.name for column in question.schema.with_role(Role.TARGET)}
    return targets & set(table.schema.names) if not table.delay_s else set()


def _asked_schema(question: Question, link: _Link, clock: _Clock) -> Schema:
    columns = [key_column(question.schema[name]) for name in link.columns]
    if clock.time:
        columns.append(question.schema[question.moment])
    return Schema(columns=tuple(columns))


# --- when its rows are known ----------------------------------------------------------------


def _clock(question: Question, table: RelatedTable) -> _Clock | str:
    """Return when rows are known, or why the table cannot be used."""
    times = _time_columns(table)
    if not times:
        said = "It has no time: its rows are read as they are now, whenever the prediction was made"
        return _Clock(evidence=(f"{said}; use it only if they do not change.",))
    if not question.moment:
        return (
            "its rows have a time, but the question's rows have no moment of prediction to compare "
            "it with. Name it: --moment COLUMN."
        )
    chosen = times[0]
    values = conform(table.frame, Schema(columns=(table.schema[chosen],)))[chosen].drop_nulls()
    if not len(values):
        return f"its time {chosen!r} is missing in all rows."
    grain, delay_s, evidence = _grain(values), table.delay_s, []
    if len(times) > 1:
        evidence.append(f"Its time is {chosen!r}; {_named(times[1:])} would be others.")
    if grain != "exact":
        evidence.append(f"Its time is exact to the {grain}: a row is known when that is over.")
    if _has_zone(question.frame[question.moment]) != _has_zone(table.frame[chosen]):
        delay_s += _ZONES_S
        evidence.append(
            "Only one of the two times has a time zone: rows of the last 14 hours are left out, "
            "as nobody can say whether they were known."
        )
    if delay_s:
        evidence.append(f"A row is known {delay_s / 3600:g} hours after its time.")
    return _Clock(chosen, grain, delay_s, tuple(evidence))


def _time_columns(table: RelatedTable) -> tuple[str, ...]:
    """Return the columns that may say when a row happened, the likeliest first."""
    if table.source.time:
        _require(table.source.time, table.schema.names, f"The related table {table.name!r}")
        if table.schema[table.source.time].kind != Kind.DATETIME:
            raise BriefError(
                f"The time {table.source.time!r} of {table.name!r} holds no moments.",
                "Name a column with dates or times.",
            )
        return (table.source.time,)
    times = [each.name for each in table.schema if each.kind == Kind.DATETIME]
    if len(times) < 2:
        return tuple(times)
    # A row may be completed later than it is begun: the latest time is the safe one.
    frame = conform(table.frame, Schema(columns=tuple(table.schema[name] for name in times)))
    means = {name: frame[name].cast(pl.Int64).mean() or 0 for name in times}
    return tuple(sorted(times, key=lambda name: (-float(str(means[name])), name)))


def _grain(times: pl.Series) -> Grain:
    if (times.cast(pl.Int64) % (DAY_S * 1_000_000) != 0).any():
        return "exact"
    return "month" if len(times) > 1 and (times.dt.day() == 1).all() else "day"


def _has_zone(series: pl.Series) -> bool:
    if isinstance(series.dtype, pl.Datetime):
        return series.dtype.time_zone is not None
    if series.dtype != pl.String:
        return False
    return bool(series.str.contains(r"\d\d:\d\d.*(?:[Zz]|UTC|GMT|[+-]\d\d:?\d\d)\s*$").any())


def _named(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
