"""Columns that the model does not read, because they tell it nothing or too much of one row.

Everything is judged on the rows that have an answer, the only ones that a model learns from. A
rare value or a rarely filled column is kept when its rows answer differently from the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import rankdata

from modelwright.data.schema import Role
from modelwright.documents import Plan, Refusal
from modelwright.explore.sample import answered
from modelwright.tasks.targets import encode_target
from modelwright.tasks.task import Task

_ONE_VALUE = 0.999
_MOSTLY_MISSING = 0.98
_FEWEST_ROWS = 10
_CLEARLY = 4.0
"""Standard deviations from what chance gives."""


def find_refusals(plan: Plan, training: pl.DataFrame) -> tuple[Refusal, ...]:
    """Return the columns that are no features, and the features that are refused.

    Parameters
    ----------
    plan
        Its schema says which columns are ids or constants; what it keeps is not refused.
    training
        The prepared training rows.
    """
    known = answered(training[plan.target], plan.task)
    rows = training.filter(pl.Series(known, dtype=pl.Boolean))
    answers = _Answers.of(rows[plan.target], plan.task)
    reasons = _by_role(plan) | _excluded(plan)
    for find in (
        _empty_or_constant,
        partial(_nearly_constant, answers=answers),
        partial(_mostly_missing, answers=answers),
        _copied,
    ):
        names = [column.name for column in plan.schema.features if column.name not in reasons]
        found = dict(find(rows.select(names)))
        reasons |= {name: reason for name, reason in found.items() if name not in plan.keep}
    return tuple(
        Refusal(column=name, reason=reasons[name]) for name in plan.schema.names if name in reasons
    )


@dataclass(frozen=True)
class _Answers:
    """The answers of the rows, and how far some of them are from all."""

    values: NDArray[np.float64]
    is_classification: bool

    @classmethod
    def of(cls, target: pl.Series, task: Task) -> "_Answers":
        values = encode_target(target, task).astype(np.float64)
        if not task.is_classification:
            values = rankdata(values) / max(len(values), 1)
        return cls(values, task.is_classification)

    def differ(self, rows: NDArray[np.bool_]) -> bool:
        """Return whether these rows answer clearly differently."""
        count = int(rows.sum())
        if not _FEWEST_ROWS <= count <= len(rows) - _FEWEST_ROWS:
            return False
        if not self.is_classification:
            return bool(abs(self.values[rows].mean() - 0.5) * (12 * count) ** 0.5 > _CLEARLY)
        classes = self.values.astype(np.int64)
        shares = np.bincount(classes) / len(rows)
        expected = count * shares
        off = np.bincount(classes[rows], minlength=len(shares)) - expected
        spread = np.sqrt(np.maximum(expected * (1 - shares), 1.0))
        return bool((np.abs(off) / spread).max() > _CLEARLY)


_Reasons = Iterator[tuple[str, str]]


def _by_role(plan: Plan) -> dict[str, str]:
    told = {Role.ID: "it names the row", Role.IGNORED: "it is left out"}
    return {
        column.name: column.reason or f"{column.name} is no feature: {told[column.role]}."
        for column in plan.schema
        if column.role in told
    }


def _excluded(plan: Plan) -> dict[str, str]:
    features = (column.name for column in plan.schema.features)
    return {name: "The brief excludes it." for name in features if name in plan.exclude}


def _empty_or_constant(rows: pl.DataFrame) -> _Reasons:
    for series in rows:
        values = series.drop_nulls()
        if values.is_empty():
            yield series.name, f"It has no value in any of the {len(rows):,} rows with an answer."
        elif not series.null_count() and (values == values[0]).all():
            yield series.name, f"It is {values[0]!r} in all {len(rows):,} rows with an answer."


def _nearly_constant(rows: pl.DataFrame, answers: _Answers) -> _Reasons:
    for series in rows:
        most = (1 - _ONE_VALUE) * len(series) + 1
        # The first rows of most columns have so many values already.
        if series.head(round(2 * most)).n_unique() > most or series.n_unique() > most:
            continue
        counts = series.alias("").value_counts(name="rows").sort("rows", descending=True)
        value, count = counts.row(0)
        if value is None or count < _ONE_VALUE * len(series):
            continue
        if not answers.differ(~series.eq_missing(value).to_numpy()):
            yield (
                series.name,
                f"It is {value!r} in {count:,} of {len(series):,} rows, and the others answer no "
                "differently.",
            )


def _mostly_missing(rows: pl.DataFrame, answers: _Answers) -> _Reasons:
    for series in rows:
        missing = series.null_count()
        filled = series.is_not_null().to_numpy()
        if missing > _MOSTLY_MISSING * len(series) and not answers.differ(filled):
            yield (
                series.name,
                f"It is missing in {missing:,} of {len(series):,} rows, and those that have it "
                "answer no differently.",
            )


def _copied(rows: pl.DataFrame) -> _Reasons:
    first: dict[tuple[object, ...], list[pl.Series]] = {}
    for series in rows:
        alike = first.setdefault((series.dtype, series.null_count(), series.hash().sum()), [])
        twin = next((other for other in alike if other.equals(series, null_equal=True)), None)
        if twin is None:
            alike.append(series)
        else:
            yield series.name, f"It is the same as {twin.name} in every row."
