"""The difference or ratio of two numbers gives the target.

Departure less scheduled departure is the delay from which "late" was made; an instalment by the
amount of the loan is the interest rate, for each term. Neither column need be strong alone. It is
proof when both measure the same thing (they rise and fall together, as a plan and what came of it
do, or are the same in many rows), when their difference or ratio is nearly exact, and when all
weaker columns together stay far behind. Where one of both is nearly enough alone, a person is
asked. It is no proof when the two have nothing to do with each other: then a rule that joins them
may be what is to be learned. Of several classes the difference is a code, with hardly more values
than classes: ratios of what things are made of tell most kinds of things. The column that was
recorded with the outcome is taken away, see `blame`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from modelwright.documents import Leak
from modelwright.explore.association import (
    Strength,
    area,
    better,
    measure,
    measure_order,
    out_of_fold,
)
from modelwright.explore.bins import Codes, codes_of_numbers
from modelwright.explore.leaks.arithmetic import (
    OPERATIONS,
    Operation,
    clock_difference,
    is_clock,
)
from modelwright.explore.leaks.base import KNOWN, Case
from modelwright.explore.leaks.blame import blamed, blamed_of_ratio
from modelwright.explore.leaks.copies import (
    find_copies,
    has_enough_rows,
    stands_apart,
    what_is_told,
)

Floats = NDArray[np.float64]

_MOST_PAIRS = 800
_SCREEN_ROWS = 1_500
_LEAST_TOGETHER = 0.5
_MOST_CHECKED = 200
_LEAST_BY_SCREEN = 0.25
_LEAST_EQUAL, _MOST_COMPARED, _FEWEST_VALUES = 0.2, 300, 20
"""Rows in which two columns of at most so many are the same number, of so many different ones."""
_MOST_UNEXPLAINED = {"binary": 0.01, "multiclass": 0.01, "regression": 0.005}
_MOST_LEVELS, _MOST_CODES = 12, 2
"""Of a column within which a pair is looked at; of a difference, for each of several classes."""
_PROMISING = 0.05
_MOST_MISSING = 0.2


def find_pairs(case: Case) -> list[Leak]:
    """Return one column of each pair whose difference or ratio determines the target."""
    if not has_enough_rows(case):
        return []
    guilty: dict[str, Leak] = {}
    for pair in sorted(_screen(case), key=lambda pair: -pair.told)[:_MOST_CHECKED]:
        if pair.raises not in guilty and pair.lowers not in guilty:
            blame = blamed_of_ratio if pair.sign == "/" else blamed
            name = blame(case, pair.raises, pair.lowers)
            leak = _judge(case, pair, name)
            guilty |= {name: leak} if leak else {}
    return list(guilty.values())


@dataclass(frozen=True)
class _Pair:
    """A combination of two columns, with what its order tells on a few rows."""

    one: str
    sign: str
    other: str
    combine: Operation
    told: float
    rising: bool

    @property
    def raises(self) -> str:
        return self.one if self.rising else self.other

    @property
    def lowers(self) -> str:
        return self.other if self.rising else self.one


def _screen(case: Case) -> Iterator[_Pair]:
    numbers = {
        name: values[:_SCREEN_ROWS]
        for name, values in case.sample.numbers.items()
        if name in case.names and np.isnan(values).mean() <= _MOST_MISSING
    }
    clocks = {name for name in numbers if is_clock(case.sample.numbers[name])}
    alone = {name: case.strengths[name].association for name in numbers}
    for one, other in (_fewer_zeros_below(numbers, *pair) for pair in _alike(numbers)):
        for sign, combine in _operations(are_clocks={one, other} <= clocks).items():
            signed = _told(case, combine(numbers[one], numbers[other]))
            told = abs(signed)
            if told >= _LEAST_BY_SCREEN and told > max(alone[one], alone[other]):
                yield _Pair(one, sign, other, combine, told, rising=signed > 0)


def _fewer_zeros_below(numbers: dict[str, Floats], one: str, other: str) -> tuple[str, str]:
    """Return the pair in the order in which its ratio is known for more rows."""
    zeros = {name: np.count_nonzero(numbers[name] == 0) for name in (one, other)}
    return (other, one) if zeros[other] > zeros[one] else (one, other)


def _operations(*, are_clocks: bool) -> dict[str, Operation]:
    return {"-": clock_difference} if are_clocks else OPERATIONS


def _alike(numbers: dict[str, Floats]) -> list[tuple[str, str]]:
    """Return the pairs that rise and fall together, those that do so most when there are many."""
    names = list(numbers)
    if len(names) < 2:
        return []
    ranks = np.column_stack([rankdata(np.nan_to_num(numbers[name])) for name in names])
    ranks -= ranks.mean(axis=0)
    ranks /= np.maximum(np.sqrt((ranks**2).sum(axis=0)), 1e-12)
    rows, columns = np.triu_indices(len(names), k=1)
    together = np.maximum(np.abs(ranks.T @ ranks), _often_equal(numbers))[rows, columns]
    best = np.argsort(-together, kind="stable")[:_MOST_PAIRS]
    return [
        (names[rows[index]], names[columns[index]])
        for index in best
        if together[index] >= _LEAST_TOGETHER
    ]


def _often_equal(numbers: dict[str, Floats]) -> Floats:
    """Return 1 for each pair of measured numbers that is the same in many rows, else 0."""
    alike = np.zeros((len(numbers), len(numbers)))
    if len(numbers) > _MOST_COMPARED:
        return alike
    matrix = np.column_stack([*numbers.values()])
    measured = np.array([len(np.unique(each)) >= _FEWEST_VALUES for each in numbers.values()])
    for place in np.flatnonzero(measured):
        alike[place] = (matrix == matrix[:, [place]]).mean(axis=0) >= _LEAST_EQUAL
    return alike


def _told(case: Case, values: Floats) -> float:
    """Return from -1 to 1 how well the order of values tells the answer, by a few rows."""
    present = ~np.isnan(values)
    if present.sum() < len(values) / 2 or np.ptp(values[present]) == 0:
        return 0.0
    if case.sample.task.kind == "multiclass":
        if len(np.unique(values[present])) > _MOST_CODES * case.sample.classes:
            return 0.0
        part = case.sample.select(case.names[:1]).take(np.arange(len(values)))
        return measure(part, out_of_fold(part, codes_of_numbers(values))).association
    if case.sample.task.is_classification:
        return 2 * area(case.sample.labels[: len(values)][present] == 1, values[present]) - 1
    ranks = case.sample.ranks[: len(values)][present]
    if np.ptp(ranks) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(values[present]), ranks)[0, 1])


def _judge(case: Case, pair: _Pair, name: str) -> Leak | None:
    told, within = _measure(case, pair)
    kind = case.sample.task.kind
    most = _MOST_UNEXPLAINED[kind]
    alone = min(case.strengths[each].unexplained for each in (pair.one, pair.other))
    if told.unexplained > most or (alone <= most and _is_asked_about(case, pair)):
        return None
    rest = case.rest_without([pair.one, pair.other])
    if not stands_apart(told.unexplained, rest):
        return None
    is_proof = alone > most
    verb = "explains" if kind == "regression" else "avoids"
    return Leak(
        columns=(name,),
        verdict="certain" if is_proof else "suspicious",
        evidence=f"{pair.one} {pair.sign} {pair.other}{f', for each {within},' if within else ''} "
        f"{verb} {what_is_told(told, kind)}; all weaker columns together "
        f"{what_is_told(rest, kind)} ({case.sample.in_words()}). Of both, {name} looks "
        f"like the one that is recorded with the outcome.{'' if is_proof else f' {KNOWN}'}",
    )


def _is_asked_about(case: Case, pair: _Pair) -> bool:
    """Return whether one of both was reported as a copy that may have been known."""
    return any({pair.one, pair.other} & {*leak.columns} for leak in find_copies(case))


def _measure(case: Case, pair: _Pair) -> tuple[Strength, str]:
    """Measure a pair on all rows of the sample, also within the levels of each small column."""
    values = pair.combine(case.sample.numbers[pair.one], case.sample.numbers[pair.other])
    bins = codes_of_numbers(values)
    binned = measure(case.sample, out_of_fold(case.sample, bins))
    best, within = better(binned, measure_order(case.sample, values)), ""
    for name in case.names if case.sample.task.kind != "multiclass" else ():
        levels = case.sample.codes[name]
        if name in (pair.one, pair.other) or not 1 < levels.max() <= _MOST_LEVELS:
            continue
        codes = levels * (bins.max() + 1) + bins
        split = measure(case.sample, out_of_fold(case.sample, codes))
        if split.unexplained < min(best.unexplained, _PROMISING):
            split = better(split, _order_within(case, values, levels))
        if split.unexplained < best.unexplained / 2:
            best, within = split, name
    return best, within


def _order_within(case: Case, values: Floats, levels: Codes) -> Strength:
    """Judge the order of values within each level, which bins shared by all levels blur."""
    unexplained = 0.0
    for level in np.unique(levels):
        rows = np.flatnonzero(levels == level)
        told = measure_order(case.sample.take(rows), values[rows])
        unexplained += told.unexplained * _open_question(case, rows)
    unexplained /= _open_question(case, np.arange(len(levels)))
    return Strength(association=max(0.0, 1 - unexplained), unexplained=unexplained)


def _open_question(case: Case, rows: NDArray[np.intp]) -> float:
    """Return what is wrong in these rows when nothing is known: mistakes or squared errors."""
    if not case.sample.task.is_classification:
        ranks = case.sample.ranks[rows]
        return float(np.sum((ranks - ranks.mean()) ** 2))
    counts = np.bincount(case.sample.labels[rows])
    return float(counts.sum() - counts.max())
