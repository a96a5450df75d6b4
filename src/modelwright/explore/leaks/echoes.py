"""A number that repeats one of several others, and which one it repeats is the class.

The price that was paid for a journey is the price of the train, of the bus or of the car: alone it
tells little, and beside the three it names what was taken. It is proof when the number is equal to
one of the others in (nearly) every row, seldom to several, and when which one it is leaves next to
nothing open while all weaker columns together stay far behind. Where it leaves a little more open,
as two of the others may be equal, it is asked about.
"""

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.association import measure, out_of_fold
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows, stands_apart

_MOST_COLUMNS, _SCREENED = 100, 300
_FEWEST_VALUES = 10
_LEAST_EQUAL, _MOST_TO_ONE, _MOST_AT_ONCE = 0.95, 0.9, 1.3
"""Rows in which it repeats another, of these those in which it is the same one, and how many others
it repeats at once on average."""
_MOST_UNEXPLAINED, _GAP = 0.25, 3.0


def find_echoes(case: Case) -> list[Leak]:
    """Return the numbers of which it is the class which other number they repeat."""
    if not case.sample.task.is_classification or not has_enough_rows(case):
        return []
    names = [name for name in case.names if name in case.sample.numbers][:_MOST_COLUMNS]
    found = [_judge(case, name, equal) for name in names if (equal := _equal(case, name, names))]
    return [leak for leak in found if leak]


def _equal(case: Case, name: str, names: list[str]) -> dict[str, NDArray[np.bool_]]:
    """Return the rows in which a number repeats each of the others; none where it seldom does."""
    own = case.sample.numbers[name]
    if len(np.unique(own[~np.isnan(own)])) < _FEWEST_VALUES:
        return {}
    for rows in (_SCREENED, len(own)):
        equal = {
            other: own[:rows] == case.sample.numbers[other][:rows]
            for other in names
            if other != name
        }
        equal = {other: same for other, same in equal.items() if same.any()}
        if len(equal) < 2 or not _repeats(np.stack(list(equal.values()))):
            return {}
    return equal


def _repeats(equal: NDArray[np.bool_]) -> bool:
    repeated = equal.any(axis=0).mean()
    return bool(
        repeated >= _LEAST_EQUAL
        and equal.mean(axis=1).max() <= _MOST_TO_ONE
        and equal.sum() <= _MOST_AT_ONCE * repeated * equal.shape[1]
    )


def _judge(case: Case, name: str, equal: dict[str, NDArray[np.bool_]]) -> Leak | None:
    _, which = np.unique(np.stack(list(equal.values())), axis=1, return_inverse=True)
    told = measure(case.sample, out_of_fold(case.sample, which.ravel().astype(np.int64)))
    if told.unexplained > _MOST_UNEXPLAINED:
        return None
    rest = case.rest_without([name])
    if rest.unexplained < _GAP * told.unexplained:
        return None
    is_proof = stands_apart(told.unexplained, rest)
    return Leak(
        columns=(name,),
        verdict="certain" if is_proof else "suspicious",
        evidence=f"{name} repeats one of {', '.join(equal)}, and which one it is avoids "
        f"{in_percent(1 - told.unexplained)} of the mistakes; all weaker columns together "
        f"{in_percent(max(0.0, 1 - rest.unexplained))} ({case.sample.in_words()})."
        f"{'' if is_proof else f' {KNOWN}'}",
    )
