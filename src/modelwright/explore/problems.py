"""What is wrong with the training rows, apart from leaks."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.schema import Kind, Schema
from modelwright.documents import Plan, Risk
from modelwright.explore.drift import drifting_columns
from modelwright.explore.sample import answered, numbers_of
from modelwright.tasks.targets import encode_target

_MANY_COPIES = 0.01
_FEW_ROWS = 500
_VERY_FEW_ROWS = 100
_RARE = 0.05
_VERY_RARE = 0.01
_MOST_LEVELS = 1_000
_FAR = 1_000.0
_SHOWN = 8


def list_problems(plan: Plan, training: pl.DataFrame, schema: Schema) -> tuple[Risk, ...]:
    """List what may spoil the model or its score.

    Parameters
    ----------
    plan
        Says what is predicted and how rows are divided.
    training
        The prepared training rows.
    schema
        All columns; those refused are ignored.
    """
    known = answered(training[plan.target], plan.task)
    rows = training.filter(pl.Series(known, dtype=pl.Boolean))
    return (
        *_nothing_left(schema),
        *_copies(plan, training),
        *_unanswered(known),
        *_rare_classes(plan, rows),
        *_few_rows(len(rows)),
        *_many_levels(rows, schema),
        *_far_values(rows, schema),
        *_drift(plan, rows, schema),
    )


def count_copies(training: pl.DataFrame) -> int:
    """Return how many rows repeat an earlier row exactly.

    Examples
    --------
    >>> count_copies(pl.DataFrame({"a": [1, 1, 2], "b": ["x", "x", "x"]}))
    1
    """
    return training.height - training.hash_rows(seed=0).n_unique() if training.width else 0


def _nothing_left(schema: Schema) -> Iterator[Risk]:
    if not schema.features:
        yield Risk(
            name="nothing left",
            sentence="No column is left to predict from: all were refused. Look at the reasons, "
            "and name in `keep` what was known beforehand.",
            severity="serious",
        )


def _copies(plan: Plan, training: pl.DataFrame) -> Iterator[Risk]:
    copies = count_copies(training)
    if not copies:
        return
    twins = int(training.hash_rows(seed=0).is_duplicated().sum()) / training.height
    apart = plan.split.kind in ("time", "group")
    crossing = (
        f"the split by {plan.split.kind} keeps most of them on one side"
        if apart
        else f"about {twins:.1%} of the holdout has a twin in training, which flatters its score"
    )
    yield Risk(
        name="duplicate rows",
        sentence=f"{copies:,} of {training.height:,} rows repeat an earlier row exactly; "
        f"{crossing}.",
        severity="warning" if twins >= _MANY_COPIES and not apart else "note",
    )


def _unanswered(known: NDArray[np.bool_]) -> Iterator[Risk]:
    missing = int((~known).sum())
    if missing:
        yield Risk(
            name="missing target",
            sentence=f"{missing:,} of {len(known):,} rows have no target and are not learned from.",
            severity="warning" if missing > len(known) / 5 else "note",
        )


def _rare_classes(plan: Plan, rows: pl.DataFrame) -> Iterator[Risk]:
    if not plan.task.is_classification or rows.is_empty():
        return
    classes = encode_target(rows[plan.target], plan.task)
    counts = np.bincount(classes, minlength=len(plan.task.classes))
    share = float(counts.min() / len(rows))
    if share < _RARE:
        rarest = plan.task.classes[int(counts.argmin())]
        yield Risk(
            name="rare class",
            sentence=f"{rarest!r} is the answer of {int(counts.min()):,} rows only ({share:.2%}).",
            severity="warning" if share < _VERY_RARE else "note",
        )


def _few_rows(rows: int) -> Iterator[Risk]:
    if rows < _FEW_ROWS:
        yield Risk(
            name="few rows",
            sentence=f"There are {rows:,} training rows with an answer; expect wide intervals.",
            severity="serious" if rows < _VERY_FEW_ROWS else "warning",
        )


def _many_levels(rows: pl.DataFrame, schema: Schema) -> Iterator[Risk]:
    words = [c.name for c in schema.features if c.kind in (Kind.CATEGORICAL, Kind.CODED)]
    levels = {name: rows[name].n_unique() for name in words}
    many = {name: n for name, n in levels.items() if n > min(_MOST_LEVELS, len(rows) / 10)}
    if many:
        shown = ", ".join(f"{name} ({n:,})" for name, n in list(many.items())[:_SHOWN])
        yield Risk(
            name="many levels",
            sentence=f"Columns with so many levels that most have few rows: {shown}.",
            columns=tuple(many),
        )


def _far_values(rows: pl.DataFrame, schema: Schema) -> Iterator[Risk]:
    numeric = [column.name for column in schema.features if column.kind == Kind.NUMERIC]
    far = [name for name in numeric if _has_far_values(numbers_of(rows[name]))]
    if far:
        yield Risk(
            name="far values",
            sentence="Columns with values a thousand times farther from the middle than 98 % of "
            f"their rows (another unit, or a code for missing?): {', '.join(far[:_SHOWN])}.",
            columns=tuple(far),
        )


def _has_far_values(values: NDArray[np.float64]) -> bool:
    present = values[~np.isnan(values)]
    if not len(present):
        return False
    low, middle, high = np.percentile(present, (1, 50, 99))
    reach = max(middle - low, high - middle)
    return bool(reach > 0 and np.abs(present - middle).max() > _FAR * reach)


def _drift(plan: Plan, rows: pl.DataFrame, schema: Schema) -> Iterator[Risk]:
    if plan.split.kind != "time":
        return
    names = tuple(column.name for column in schema.features)
    moved = drifting_columns(rows, (*names, plan.target), by=plan.split.column)
    if moved:
        shown = ", ".join(f"{name} ({distance:.2f})" for name, distance in moved[:_SHOWN])
        yield Risk(
            name="drift",
            sentence=f"Between the first and the last fifth of the training time these moved "
            f"(Jensen-Shannon distance, 1 is disjoint): {shown}.",
            columns=tuple(name for name, _ in moved),
            severity="warning" if plan.target in dict(moved) else "note",
        )
