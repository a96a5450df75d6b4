"""QuantileTransformer: the share of the training rows below a number, which is a curve."""

from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import dense
from modelwright.learners.foreign.selection import choose
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.curves import Curves

_LEAST_GAP = 1e-200
"""Between knots; databases take smaller numbers for zero."""


def quantiles(draft: Draft, transformer: Any, matrix: str) -> str:
    """Write a QuantileTransformer whose numbers are to be spread evenly.

    Raises
    ------
    LearnerError
        When they are to be spread as normal ones: no operation has the inverse of their curve.
    """
    if transformer.output_distribution != "uniform":
        raise refuse(
            f"A QuantileTransformer with output_distribution={transformer.output_distribution!r}",
            "'uniform' has one.",
        )
    columns = np.asarray(transformer.quantiles_, dtype=np.float64).T
    with np.errstate(over="ignore"):
        gaps = np.diff(columns)
    if ((gaps > 0) & (gaps < _LEAST_GAP)).any() or not np.isfinite(gaps).all():
        raise refuse("A QuantileTransformer of numbers as small or as far apart as these")
    shares = np.asarray(transformer.references_, dtype=np.float64)
    curves = [
        _curve(draft, choose(draft, matrix, [place]), numbers, shares)
        for place, numbers in enumerate(columns)
    ]
    # A missing number times zero is missing, as it stays here.
    each = np.eye(len(columns))
    return dense(draft, draft.beside([*curves, matrix]), np.vstack([each, 0.0 * each]), None)


def _curve(draft: Draft, column: str, numbers: Floats, shares: Floats) -> str:
    knots = _knots(numbers)
    return draft.add(
        Curves,
        column,
        sizes=np.array([len(knots)], dtype=np.int32),
        knots=knots,
        heights=_share_below(knots, numbers, shares)[:, None],
        missing=np.zeros((1, 1)),
    )


def _knots(numbers: Floats) -> Floats:
    """Return where the curve bends: it jumps at a number that comes often, and at both ends."""
    jumps = np.concatenate([numbers[:-1][np.diff(numbers) == 0], numbers[[0, -1]]])
    below = np.minimum(np.nextafter(jumps, -np.inf), jumps - _LEAST_GAP)
    above = np.maximum(np.nextafter(jumps, np.inf), jumps + _LEAST_GAP)
    knots = np.unique(np.concatenate([numbers, below, above]))
    apart = np.concatenate([[True], np.diff(knots) >= _LEAST_GAP])
    return np.asarray(knots[apart])


def _share_below(at: Floats, numbers: Floats, shares: Floats) -> Floats:
    """Return what scikit-learn makes of numbers, to the last bit."""
    below = np.interp(at, numbers, shares)
    above = np.interp(-at, -numbers[::-1], -shares[::-1])
    height = 0.5 * (below - above)
    height = np.where(at == numbers[-1], 1.0, height)
    return np.asarray(np.where(at == numbers[0], 0.0, height))
