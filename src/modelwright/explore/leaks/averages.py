"""A number that averages, or adds up, the answers of a group, that of the row itself among them.

The rate of a branch over all its rows, or the mean price of a street, was computed with each row's
own answer, and the smaller the group, the more it tells of it. A mean that was known beforehand
leaves these answers out, so that they scatter around it: in a group their own mean is off by what
they scatter, by the root of their number. It is proof when in many groups it is clearly nearer to
the value than that, as nothing can be that was known before; it need not be the same, as the rows
of the holdout are missing in it. The groups are the rows that share the value, or those of any
column that determines it.

The answers of a group may be bound to each other: of four ways to travel one is taken, so that the
mean is a quarter whatever happens. What keeps step with the number of rows is asked about, and so
are means of few groups, or of groups so large that the own answer hardly counts.

A sum of a group's answers is proof where it is exact too often for chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import spearmanr

from modelwright.documents import Leak
from modelwright.explore.bins import codes_of_levels
from modelwright.explore.leaks.base import KNOWN, Case
from modelwright.explore.sample import numbers_of
from modelwright.tasks.targets import encode_target

_MOST_ROWS, _MOST_GROUPINGS, _MOST_NUMBERS, _MOST_CLASSES = 20_000, 60, 60, 8
_FEWEST_GROUPS, _FEWEST_TO_DROP, _FEWEST_VALUES = 5, 12, 4
_LEAST_TOLD = 0.05
_OF_CHANCE = 0.5
"""How far the means may be off, by what chance gives."""
_CLEARLY = 3.0
"""Standard errors below that."""
_CLEARLY_APART, _WITHIN_CHANCE = 20.0, 1.5
"""Variances of chance: at least so many between groups, at most so many between value and mean."""
_IN_STEP = 0.8
_FEWEST_SUMS, _SAME, _SAME_OF_MEASURED, _EXACT = 20, 0.95, 0.05, 1e-9
"""Groups, and those of them in which a sum is exact; of different answers so many are no chance."""
_OF_CHANCE_SUMS = 5.0
"""How often sums are exact, by how often those of the next group are."""
_PERCENT = 100.0

Floats = NDArray[np.float64]


def find_averages(case: Case) -> list[Leak]:
    """Return the numbers that are the mean answer of a group of rows, their own among them."""
    strongest = sorted(case.names, key=lambda name: -case.strengths[name].association)
    names = [
        name
        for name in strongest
        if name in case.sample.numbers and case.strengths[name].association >= _LEAST_TOLD
    ][:_MOST_NUMBERS]
    found: dict[str, Leak] = {}
    for groups in _groupings(case, names) if names else ():
        answers = [*_answers(case, groups.rows)]
        for name in groups.of:
            if name not in found and (leak := _judge(case, name, groups, answers)):
                found[name] = leak
    return list(found.values())


@dataclass(frozen=True)
class _Groups:
    """Groups of several rows, and the numbers that may be their means.

    The rows are those of one group after another; each group begins somewhere and has a size.
    """

    by: str
    of: list[str]
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]

    @classmethod
    def by_column(cls, column: pl.Series, answered: NDArray[np.bool_], of: list[str]) -> Self:
        """Group the answered rows by a column; of very many rows only some of the groups."""
        every = -(-len(column) // _MOST_ROWS)
        some = (column.is_not_null() & (column.hash(seed=0) % every == 0)).to_numpy()
        rows = np.flatnonzero(some & answered)
        codes = codes_of_levels(column.gather(rows))
        counts = np.bincount(codes, minlength=1)
        rows, codes = rows[counts[codes] > 1], codes[counts[codes] > 1]
        sizes = counts[counts > 1]
        order = np.argsort(codes, kind="stable")
        return cls(column.name, of, rows[order], np.cumsum(sizes) - sizes, sizes)

    def value_of(self, column: pl.Series) -> Floats | None:
        """Return the number of each group; None where some group has several, or a gap."""
        numbers = numbers_of(column.gather(self.rows))
        lowest = np.minimum.reduceat(numbers, self.starts)
        same = lowest == np.maximum.reduceat(numbers, self.starts)
        return lowest if bool(same.all()) else None

    def mean_of(self, numbers: Floats) -> Floats:
        """Return the mean of each group."""
        return np.asarray(np.add.reduceat(numbers, self.starts) / self.sizes, dtype=np.float64)


def _groupings(case: Case, names: list[str]) -> Iterator[_Groups]:
    """Yield the rows that share a level of any column; of a measured number they are its own."""
    looked_at = 0
    for name in case.training.columns:
        column = case.training[name]
        of = [name] if column.dtype.is_float() else names
        if name == case.target or not set(of) <= set(names) or looked_at >= _MOST_GROUPINGS:
            continue
        groups = _Groups.by_column(column, case.answered, of)
        looked_at += 1
        if len(groups.sizes) >= _FEWEST_GROUPS:
            yield groups


def _answers(case: Case, rows: NDArray[np.intp]) -> Iterator[Floats]:
    """Yield the answers, or for each class whether it is the answer, also in percent."""
    task = case.sample.task
    answers = encode_target(case.training[case.target].gather(rows), task)
    if not task.is_classification:
        yield answers
        return
    for label in range(min(len(task.classes), _MOST_CLASSES)):
        share = (answers == label).astype(np.float64)
        yield from (share, _PERCENT * share)


def _judge(case: Case, name: str, groups: _Groups, answers: list[Floats]) -> Leak | None:
    values = groups.value_of(case.training[name])
    if values is None or len(np.unique(values)) < _FEWEST_VALUES:
        return None
    which = "the rows that share it" if groups.by == name else f"the rows of each {groups.by}"
    if any(_is_sum(values, groups, each) for each in answers):
        return _leak(name, f"is the sum of the answers of {which}", is_asked=False)
    off = min(_off(values, groups, each) for each in answers)
    said = f"is the mean answer of {which}, their own answers among them: in {len(values):,} groups"
    if off < np.inf:
        far = f"it is {off:.2g} times as far from their mean as chance would have it"
        said = f"{said} {far}, were it known beforehand"
        return _leak(name, said, is_asked=_keeps_step(values, groups.sizes))
    if any(_is_near(values, groups, each) for each in answers):
        said = f"is the mean answer of {which} within chance, in {len(values):,} groups"
        return _leak(name, said, is_asked=True)
    return None


def _leak(name: str, said: str, *, is_asked: bool) -> Leak:
    return Leak(
        columns=(name,),
        verdict="suspicious" if is_asked else "certain",
        evidence=f"{name} {said}.{f' {KNOWN}' if is_asked else ''}",
    )


def _is_sum(values: Floats, groups: _Groups, answers: Floats) -> bool:
    """Return whether values are the sums of answers, where that is no chance."""
    sums = groups.mean_of(answers) * groups.sizes
    some = sums != 0
    if some.sum() < _FEWEST_SUMS:
        return False
    same = np.isclose(values, sums, rtol=_EXACT, atol=0.0)[some]
    if len(np.unique(answers)) < _FEWEST_SUMS:
        return bool(same.mean() >= _SAME)
    # Rows of the holdout, or answers, are missing in most of the groups.
    by_chance = np.isclose(values, np.roll(sums, 1), rtol=_EXACT, atol=0.0)[some]
    return bool(
        same.sum() >= _FEWEST_SUMS
        and same.mean() >= max(_SAME_OF_MEASURED, _OF_CHANCE_SUMS * by_chance.mean())
    )


def _off(values: Floats, groups: _Groups, answers: Floats) -> float:
    """Return how far values are from the means, by what chance gives; infinite without proof.

    Squares are compared group by group, the larger ones counting more, so that neither groups of
    few rows nor a scatter that differs from group to group move the verdict.
    """
    means = groups.mean_of(answers)
    scatter = groups.mean_of((answers - np.repeat(means, groups.sizes)) ** 2) * groups.sizes
    off = (groups.sizes - 1) * groups.sizes * (values - means) ** 2
    below = _OF_CHANCE * scatter - off
    spread = float(below.std())
    is_less = below.mean() >= _CLEARLY * spread / np.sqrt(len(below))
    if len(values) < _FEWEST_TO_DROP or not spread or not is_less:
        return np.inf
    return float(np.sqrt(off.sum() / scatter.sum()))


def _is_near(values: Floats, groups: _Groups, answers: Floats) -> bool:
    """Return whether values that differ clearly are the means, as exactly as chance allows."""
    means = groups.mean_of(answers)
    scatter = groups.mean_of((answers - np.repeat(means, groups.sizes)) ** 2)
    chance = scatter / (groups.sizes - 1)
    if not chance.all() or values.var() < _CLEARLY_APART * chance.mean():
        return False
    return bool(np.mean((values - means) ** 2 / chance) <= _WITHIN_CHANCE)


def _keeps_step(values: Floats, sizes: NDArray[np.intp]) -> bool:
    return bool(np.ptp(sizes) > 0 and abs(spearmanr(values, sizes).statistic) >= _IN_STEP)
