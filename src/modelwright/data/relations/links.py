"""Which columns of a related table lead to the question's rows.

Names, kinds and contained values are evidence. Columns with other names are believed only where
nearly all values are contained and the related column is a key: small whole numbers are contained
in each other by chance.
"""

from dataclasses import dataclass

import polars as pl

from modelwright.data.relations.clocks import time_columns
from modelwright.data.relations.composite import Composite, find_composite
from modelwright.data.relations.keys import count_key, holds_measures, key_frame, may_be_key
from modelwright.data.relations.names import is_part_of_date, same_name
from modelwright.data.relations.table import Question, RelatedTable, require_column
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.sources.columns import listed

_CONTAINED, _SAME_NAME_CONTAINED = 0.9, 0.02
_FEWEST_VALUES = 3
_MOST_BY_NAME = 3
_DENSE = 0.5


@dataclass(frozen=True)
class Link:
    """Columns of the question's table with those that they are equal to, and why."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    evidence: tuple[str, ...]


def links_to(question: Question, table: RelatedTable) -> list[Link]:
    """Return the columns that lead to a table: those of the brief, else by name, else by values."""
    if pairs := table.source.key_pairs:
        via = table.source.via
        ours_is = f"The related table {via!r}" if via else "The question's table"
        for our, their in pairs:
            require_column(our, question.schema.names, ours_is)
            require_column(their, table.schema.names, f"The related table {table.name!r}")
        ours, theirs = zip(*pairs, strict=True)
        return [Link(ours, theirs, ("The brief names its key.",))]
    leading = [each for each in question.schema if _may_lead(each, question)]
    keys = [
        each for each in table.schema if may_be_key(each) and not holds_measures(table.frame, each)
    ]
    named = _by_name(question, table, leading, keys)
    if any(_leads_to_one(table, link) for link in named):
        return named
    if not named and (links := _by_values(question, table, leading, keys)):
        return links
    together = find_composite(
        question,
        table,
        [each.name for each in leading] + _days(question.schema, table, but=question.moment),
        [each.name for each in keys] + _days(table.schema, table),
    )
    if together is None:
        return _together(table, named) or named
    # Of rows with a time, or that never change, each part of the key alone has many: a history.
    # Those of one row of ours (the lines of a receipt) have none without a time.
    lasts = table.source.static and not together.names_ours
    has_history = bool(time_columns(table)) or lasts
    return [*(named if has_history else ()), _of_composite(together)]


def _of_composite(key: Composite) -> Link:
    fewer = "neither does alone" if len(key.keys) == 2 else "fewer of them do not"
    whose, names = ("here", key.columns) if key.names_ours else ("there", key.keys)
    said = (
        f"{listed(names)} together name one row {whose}, and {fewer}; "
        f"{key.contained:.0%} of the values of {listed(key.columns)} are there."
    )
    return Link(key.columns, key.keys, (said,))


def _days(schema: Schema, table: RelatedTable, *, but: str = "") -> list[str]:
    """Return the dates of a schema, which only lead to a table that is known beforehand."""
    dates = [
        each.name
        for each in schema
        if each.kind == Kind.DATETIME and each.name != but and not may_be_key(each)
    ]
    return dates if table.source.static else []


def _leads_to_one(table: RelatedTable, link: Link) -> bool:
    return count_key(key_frame(table.frame, table.schema, link.keys), link.keys).is_unique


def _may_lead(column: Column, question: Question) -> bool:
    is_free = column.role != Role.TARGET and column.name != question.moment
    return is_free and may_be_key(column)


def _by_name(
    question: Question, table: RelatedTable, ours: list[Column], theirs: list[Column]
) -> list[Link]:
    pairs = [
        (our.name, their.name)
        for our in ours
        for their in theirs
        if same_name(our.name, their.name, table.name) and not is_part_of_date(our.name)
    ]
    found = []
    for our, their in pairs:
        contained = _contained(question, table, our, their)
        if contained >= _SAME_NAME_CONTAINED:
            said = (
                f"{our!r} is called {their!r} there, and {contained:.0%} of its values are there."
            )
            found.append((contained, Link((our,), (their,), (said,))))
    found.sort(key=lambda each: -each[0])
    return [link for _, link in found][:_MOST_BY_NAME]


def _together(table: RelatedTable, links: list[Link]) -> list[Link]:
    """Return the columns of all links as one key, where only together they are one."""
    if len(links) < 2 or time_columns(table):
        return []
    names = [link.keys[0] for link in links]
    typed = key_frame(table.frame, table.schema, names)
    if any(count_key(typed, [name]).is_unique for name in names):
        return []
    if not count_key(typed, names).is_unique:
        return []
    columns = tuple(link.columns[0] for link in links)
    said = "Together they name one row there; none does alone."
    return [Link(columns, tuple(names), (said,))]


def _by_values(
    question: Question, table: RelatedTable, ours: list[Column], theirs: list[Column]
) -> list[Link]:
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
                links.append(Link((our.name,), (their.name,), (said,)))
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
