"""SplineTransformer: polynomials between knots, as powers of how far a number is in each piece.

What a piece adds rises from its left knot to its right one and stays there, so that the pieces add
up without large numbers that cancel out.
"""

from collections.abc import Sequence
from math import factorial
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import affine, dense
from modelwright.learners.foreign.powers import positive_power
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.numbers import Impute, MissingFlags
from modelwright.predictor.operations.ramps import Ramps

_CLOSE = 1e-9
"""How far a curve may jump at a knot for all that rounding does."""


def splined(draft: Draft, transformer: Any, matrix: str) -> str:
    """Write a SplineTransformer: the B-splines of each column, one column after another.

    Raises
    ------
    LearnerError
        When it repeats itself outside its knots, or fails there, or has a jump.
    """
    beyond = {"constant": 0, "linear": 1, "continue": transformer.degree}
    if transformer.extrapolation not in beyond:
        raise refuse(f"A SplineTransformer with extrapolation={transformer.extrapolation!r}")
    if not transformer.degree:
        raise refuse("A SplineTransformer with degree=0")
    order = min(beyond[transformer.extrapolation], transformer.degree)
    splines = [_Spline(each, transformer) for each in transformer.bsplines_]
    firsts, lasts = (np.array([each.knots[end] for each in splines]) for end in (0, -1))
    given = matrix
    if getattr(transformer, "handle_missing", "error") != "error":
        given = draft.add(Impute, matrix, fill=firsts)
    terms = [(_ramps(draft, given, splines), [each.inside for each in splines])]
    if order:
        below = _above(draft, affine(draft, given, -1.0, firsts))
        above = _above(draft, affine(draft, given, 1.0, -lasts))
        terms.append((below, [each.beyond(0, order, -1.0) for each in splines]))
        terms.append((above, [each.beyond(-1, order, 1.0) for each in splines]))
    starts = [each.start for each in splines]
    parts, weights = _powers(draft, terms)
    if given != matrix:
        # What is missing is in no spline.
        parts.append(draft.add(MissingFlags, matrix))
        weights.append(_diagonal([-each[None] for each in starts]))
    return dense(draft, draft.beside(parts), np.vstack(weights), np.concatenate(starts))


class _Spline:
    """The B-splines of a column.

    Attributes
    ----------
    knots
        Where one piece ends and the next begins.
    start : ndarray of shape (splines,)
        Their heights at the first knot.
    inside : ndarray of shape (degree, pieces, splines)
        By power, what the way through a piece adds.
    """

    def __init__(self, spline: Any, transformer: Any) -> None:
        degree = transformer.degree
        ends = spline.t[degree : len(spline.t) - degree]
        self.knots = np.unique(np.asarray(ends, dtype=np.float64))
        if len(self.knots) != len(ends):
            raise refuse(
                "A SplineTransformer whose knots lie on each other, as many values are one"
            )
        self._slopes = [spline, *(spline.derivative(power) for power in range(1, degree + 1))]
        self._kept = slice(None) if transformer.include_bias else slice(-1)
        lengths = np.diff(self.knots)[:, None]
        self.start = self._height(0, self.knots[:1])[0]
        self.inside = np.array(
            [
                self._height(power, self.knots[:-1]) * lengths**power / factorial(power)
                for power in range(1, degree + 1)
            ]
        ).reshape(degree, len(lengths), -1)
        ended = self.start + np.cumsum(self.inside.sum(axis=0), axis=0)
        if not np.allclose(ended, self._height(0, self.knots[1:]), rtol=0.0, atol=_CLOSE):
            raise refuse("A SplineTransformer whose curves jump")

    def beyond(self, end: int, order: int, side: float) -> Floats:
        """Return by power what the way beyond the first or the last knot adds."""
        told = [
            self._height(power, self.knots[[end]]) * side**power / factorial(power)
            for power in range(1, order + 1)
        ]
        return np.array(told)

    def _height(self, power: int, at: Floats) -> Floats:
        return np.asarray(self._slopes[power](at), dtype=np.float64)[:, self._kept]


def _ramps(draft: Draft, matrix: str, splines: Sequence[_Spline]) -> str:
    pieces = [len(each.knots) - 1 for each in splines]
    return draft.add(
        Ramps,
        matrix,
        source=np.repeat(np.arange(len(splines), dtype=np.int32), pieces),
        start=np.concatenate([each.knots[:-1] for each in splines]),
        length=np.concatenate([np.diff(each.knots) for each in splines]),
    )


def _powers(
    draft: Draft, terms: Sequence[tuple[str, Sequence[Floats]]]
) -> tuple[list[str], list[Floats]]:
    """Return powers of values, with what each adds to the splines of its column."""
    parts, weights = [], []
    for value, told in terms:
        for power in range(1, len(told[0]) + 1):
            parts.append(positive_power(draft, value, power))
            weights.append(_diagonal([each[power - 1] for each in told]))
    return parts, weights


def _diagonal(blocks: Sequence[Floats]) -> Floats:
    matrix = np.zeros(tuple(np.sum([block.shape for block in blocks], axis=0)))
    row = column = 0
    for block in blocks:
        matrix[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return matrix


def _above(draft: Draft, value: str) -> str:
    return draft.add(Activation, value, kind="relu")
