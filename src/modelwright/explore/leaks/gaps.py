"""Where two columns have gaps is a class, though neither alone tells it.

A parcel has no day of delivery and no day of return while it is lost; either alone may be missing
for other reasons. Which of two columns are filled is how a row was recorded. It is proof when that
gives a class as a copy does, of two the rarer one, and all weaker columns together stay far behind.
One of several classes may be a kind of thing: it is asked about where the other columns tell half
of that class.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.copies import MOST_UNEXPLAINED, has_enough_rows
from modelwright.explore.leaks.levels import open_without

_LEAST_GAPS, _MOST_COLUMNS = 0.02, 40
"""Of the rows, filled or missing; columns of which pairs are made."""
_FEWEST_ROWS = 20
"""Of the class."""
_GAP, _LEAST_UNEXPLAINED_BY_REST, _HARDLY_TOLD = 8.0, 0.05, 0.5
_LEAST_ALONE = 0.2
"""What either column's gaps leave open."""

Bits = NDArray[np.int64]


def find_gaps_together(case: Case) -> list[Leak]:
    """Return the pairs of columns whose gaps together are a class."""
    if not case.sample.task.is_classification or not has_enough_rows(case):
        return []
    filled = _filled(case)
    found: list[Leak] = []
    for one, other in combinations(filled, 2):
        if any({one, other} & {*leak.columns} for leak in found):
            continue
        for label in _labels(case):
            if leak := _judge(case, (one, other), (filled[one], filled[other]), label):
                found.append(leak)
                break
    return found


def _filled(case: Case) -> dict[str, Bits]:
    """Return where the columns are filled that have gaps in some rows."""
    frame, rows = case.sample.frame, len(case.sample)
    shares = {name: frame[name].null_count() / rows for name in case.names}
    some = [name for name in case.names if _LEAST_GAPS <= shares[name] <= 1 - _LEAST_GAPS]
    return {
        name: frame[name].is_not_null().to_numpy().astype(np.int64) for name in some[:_MOST_COLUMNS]
    }


def _labels(case: Case) -> Iterator[int]:
    sizes = np.bincount(case.sample.labels, minlength=2)
    labels = [int(sizes.argmin())] if case.sample.task.kind == "binary" else range(len(sizes))
    yield from (label for label in labels if sizes[label] >= _FEWEST_ROWS)


def _judge(
    case: Case, names: tuple[str, str], filled: tuple[Bits, Bits], label: int
) -> Leak | None:
    of_class = case.sample.labels == label
    told = _open(2 * filled[0] + filled[1], of_class)
    if told > MOST_UNEXPLAINED["binary"] or min(_open(f, of_class) for f in filled) < _LEAST_ALONE:
        return None
    rest = open_without(case, case.left_out(names), label)
    if rest < max(_GAP * told, _LEAST_UNEXPLAINED_BY_REST):
        return None
    is_asked = case.sample.task.kind != "binary" and rest < _HARDLY_TOLD
    answer = case.sample.task.classes[int(case.sample.answers[of_class][0])]
    return Leak(
        columns=names,
        verdict="suspicious" if is_asked else "certain",
        evidence=f"Which of {names[0]} and {names[1]} are filled avoids {in_percent(1 - told)} of "
        f"the mistakes in telling {answer!r}, and neither alone does; all weaker columns together "
        f"{in_percent(max(0.0, 1 - rest))} ({case.sample.in_words()}).{f' {KNOWN}' * is_asked}",
    )


def _open(cells: Bits, of_class: NDArray[np.bool_]) -> float:
    """Return the mistakes of saying the commoner side of each cell, by those of one side."""
    inside = np.bincount(cells[of_class], minlength=4)
    outside = np.bincount(cells[~of_class], minlength=4)
    return float(np.minimum(inside, outside).sum() / max(min(inside.sum(), outside.sum()), 1))
