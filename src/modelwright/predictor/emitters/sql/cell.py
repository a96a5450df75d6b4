"""What is known of a column of a query before any row is seen."""

from dataclasses import dataclass, replace
from math import inf, isfinite


@dataclass(frozen=True)
class Cell:
    """A column of numbers, or a constant.

    Databases differ in what they do when a number gets too large or too near zero: some give an
    infinity or zero, others stop the query. What is known here tells where that cannot happen, so
    that nothing has to be asked at run time.

    Parameters
    ----------
    text
        The column's name or the literal.
    reads
        The column's name, or nothing.
    low, high
        What no number is below or above; infinite where numbers may also be infinite.
    least
        No number but zero is nearer to zero.
    missing
        Whether it may be NULL.
    rounded
        Whether it stands for its numbers rounded to float32.
    """

    text: str
    reads: tuple[str, ...] = ()
    low: float = -inf
    high: float = inf
    least: float = 0.0
    missing: bool = True
    rounded: bool = False

    @property
    def size(self) -> float:
        """The largest distance from zero."""
        return max(abs(self.low), abs(self.high))

    @property
    def is_finite(self) -> bool:
        """Whether all numbers are finite."""
        return isfinite(self.low) and isfinite(self.high)

    def but(self, **changed: object) -> "Cell":
        """Return the cell with something else known."""
        return replace(self, **changed)  # type: ignore[arg-type]
