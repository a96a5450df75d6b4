"""Columns that only together name a row: an order and its line, a shop and its receipt.

Such a key of two to four columns is believed where no two rows there have the same values, fewer
columns do not do it, and nearly all its values in the question's rows are there. Small whole
numbers lie in each other by chance, and together too: columns that are not all called the same must
be there far oftener than where one of them is in another order. Where none name a row there, those
that name one of the question's are looked for, of which there are several there: they must all be
called the same. How much is looked at has bounds, however wide tables are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import polars as pl

from modelwright.data.relations.keys import count_key, key_frame
from modelwright.data.relations.names import is_part_of_date, same_name
from modelwright.data.relations.table import Question, RelatedTable

_MOST_COLUMNS, _MOST_VALUES, _MOST_PARTS = 40, 1_000, 10
_SIZES = (2, 3, 4)
_FIRST_ROWS = 10_000
"""What occurs twice in the first rows is no key: most columns are done with here."""
_CONTAINED = 0.9
_FILLED = 0.5
_FEWEST_VALUES = 12
_BEYOND_CHANCE = 4.0
"""Standard errors between what is there and what is with one of the columns shuffled."""


@dataclass(frozen=True)
class Composite:
    """Columns of the question's table with those that they equal, and how well they do.

    Parameters
    ----------
    columns, keys
        As many of each.
    contained
        The fraction of the question's different values that are there.
    named
        How many of the columns are called the same in both tables.
    names_ours
        Whether they name a row of the question's, and not one there.
    """

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    contained: float
    named: int
    names_ours: bool = False


@dataclass(frozen=True)
class _Part:
    ours: str
    theirs: str
    named: bool


def find_composite(
    question: Question, table: RelatedTable, ours: Sequence[str], theirs: Sequence[str]
) -> Composite | None:
    """Return the fewest columns that best name a row, there or else here; None where none do.

    Parameters
    ----------
    question, table
        Which rows should lead to which.
    ours, theirs
        Columns that may lead, and those that may be keys.
    """
    here = key_frame(question.frame, question.schema, ours[:_MOST_COLUMNS])
    there = key_frame(table.frame, table.schema, theirs[:_MOST_COLUMNS])
    parts = _parts(here, _no_keys(there), table)
    if (key := _best(parts, partial(_checked, here, there))) is not None:
        return key
    several = set(_no_keys(here).columns)
    alike = [part for part in parts if part.named and part.ours in several]
    return _best(alike, partial(_checked_ours, here, there))


_Parts = tuple[_Part, ...]


def _best(
    parts: Sequence[_Part], checked: Callable[[_Parts], Composite | None]
) -> Composite | None:
    for size in _SIZES:
        found = [
            key
            for chosen in combinations(parts, size)
            if len({part.ours for part in chosen}) == len({part.theirs for part in chosen}) == size
            if (key := checked(chosen)) is not None
        ]
        if found:
            return max(found, key=lambda each: (each.named, each.contained))
    return None


def _no_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that are filled, vary and are no key alone."""
    filled = [name for name in frame.columns if frame[name].count() >= _FILLED * frame.height]
    counted = {name: count_key(frame, [name]) for name in filled}
    return frame.select(
        name for name, facts in counted.items() if facts.distinct > 1 and not facts.is_unique
    )


def _parts(here: pl.DataFrame, there: pl.DataFrame, table: RelatedTable) -> list[_Part]:
    """Return the columns whose values lie in another one's, those of the same name first."""
    samples = [
        pl.DataFrame({"ours": [name] * len(values), "value": values})
        for name in here.columns
        if len(values := here[name].drop_nulls().unique(maintain_order=True).head(_MOST_VALUES)) > 1
    ]
    if not samples:
        return []
    stacked = pl.concat(samples)
    parts = [
        _Part(our, their, _is_named(our, their, table))
        for their in there.columns
        for our, share in stacked.group_by("ours", maintain_order=True)
        .agg(pl.col("value").is_in(there[their].unique().implode()).mean())
        .iter_rows()
        if share >= _CONTAINED
    ]
    parts.sort(key=lambda part: not part.named)
    return parts[:_MOST_PARTS]


def _is_named(ours: str, theirs: str, table: RelatedTable) -> bool:
    # Months and days lie in each other by chance; of a calendar they are what leads to it.
    is_said = table.source.static or not is_part_of_date(ours)
    return is_said and same_name(ours, theirs, table.name)


def _checked(here: pl.DataFrame, there: pl.DataFrame, parts: _Parts) -> Composite | None:
    columns, keys = tuple(part.ours for part in parts), tuple(part.theirs for part in parts)
    values = there.select(keys).drop_nulls()
    if not _name_rows(values, there.height):
        return None
    asked = here.select(columns).drop_nulls().unique(maintain_order=True)
    contained = _share(asked, values)
    named = sum(part.named for part in parts)
    if contained < _CONTAINED:
        return None
    if named < len(parts) and not _is_no_chance(asked, values, contained):
        return None
    return Composite(columns, keys, contained, named)


def _checked_ours(here: pl.DataFrame, there: pl.DataFrame, parts: _Parts) -> Composite | None:
    columns, keys = tuple(part.ours for part in parts), tuple(part.theirs for part in parts)
    asked = here.select(columns).drop_nulls()
    if not _name_rows(asked, here.height):
        return None
    contained = _share(asked, there.select(keys).drop_nulls())
    if contained < _CONTAINED:
        return None
    return Composite(columns, keys, contained, named=len(parts), names_ours=True)


def _name_rows(values: pl.DataFrame, height: int) -> bool:
    """Say whether no two rows have the same values, and at least half of all rows have some."""
    if len(values) < _FILLED * height or values.head(_FIRST_ROWS).is_duplicated().any():
        return False
    return count_key(values, values.columns).is_unique


def _share(asked: pl.DataFrame, values: pl.DataFrame) -> float:
    met = asked.join(values, left_on=asked.columns, right_on=values.columns, how="semi")
    return met.height / max(1, asked.height)


def _is_no_chance(asked: pl.DataFrame, values: pl.DataFrame, contained: float) -> bool:
    """Say whether far fewer would be there if the values of any column went with others."""
    if asked.height < _FEWEST_VALUES:
        return False
    for name in asked.columns[1:] if asked.width == min(_SIZES) else asked.columns:
        chance = _share(asked.with_columns(pl.col(name).shuffle(seed=0)), values)
        spread = (max(chance * (1 - chance), 1 / asked.height) / asked.height) ** 0.5
        if contained - chance <= _BEYOND_CHANCE * spread:
            return False
    return True
