"""Columns that are hard to learn from."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Kind
from modelwright.documents import Risk
from modelwright.explore.problems.base import SHOWN, Subject
from modelwright.explore.sample import numbers_of

_MOST_LEVELS = 1_000
_FAR = 1_000.0


def find_nothing_left(subject: Subject) -> Iterator[Risk]:
    """Tell that every column was refused."""
    if not subject.schema.features:
        yield Risk(
            name="nothing left",
            sentence="No column is left to predict from: all were refused. Look at the reasons, "
            "and name in `keep` what was known beforehand.",
            severity="serious",
        )


def find_many_levels(subject: Subject) -> Iterator[Risk]:
    """Tell categories most of whose levels have few rows."""
    rows = subject.rows
    words = [c.name for c in subject.schema.features if c.kind in (Kind.CATEGORICAL, Kind.CODED)]
    levels = {name: rows[name].n_unique() for name in words}
    many = {name: n for name, n in levels.items() if n > min(_MOST_LEVELS, len(rows) / 10)}
    if many:
        shown = ", ".join(f"{name} ({n:,})" for name, n in list(many.items())[:SHOWN])
        yield Risk(
            name="many levels",
            sentence=f"Columns with so many levels that most have few rows: {shown}.",
            columns=tuple(many),
        )


def find_far_values(subject: Subject) -> Iterator[Risk]:
    """Tell numbers of which some lie as far out as another unit would."""
    numeric = [column.name for column in subject.schema.features if column.kind == Kind.NUMERIC]
    far = [name for name in numeric if _has_far_values(numbers_of(subject.rows[name]))]
    if far:
        yield Risk(
            name="far values",
            sentence="Columns with values a thousand times farther from the middle than 98 % of "
            f"their rows (another unit, or a code for missing?): {', '.join(far[:SHOWN])}.",
            columns=tuple(far),
        )


def _has_far_values(values: NDArray[np.float64]) -> bool:
    present = values[~np.isnan(values)]
    if not len(present):
        return False
    low, middle, high = np.percentile(present, (1, 50, 99))
    reach = max(middle - low, high - middle)
    return bool(reach > 0 and np.abs(present - middle).max() > _FAR * reach)
