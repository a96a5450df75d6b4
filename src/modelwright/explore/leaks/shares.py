"""A number that is the share of a class in a group of few rows, where the table lacks the group.

Of groups of three the share of a class is 0, 1/3, 2/3 or 1, its own row among them: where it is 0
the row is never of the class, and where it is 1/3 just a third of the rows are. Shares that were
known beforehand are wrong now and then at 0. It is proof when a number has nothing but fractions
of small counts, when no row at 0 is of the class although the other columns expect many, and when
every other fraction is the share of the class among its rows.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.copies import has_enough_rows

_MOST_IN_A_GROUP, _AS_WRITTEN = 12, 6e-4
_FEWEST_BETWEEN, _FEWEST_EXPECTED = 50, 20.0
_MOST_EXCEPTIONS = 0.001
_WITHIN, _CLEARLY = 3.0, 5.0
"""Standard errors: of a fraction from the share of its rows, and from that of all rows."""
_MOST_CLASSES = 8
_PERCENT = 100.0

Floats = NDArray[np.float64]

_FRACTIONS = np.array(
    sorted(
        {
            float(Fraction(part, whole))
            for whole in range(1, _MOST_IN_A_GROUP + 1)
            for part in range(whole + 1)
        }
    )
)


def find_shares(case: Case) -> list[Leak]:
    """Return the numbers that are the share of a class among few rows, their own among them."""
    if not case.sample.task.is_classification or not has_enough_rows(case):
        return []
    names = [name for name in case.names if name in case.sample.numbers]
    return [leak for name in names if (leak := _judge(case, name))]


def _judge(case: Case, name: str) -> Leak | None:
    shares = _shares(case.sample.numbers[name])
    if shares is None:
        return None
    for label in range(min(case.sample.classes, _MOST_CLASSES)):
        of_class = case.sample.labels == label
        if _are_own(shares, of_class) and _expected(case, name, label) >= _FEWEST_EXPECTED:
            answer = case.sample.task.classes[int(case.sample.answers[of_class][0])]
            return Leak(
                columns=(name,),
                verdict="certain",
                evidence=f"{name} is the share of {answer!r} in groups of few rows, their own "
                f"answers among them: the class never has 0, and of the rows with each other share "
                f"just that part is of it ({case.sample.in_words()}).",
            )
    return None


def _shares(values: Floats) -> Floats | None:
    """Return fractions of small counts; None where some are others, or 0 or others are absent."""
    different = np.unique(values[~np.isnan(values)])
    if not 3 <= len(different) <= len(_FRACTIONS) or different[0] != 0:
        return None
    scale = 1.0 if different[-1] <= 1 else _PERCENT
    near = np.abs(different[:, None] / scale - _FRACTIONS).min(axis=1)
    return values / scale if near.max() <= _AS_WRITTEN else None


def _are_own(shares: Floats, of_class: NDArray[np.bool_]) -> bool:
    none, base = shares == 0, float(of_class.mean())
    between = (shares > 0) & (shares < 1)
    if of_class[none].mean() > _MOST_EXCEPTIONS or between.sum() < _FEWEST_BETWEEN:
        return False
    apart = 0.0
    for share in np.unique(shares[between]):
        rows = of_class[shares == share]
        off = np.sqrt(share * (1 - share) / len(rows))
        if abs(rows.mean() - share) > _WITHIN * off:
            return False
        apart = max(apart, abs(share - base) / off)
    return apart >= _CLEARLY


def _expected(case: Case, name: str, label: int) -> float:
    """Return how many rows at 0 the other columns take for the class."""
    predicted = case.rest.predictions(case.left_out([name]))[:, label]
    none = case.sample.numbers[name] == 0
    used = none[: len(predicted)]
    return float(predicted[used].mean() * none.sum()) if used.any() else 0.0
