"""The target is a weighted mean of two columns: of the mileage in town and on the road.

Both were measured with what is asked, since a mean lies between its parts and is made of them. It
is proof when one weight, the same for all rows, gives the target nearly exactly (of the numbers, of
their reciprocals or of their logarithms), when the target lies between both in (nearly) every row,
and when all weaker columns together stay far behind. It is no proof when one of both is all of it:
then it is a copy, which other evidence judges.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.association import measure_order
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows, stands_apart, what_is_told
from modelwright.explore.leaks.rounding import blur_of, step_of

Floats = NDArray[np.float64]

_MOST_COLUMNS = 30
_MOST_MISSING = 0.2
_MOST_UNEXPLAINED, _MOST_OF_ROUNDED = 0.005, 0.02
"""Of the ranks, or of the values where the mean is off by no more than rounding explains."""
_ROUNDED, _EXACT = 1.3, 1e-6
_LEAST_BETWEEN = 0.98
_LEAST_WEIGHT = 0.05
_MEANS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    "weighted mean": (np.positive, np.positive),
    "weighted harmonic mean": (np.reciprocal, np.reciprocal),
    "weighted geometric mean": (np.log, np.exp),
}
"""What is averaged by its weights, and how the mean is read back from it."""


def find_means(case: Case) -> list[Leak]:
    """Return the pairs of columns that have the target as their mean."""
    if case.sample.task.is_classification or not has_enough_rows(case):
        return []
    found: list[Leak] = []
    for one, other in combinations(_strongest(case), 2):
        gone = {name for leak in found for name in leak.columns}
        if not {one, other} & gone and (leak := _judge(case, one, other)):
            found.append(leak)
    return found


def _strongest(case: Case) -> list[str]:
    numbers = case.sample.numbers
    names = [n for n in case.names if n in numbers and np.isnan(numbers[n]).mean() < _MOST_MISSING]
    return sorted(names, key=lambda name: case.strengths[name].unexplained)[:_MOST_COLUMNS]


@dataclass(frozen=True)
class _Mean:
    kind: str
    weight: float
    values: Floats
    off: float
    blur: float
    """What it is off, and what rounding alone gives."""


def _judge(case: Case, one: str, other: str) -> Leak | None:
    for mean in sorted(_means(case, one, other), key=lambda mean: mean.off):
        told = _judged(case, mean)
        if told is None:
            continue
        rest = case.rest_without([one, other])
        if stands_apart(told, rest):
            return Leak(
                columns=(one, other),
                verdict="certain",
                evidence=f"The {mean.kind} of {one} ({mean.weight:.2f}) and {other} "
                f"({1 - mean.weight:.2f}) is the target but for {in_percent(told)} of its "
                "variance, and the target lies between both; all weaker columns together explain "
                f"{what_is_told(rest, 'regression')} ({case.sample.in_words()}).",
            )
    return None


def _judged(case: Case, mean: _Mean) -> float | None:
    """Return what a mean leaves open; None where it is not nearly exact."""
    off = (mean.off / max(float(case.sample.answers.std()), 1e-300)) ** 2
    is_rounded = mean.off <= _ROUNDED * mean.blur and off <= _MOST_OF_ROUNDED
    if is_rounded or off <= _EXACT:
        return off  # ranks would make much of rounding where many answers are equal
    told = measure_order(case.sample, mean.values).unexplained
    return told if told <= _MOST_UNEXPLAINED else None


def _means(case: Case, one: str, other: str) -> Iterator[_Mean]:
    """Yield each kind of mean of two columns with the weight that fits the answers best."""
    names = (one, other)
    known = ~np.any([np.isnan(case.sample.numbers[name]) for name in names], axis=0)
    first, second = (case.sample.numbers[name][known] for name in names)
    answers = case.sample.answers[known]
    if not known.any() or not _lies_between(first, second, answers):
        return
    are_above = all(bool((each > 0).all()) for each in (first, second, answers))
    for kind, (turn, back) in _MEANS.items():
        if not (are_above or turn is back is np.positive):
            continue
        apart, wanted = turn(first) - turn(second), turn(answers) - turn(second)
        weight = float(apart @ wanted / max(float(apart @ apart), 1e-300))
        if _LEAST_WEIGHT <= weight <= 1 - _LEAST_WEIGHT:
            values = np.full(len(known), np.nan)
            values[known] = back(turn(second) + weight * apart)
            steps = [weight * step_of(first), (1 - weight) * step_of(second), step_of(answers)]
            off = float(np.std(values[known] - answers))
            yield _Mean(kind, weight, values, off, blur_of(np.array(steps)))


def _lies_between(one: Floats, other: Floats, answers: Floats) -> bool:
    """Return whether answers lie between, but for what rounding to their own step moves them."""
    slack = step_of(answers)
    inside = (answers >= np.minimum(one, other) - slack) & (
        answers <= np.maximum(one, other) + slack
    )
    return bool(np.ptp(one - other) > 0 and inside.mean() >= _LEAST_BETWEEN)
