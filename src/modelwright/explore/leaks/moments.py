"""A moment that lies after the one at which the prediction is made.

The plan may name the column that holds the moment of the prediction; what happened later was not
known then. It is no proof when the lead is the same in every row (a due date is made from the
order date and tells nothing new), and differences below the resolution of the moment (a whole
hour, a whole day) do not count. Columns that are later in some rows only are suspicious. So
are plans, such as the slot of an appointment: columns named like one, and those whose times of day
are all whole five minutes where the moment is finer, which no clock writes down by chance.
"""

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Leak
from modelwright.explore.leaks.base import KNOWN, Case, in_percent
from modelwright.explore.leaks.names import says_planned
from modelwright.explore.sample import numbers_of

_MOST = 0.5
_SOME = 0.01
_SECOND = 1_000_000
_DAY, _HOUR, _MINUTE = 86_400 * _SECOND, 3_600 * _SECOND, 60 * _SECOND
_GRID, _TIMES_OF_DAY = 5 * _MINUTE, 3
"""What people plan by; fewer times of day are dates, in zones with and without summer time."""


def find_later_moments(case: Case) -> list[Leak]:
    """Return datetimes that lie after the moment of the prediction."""
    if case.moment not in case.training.columns:
        return []
    if not case.training[case.moment].dtype.is_temporal():
        return []
    moment = numbers_of(case.training[case.moment])
    step = _resolution(moment)
    found = []
    for name in case.names:
        if name == case.moment or not case.training[name].dtype.is_temporal():
            continue
        times = numbers_of(case.training[name])
        lead = times - moment
        lead = lead[~np.isnan(lead)]
        later = float(np.mean(lead >= step)) if len(lead) else 0.0
        if later > _SOME and len(np.unique(lead)) > 1:
            is_plan = says_planned(name) or (_is_timetable(times) and not _is_on_grid(moment))
            found.append(_leak(name, case.moment, later, is_proof=later > _MOST and not is_plan))
    return found


def _leak(name: str, moment: str, later: float, *, is_proof: bool) -> Leak:
    return Leak(
        columns=(name,),
        verdict="certain" if is_proof else "suspicious",
        evidence=f"{name} lies after {moment}, the moment of the prediction, in "
        f"{in_percent(later)} of the rows.{'' if is_proof else f' {KNOWN}'}",
    )


def _is_timetable(times: NDArray[np.float64]) -> bool:
    """Return whether all times are whole five minutes, and more than dates."""
    known = times[~np.isnan(times)]
    return _is_on_grid(known) and len(np.unique(known % _DAY)) >= _TIMES_OF_DAY


def _is_on_grid(times: NDArray[np.float64]) -> bool:
    return not np.any(times[~np.isnan(times)] % _GRID)


def _resolution(moment: NDArray[np.float64]) -> int:
    known = moment[~np.isnan(moment)]
    return next((step for step in (_DAY, _HOUR, _MINUTE) if not np.any(known % step)), 1)
