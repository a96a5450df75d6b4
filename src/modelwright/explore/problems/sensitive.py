"""Columns that say what people are, and how differently a model answers groups of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.values.series import as_text
from modelwright.documents import Risk
from modelwright.errors import InputError
from modelwright.explore.problems.base import SHOWN, Subject
from modelwright.explore.problems.personal import words_of
from modelwright.learners.rehearsal import Rehearsal
from modelwright.tasks.figures import figure
from modelwright.tasks.intervals import bootstrap_interval

_ATTRIBUTES = (
    "age|alter|citizen|citizenship|disability|ethnic|ethnicity|gender|geschlecht|marital|"
    "nationality|orientation|pregnancy|pregnant|race|religion|sex|skin"
)
_PEOPLE = (
    "person|people|customer|client|patient|employee|applicant|student|passenger|citizen|job|"
    "occupation|salary|income|education|marital|spouse|sex|gender|smoker|children|dependents|"
    "partner"
)
_OLDEST = 120
_AGES = (30, 45, 60)
_FEWEST = 100
"""Rows of a group; of two classes, in each."""
_LEVEL = 0.95


@dataclass(frozen=True)
class _Gap:
    """How much worse one group is answered than all others."""

    column: str
    group: str
    own: float
    others: float
    gap: float
    error: float


def find_gaps(subject: Subject) -> Iterator[Risk]:
    """Tell sensitive columns, whether they are read or not, and the widest certain gap of each."""
    columns = [
        name
        for name in _sensitive(subject.training, subject.schema.names)
        if name != subject.plan.target
    ]
    if not columns:
        return
    gaps = [] if subject.rehearsal is None else _certain_gaps(subject.rehearsal, columns)
    read = [name for name in columns if name in {c.name for c in subject.schema.features}]
    use = (
        f"the model would read {', '.join(map(repr, read[:SHOWN]))}"
        if read
        else ("the model does not read them")
    )
    yield Risk(
        name="sensitive attributes",
        sentence=f"{', '.join(map(repr, columns[:SHOWN]))} may be "
        f"{'an attribute' if len(columns) == 1 else 'attributes'} of persons that the law "
        f"protects; {use}. {_in_words(gaps, subject.rehearsal)}",
        columns=tuple(columns),
        severity="warning" if gaps else "note",
    )


def _sensitive(training: pl.DataFrame, names: tuple[str, ...]) -> list[str]:
    of_people = any(_among(name, _PEOPLE) for name in names)
    return [
        name
        for name in names
        if (found := _among(name, _ATTRIBUTES))
        and (found != {"age"} or (of_people and _are_ages(training[name])))
        and training[name].n_unique() > 1
    ]


def _among(name: str, words: str) -> set[str]:
    return set(words_of(name)) & set(words.split("|"))


def _are_ages(series: pl.Series) -> bool:
    if not series.dtype.is_numeric():
        return True
    low, high = series.min(), series.max()
    return bool(low is not None and low >= 0 and high <= _OLDEST)  # type: ignore[operator]


def _certain_gaps(rehearsal: Rehearsal, columns: list[str]) -> list[_Gap]:
    """Return the widest certain gap of each column, corrected for all that were looked at."""
    asked = rehearsal.asked
    groups = [
        (name, group, rows)
        for name in columns
        for group, rows in _groups(rehearsal.frame[name][asked])
        if _enough(rehearsal, asked[rows]) and _enough(rehearsal, asked[~rows])
    ]
    level = 1 - (1 - _LEVEL) / max(1, len(groups))
    gaps = [
        gap
        for name, group, rows in groups
        if (gap := _gap(rehearsal, name, group, asked[rows], asked[~rows], level=level))
        if gap.gap > gap.error
    ]
    widest = {gap.column: gap for gap in sorted(gaps, key=lambda gap: gap.gap)}
    return list(widest.values())


def _groups(series: pl.Series) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    values = series.cast(pl.String) if series.dtype == pl.Boolean else series
    if values.dtype.is_numeric() and values.n_unique() > SHOWN:
        names = pl.Series([f"under {_AGES[0]}", *(f"{a} and more" for a in _AGES)])
        places = np.searchsorted(_AGES, values.fill_null(-1).to_numpy(), side="right")
        values = names[places].set(values.is_null(), None)
    values = as_text(values)
    for group in values.drop_nulls().unique().sort():
        yield group, (values == group).fill_null(False).to_numpy()


def _enough(rehearsal: Rehearsal, rows: NDArray[np.intp]) -> bool:
    if rehearsal.rows.task.kind != "binary":
        return len(rows) >= _FEWEST
    return bool(np.bincount(rehearsal.truth[rows], minlength=2).min() >= _FEWEST)


def _gap(
    rehearsal: Rehearsal,
    column: str,
    group: str,
    rows: NDArray[np.intp],
    others: NDArray[np.intp],
    *,
    level: float,
) -> _Gap | None:
    metric = rehearsal.metric
    try:
        own, rest = (
            bootstrap_interval(
                metric,
                rehearsal.truth[side],
                rehearsal.taken(rehearsal.answers, side),
                level=level,
                resamples=200,
            )
            for side in (rows, others)
        )
    except InputError:  # the score is not defined on so few classes
        return None
    error = np.hypot(own.high - own.low, rest.high - rest.low) / 2
    gap = metric.gain(rest.value, own.value)
    return _Gap(column, group, own.value, rest.value, gap, float(error))


def _in_words(gaps: list[_Gap], rehearsal: Rehearsal | None) -> str:
    if rehearsal is None:
        return "There are too few rows to compare groups."
    if not gaps:
        return "A quick model answers no group of enough rows worse beyond chance."
    told = "; ".join(
        f"{figure(gap.own, 3)} against {figure(gap.others, 3)} of the others where "
        f"{gap.column!r} is {gap.group!r}"
        for gap in gaps[:SHOWN]
    )
    return f"A quick model answers some groups worse in {rehearsal.metric.title}: {told}."
