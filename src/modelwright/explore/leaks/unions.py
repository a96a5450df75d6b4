"""Several flags together are the class.

A failure is recorded as one of five kinds of failure, a refund has an amount only where something
was returned: each flag is raised for one class only, and where none is raised the answer is the
other. It is proof when flags that are (nearly) never raised for the other class together cover
(nearly) all rows of theirs, each adding rows of its own, when so many pure rows are no chance
however many flags were tried, and when all other columns stay far behind. A number with few values,
such as a grade, is taken as classes.
A single such flag is no proof, because honest rare levels may be pure too: it is suspicious when
the other columns expect many exceptions and there is none.
"""

from dataclasses import dataclass
from math import comb, log10

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows

_LEAST_COVERED = 0.95
_LEAST_ADDED, _LEAST_SHARE_ADDED = 5, 0.1
"""Rows of its own, fewer where the whole class has few: then the odds decide."""
_ODDS = 1e-6
_MOST_EXCEPTIONS = 0.005
_LEAST_UNEXPLAINED_BY_REST = 0.2
_FEWEST_EXPECTED = 20.0


def find_unions(case: Case) -> list[Leak]:
    """Return the flags that are one class together, and flags that are too pure."""
    classed = case.by_class()
    return [] if classed is None or not has_enough_rows(classed) else _unions(classed)


def _unions(case: Case) -> list[Leak]:
    found: list[Leak] = []
    flags = _pure_flags(case)
    for answer in sorted({flag.answer for flag in flags}, reverse=True):
        own, of_class = [f for f in flags if f.answer == answer], case.sample.answers == answer
        chosen = _cover(own, of_class)
        if len(chosen) > 1 and _no_chance(case, chosen, of_class) and _is_gap(case, chosen, answer):
            found.append(_union(case, chosen, answer))
        else:
            found.extend(_too_pure(case, own, answer))
    return found


@dataclass(frozen=True)
class _Flag:
    """Rows of the sample in which a column is not at its rest value, and what they answer."""

    name: str
    raised: NDArray[np.bool_]
    answer: int


def _pure_flags(case: Case) -> list[_Flag]:
    """Return the flags raised (nearly) only for one class, those with most rows first."""
    flags = []
    for name in case.names:
        raised = _raised(case.sample.frame[name], case.sample.numbers.get(name))
        rows = int(raised.sum())
        if not 0 < rows <= len(raised) / 2:
            continue
        answers, counts = np.unique(case.sample.answers[raised], return_counts=True)
        if rows - counts.max() <= _MOST_EXCEPTIONS * rows:
            flags.append(_Flag(name, raised, int(answers[counts.argmax()])))
    return sorted(flags, key=lambda flag: -int(flag.raised.sum()))


def _raised(series: pl.Series, numbers: NDArray[np.float64] | None) -> NDArray[np.bool_]:
    if numbers is None:
        return series.is_not_null().to_numpy()
    return np.asarray(~np.isnan(numbers) & (numbers != 0))


def _cover(flags: list[_Flag], of_class: NDArray[np.bool_]) -> list[_Flag]:
    """Return flags that each add rows until (nearly) the whole class is covered; else none."""
    covered = np.zeros(len(of_class), dtype=bool)
    chosen = []
    least = max(1, min(_LEAST_ADDED, int(_LEAST_SHARE_ADDED * of_class.sum())))
    for flag in flags:
        if int((flag.raised & ~covered).sum()) >= least:
            chosen.append(flag)
            covered |= flag.raised
    return chosen if (covered & of_class).sum() >= _LEAST_COVERED * of_class.sum() else []


def _no_chance(case: Case, chosen: list[_Flag], of_class: NDArray[np.bool_]) -> bool:
    """Return whether as many flags as were tried would hardly ever be so pure by chance."""
    rows = int(np.logical_or.reduce([flag.raised for flag in chosen]).sum())
    tried = comb(len(case.names), len(chosen)) * case.sample.classes
    return rows * log10(float(of_class.mean())) + log10(tried) <= log10(_ODDS)


def _is_gap(case: Case, chosen: list[_Flag], answer: int) -> bool:
    if case.sample.task.kind == "binary":
        rest = case.rest_without([flag.name for flag in chosen])
        return rest.unexplained >= _LEAST_UNEXPLAINED_BY_REST
    # Of several classes one may be hard to tell while the others are easy.
    of_class = case.sample.answers == answer
    label = case.sample.labels[of_class][0]
    expected = case.rest.predictions(case.left_out([flag.name for flag in chosen]))[:, label]
    used = of_class[: len(expected)]
    return bool(used.any()) and float(np.mean(1 - expected[used])) >= _LEAST_UNEXPLAINED_BY_REST


def _union(case: Case, chosen: list[_Flag], answer: int) -> Leak:
    of_class = case.sample.answers == answer
    covered = np.logical_or.reduce([flag.raised for flag in chosen])
    share = float((covered & of_class).sum() / of_class.sum())
    names = [flag.name for flag in chosen]
    return Leak(
        columns=tuple(names),
        verdict="certain",
        evidence=f"{', '.join(names)} are set (nearly) only where the answer is "
        f"{case.sample.task.classes[answer]!r}, and one of them is in {in_percent(share)} of those "
        f"rows: together they are the answer ({case.sample.in_words()}).",
    )


def _too_pure(case: Case, flags: list[_Flag], answer: int) -> list[Leak]:
    gone = case.left_out([flag.name for flag in flags])
    label = case.sample.labels[case.sample.answers == answer][0]
    expected = 1 - case.rest.predictions(gone)[:, label]
    found = []
    for flag in flags:
        used = flag.raised[: len(expected)]
        rows = int(flag.raised.sum())
        others = float(expected[used].mean()) * rows if used.any() else 0.0
        if others >= _FEWEST_EXPECTED:
            found.append(_pure(case, flag, others=others))
    return found


def _pure(case: Case, flag: _Flag, *, others: float) -> Leak:
    return Leak(
        columns=(flag.name,),
        verdict="suspicious",
        evidence=f"{flag.name} is set in {int(flag.raised.sum()):,} rows, (nearly) all of which "
        f"answer {case.sample.task.classes[flag.answer]!r}; the other columns expect {others:.0f} "
        f"others ({case.sample.in_words()}). Was it known before the outcome?",
    )
