"""How long work is foreseen to take, told so that somebody can count down."""

from modelwright.compute.budget import format_duration
from modelwright.tasks.interval import Interval


class Foreseen(str):
    """A sentence of progress that carries its figures.

    Parameters
    ----------
    seconds
        From the beginning until the candidate is judged, as the plan foresees them; None where it
        does not.
    budget_s
        The most seconds that the work takes.

    Examples
    --------
    >>> seconds = Interval(value=60.0, low=30.0, high=90.0, method="runs most like it")
    >>> Foreseen(seconds, budget_s=120.0)
    'Foreseen until the candidate is judged: 1 min (30 s to 1 min 30 s)'
    """

    seconds: Interval | None
    budget_s: float

    def __new__(cls, seconds: Interval | None, *, budget_s: float) -> "Foreseen":
        made = super().__new__(cls, _told(seconds, budget_s))
        made.seconds, made.budget_s = seconds, budget_s
        return made


def _told(seconds: Interval | None, budget_s: float) -> str:
    if seconds is None:
        return f"At most {format_duration(budget_s)}, by the budget"
    likely, low, high = map(format_duration, (seconds.value, seconds.low, seconds.high))
    return f"Foreseen until the candidate is judged: {likely} ({low} to {high})"
