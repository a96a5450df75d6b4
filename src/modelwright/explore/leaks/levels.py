"""One level of a column is a class: of the severities of an injury, "killed" is who died.

The other levels tell next to nothing, so the column looks like any code, and its mistakes are too
many for a copy. It is asked about when nearly all rows of a level are of one class, of two the
rarer one, when nearly all rows of that class have the level, and when the other columns leave
several times as much open. An ordinary cause looks the same (who is retired gets a pension), so
that it is proof only where the column is named like an outcome; of more classes only where the
other columns hardly tell this one (a department has its own jobs). All levels but the commonest are
taken for one, as the reasons of what ended are beside "none". It is nothing when the column has two
levels only: a flag may be an honest cause.
"""

from collections.abc import Collection

import numpy as np

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows
from modelwright.explore.leaks.names import says_ended

_FEWEST_LEVELS, _MOST_LEVELS = 3, 30
_FEWEST_ROWS, _FEWEST_TO_DROP = 12, 30
_LEAST_PURE, _LEAST_COVERED = 0.95, 0.88
_GAP = 4.0
_LEAST_UNEXPLAINED_BY_REST, _HARDLY_TOLD = 0.02, 0.5


def find_levels(case: Case) -> list[Leak]:
    """Return the columns of several levels of which one is a class: the rarer one of two."""
    if not case.sample.task.is_classification or not has_enough_rows(case):
        return []
    sizes = np.bincount(case.sample.labels, minlength=2)
    labels = [int(sizes.argmin())] if case.sample.task.kind == "binary" else range(len(sizes))
    told = {
        (name, label): each
        for name in case.names
        for label in labels
        if (each := _told(case, name, label)) is not None
    }
    if not told:
        return []
    gone = case.left_out({name for name, _ in told})
    found: dict[str, Leak] = {}
    for (name, label), (pure, covered) in told.items():
        rest = open_without(case, gone, label)
        if rest >= max(_GAP * _open(pure, covered), _LEAST_UNEXPLAINED_BY_REST):
            found.setdefault(name, _leak(case, name, label, (pure, covered, rest)))
    return list(found.values())


def _leak(case: Case, name: str, label: int, shares: tuple[float, float, float]) -> Leak:
    pure, covered, rest = shares
    rows = covered * int((case.sample.labels == label).sum())
    is_binary = case.sample.task.kind == "binary"
    is_open = is_binary or rest >= _HARDLY_TOLD
    is_certain = is_open and says_ended(name) and rows >= _FEWEST_TO_DROP
    answer = case.sample.task.classes[int(case.sample.answers[case.sample.labels == label][0])]
    return Leak(
        columns=(name,),
        verdict="certain" if is_certain else "suspicious",
        evidence=f"One level of {name} is the class {answer!r}: {in_percent(pure)} of its rows are "
        f"of it, and {in_percent(covered)} of those of the class have it. All weaker columns "
        f"together avoid {in_percent(max(0.0, 1 - rest))} of the mistakes "
        f"({case.sample.in_words()}).{'' if is_certain else f' {KNOWN}'}",
    )


def open_without(case: Case, gone: Collection[str], label: int) -> float:
    """Return the mistakes of telling a class from all others, by those of saying the commoner."""
    predicted = case.rest.predictions(gone).argmax(axis=1) == label
    truth = case.sample.labels[: len(predicted)] == label
    fewest = min(truth.mean(), 1 - truth.mean())
    return float(np.mean(predicted != truth) / max(fewest, 1e-12))


def _told(case: Case, name: str, label: int) -> tuple[float, float] | None:
    """Return how pure a level, or all but one, is of a class, and how much of it it covers."""
    levels, of_class = case.sample.codes[name], case.sample.labels == label
    counts = np.bincount(levels)
    if not _FEWEST_LEVELS <= np.count_nonzero(counts) <= _MOST_LEVELS:
        return None
    both = np.bincount(levels[of_class], minlength=len(counts))
    level, commonest = int(both.argmax()), int(counts.argmax())
    for inside, rows in (
        (both[level], counts[level]),
        (both.sum() - both[commonest], counts.sum() - counts[commonest]),
    ):
        pure, covered = inside / max(rows, 1), inside / max(int(both.sum()), 1)
        if inside >= _FEWEST_ROWS and pure >= _LEAST_PURE and covered >= _LEAST_COVERED:
            return float(pure), float(covered)
    return None


def _open(pure: float, covered: float) -> float:
    """Return the mistakes that the level makes, by the rows of the class."""
    return 1 - covered + covered * (1 / pure - 1)
