"""Of two columns that give the target together, the one that was recorded with the outcome.

Delay is arrival less schedule: without the arrival the schedule is harmless, and known. What was
planned or agreed is round (five minutes past, a loan of 10,000); what was measured or computed
afterwards is not. So a column that is named like an outcome, or like something computed (a mean
speed), is blamed where the other is not, and one that is named like a beginning or a plan is not
blamed where the other could be. Of a ratio of counts it is the part, not the whole (hits
of tries), else the one with clearly more different values. Of two that are equally fine, it is the
later of two dates that come in this order, or the one that alone tells a class far better (what was
paid back, not the loan), else the one that raises the target, because what happened is counted from
what was expected.
"""

import numpy as np
from numpy.typing import NDArray

from modelwright.explore.leaks.arithmetic import is_clock
from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.names import says_begun, says_computed, says_ended

_CLEARLY_FINER = 1.15
_FAR_BETTER = 0.25
_IN_ORDER = 0.98
"""Of the rows: bases that were run may be more than the tries."""
_FAR_FROM_NOTHING = 0.5
"""Of the greatest: counts begin near 0, years do not."""
_YEARS = (1_800, 2_200)

Floats = NDArray[np.float64]


def blamed(case: Case, raises: str, lowers: str) -> str:
    """Return the one of two columns that is taken away, where their difference is the target.

    Parameters
    ----------
    case
        The table.
    raises, lowers
        The column with which the target rises, and the other.
    """
    return _named(raises, lowers) or _by_values(case, raises, lowers)


def blamed_of_ratio(case: Case, raises: str, lowers: str) -> str:
    """Return the one of two columns that is taken away, where their ratio is the target.

    Parameters
    ----------
    case
        The table.
    raises, lowers
        The column with which the target rises, and the other.
    """
    named = _named(raises, lowers)
    if not named and _counts_part_of(case, raises, lowers):
        return raises
    return named or _by_values(case, raises, lowers)


def _named(raises: str, lowers: str) -> str:
    for says in (says_ended, says_computed):
        if says(raises) != says(lowers):
            return raises if says(raises) else lowers
    if says_begun(raises) != says_begun(lowers):
        return lowers if says_begun(raises) else raises
    return ""


def _by_values(case: Case, raises: str, lowers: str) -> str:
    fine_raises, fine_lowers = _fineness(case, raises), _fineness(case, lowers)
    if fine_lowers > _CLEARLY_FINER * fine_raises:
        return lowers
    if fine_raises > _CLEARLY_FINER * fine_lowers:
        return raises
    if _are_dates(case, raises, lowers):
        for first, second in ((raises, lowers), (lowers, raises)):
            if _come_in_order(*_both(case, first, second)):
                return second
    if not case.sample.task.is_classification:
        return raises
    better = case.strengths[lowers].association - case.strengths[raises].association
    return lowers if better > _FAR_BETTER else raises


def _counts_part_of(case: Case, part: str, whole: str) -> bool:
    few, many = _both(case, part, whole)
    return all(_are_counts(each) for each in (few, many)) and _come_in_order(few, many)


def _are_counts(values: Floats) -> bool:
    is_whole = bool(len(values) and (values >= 0).all() and (values % 1 == 0).all())
    return (
        is_whole
        and float(values.min()) <= _FAR_FROM_NOTHING * float(values.max())
        and not is_clock(values)
    )


def _are_dates(case: Case, *names: str) -> bool:
    low, high = _YEARS
    return all(
        case.sample.frame[name].dtype.is_temporal()
        or bool(np.all((each % 1 == 0) & (each >= low) & (each <= high)))
        for name, each in zip(names, _both(case, *names), strict=True)
    )


def _come_in_order(first: Floats, second: Floats) -> bool:
    return bool(np.mean(first <= second) >= _IN_ORDER)


def _both(case: Case, *names: str) -> list[Floats]:
    """Return the numbers of the rows in which all columns are known."""
    numbers = [case.sample.numbers[name] for name in names]
    known = ~np.any(np.isnan(numbers), axis=0)
    return [each[known] for each in numbers]


def _fineness(case: Case, name: str) -> int:
    values = case.sample.numbers[name]
    return len(np.unique(values[~np.isnan(values)]))
