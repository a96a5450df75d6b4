"""QuantileTransformer: the share of the training rows below a number, which is a curve."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import weighted
from modelwright.learners.foreign.normal import normal_numbers
from modelwright.learners.foreign.selection import choose
from modelwright.predictor.operations.answers import Clip
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.curves import Curves

_LEAST_GAP = 1e-200
"""Between knots; databases take smaller numbers for zero."""
_AT_AN_END = 1e-7
"""What is nearer to an end is there, where numbers become normal ones; such a share is an end."""
_LEAST = _AT_AN_END - float(np.spacing(1))
"""The share to which scikit-learn cuts them."""


def quantiles(draft: Draft, transformer: Any, matrix: str) -> str:
    """Write a QuantileTransformer.

    Raises
    ------
    LearnerError
        When its numbers are too near to each other or too far apart for a curve.
    """
    columns = np.asarray(transformer.quantiles_, dtype=np.float64).T
    is_normal = transformer.output_distribution == "normal"
    least = 4.0 * _AT_AN_END if is_normal else 0.0
    with np.errstate(over="ignore"):
        gaps, spans = np.diff(columns), columns[:, -1] - columns[:, 0]
    too_near = ((gaps > 0) & (gaps < _LEAST_GAP)).any() or (spans < least).any()
    if too_near or not np.isfinite(spans).all():
        raise refuse("A QuantileTransformer of numbers as small or as far apart as these")
    shares = np.asarray(transformer.references_, dtype=np.float64)
    below = _from_ends if is_normal else _at_ends
    curves = [
        _curve(draft, choose(draft, matrix, [place]), below(numbers, shares))
        for place, numbers in enumerate(columns)
    ]
    made = draft.beside(curves)
    if is_normal:
        made = normal_numbers(draft, draft.add(Clip, made, low=_LEAST, high=1.0 - _LEAST))
    # What is missing stays so: cut to zero, all other numbers add nothing, infinite ones neither.
    missing = draft.add(Clip, matrix, low=0.0, high=0.0)
    return weighted(draft, [made, missing], [1.0, 1.0])


@dataclass(frozen=True)
class _Shares:
    """Which share of the training rows is below a number, as scikit-learn says it.

    Parameters
    ----------
    numbers, shares
        Of the training rows.
    first, last
        Where what is at an end or beyond it has come to a stop.
    is_end
        Whether a number at these is at an end itself.
    """

    numbers: Floats
    shares: Floats
    first: float
    last: float
    is_end: bool

    @property
    def jumps(self) -> Floats:
        """The numbers at which it jumps: such as come often, and the ends."""
        often = self.numbers[:-1][np.diff(self.numbers) == 0]
        return np.concatenate([often, [self.first, self.last]])

    def below(self, at: Floats) -> Floats:
        """Return the shares, to the last bit."""
        up = np.interp(at, self.numbers, self.shares)
        down = np.interp(-at, -self.numbers[::-1], -self.shares[::-1])
        height = 0.5 * (up - down)
        height = np.where((at > self.last) | (self.is_end & (at == self.last)), 1.0, height)
        return np.where((at < self.first) | (self.is_end & (at == self.first)), 0.0, height)


def _at_ends(numbers: Floats, shares: Floats) -> _Shares:
    return _Shares(numbers, shares, numbers[0], numbers[-1], is_end=True)


def _from_ends(numbers: Floats, shares: Floats) -> _Shares:
    """Take what is almost at an end for what is there, as is done before numbers are normal."""
    first = _inside(numbers[0], numbers[-1])
    last = -_inside(-numbers[-1], -numbers[0])
    return _Shares(numbers, shares, first, last, is_end=False)


def _inside(end: float, other: float) -> float:
    """Return the number nearest to an end that is not at it."""
    near, far = end, other
    while (middle := near + (far - near) / 2) not in (near, far):
        if middle - _AT_AN_END < end:
            near = middle
        else:
            far = middle
    return end if end - _AT_AN_END >= end else far


def _curve(draft: Draft, column: str, shares: _Shares) -> str:
    knots = _knots(shares)
    return draft.add(
        Curves,
        column,
        sizes=np.array([len(knots)], dtype=np.int32),
        knots=knots,
        heights=shares.below(knots)[:, None],
        missing=np.zeros((1, 1)),
    )


def _knots(shares: _Shares) -> Floats:
    """Return where the curve bends, and on both sides of where it jumps."""
    jumps = shares.jumps
    below = np.minimum(np.nextafter(jumps, -np.inf), jumps - _LEAST_GAP)
    above = np.maximum(np.nextafter(jumps, np.inf), jumps + _LEAST_GAP)
    knots = np.unique(np.concatenate([shares.numbers, jumps, below, above]))
    apart = np.concatenate([[True], np.diff(knots) >= _LEAST_GAP])
    return np.asarray(knots[apart])
