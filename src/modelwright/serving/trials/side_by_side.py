"""Two bundles asked in turn: which of them takes longer, whatever else the machine does."""

import time
from collections.abc import Callable
from itertools import cycle

import numpy as np

from modelwright.predictor.bundle import Bundle

_ROUNDS, _FEWEST_ROUNDS, _MOST_S = 50, 3, 1.0


def seconds_more(
    new: Bundle, old: Bundle, *, clock: Callable[[], float] = time.perf_counter
) -> float | None:
    """Return by how many seconds a row takes longer with one bundle than with another.

    Both answer recorded rows of their own, one after the other, again and again; the median of the
    differences owes nothing to what came between.

    Parameters
    ----------
    new, old
        The bundles.
    clock
        In seconds.

    Returns
    -------
    float, optional
        None where one of them has no recorded rows.
    """
    began, differences = clock(), []
    for of_new, of_old in zip(cycle(new.cases), cycle(old.cases), strict=False):
        moments = [clock()]
        for bundle, case in ((new, of_new), (old, of_old)):
            bundle.run_records([case.record])
            moments.append(clock())
        differences.append(moments[1] - moments[0] - (moments[2] - moments[1]))
        took = moments[2] - began
        if len(differences) >= (_FEWEST_ROUNDS if took > _MOST_S else _ROUNDS):
            break
    return float(np.median(differences)) if differences else None
