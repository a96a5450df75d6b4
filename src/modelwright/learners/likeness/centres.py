"""Rows that all others are compared with.

Williams and Seeger, "Using the Nyström method to speed up kernel machines" (2001).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from modelwright.learners.networks.numbers import LIMIT
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import Scale
from modelwright.predictor.program import Step

_JITTER = 1e-6
"""Added to the likeness of a centre to itself: of centres that are nearly the same row one tells
all."""
_NO_LIMIT = float(np.finfo(np.float64).max)


@dataclass(frozen=True)
class Centres:
    """Rows that others are compared with: exp(-sharpness times the squared distance).

    Parameters
    ----------
    stretch : ndarray of shape (columns,)
        What each column is multiplied by, above zero.
    places : ndarray of shape (centres, columns)
        Stretched.
    sharpness
        Of a squared distance.
    """

    stretch: Floats
    places: Floats
    sharpness: float

    @classmethod
    def at(cls, points: Floats, stretch: Floats, *, width: float) -> "Centres":
        """Return centres whose likeness fades over the distance that is usual between them.

        Parameters
        ----------
        points : ndarray of shape (centres, columns)
            Not stretched.
        stretch : ndarray of shape (columns,)
        width
            How far it reaches: the squared distance at which likeness is 1 / e, in that of the
            pair in the middle.
        """
        places = points * stretch
        apart = _squared_distances(places, places)[np.triu_indices(len(places), 1)]
        usual = float(np.median(apart)) if len(apart) else 0.0
        return cls(stretch, places, 1.0 / (width * usual) if usual > 0 else 1.0)

    def likeness(self, points: Floats) -> Floats:
        """Return the likeness of points of shape (n, columns) to each centre, (n, centres)."""
        return _fading(points * self.stretch, self.places, self.sharpness)

    def turned(self, points: Floats) -> Floats:
        """Return the likeness along axes on which a squared penalty is the machine's own.

        With L L' the likeness of the centres among each other, K L'^-1 (n, centres).
        """
        # The transpose is how LAPACK reads it, so that nothing as large is made beside it.
        across = self.likeness(points).T
        return np.asarray(solve_triangular(self.factor, across, lower=True, overwrite_b=True).T)

    def design(self, points: Floats) -> Floats:
        """Return `turned` after a first column of 1."""
        design = np.ones((len(points), 1 + len(self.places)))
        design[:, 1:] = self.turned(points)
        return design

    def back(self, coefficients: Floats) -> Floats:
        """Return coefficients along these axes as those of the centres."""
        return np.asarray(solve_triangular(self.factor, coefficients, lower=True, trans="T"))

    @property
    def factor(self) -> Floats:
        """L, lower triangular, of shape (centres, centres)."""
        among = _fading(self.places, self.places, self.sharpness)
        among[np.diag_indices(len(among))] += _JITTER
        return np.asarray(cholesky(among, lower=True))

    def steps(self, value: str, coefficients: Floats, bias: Floats) -> tuple[Step, ...]:
        """Return operations of which the last adds up likeness times coefficients.

        No operation subtracts rows from each other: of |x - c|^2 = |x|^2 - 2 c x + |c|^2 the first
        is a sum of exp(2 log x), as no stretched column is below zero.

        Parameters
        ----------
        value
            The points, before they are moved from 0 on.
        coefficients : ndarray of shape (centres, outputs)
        bias : ndarray of shape (outputs,)
        """
        columns = len(self.stretch)
        start = np.full(columns, -LIMIT)
        moved = Scale(
            inputs=(value,),
            output="stretched",
            center=start,
            scale=1.0 / self.stretch,
            limit=_NO_LIMIT,
        )
        logs = Activation(inputs=(moved.output,), output="logarithms", kind="logarithm")
        twice = Scale(
            inputs=(logs.output,),
            output="doubled",
            center=np.zeros(columns),
            scale=np.full(columns, 0.5),
            limit=_NO_LIMIT,
        )
        squares = Link(inputs=(twice.output,), output="squares", kind="exponential")
        length = Linear(
            inputs=(squares.output,),
            output="length",
            weights=np.ones((columns, 1)),
            bias=np.zeros(1),
        )
        both = SideBySide(inputs=(moved.output, length.output), output="point")
        across = 2.0 * self.sharpness * self.places.T
        exponents = Linear(
            inputs=(both.output,),
            output="nearness",
            weights=np.vstack([across, np.full((1, len(self.places)), -self.sharpness)]),
            bias=-self.sharpness * (self.places**2).sum(axis=1),
        )
        likeness = Link(inputs=(exponents.output,), output="likeness", kind="exponential")
        raw = Linear(inputs=(likeness.output,), output="raw", weights=coefficients, bias=bias)
        return moved, logs, twice, squares, length, both, exponents, likeness, raw


def _fading(points: Floats, others: Floats, sharpness: float) -> Floats:
    """Return exp(-sharpness |x - c|^2), in the memory of one such matrix."""
    near = _squared_distances(points, others)
    near *= -sharpness
    return np.asarray(np.exp(near, out=near))


def _squared_distances(points: Floats, others: Floats) -> Floats:
    across = points @ (-2.0 * others.T)
    across += (points**2).sum(axis=1)[:, None]
    across += (others**2).sum(axis=1)
    return np.asarray(np.maximum(across, 0.0, out=across))
