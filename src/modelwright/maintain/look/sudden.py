"""Whether values changed from one row to the next: a season comes row by row, a break at once."""

import numpy as np

from modelwright.predictor.operations.base import Floats

_PLACES = np.linspace(0.1, 0.9, 9)
_FEWEST = 10
_LAST, _FIRST = 3, 5
"""What part of the rows before, and of those since, lies next to where they meet."""


def left_at_once(before: Floats, came: Floats, undone: Floats) -> float:
    """Return which part of the step from the last rows to the first is left without a break.

    Parameters
    ----------
    before, came, undone : ndarray of shape (rows,)
        The values of the last window; those that came; and the same with the break undone.

    Returns
    -------
    float
        0 where the first rows follow the last ones then; infinite where there was no step.

    Examples
    --------
    >>> calm = np.linspace(10.0, 12.0, 100)
    >>> left_at_once(calm, calm * 1.8 + 32, calm) < 0.1
    True
    >>> left_at_once(calm, calm + 1.0, (calm + 1.0) / 1.8) > 1.0
    True
    """
    last = before[-len(before) // _LAST :]
    first = slice(0, max(_FEWEST, len(came) // _FIRST))
    usual, raw, back = (_quantiles(each) for each in (last, came[first], undone[first]))
    step = float(np.abs(raw - usual).sum())
    return float(np.abs(back - usual).sum()) / step if step else np.inf


def _quantiles(values: Floats) -> Floats:
    known = values[~np.isnan(values)]
    return np.quantile(known, _PLACES) if len(known) else np.zeros(len(_PLACES))
