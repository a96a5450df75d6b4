"""What another mix costs: what each part of a column loses beside the level of its window.

The loss of a row is taken for the level of its window times what its part of the column loses. Both
are fitted to the rows of the past and of the window together, so that a window that is harder, or
easier, for another reason neither hides what the mix costs nor is taken for it.
"""

from dataclasses import dataclass

import numpy as np

from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.losses import (
    MATERIAL,
    expected_growth,
    realised_change,
    usual_change,
)
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.directions import alike
from modelwright.predictor.reference.grids import Codes
from modelwright.tasks.row_losses import FEWEST_LABELS

_ROUNDS = 15
_DOUBT = 5.0
"""Rows by which what a part loses is drawn to what all lose."""
_LEAST = 0.03
"""Of the logarithm of a growth that is told by parts, the standard deviation at least."""
_SURE = 1.28
"""Standard deviations by which a growth is certain to matter, one time in ten not."""


@dataclass(frozen=True)
class Cost:
    """By which part the loss grows because other rows come.

    Parameters
    ----------
    growth
        The likeliest.
    doubt
        A growth that is not larger may not matter.
    """

    growth: float
    doubt: float = 0.0


def cost_of_mix(look: Look, name: str) -> Cost | None:
    """Return what it costs that a column is distributed otherwise; None where nobody knows.

    The loss of the window beside that of the last ones tells it, too, but is as uncertain as losses
    change from window to window anyway, or as far from what the parts tell: both are weighed by how
    surely they tell.

    Parameters
    ----------
    look
        The window beside the past.
    name
        Of the column.
    """
    if np.isfinite(look.sketch.losses).sum() < FEWEST_LABELS:
        growth = expected_growth(look, (name,))
        return None if growth is None else Cost(growth)
    parts, error = _by_parts(look, name)
    told, errors = [parts], [max(_LEAST, error)]
    realised = realised_change(look)
    if realised is not None:
        told.append(realised)
        # What other parts do not show has another reason.
        apart = (realised - parts) ** 2 - error**2
        errors.append(max(_LEAST, float(np.log1p(usual_change(look))), max(0.0, apart) ** 0.5))
    weights = 1 / np.square(errors)
    growth = float(np.expm1(np.average(told, weights=weights)))
    return Cost(growth, float(np.expm1(np.log1p(MATERIAL) + _SURE * weights.sum() ** -0.5)))


def _by_parts(look: Look, name: str) -> tuple[float, float]:
    """Return the logarithm of the growth that parts of a column tell, and its error."""
    sketch = look.sketch
    before, now = sketch.codes[name] + 1, sketch.grids[name].codes(look.values[name]) + 1
    bins = int(max(before.max(initial=0), now.max(initial=0))) + 1
    losses = np.concatenate([sketch.losses, look.losses])
    windows = np.concatenate([sketch.windows, np.full(len(now), len(sketch.past))])
    known = np.isfinite(losses)
    codes, losses, windows = np.concatenate([before, now])[known], losses[known], windows[known]
    levels, means = _fitted(codes, losses, windows, (len(sketch.past) + 1, bins))
    were, are = (np.bincount(each, minlength=bins) / max(1, len(each)) for each in (before, now))
    usual, loses = float(were @ means), float(are @ means)
    if min(usual, loses) <= 0:
        return 0.0, 0.0
    spreads = _spreads(codes, losses / levels[windows] - means[codes], bins)
    off = are / loses - were / usual
    error = float(np.square(off) @ spreads) * alike(sketch.residuals)
    return float(np.log(loses / usual)), error**0.5


def _fitted(
    codes: Codes, losses: Floats, windows: Codes, shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Fit the level of each window and what each part loses; where no row is, it is as usual."""
    place = windows * shape[1] + codes
    size = shape[0] * shape[1]
    rows = np.bincount(place, minlength=size).reshape(shape).astype(np.float64)
    sums = np.bincount(place, weights=losses, minlength=size).reshape(shape)
    usual = losses.mean()
    levels, means = np.ones(shape[0]), np.full(shape[1], usual)
    if not usual:
        return levels, means
    for _ in range(_ROUNDS):
        means = (sums.sum(axis=0) + _DOUBT * usual) / (levels @ rows + _DOUBT)
        levels = (sums.sum(axis=1) + _DOUBT * usual) / (rows @ means + _DOUBT * usual)
    return levels, means


def _spreads(codes: Codes, residuals: Floats, bins: int) -> Floats:
    """Return how far what each part loses may be off, squared."""
    rows = np.bincount(codes, minlength=bins)
    squares = np.bincount(codes, weights=np.square(residuals), minlength=bins)
    usual = float(np.square(residuals).mean())
    return np.asarray((squares + _DOUBT * usual) / np.square(rows + _DOUBT))
