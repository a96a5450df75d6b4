"""Bounds of a mean that hold at every look, however often one looks.

Somebody who believes that a mean is below *m* lets others bet against it. Who bets a part *f* of
his capital on each value *x* in [0, 1] has the capital ``prod(1 - f + f x / m)`` after them, which
is expected to shrink as long as the belief is right. Several bettors with parts of different sizes
share the first unit of capital, so that somebody always bets about right. The chance that their
joint capital ever reaches 1/a is at most a (Ville's inequality): where it has, *m* is below the
mean. The capital does not depend on the order of the values, so labels may come in any order.

Sources: Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting, JRSS B
86 (2024); the mixture over sizes of bets as in Orabona and Jun, Tight concentrations and confidence
sequences from the regret of universal portfolio, IEEE Trans. Inf. Theory 70 (2024).
"""

import numpy as np
from numpy.typing import NDArray

from modelwright.tasks.interval import Interval

Floats = NDArray[np.float64]

_PARTS = np.geomspace(0.002, 0.95, 14)
"""How much of their capital the bettors stake."""
_STEPS = 25
"""Halvings of the span in which a bound is sought: far more exact than anybody reads it."""


def mean_at_any_time(values: Floats, *, error_rate: float = 0.05, span: float = 1.0) -> Interval:
    """Return the mean with bounds that hold at all looks together.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Within [-span, span]. Each has, given those before, the same mean; for the lower bound to
        be above zero wrongly, it is enough that none has a mean above zero.
    error_rate
        The chance that the mean is ever outside the bounds, over all looks together; half of it
        for either side.
    span
        What bounds the values; fixed before any of them is seen.

    Returns
    -------
    Interval
        The mean of no values is zero, within the span.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> found = mean_at_any_time(rng.uniform(-0.8, 1.0, 2000))
    >>> print(f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})")
    0.10 (0.06 to 0.14)
    """
    scaled = (np.clip(np.asarray(values, dtype=np.float64) / span, -1.0, 1.0) + 1.0) / 2.0
    each = error_rate / 2.0
    return Interval(
        value=float(2.0 * scaled.mean() - 1.0) * span if len(scaled) else 0.0,
        low=(2.0 * _lower_bound(scaled, each) - 1.0) * span,
        high=(1.0 - 2.0 * _lower_bound(1.0 - scaled, each)) * span,
        level=1.0 - error_rate,
        method="betting, at any time",
    )


def capital_against(values: Floats, mean: float) -> float:
    """Return the logarithm of what bets against "the mean is at most this" have become.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Within [0, 1].
    mean
        Within (0, 1].

    Examples
    --------
    >>> bool(capital_against(np.full(100, 0.9), 0.5) > np.log(20))
    True
    """
    capitals = np.array([np.log1p(part * (values / mean - 1.0)).sum() for part in _PARTS])
    most = capitals.max()
    return float(most + np.log(np.exp(capitals - most).mean()))


def _lower_bound(values: Floats, error_rate: float) -> float:
    """Return the largest mean that the bettors have refuted; zero when they have none."""
    if not len(values):
        return 0.0
    goal = -np.log(error_rate)
    low, high = 0.0, float(values.mean())
    # The larger the mean, the smaller is the capital of whoever bets against it.
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        if middle > 0.0 and capital_against(values, middle) >= goal:
            low = middle
        else:
            high = middle
    return low


def refutes_share(hits: int, tries: int, share: float, *, error_rate: float) -> bool:
    """Say whether something clearly happens more often than in a share of all tries.

    Parameters
    ----------
    hits, tries
        How often it happened, and how often it could have.
    share
        What is allowed, within (0, 1).
    error_rate
        The chance that this is ever said although it happens no more often, over all looks.

    Examples
    --------
    >>> refutes_share(3, 3, 0.01, error_rate=0.001), refutes_share(3, 300, 0.01, error_rate=0.001)
    (True, False)
    """
    if not tries:
        return False
    capitals = hits * np.log1p(_PARTS * (1.0 / share - 1.0)) + (tries - hits) * np.log1p(-_PARTS)
    most = capitals.max()
    capital = most + np.log(np.exp(capitals - most).mean())
    return bool(capital >= -np.log(error_rate))
