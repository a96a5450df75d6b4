"""Whether a column is filled, or a flag is set, cuts the answers in two, but for slips.

A surcharge is filled where the bill is above a limit, a flag says "large" from one amount on: both
were written with the answer. What is known beforehand cannot tell a number from the next one, so
that its mistakes crowd at the cut, where answers differ least; slips of a record lie anywhere. It
is proof when the rows nearest to the cut are (nearly) all on their own sides, and lie as close
together as answers do elsewhere. It is none where two kinds of things have answers far apart, which
few rows cannot show: their gap looks like any other.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.copies import has_enough_rows

_MOST_UNEXPLAINED = 0.05
_FEWEST_ROWS, _NEAR, _FEWEST_VALUES = 30, 25, 8
"""Rows of each side; those nearest to the cut on each side, and different answers among them."""
_FEWEST_OF_PROOF = 300
"""Rows of each side, of which those near the cut are a small part."""
_MOST_WRONG_NEAR = 0.08
_WIDEST, _TAILS = 3.0, (0.05, 0.95)
"""How far the rows near the cut may spread, by what as many do elsewhere."""


def find_cuts(case: Case) -> list[Leak]:
    """Return the columns whose gaps or two values are one cut of the number that is asked for."""
    if case.sample.task.is_classification or not has_enough_rows(case):
        return []
    found: dict[str, Leak] = {}
    for name in case.names:
        for said, rows in _sides(case, name):
            if name not in found and (wrong := _cut(rows, case.sample.answers)) is not None:
                found[name] = _leak(case, name, said, wrong, _doubt(case, rows))
    return list(found.values())


def _doubt(case: Case, rows: NDArray[np.bool_]) -> str:
    if case.rises:
        return f" The target keeps step with time, as periods do. {KNOWN}"
    if min(rows.sum(), (~rows).sum()) < _FEWEST_OF_PROOF:
        return f" Of so few rows two kinds of things may look the same. {KNOWN}"
    return ""


def _leak(case: Case, name: str, said: str, wrong: float, doubt: str) -> Leak:
    return Leak(
        columns=(name,),
        verdict="suspicious" if doubt else "certain",
        evidence=f"Whether {name} {said} cuts the target in two, with {in_percent(wrong)} of the "
        "rows on the wrong side, and (nearly) none of those nearest to the cut "
        f"({case.sample.in_words()}).{doubt}",
    )


def _sides(case: Case, name: str) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    filled = case.sample.frame[name].is_not_null().to_numpy()
    yield "is filled", filled
    different = np.unique(case.sample.codes[name][filled])
    if len(different) == 2:
        level = case.sample.frame[name].filter(case.sample.codes[name] == different[1])[0]
        yield f"is {level!r}", case.sample.codes[name] == different[1]


def _cut(rows: NDArray[np.bool_], answers: NDArray[np.float64]) -> float | None:
    """Return the share of rows on the wrong side of a cut, where it is proof."""
    fewest = min(int(rows.sum()), int((~rows).sum()))
    if fewest < _FEWEST_ROWS:
        return None
    order = np.argsort(answers, kind="stable")
    inside, ordered = rows[order], answers[order]
    is_rising = ordered[inside].mean() > ordered[~inside].mean()
    above = inside if is_rising else ~inside
    ends = np.flatnonzero(np.diff(ordered)) + 1
    mistakes = np.cumsum(above)[ends - 1] + (~above).sum() - np.cumsum(~above)[ends - 1]
    if not len(ends) or mistakes.min() > _MOST_UNEXPLAINED * fewest:
        return None
    cut = int(ends[mistakes.argmin()])
    if not _is_sharp(above, ordered, cut):
        return None
    return float(mistakes.min() / len(rows))


def _is_sharp(above: NDArray[np.bool_], ordered: NDArray[np.float64], cut: int) -> bool:
    low, high = slice(max(0, cut - _NEAR), cut), slice(cut, cut + _NEAR)
    if min(len(np.unique(ordered[side])) for side in (low, high)) < _FEWEST_VALUES:
        return False
    wrong = int(above[low].sum()) + int((~above[high]).sum())
    near = ordered[low.start : high.stop]
    spread = float(np.subtract(*np.quantile(ordered, _TAILS[::-1])))
    usual = spread * len(near) / ((_TAILS[1] - _TAILS[0]) * len(ordered))
    return wrong <= _MOST_WRONG_NEAR * len(near) and float(np.ptp(near)) <= _WIDEST * usual
