"""Columns of few levels that tell nothing alone and everything together.

An answer that was hidden behind a mask: one column is the mask, the other the answer turned by it.
It is no proof, because a rule that joins the columns may be what is to be learned (whether two
switches differ), so a person is asked.
"""

from collections.abc import Iterator
from itertools import combinations, islice

import numpy as np

from modelwright.documents import Leak
from modelwright.explore.bins import Codes
from modelwright.explore.leaks.base import Case, in_percent

_MOST_LEVELS = 8
_ROWS_PER_CELL = 20
_MOST_ALONE = 0.1
_MOST_EXCEPTIONS = 0.01
_MOST_TRIED = 2_000


def find_masked(case: Case) -> list[Leak]:
    """Return pairs and triples of columns that only together give the class."""
    if not case.sample.task.is_classification:
        return []
    found: list[Leak] = []
    labels = case.sample.labels
    rarer = 1 - float(np.bincount(labels).max()) / len(labels)
    for names in islice(_groups(case), _MOST_TRIED):
        if any(set(leak.columns) <= set(names) for leak in found):
            continue
        cells = _cells([case.sample.codes[name] for name in names])
        share = _exceptions(cells, labels)
        if share <= _MOST_EXCEPTIONS * rarer:
            found.append(_leak(names, share, case))
    return found


def _groups(case: Case) -> Iterator[tuple[str, ...]]:
    """Yield the pairs, then the triples, of columns of few levels that alone tell nothing."""
    few = [
        name
        for name in case.names
        if name in case.sample.codes
        and 1 <= case.sample.codes[name].max() < _MOST_LEVELS
        and case.strengths[name].association <= _MOST_ALONE
    ]
    yield from combinations(few, 2)
    yield from combinations(few, 3)


def _cells(columns: list[Codes]) -> Codes:
    cells = np.zeros(len(columns[0]), dtype=np.int64)
    for codes in columns:
        cells = cells * (int(codes.max()) + 1) + codes
    return cells


def _exceptions(cells: Codes, labels: Codes) -> float:
    """Return the share of rows that are not of the commonest class of their cell."""
    classes, wide = int(labels.max()) + 1, int(cells.max()) + 1
    if wide * _ROWS_PER_CELL > len(cells):
        return 1.0
    counts = np.bincount(cells * classes + labels, minlength=wide * classes)
    return 1 - float(counts.reshape(-1, classes).max(axis=1).sum()) / len(cells)


def _leak(names: tuple[str, ...], share: float, case: Case) -> Leak:
    alone = max(case.strengths[name].association for name in names)
    *others, last = names
    rows = f"all but {in_percent(share)} of {case.sample.in_words()}" if share else "every row"
    return Leak(
        columns=names,
        verdict="suspicious",
        evidence=f"{', '.join(others)} and {last} together give the answer in {rows}, and none of "
        f"them alone tells more than {in_percent(alone)} of it. Were they known at the moment of "
        "the prediction?",
    )
