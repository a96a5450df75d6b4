"""Of two columns that give the target together, the one that was recorded with the outcome.

Delay is arrival less schedule: without the arrival the schedule is harmless, and known. What was
planned or agreed is round (five minutes past, a loan of 10,000); what was measured or computed
afterwards is not. So the column with clearly more different values is blamed; of two that are
equally fine, the one that raises the target, because what happened is counted from what was
expected.
"""

import numpy as np

from modelwright.explore.leaks.base import Case

_CLEARLY_FINER = 1.15


def blamed(case: Case, raises: str, lowers: str) -> str:
    """Return the one of two columns that is taken away.

    Parameters
    ----------
    case
        The table.
    raises, lowers
        The column with which the target rises, and the other.
    """
    fine_raises, fine_lowers = _fineness(case, raises), _fineness(case, lowers)
    return lowers if fine_lowers > _CLEARLY_FINER * fine_raises else raises


def _fineness(case: Case, name: str) -> int:
    values = case.sample.numbers[name]
    return len(np.unique(values[~np.isnan(values)]))
