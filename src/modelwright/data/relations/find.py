"""Relations between the question's table and related ones: found, and verified by exact counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modelwright.data.free_name import free_name
from modelwright.data.relations.clocks import Clock, clock_of
from modelwright.data.relations.keys import KeyFacts, count_key, key_column, key_frame
from modelwright.data.relations.links import Link, links_to
from modelwright.data.relations.names import heading_of
from modelwright.data.relations.paths import find_paths, with_step
from modelwright.data.relations.relation import Relation, Shape
from modelwright.data.relations.table import Question, RelatedTable, answers_in
from modelwright.data.schema import Kind, Schema
from modelwright.data.sources.columns import listed

MOST_PAIRS = 500_000_000
"""Pairs of a row's moment and a related row; more of them are refused."""

_SHAPES: dict[tuple[bool, bool], Shape] = {
    (True, True): "one-to-one",
    (True, False): "one-to-many",
    (False, True): "many-to-one",
    (False, False): "many-to-many",
}
_TIMELESS = (
    "it has many rows for a key and no time, so nobody can say which of them were known at the "
    "moment. Name its time, or say static = true in {} when its rows never change."
)
_LEFT_OUT = (
    "Its {!r} is left out: it is called like the target, and nobody said with `delay` how long "
    "after a row it is known."
)
_MOMENT_IN_KEY = (
    "its key has {!r}, the moment of prediction, and rows of that very moment are not known before "
    "it. Leave it out of the key: the rows before count then. What is planned for a day is read by "
    "a copy of the day as text, made by a query or a view of your rows."
)


@dataclass(frozen=True)
class Found:
    """What was found: relations, and sentences about what is not used."""

    relations: tuple[Relation, ...] = ()
    refused: tuple[str, ...] = ()


def find_relations(question: Question, tables: Sequence[RelatedTable]) -> Found:
    """Find how related tables belong to the question's.

    Raises
    ------
    BriefError
        When a key or a time that the brief names is not there.
    """
    relations: list[Relation] = []
    refused: list[str] = []
    direct = {each.name: [] if each.source.via else links_to(question, each) for each in tables}
    for table in tables:
        links = direct[table.name]
        several = len(links) > 1
        made = [
            _relation(question, table, link, clock_of(question, table, link.keys), several=several)
            for link in links
        ] or _two_steps(question, table, tables, direct)
        if not made:
            refused.append(
                f"{table.name}: no column of it leads to the question's rows. "
                f'Name one: {heading_of(table.name)} key = "COLUMN = ITS_COLUMN".'
            )
        relations += [each for each in made if isinstance(each, Relation)]
        refused += [f"{table.name}: {each}" for each in made if isinstance(each, str)]
    # What is said of each of several links to a table is told once.
    return Found(tuple(relations), tuple(dict.fromkeys(refused)))


def _two_steps(
    question: Question,
    table: RelatedTable,
    tables: Sequence[RelatedTable],
    direct: Mapping[str, Sequence[Link]],
) -> list[Relation | str]:
    """Return what leads to a table through another one, or why it cannot be used."""
    paths = find_paths(question, table, tables, direct)
    several, found = len(paths) > 1, []
    for path in paths:
        made = _relation(question, path.table, path.link, path.clock, several=False)
        found.append(made if isinstance(made, str) else with_step(made, path, several=several))
    return found


def _relation(
    question: Question,
    table: RelatedTable,
    link: Link,
    clock: Clock | str,
    *,
    several: bool,
) -> Relation | str:
    """Return what leads to a table, or why it cannot be used."""
    if question.moment in link.columns:
        return _MOMENT_IN_KEY.format(question.moment)
    if isinstance(clock, str):
        return clock
    ours = key_frame(question.frame, question.schema, link.columns)
    theirs = key_frame(table.frame, table.schema, link.keys)
    our_key, their_key = count_key(ours, link.columns), count_key(theirs, link.keys)
    if not their_key.distinct:
        return f"{listed(link.keys)} is missing in all of its rows."
    if not clock.time and not their_key.is_unique and not table.source.static:
        return _TIMELESS.format(heading_of(table.name))
    used, matched = (free_name((*link.columns, *link.keys), after=at) for at in ("used", "matched"))
    sizes = theirs.drop_nulls().group_by(link.keys).len(used)
    asked = ours.drop_nulls().group_by(link.columns).len(matched)
    both = asked.join(sizes, left_on=link.columns, right_on=link.keys)
    if not both.height:
        return f"no value of {listed(link.columns)} is a value of {listed(link.keys)}."
    if (pairs := int((both[matched] * both[used]).sum())) > MOST_PAIRS and clock.time:
        return f"rows and related rows make {pairs:,} pairs; at most {MOST_PAIRS:,} are tried."
    return Relation(
        name=f"{table.name}_by_{'_'.join(link.columns)}" if several else table.name,
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
        matched=float(both[matched].sum()) / max(1, our_key.rows),
        used=float(both[used].sum()) / max(1, their_key.rows),
        null_keys=(_nulls(our_key), _nulls(their_key)),
        evidence=(
            *link.evidence,
            f"One value has at most {their_key.most:,} rows there and {our_key.most:,} here.",
            *clock.evidence,
            *(_LEFT_OUT.format(name) for name in answers_in(question, table)),
        ),
    )


def _nulls(key: KeyFacts) -> float:
    return key.nulls / max(1, key.rows)


def _child_schema(question: Question, table: RelatedTable, link: Link, clock: Clock) -> Schema:
    keys = [key_column(table.schema[name]) for name in link.keys]
    times = [table.schema[clock.time]] if clock.time else []
    taken = {column.name for column in (*keys, *times)} | answers_in(question, table)
    values = [
        each
        for each in table.schema
        if each.name not in taken and each.kind not in (Kind.DATETIME, Kind.TEXT, Kind.CONSTANT)
    ]
    return Schema(columns=(*keys, *times, *values))


def _asked_schema(question: Question, link: Link, clock: Clock) -> Schema:
    columns = [key_column(question.schema[name]) for name in link.columns]
    if clock.time:
        columns.append(question.schema[question.moment])
    return Schema(columns=tuple(columns))
