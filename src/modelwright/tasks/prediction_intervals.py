"""Prediction intervals: where the score of rows to come will lie, beside that of the holdout."""

from collections.abc import Sequence

import msgspec
import numpy as np

from modelwright.errors import InputError
from modelwright.tasks.interval import Interval
from modelwright.tasks.resampling import reach
from modelwright.tasks.scale import Scale

_MANY = 1_000_000


def for_new_sample(interval: Interval, n_holdout: int, n_new: int) -> Interval:
    """Return the interval in which the score of other rows will lie.

    The score of new rows varies by their own chance beside that of the holdout: the variance is
    multiplied by ``1 + n_holdout / n_new`` (Whitmore, The American Statistician 40, 1986), on the
    scale on which the interval was formed. It holds for rows of the same kind; a world that
    changes is outside of it.

    Parameters
    ----------
    interval
        Of the score on the holdout.
    n_holdout, n_new
        Sizes of both, in rows, or in groups (days) where groups were resampled.

    Raises
    ------
    InputError
        A size that is not positive.

    Examples
    --------
    >>> seen = Interval(value=10.0, low=8.0, high=12.0, method="example")
    >>> for_new_sample(seen, 300, 100).high
    14.0
    """
    if min(n_holdout, n_new) < 1:
        raise InputError(f"A sample has at least one row, not {min(n_holdout, n_new)}.")
    wider = (1 + n_holdout / n_new) ** 0.5
    ends = (interval.low, interval.high)
    low, high = Scale(*interval.bounds).stretch(interval.value, ends, by=wider)
    method = f"{interval.method}, for {n_new:,} new"
    return msgspec.structs.replace(interval, low=low, high=high, method=method)


def as_wide_as(interval: Interval, other: Interval, *, n: int, n_other: int) -> Interval:
    """Return the interval, as wide as another sample says that it should be.

    A small sample often lacks the rare rows that are missed by far, and looks surer than it is. A
    larger one, such as all rows answered out of fold, has more of them. Its width is carried over
    on the scale on which intervals are formed; where it is narrower, nothing changes.

    Parameters
    ----------
    interval
        Of the score on `n` rows.
    other
        Of the same metric on `n_other` rows of the same kind.

    Examples
    --------
    >>> seen = Interval(value=10.0, low=9.0, high=11.0, method="example")
    >>> wide = Interval(value=10.0, low=9.0, high=11.0, method="example")
    >>> as_wide_as(seen, wide, n=100, n_other=400).high
    12.0
    >>> as_wide_as(seen, wide, n=400, n_other=100) == seen
    True
    """
    scale = Scale(*interval.bounds)
    ends = (interval.low, interval.value, interval.high, other.low, other.high)
    if {*ends} & {*scale.bounds}:
        return interval
    low, _, high, other_low, other_high = (scale.place(each) for each in ends)
    half, wanted = (high - low) / 2, (other_high - other_low) / 2 * (n_other / n) ** 0.5
    if not 0 < half < wanted:
        return interval
    low, high = scale.stretch(interval.value, (interval.low, interval.high), by=wanted / half)
    method = f"{interval.method}, as wide as {n_other:,} other rows say"
    return msgspec.structs.replace(interval, low=low, high=high, method=method)


def for_later_periods(interval: Interval, periods: Sequence[tuple[float, int]]) -> Interval:
    """Return the interval in which the score of a later period will lie.

    Where scores differ from period to period by more than chance, a later one differs too. The
    variance between periods beyond chance is added to that of a new sample (a random-effects
    prediction interval: Higgins, Thompson & Spiegelhalter, JRSS A 172, 2009, section 3).

    Parameters
    ----------
    interval
        Of the score on new rows of the last period, as `for_new_sample` returns it.
    periods
        Score and number of rows of successive periods, the last one included, each answered by a
        model that learned from what was earlier; with fewer than three the interval stays.

    Examples
    --------
    >>> seen = Interval(value=10.0, low=9.0, high=11.0, method="example")
    >>> for_later_periods(seen, [(10.1, 50), (9.8, 50), (10.0, 50)]).high
    11.0
    >>> for_later_periods(seen, [(6.0, 50), (8.0, 50), (10.0, 50)]).high > 15
    True
    """
    scale = Scale(*interval.bounds)
    scores = [score for score, _ in periods]
    if len(scores) < 3 or {interval.low, interval.value, interval.high, *scores} & {*scale.bounds}:
        return interval
    low, *places, high = (scale.place(each) for each in (interval.low, *scores, interval.high))
    half = (high - low) / 2
    if not half > 0:
        return interval
    # Of the half width, t times the root of two samples' variances, one sample's standard error;
    # fewer rows have more of it.
    error = half / (reach(_MANY, interval.level) * 2**0.5)
    chance = error**2 * float(np.mean([periods[-1][1] / rows for _, rows in periods]))
    between = max(0.0, float(np.var(places, ddof=1)) - chance) ** 0.5
    wider = (1 + (reach(len(scores) - 1, interval.level) * between / half) ** 2) ** 0.5
    ends = (interval.low, interval.high)
    low, high = scale.stretch(interval.value, ends, by=wider)
    method = f"{interval.method}, in later periods"
    return msgspec.structs.replace(interval, low=low, high=high, method=method)
