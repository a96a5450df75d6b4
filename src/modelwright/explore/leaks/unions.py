"""Several flags together are the class.

A failure is recorded as one of five kinds of failure, a refund has an amount only where something
was returned: each flag is raised for one class only, and where none is raised the answer is the
other. It is proof when flags that are (nearly) never raised for the other class together cover
(nearly) all rows of theirs, each adding rows of its own, and all other columns stay far behind.
A single such flag is no proof, because honest rare levels may be pure too: it is suspicious when
the other columns expect many exceptions and there is none.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows

_LEAST_COVERED = 0.95
_LEAST_ADDED = 5
_MOST_EXCEPTIONS = 0.005
_LEAST_UNEXPLAINED_BY_REST = 0.2
_FEWEST_EXPECTED = 20.0


def find_unions(case: Case) -> list[Leak]:
    """Return the flags that are one class together, and flags that are too pure."""
    if not case.sample.task.is_classification or not has_enough_rows(case):
        return []
    found: list[Leak] = []
    for label in reversed(range(case.sample.classes)):
        flags = _pure_flags(case, label)
        chosen = _cover(flags, case.sample.labels == label)
        if len(chosen) > 1 and _is_gap(case, chosen, label):
            found.append(_union(case, chosen, label))
        elif flags:
            found.extend(_too_pure(case, flags, label))
    return found


@dataclass(frozen=True)
class _Flag:
    """Rows of the sample in which a column is not at its rest value."""

    name: str
    raised: NDArray[np.bool_]


def _pure_flags(case: Case, label: int) -> list[_Flag]:
    """Return the flags raised (nearly) only for a class, those with most rows first."""
    flags = []
    of_class = case.sample.labels == label
    for name in case.names:
        raised = _raised(case.sample.frame[name], case.sample.numbers.get(name))
        rows = int(raised.sum())
        if rows < _LEAST_ADDED or rows > len(raised) / 2:
            continue
        if int((raised & ~of_class).sum()) <= _MOST_EXCEPTIONS * rows:
            flags.append(_Flag(name, raised))
    return sorted(flags, key=lambda flag: -int(flag.raised.sum()))


def _raised(series: pl.Series, numbers: NDArray[np.float64] | None) -> NDArray[np.bool_]:
    if numbers is None:
        return series.is_not_null().to_numpy()
    return np.asarray(~np.isnan(numbers) & (numbers != 0))


def _cover(flags: list[_Flag], of_class: NDArray[np.bool_]) -> list[_Flag]:
    """Return flags that each add rows until (nearly) the whole class is covered; else none."""
    covered = np.zeros(len(of_class), dtype=bool)
    chosen = []
    for flag in flags:
        if int((flag.raised & ~covered).sum()) >= _LEAST_ADDED:
            chosen.append(flag)
            covered |= flag.raised
    return chosen if (covered & of_class).sum() >= _LEAST_COVERED * of_class.sum() else []


def _is_gap(case: Case, chosen: list[_Flag], label: int) -> bool:
    if case.sample.task.kind == "binary":
        rest = case.rest_without([flag.name for flag in chosen])
        return rest.unexplained >= _LEAST_UNEXPLAINED_BY_REST
    # Of several classes one may be hard to tell while the others are easy.
    expected = case.rest.predictions(case.left_out([flag.name for flag in chosen]))[:, label]
    of_class = case.sample.labels[: len(expected)] == label
    return float(np.mean(1 - expected[of_class])) >= _LEAST_UNEXPLAINED_BY_REST


def _union(case: Case, chosen: list[_Flag], label: int) -> Leak:
    of_class = case.sample.labels == label
    covered = np.logical_or.reduce([flag.raised for flag in chosen])
    share = float((covered & of_class).sum() / of_class.sum())
    names = [flag.name for flag in chosen]
    return Leak(
        columns=tuple(names),
        verdict="certain",
        evidence=f"{', '.join(names)} are set (nearly) only where the answer is "
        f"{case.sample.task.classes[label]!r}, and one of them is in {in_percent(share)} of those "
        f"rows: together they are the answer ({case.sample.in_words()}).",
    )


def _too_pure(case: Case, flags: list[_Flag], label: int) -> list[Leak]:
    gone = case.left_out([flag.name for flag in flags])
    expected = 1 - case.rest.predictions(gone)[:, label]
    found = []
    for flag in flags:
        used = flag.raised[: len(expected)]
        rows = int(flag.raised.sum())
        others = float(expected[used].mean()) * rows if used.any() else 0.0
        if others >= _FEWEST_EXPECTED:
            found.append(_pure(case, flag, label=label, others=others))
    return found


def _pure(case: Case, flag: _Flag, *, label: int, others: float) -> Leak:
    return Leak(
        columns=(flag.name,),
        verdict="suspicious",
        evidence=f"{flag.name} is set in {int(flag.raised.sum()):,} rows, (nearly) all of which "
        f"answer {case.sample.task.classes[label]!r}; the other columns expect {others:.0f} others "
        f"({case.sample.in_words()}). Was it known before the outcome?",
    )
