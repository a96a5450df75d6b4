"""One level of a column is a class: of the severities of an injury, "killed" is who died.

The other levels tell next to nothing, so the column looks like any code, and its mistakes are too
many for a copy. It is asked about when nearly all rows of a level are of one of two classes, when
nearly all rows of that class have the level, and when the other columns leave several times as much
open. An ordinary cause looks the same (who is retired gets a pension), so that it is proof only
where the column is named like an outcome. It is nothing when the column has two levels only (a flag
may be an honest cause), nor with more classes (a department has its own jobs).
"""

import numpy as np

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows
from modelwright.explore.leaks.names import says_ended

_FEWEST_LEVELS, _MOST_LEVELS = 3, 30
_FEWEST_ROWS = 30
_LEAST_PURE, _LEAST_COVERED = 0.95, 0.88
_GAP = 4.0
_LEAST_UNEXPLAINED_BY_REST = 0.02


def find_levels(case: Case) -> list[Leak]:
    """Return the columns of several levels of which one is the rarer of two classes."""
    if case.sample.task.kind != "binary" or not has_enough_rows(case):
        return []
    rarer = int(np.bincount(case.sample.labels, minlength=2).argmin())
    found = {name: told for name in case.names if (told := _told(case, name, rarer)) is not None}
    if not found:
        return []
    rest = case.rest_without(found).unexplained
    return [
        Leak(
            columns=(name,),
            verdict="certain" if says_ended(name) else "suspicious",
            evidence=f"One level of {name} is the class {case.sample.task.classes[rarer]!r}: "
            f"{in_percent(pure)} of its rows are of it, and {in_percent(covered)} of those of the "
            f"class have it. All weaker columns together avoid {in_percent(max(0.0, 1 - rest))} of "
            f"the mistakes ({case.sample.in_words()}).",
        )
        for name, (pure, covered) in found.items()
        if rest >= max(_GAP * _open(pure, covered), _LEAST_UNEXPLAINED_BY_REST)
    ]


def _told(case: Case, name: str, label: int) -> tuple[float, float] | None:
    """Return how pure a level is of a class, and how much of the class it covers."""
    levels, of_class = case.sample.codes[name], case.sample.labels == label
    counts = np.bincount(levels)
    if not _FEWEST_LEVELS <= np.count_nonzero(counts) <= _MOST_LEVELS:
        return None
    both = np.bincount(levels[of_class], minlength=len(counts))
    level = int(both.argmax())
    pure, covered = both[level] / counts[level], both[level] / max(int(of_class.sum()), 1)
    if both[level] < _FEWEST_ROWS or pure < _LEAST_PURE or covered < _LEAST_COVERED:
        return None
    return float(pure), float(covered)


def _open(pure: float, covered: float) -> float:
    """Return the mistakes that the level makes, by the rows of the class."""
    return 1 - covered + covered * (1 / pure - 1)
