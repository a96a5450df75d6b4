"""The target is a weighted mean of two columns: of the mileage in town and on the road.

Both were measured with what is asked, since a mean lies between its parts and is made of them. It
is proof when one weight, the same for all rows, gives the target but for rounding (of numbers, of
their reciprocals or of their logarithms), when the target lies between both in (nearly) every row,
and when all weaker columns together stay far behind, as does each of both alone. Where it is off
by more than rounding explains, it is asked about: honest measures of one body come as near. It is
no proof when one of both is all of it: then it is a copy, which other evidence judges.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.association import measure_order
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows, stands_apart, what_is_told
from modelwright.explore.leaks.rounding import blur_of, step_of

Floats = NDArray[np.float64]

_MOST_COLUMNS = 30
_MOST_MISSING = 0.2
_MOST_UNEXPLAINED, _MOST_OF_ROUNDED = 0.005, 0.02
"""Of the ranks, or of the values where the mean is off by no more than rounding explains."""
_ROUNDED, _EXACT = 1.3, 1e-6
_LEAST_BETWEEN = 0.98
_LEAST_WEIGHT = 0.2
_BETTER_THAN_A_LINE = 2.0
"""How many times as far off a line through one of both is: else the other adds nothing."""
_GAP_OF_HALF = 8.0
"""How many times as much the better of both leaves open alone."""
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
    judged = [_judge(case, one, other) for one, other in combinations(_strongest(case), 2)]
    found: list[Leak] = []
    for leak in sorted(filter(None, judged), key=lambda leak: leak.verdict):
        if not set(leak.columns) & {name for known in found for name in known.columns}:
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
    line: float
    """What it is off, what rounding alone gives, and what a line through one of both is off; of the
    spread of the answers."""

    @property
    def needs_both(self) -> bool:
        """Whether neither part alone comes near."""
        return self.line >= _BETTER_THAN_A_LINE * self.off

    @property
    def is_proof(self) -> bool:
        """Whether rounding explains all that it is off."""
        is_rounded = self.off <= _ROUNDED * self.blur and self.off**2 <= _MOST_OF_ROUNDED
        return is_rounded or self.off**2 <= _EXACT

    @property
    def beyond_rounding(self) -> float:
        """What rounding does not explain, of the variance of the answers."""
        return max(0.0, self.off**2 - self.blur**2)


def _judge(case: Case, one: str, other: str) -> Leak | None:
    for mean in sorted(_means(case, one, other), key=lambda mean: mean.off):
        told, open_ = _left_open(case, mean)
        alone = min(case.strengths[name].unexplained for name in (one, other))
        if told > _MOST_UNEXPLAINED and not mean.is_proof:
            continue
        if not mean.needs_both or _GAP_OF_HALF * open_ > alone:
            continue
        rest = case.rest_without([one, other])
        if stands_apart(told, rest):
            return Leak(
                columns=(one, other),
                verdict="certain" if mean.is_proof else "suspicious",
                evidence=f"The {mean.kind} of {one} ({mean.weight:.2f}) and {other} "
                f"({1 - mean.weight:.2f}) is the target but for {in_percent(told)} of its "
                "variance, and the target lies between both; all weaker columns together explain "
                f"{what_is_told(rest, 'regression')} ({case.sample.in_words()})."
                f"{'' if mean.is_proof else f' {KNOWN}'}",
            )
    return None


def _left_open(case: Case, mean: _Mean) -> tuple[float, float]:
    """Return what a mean leaves open, and how much of it is not owed to rounding."""
    if mean.is_proof:  # ranks would make much of rounding where many answers are equal
        return mean.off**2, mean.beyond_rounding
    told = measure_order(case.sample, mean.values).unexplained
    return told, told


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
            spread = max(float(answers.std()), 1e-300)
            off = float(np.std(values[known] - answers)) / spread
            line = min(_off_a_line(each, answers) for each in (first, second)) / spread
            yield _Mean(kind, weight, values, off, blur_of(np.array(steps)) / spread, line)


def _off_a_line(values: Floats, answers: Floats) -> float:
    """Return the standard deviation of the answers around the best line through values."""
    if not np.ptp(values):
        return float(answers.std())
    slope, offset = np.polyfit(values, answers, 1)
    return float(np.std(answers - slope * values - offset))


def _lies_between(one: Floats, other: Floats, answers: Floats) -> bool:
    """Return whether answers lie between, but for what rounding to their own step moves them."""
    slack = step_of(answers)
    inside = (answers >= np.minimum(one, other) - slack) & (
        answers <= np.maximum(one, other) + slack
    )
    return bool(np.ptp(one - other) > 0 and inside.mean() >= _LEAST_BETWEEN)
