"""Of two columns that give the target together, the one that was recorded with the outcome.

Delay is arrival less schedule: without the arrival the schedule is harmless, and known. What was
planned or agreed is round (five minutes past, a loan of 10,000); what was measured or computed
afterwards is not. So a column that is named like an outcome, or like something computed (a mean
speed), is blamed where the other is not. Of counts it is the part and not the whole (hits of
tries), else the one with clearly more different values. Of two that are equally fine, it is the one
that alone tells a class far better (what was paid back, not the loan), else the one that raises the
target, because what happened is counted from what was expected.
"""

import numpy as np

from modelwright.explore.leaks.base import Case
from modelwright.explore.leaks.names import says_computed, says_ended

_CLEARLY_FINER = 1.15
_FAR_BETTER = 0.25


def blamed(case: Case, raises: str, lowers: str) -> str:
    """Return the one of two columns that is taken away.

    Parameters
    ----------
    case
        The table.
    raises, lowers
        The column with which the target rises, and the other.
    """
    for says in (says_ended, says_computed):
        if says(raises) != says(lowers):
            return raises if says(raises) else lowers
    if _counts_part_of(case, raises, lowers):
        return raises
    fine_raises, fine_lowers = _fineness(case, raises), _fineness(case, lowers)
    if fine_lowers > _CLEARLY_FINER * fine_raises:
        return lowers
    if fine_raises > _CLEARLY_FINER * fine_lowers or not case.sample.task.is_classification:
        return raises
    better = case.strengths[lowers].association - case.strengths[raises].association
    return lowers if better > _FAR_BETTER else raises


def _counts_part_of(case: Case, part: str, whole: str) -> bool:
    few, many = case.sample.numbers[part], case.sample.numbers[whole]
    known = ~(np.isnan(few) | np.isnan(many))
    few, many = few[known], many[known]
    are_counts = bool((few >= 0).all() and (few % 1 == 0).all() and (many % 1 == 0).all())
    return are_counts and bool((few <= many).all())


def _fineness(case: Case, name: str) -> int:
    values = case.sample.numbers[name]
    return len(np.unique(values[~np.isnan(values)]))
