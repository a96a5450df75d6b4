"""A number gives the answer within each level of another column.

The same amount in the currency of each country, or less the mean of its branch, is no copy over all
rows, and one in the rows of each country. It is proof as any copy is: the order within the levels
leaves (nearly) nothing open, and all weaker columns together many times as much. It is none where
the number may count days or years: what each meter adds up, or a tree grows, keeps step with them.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from modelwright.documents import Leak
from modelwright.explore.association import Strength
from modelwright.explore.bins import Codes
from modelwright.explore.leaks.base import KNOWN, Case
from modelwright.explore.leaks.copies import (
    MOST_UNEXPLAINED,
    has_enough_rows,
    stands_apart,
    what_is_told,
)
from modelwright.explore.leaks.doubts import may_be_periods

Floats = NDArray[np.float64]

_FEWEST_ROWS, _MOST_LEVELS = 30, 30
_MOST_NUMBERS, _MOST_LEVELLED = 40, 20
_FEWEST_VALUES = 20
_OF_ALL = 0.5
"""What a number leaves open within the levels, by what it leaves open over all rows."""


def find_within(case: Case) -> list[Leak]:
    """Return the numbers whose order within the levels of a column is that of the answers."""
    if case.sample.task.is_classification or not has_enough_rows(case):
        return []
    found: dict[str, Leak] = {}
    for by, levels in _levels(case):
        answers = _ranks_within(case.sample.answers, levels)
        for name in _numbers(case):
            if name in found or name == by:
                continue
            told = _told(_ranks_within(case.sample.numbers[name], levels), answers)
            if leak := _judge(case, name, by, told):
                found[name] = leak
    return list(found.values())


def _judge(case: Case, name: str, by: str, told: Strength) -> Leak | None:
    most = min(MOST_UNEXPLAINED["regression"], _OF_ALL * case.strengths[name].unexplained)
    if told.unexplained > most:
        return None
    rest = case.rest_without([name])
    if not stands_apart(told.unexplained, rest):
        return None
    others = f"all weaker columns together {what_is_told(rest, 'regression')}"
    is_asked = may_be_periods(case, name)
    doubt = f" The target may keep step with it, as with time. {KNOWN}" if is_asked else ""
    return Leak(
        columns=(name,),
        verdict="suspicious" if is_asked else "certain",
        evidence=f"For each {by}, {name} alone explains {what_is_told(told, 'regression')}; "
        f"{others} ({case.sample.in_words()}).{doubt}",
    )


def _levels(case: Case) -> Iterator[tuple[str, Codes]]:
    """Yield the columns of few levels, each of which has enough rows."""
    few = [
        name
        for name in case.names
        if 1 < len(counts := _counts(case.sample.codes[name])) <= _MOST_LEVELS
        and counts.min() >= _FEWEST_ROWS
    ]
    for name in few[:_MOST_LEVELLED]:
        yield name, case.sample.codes[name]


def _counts(codes: Codes) -> Codes:
    counts = np.bincount(codes)
    return counts[counts > 0]


def _numbers(case: Case) -> list[str]:
    """Return the numbers without gaps and of many values, the strongest first."""
    numbers = [
        name
        for name in case.names
        if name in case.sample.numbers
        and not np.isnan(case.sample.numbers[name]).any()
        and len(np.unique(case.sample.numbers[name])) >= _FEWEST_VALUES
    ]
    return sorted(numbers, key=lambda each: -case.strengths[each].association)[:_MOST_NUMBERS]


def _ranks_within(values: Floats, levels: Codes) -> Floats:
    """Return the rank of each row among those of its level, less their mean."""
    ranks = np.zeros(len(values))
    for level in np.unique(levels):
        rows = levels == level
        own = rankdata(values[rows])
        ranks[rows] = own - own.mean()
    return ranks


def _told(values: Floats, answers: Floats) -> Strength:
    scale = float(np.sqrt(np.dot(values, values) * np.dot(answers, answers)))
    told = (float(np.dot(values, answers)) / scale) ** 2 if scale else 0.0
    return Strength(association=told, unexplained=1 - told)
