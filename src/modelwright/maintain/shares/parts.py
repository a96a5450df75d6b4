"""Components of a change, row by row: their intervals by stretches of rows, and their course."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from modelwright.predictor.operations.base import Floats
from modelwright.tasks.interval import Interval

_STRETCHES, _DRAWS, _LEVEL = 20, 400, 0.95


@dataclass(frozen=True)
class Component:
    """What a cause adds to the mean loss: the mean of `now` less that of `before`.

    Parameters
    ----------
    now, before : ndarray of shape (rows,)
        Of the rows since and those before; of any number of rows, zero where they add nothing.
    constant
        What is known of the whole alone.
    """

    now: Floats
    before: Floats
    constant: float = 0.0

    @property
    def value(self) -> float:
        """What it adds."""
        return _mean(self.now) - _mean(self.before) + self.constant

    @cached_property
    def draws(self) -> Floats:
        """What it adds in resamples of stretches of rows; the same stretches for all components."""
        return _drawn(self.now, seed=0) - _drawn(self.before, seed=1) + self.constant

    def less(self, *others: "Component") -> "Component":
        """Return what is left without other components of the same rows."""
        now, before, constant = self.now, self.before, self.constant
        for other in others:
            now = now - (other.now if len(other.now) == len(now) else _mean(other.now))
            before = before - (
                other.before if len(other.before) == len(before) else _mean(other.before)
            )
            constant -= other.constant
        return Component(now, before, constant)

    def part_of(self, usual: float) -> Interval:
        """Return it as a part of the loss before."""
        return _interval(self.value / usual, self.draws / usual)

    def share_of(self, whole: "Component") -> Interval:
        """Return it as a share of a change that is not zero."""
        draws = whole.draws if whole.value > 0 else -whole.draws
        # A change that chance turns round has no shares.
        known = draws > 0.1 * abs(whole.value)
        signed = self.draws if whole.value > 0 else -self.draws
        return _interval(self.value / whole.value, signed[known] / draws[known])

    @property
    def course(self) -> tuple[float, ...]:
        """Its means in successive stretches of the rows before and of those now."""
        parts = [*_stretches(self.before), *_stretches(self.now)]
        return tuple(float(part.mean()) for part in parts)


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _stretches(values: Floats) -> list[Floats]:
    return [part for part in np.array_split(values, _STRETCHES) if len(part)]


def _drawn(values: Floats, *, seed: int) -> Floats:
    if not len(values):
        return np.zeros(_DRAWS)
    sums = np.array([part.sum() for part in np.array_split(values, _STRETCHES)])
    counts = np.array([len(part) for part in np.array_split(values, _STRETCHES)])
    chosen = np.random.default_rng(seed).integers(0, _STRETCHES, (_DRAWS, _STRETCHES))
    return np.asarray(sums[chosen].sum(axis=1) / np.maximum(1, counts[chosen].sum(axis=1)))


def _interval(value: float, draws: Floats) -> Interval:
    if len(draws) < 2:
        return Interval(value=value, low=-np.inf, high=np.inf, level=_LEVEL, method="unknown")
    low, high = np.quantile(draws, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(
        value=value,
        low=min(value, float(low)),
        high=max(value, float(high)),
        level=_LEVEL,
        method=f"bootstrap over {_STRETCHES} stretches of rows",
    )
