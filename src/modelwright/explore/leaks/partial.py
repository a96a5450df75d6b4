"""A column that gives the answer in most rows: where it is filled, or but for slips.

What an order was settled for is the amount asked for, where it has been settled already; the other
rows have nothing, or a number such as 0 or -1 instead, or a level such as "pending". Over all rows
such a column is no copy. It is one when it is in the rows that have a value of their own, and is
judged there as any copy is. A level is no want of a value where it tells of the answer by itself.

A number that is the very target in most rows, and has nothing to do with it in the others, is a
copy with mistakes. It is no proof when it is near the target in the others too: what was planned,
or was so the last time, often stays as it is.
"""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from scipy.stats.contingency import association

from modelwright.documents import Leak
from modelwright.explore.association import measure_column
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.leaks.copies import MOST_UNEXPLAINED, copies_among, has_enough_rows
from modelwright.explore.rest import Rest

_LEAST_TOLD = 0.1
_LEAST_WITHOUT, _LEAST_WITH = 0.03, 0.03
"""Rows without a value of their own, and with one."""
_LEAST_WITH_LEVEL = 0.2
_MOST_TOLD = 0.1
"""Cramér's V of a level that stands for none, and the classes."""
_LEAST_SAME, _FEWEST_VALUES, _FEWEST_OTHERS = 0.7, 20, 10
_MOST_ALIKE = 0.3
"""The rank correlation of what a number with slips says there."""
_EXACT = 1e-9


def find_partial_copies(case: Case) -> list[Leak]:
    """Return the columns that are copies of the target in most rows."""
    found = []
    for name in case.names:
        told = case.strengths[name].association
        leak = _with_slips(case, name) if told >= _LEAST_TOLD else None
        leak = leak or _in_part(case, name)
        found += [leak] if leak else []
    return found


def _in_part(case: Case, name: str) -> Leak | None:
    """Judge a column as any copy is, in the rows that have a value of their own."""
    for own in (_has_own_value(case, name), *_has_own_level(case, name)):
        if leak := _in_rows(case, name, own):
            return leak
    return None


def _in_rows(case: Case, name: str, own: NDArray[np.bool_]) -> Leak | None:
    told = case.strengths[name].association
    if not _LEAST_WITH <= own.mean() <= 1 - _LEAST_WITHOUT or told < _LEAST_TOLD * own.mean():
        return None
    rows, kind = np.flatnonzero(own), case.sample.task.kind
    alone = measure_column(case.sample.select((name,)).take(rows), name)
    if alone.unexplained > MOST_UNEXPLAINED[kind]:
        return None
    sample = case.sample.take(rows)
    part = replace(case, sample=sample, rest=Rest(sample, seed=case.rest.seed), levels=None)
    for leak in copies_among(part, {name: alone}):
        where = f"In the {in_percent(float(own.mean()))} of the rows that have a value of their own"
        return msgspec.structs.replace(leak, evidence=f"{where}, {leak.evidence}")
    return None


def _has_own_value(case: Case, name: str) -> NDArray[np.bool_]:
    """Return the rows with a value, and another one than the number that stands for none."""
    values = case.sample.numbers.get(name)
    if values is None:
        return case.sample.frame[name].is_not_null().to_numpy()
    own = ~np.isnan(values)
    different, counts = np.unique(values[own], return_counts=True)
    if len(different) >= _FEWEST_VALUES and counts.max() >= _LEAST_WITHOUT * len(values):
        own &= values != different[counts.argmax()]
    return own


def _has_own_level(case: Case, name: str) -> Iterator[NDArray[np.bool_]]:
    """Yield the rows with another level than the commonest, where that one tells nothing."""
    if name in case.sample.numbers or not case.sample.task.is_classification:
        return
    levels, labels = case.sample.codes[name], case.sample.labels
    own = (levels != np.bincount(levels).argmax()) & (levels != 0)
    if own.mean() < _LEAST_WITH_LEVEL or own.all():
        return
    counts = [np.bincount(labels[side], minlength=case.sample.classes) for side in (own, ~own)]
    met = np.array(counts)[:, np.unique(labels)]
    if met.shape[1] > 1 and association(met, method="cramer") <= _MOST_TOLD:
        yield own


def _with_slips(case: Case, name: str) -> Leak | None:
    values = case.sample.numbers.get(name)
    if case.sample.task.is_classification or values is None or not has_enough_rows(case):
        return None
    answers = case.sample.answers
    same = np.isclose(values, answers, rtol=_EXACT, atol=0.0)
    others = ~same & ~np.isnan(values)
    if same.mean() < _LEAST_SAME or len(np.unique(answers[same])) < _FEWEST_VALUES:
        return None
    if others.sum() < _FEWEST_OTHERS or _keep_step(values[others], answers[others]):
        return None
    return Leak(
        columns=(name,),
        verdict="certain",
        evidence=f"{name} is the target in {in_percent(float(same.mean()))} of the rows, and has "
        f"nothing to do with it in the others ({case.sample.in_words()}).",
    )


def _keep_step(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    if not np.ptp(one) or not np.ptp(other):
        return False
    return abs(float(spearmanr(one, other).statistic)) >= _MOST_ALIKE
