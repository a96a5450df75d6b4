"""How long work will still take, in words."""

from modelwright.compute.budget import format_duration
from modelwright.tasks.interval import Interval


def tell_left(elapsed_s: float, *, foreseen_s: Interval | None, budget_s: float) -> str:
    """Say how long work will still take; nothing where nobody knows.

    Parameters
    ----------
    elapsed_s
        Seconds since it began.
    foreseen_s
        What the plan foresaw for all of it; None where it did not.
    budget_s
        The most seconds that it takes; 0 where there is no such bound.

    Examples
    --------
    >>> foreseen = Interval(value=60.0, low=30.0, high=90.0, method="runs most like it")
    >>> for elapsed_s in (20.0, 70.0, 100.0):
    ...     print(tell_left(elapsed_s, foreseen_s=foreseen, budget_s=120.0))
    about 40 s left
    longer than foreseen; at most about 20 s left
    at most 20 s left
    """
    if foreseen_s is not None:
        likely, most = (end - elapsed_s for end in (foreseen_s.value, foreseen_s.high))
        if likely > 0:
            return f"about {format_duration(likely)} left"
        if most > 0:
            return f"longer than foreseen; at most about {format_duration(most)} left"
    if budget_s > elapsed_s:
        return f"at most {format_duration(budget_s - elapsed_s)} left"
    return ""
