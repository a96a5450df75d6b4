"""A number made of the answers around a row, with its own or later ones among them.

A rolling mean, a running total or an average so far that forgets to leave the present row out knows
its answer; a window that is centred, or a column shifted the wrong way, knows the next ones. Alone
such a number tells no more than an honest one of the past does, or next to nothing.
It is proof when the answers before the row and the number before leave something open of it, and
those of the row and after it leave (nearly) nothing: in the order of time, or in that of the rows
of one level of a column, such as a shop. A number of the past is one without them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.bins import codes_of_levels
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.sample import numbers_of
from modelwright.tasks.targets import encode_target

_MOST_ROWS, _MOST_NUMBERS, _MOST_SERIES = 3_000, 40, 6
_WIDTHS = ((2, 1), (7, 3))
"""Answers before and after a row."""
_FEWEST_ROWS, _ROWS_A_TERM, _ROWS_A_SERIES = 50, 4, 6
_LEFT_OPEN = 0.02
"""What the present and the future leave open, by what the past does; of the standard deviation."""
_NOTHING = 1e-6

Floats = NDArray[np.float64]


def find_windows(case: Case) -> list[Leak]:
    """Return the numbers that are made of a row's own answer, or of later ones, and of others."""
    if not case.time or case.sample.task.kind == "multiclass":
        return []
    strongest = sorted(case.names, key=lambda name: -case.strengths[name].association)
    names = [name for name in strongest if name in case.sample.numbers][:_MOST_NUMBERS]
    found: dict[str, Leak] = {}
    for series in _all_series(case):
        for name in names:
            if name not in found and (leak := _judge(case, name, series)):
                found[name] = leak
    return list(found.values())


@dataclass(frozen=True)
class _Series:
    """Rows in the order of time, those of one series after another.

    Parameters
    ----------
    by
        The column whose levels are the series; empty where all rows are one.
    rows, codes, places
        The rows, the series of each, and its place in that from 1 on.
    answers
        Theirs; NaN where there is none.
    """

    by: str
    rows: NDArray[np.intp]
    codes: NDArray[np.int64]
    places: Floats
    answers: Floats

    def shifted(self, values: Floats, by: int) -> Floats:
        """Return the value of the row that comes so many rows later in the same series."""
        moved = np.full(len(values), np.nan)
        here, there = np.arange(len(values)), np.arange(len(values)) + by
        inside = (there >= 0) & (there < len(values))
        inside[inside] = self.codes[here[inside]] == self.codes[there[inside]]
        moved[inside] = values[there[inside]]
        return moved


def _all_series(case: Case) -> Iterator[_Series]:
    times = numbers_of(case.training[case.time])
    answers = encode_target(case.training[case.target], case.sample.task).astype(np.float64)
    answers[~case.answered] = np.nan
    for by in ("", *_columns_of_series(case)):
        codes = codes_of_levels(case.training[by]) if by else np.zeros(len(times), dtype=np.int64)
        rows = np.lexsort((times, codes))[:_MOST_ROWS]
        own = codes[rows]
        starts = np.flatnonzero(np.diff(own, prepend=-1))
        sizes = np.diff(np.append(starts, len(own)))
        places = (np.arange(len(own)) - np.repeat(starts, sizes) + 1).astype(np.float64)
        yield _Series(by, rows, own, places, answers[rows])


def _columns_of_series(case: Case) -> list[str]:
    """Return the columns of most levels that have several rows each."""
    counts = {
        name: case.training[name].n_unique()
        for name in case.training.columns
        if name not in (case.target, case.time) and not case.training[name].dtype.is_float()
    }
    most = len(case.training) / _ROWS_A_SERIES
    several = [name for name, count in counts.items() if 1 < count <= most]
    return sorted(several, key=lambda name: -counts[name])[:_MOST_SERIES]


def _judge(case: Case, name: str, series: _Series) -> Leak | None:
    values = numbers_of(case.training[name].gather(series.rows))
    for before, after in _WIDTHS:
        past, present = _terms(values, series, before, after)
        known = np.isfinite(np.column_stack([values, *past, *present])).all(axis=1)
        if known.sum() < max(_FEWEST_ROWS, _ROWS_A_TERM * (len(past) + len(present) + 1)):
            continue
        own = values[known]
        by_past = _off(own, [each[known] for each in past])
        by_all = _off(own, [each[known] for each in (*past, *present)])
        spread = float(own.std())
        if by_past > _NOTHING * spread and by_all <= _LEFT_OPEN * by_past:
            of_each = f" of each {series.by}" if series.by else ""
            return Leak(
                columns=(name,),
                verdict="certain",
                evidence=f"{name} is made of the answers{of_each} around a row, its own or later "
                f"ones among them: earlier ones leave {in_percent((by_past / spread) ** 2)} of its "
                f"variance open, and with these it is exact ({int(known.sum()):,} rows in the "
                f"order of {case.time}).",
            )
    return None


def _terms(
    values: Floats, series: _Series, before: int, after: int
) -> tuple[list[Floats], list[Floats]]:
    """Return what was known before the row, and what was not."""
    answers = series.answers
    last = series.shifted(values, -1)
    past = [last, *(series.shifted(answers, -step) for step in range(1, before + 1))]
    present = [series.shifted(answers, step) for step in range(after + 1)]
    # An average so far moves the less, the more rows there were.
    return past, [*present, answers / series.places, last / series.places]


def _off(values: Floats, terms: list[Floats]) -> float:
    """Return the standard deviation of values around their best sum of terms."""
    matrix = np.column_stack(terms)
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-300)
    matrix = (matrix - matrix.mean(axis=0)) / scale
    wanted = values - values.mean()
    weights = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
    return float(np.std(wanted - matrix @ weights))
