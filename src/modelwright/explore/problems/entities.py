"""Rows of one thing that no column names: a patient told by two values that are always together.

Two numbers that have nothing to do with each other, and yet come together again and again, are
marks of something that was seen more than once. That alone is harmless: it is told only where a
model is certainly worse at things that it has not seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import spearmanr

from modelwright.data.free_name import free_name
from modelwright.documents import Risk
from modelwright.explore.problems.base import Subject
from modelwright.explore.sample import numbers_of
from modelwright.tasks.figures import figure, ranged

_MOST_COLUMNS = 12
_FEWEST_VALUES = 30
_FEWEST_THINGS = 30
_TOGETHER = 0.5
"""Different pairs, by those of the same values in another order."""
_SEEN_AGAIN = 0.5
"""Rows that share their pair with another one."""
_LARGEST = 0.05
_RELATED = 0.9


@dataclass(frozen=True)
class _Marks:
    columns: tuple[str, str]
    things: int
    by_chance: int


def find_entities(subject: Subject) -> Iterator[Risk]:
    """Tell by how much a model is worse at things that no column names and it has not seen."""
    if subject.plan.split.kind in ("time", "group"):
        return
    marks = _marks(subject)
    if marks is None:
        return
    first, second = marks.columns
    flattery = subject.flattery_of(_codes(subject.rows, marks.columns))
    if flattery is None:
        return
    gain = flattery.gain
    yield Risk(
        name="unnamed things",
        sentence=f"{len(subject.rows):,} rows share {marks.things:,} pairs of {first!r} and "
        f"{second!r}, which would be {marks.by_chance:,} by chance: they are of things that were "
        f"seen again, and the random split has them on both sides. A quick model scores "
        f"{figure(flattery.mixed)} in {flattery.metric} so, and {figure(flattery.apart)} where "
        f"they are kept together, a difference of {ranged(gain, 3)}. If "
        "new rows will be of other things, add a column that names them, as `group`.",
        columns=marks.columns,
        severity="warning",
    )


def _marks(subject: Subject) -> _Marks | None:
    """Return the two numbers that come together the oftenest beyond chance."""
    rows = subject.rows
    numbers = [column.name for column in subject.schema.features if column.value_type == "number"]
    distinct = {name: rows[name].n_unique() for name in numbers}
    varied = [name for name in numbers if distinct[name] >= _FEWEST_VALUES]
    varied.sort(key=lambda name: -distinct[name])
    found = [
        marks
        for columns in combinations(varied[:_MOST_COLUMNS], 2)
        if (marks := _judge(rows.select(columns).drop_nulls(), columns)) is not None
    ]
    return min(found, key=lambda each: each.things / each.by_chance, default=None)


def _judge(pairs: pl.DataFrame, columns: tuple[str, str]) -> _Marks | None:
    sizes = pairs.group_by(columns).len(free_name(columns)).to_series(-1)
    shuffled = pairs.with_columns(pl.last().shuffle(seed=0)).n_unique()
    again = int(sizes.filter(sizes > 1).sum())
    largest = int(sizes.to_numpy().max(initial=0))
    if len(sizes) < _FEWEST_THINGS or len(sizes) > _TOGETHER * shuffled:
        return None
    if again < _SEEN_AGAIN * len(pairs) or largest > _LARGEST * len(pairs):
        return None
    if abs(float(spearmanr(pairs[columns[0]], pairs[columns[1]]).statistic)) > _RELATED:
        return None
    return _Marks(columns, len(sizes), shuffled)


def _codes(rows: pl.DataFrame, columns: tuple[str, str]) -> NDArray[np.int64]:
    """Number the things; a row without marks is a thing of its own."""
    first, second = (numbers_of(rows[name]) for name in columns)
    missing = np.isnan(first) | np.isnan(second)
    alone = np.where(missing, np.arange(len(rows)), -1)
    marks = np.nan_to_num(np.column_stack([first, second, alone]))
    return np.unique(marks, axis=0, return_inverse=True)[1].astype(np.int64).ravel()
