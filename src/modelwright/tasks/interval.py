"""A score with the range that holds the true one. Light: the server reads it too."""

import msgspec


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """A score and the range that holds the true one with the confidence stated.

    Parameters
    ----------
    value
        The score on the rows at hand.
    low, high
        The ends of the interval.
    level
        How often such an interval covers the true score.
    method
        How it was made.
    bounds
        The lowest and the highest score there is, None where there is no end.

    Examples
    --------
    >>> Interval(value=0.8, low=0.7, high=0.9, method="stated").contains(0.75)
    True
    """

    value: float
    low: float
    high: float
    level: float = 0.95
    method: str
    bounds: tuple[float | None, float | None] = (None, None)

    def contains(self, score: float) -> bool:
        """Return whether a score lies inside."""
        return self.low <= score <= self.high
