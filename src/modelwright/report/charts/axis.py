"""From figures to places, with round ticks."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LARGE = ((1e9, 1e9, "bn"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
"""From where on ticks are shortened, and how: a plot has no room for 1,250,000."""


@dataclass(frozen=True)
class Axis:
    """The span of figures that a picture shows.

    Examples
    --------
    >>> axis = Axis.over([0.52, 0.71])
    >>> axis.ticks
    (0.55, 0.6, 0.65, 0.7)
    >>> axis.label(0.55), Axis(0, 9000).label(2000), Axis(0, 900_000).label(250_000)
    ('0.55', '2,000', '250k')
    >>> Axis(-0.2, 0.6, in_percent=True).label(-0.2)
    '-20 %'
    """

    low: float
    high: float
    most_ticks: int = 5
    in_percent: bool = False

    @classmethod
    def over(
        cls, values: Iterable[float], *, most_ticks: int = 5, in_percent: bool = False
    ) -> Self:
        """Return the axis that shows all finite values with a margin."""
        finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
        low, high = min(finite), max(finite)
        margin = 0.08 * (high - low) or abs(high) / 2 or 1.0
        return cls(low - margin, high + margin, most_ticks, in_percent)

    def at(self, value: float) -> float:
        """Return where a value lies: 0 at the low end, 1 at the high one; never beyond."""
        if math.isnan(value):
            return 0.0
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    @property
    def ticks(self) -> tuple[float, ...]:
        """A few round values."""
        step = self._step
        first, last = self._multiples(step)
        return tuple(round(index * step, self._decimals) + 0.0 for index in range(first, last + 1))

    def label(self, value: float) -> str:
        """Write a tick, as the figures beside it are written."""
        if self.in_percent:
            return f"{100 * value:,.{max(0, self._decimals - 2)}f} %"
        largest = max(abs(self.low), abs(self.high))
        for beginning, size, suffix in _LARGE:
            if largest >= beginning and self._step >= size / 10:
                return f"{value / size:g}{suffix if value else ''}"
        if self._step < 1e-6 or largest >= 1e13:
            return f"{value:.3g}"
        return f"{value:,.{self._decimals}f}"

    @cached_property
    def _step(self) -> float:
        """The smallest round step that does not give too many ticks."""
        power = 10.0 ** math.floor(math.log10((self.high - self.low) / self.most_ticks))
        for step in (power * each for each in (*_STEPS, 10 * _STEPS[1])):
            first, last = self._multiples(step)
            if last - first < self.most_ticks:
                break
        return step

    def _multiples(self, step: float) -> tuple[int, int]:
        return math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)

    @cached_property
    def _decimals(self) -> int:
        step = self._step
        places = max(0, -math.floor(math.log10(step)))
        return places if math.isclose(step, round(step, places)) else places + 1
