"""Shares of rows that may be alike, with intervals; how often a model warns and is right.

Rows of one day or one entity are alike, and a hundred of them say less than a hundred rows that
have nothing to do with each other. How much less is seen from how the shares of the groups differ:
the variance of a share over its groups, beside that over independent rows, is the design effect
(Kish, *Survey Sampling*, 1965). Wilson's interval is taken for so many fewer rows, with Student's t
on the groups (Korn & Graubard, Survey Methodology 24, 1998; Franco et al., Journal of Survey
Statistics and Methodology 7, 2019).
"""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import wilson_interval
from modelwright.tasks.rates import Rates

Array = NDArray[Any]


def measure_rates(
    positive: Array, warned: Array, *, groups: Array | None = None, samples: int = 1
) -> Rates:
    """Measure how rows of two classes were answered.

    Parameters
    ----------
    positive, warned
        (n,) whether each row is positive, and was warned about.
    groups
        (n,) the day or entity of each row, when rows of one group are alike.
    samples
        1 for the shares of rows such as these; 2 where the intervals are to hold those of as many
        other rows, whose chance comes to that of these.

    Examples
    --------
    >>> positive = np.arange(40) % 4 == 0
    >>> rates = measure_rates(positive, np.arange(40) % 2 == 0)
    >>> rates.right.value, rates.found.value, round(rates.troubled.value, 3)
    (0.5, 1.0, 0.333)
    """

    def share(hits: Array, among: Array) -> Interval | None:
        of_rows = None if groups is None else groups[among]
        if not among.any():
            return None
        return share_interval(hits[among], groups=of_rows, samples=samples)

    return Rates(
        warned=share(warned, np.ones(len(warned), dtype=np.bool_)),
        right=share(positive, warned),
        found=share(warned, positive),
        troubled=share(warned, ~positive),
    )


def share_interval(
    hits: Array, *, groups: Array | None = None, level: float = 0.95, samples: int = 1
) -> Interval:
    """Return a share with its interval, also where rows come in groups that are alike.

    Parameters
    ----------
    hits
        (n,) whether each row counts.
    groups
        (n,) the group of each row; None when rows are independent. A single group says nothing of
        how groups differ: then its rows are taken for independent.
    level
        The confidence.
    samples
        As for `measure_rates`.

    Raises
    ------
    InputError
        No rows.

    Examples
    --------
    >>> days = np.repeat(np.arange(10), 10)
    >>> alike, mixed = days % 2 == 0, np.arange(100) % 2 == 0
    >>> [round(share_interval(each, groups=days).low, 2) for each in (alike, mixed)]
    [0.2, 0.39]
    """
    known = np.asarray(hits, dtype=np.bool_)
    n, count = len(known), int(known.sum())
    names, codes = np.unique(groups, return_inverse=True) if groups is not None else ((), None)
    if codes is None or len(names) < 2:
        return wilson_interval(count, n, level, worth=n / samples)
    worth = _independent_rows(known, codes, len(names)) / samples
    found = wilson_interval(count, n, level, worth=worth, freedom=len(names) - 1)
    return msgspec.structs.replace(found, method="Wilson over groups")


def _independent_rows(hits: Array, codes: Array, groups: int) -> float:
    """Return how many independent rows say as much of a share."""
    n, share = len(hits), float(hits.mean())
    if share in (0.0, 1.0):
        return float(groups)
    surplus = np.bincount(codes, hits - share, minlength=groups)
    variance = groups / (groups - 1) * float((surplus**2).sum()) / n**2
    return min(float(n), share * (1 - share) / variance) if variance > 0 else float(n)
