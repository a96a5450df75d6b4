"""Numbers as sentences tell them."""

from modelwright.tasks.interval import Interval

_GROUPED, _ENDLESS = 1e3, 1e15


def figure(value: float, digits: int = 4) -> str:
    """Write a number with a few significant digits, and a large one whole rather than as a power.

    Examples
    --------
    >>> figure(0.73214), figure(36449.3), figure(1729.6, 3), figure(-0.5)
    ('0.7321', '36,449', '1,730', '-0.5')
    """
    few = f"{value:.{digits}g}"
    # What rounds to a thousand is one.
    is_large = abs(float(few)) >= _GROUPED or "e+" in few
    return f"{value:,.0f}" if is_large and abs(value) < _ENDLESS else few


def ranged(score: Interval, digits: int = 4) -> str:
    """Write a score with its interval.

    Examples
    --------
    >>> ranged(Interval(value=1729.6, low=985.2, high=2500.0, method="stated"), 3)
    '1,730 (985 to 2,500)'
    """
    ends = f"{figure(score.low, digits)} to {figure(score.high, digits)}"
    return f"{figure(score.value, digits)} ({ends})"
