"""Whether truths have moved off the answers in any direction: bets on a window with labels."""

import numpy as np
from scipy.special import logsumexp

from modelwright.maintain.look.look import Look
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.directions import (
    Answered,
    Parted,
    alike,
    log_shown,
    parts_of,
    summed,
    weights_of,
)
from modelwright.predictor.reference.moves import log_moved

_SLACK = 1e-9
_FEWEST_ROWS = 20
"""Of fewer rows of the past nothing is known."""


def log_turn(look: Look) -> float:
    """Return the logarithm of the e-value of all directions together; 0 where no label was known.

    Parameters
    ----------
    look
        The window beside the past.
    """
    sketch = look.sketch
    if not np.isfinite(sketch.residuals).any():
        return 0.0
    past = np.concatenate([window.answers for window in sketch.past])
    was = Answered(past, sketch.answers, _misses(past, sketch.residuals, sketch.losses))
    answers = look.rows.answers
    came = Answered(answers, look.watched, _misses(answers, look.misses.residuals, look.losses))
    before, now = log_shown(was, came)
    worth, parts = _worth(look), list(parts_of(was.watched, came.watched, _parted(look)))
    chosen = np.concatenate([part.chosen(part.before) for part in parts])
    windows = zip(*(np.split(each, sketch.starts) for each in (before, chosen.T)), strict=True)
    history = np.stack([summed(rows, sets.T) for rows, sets in windows]) * worth[0]
    next_ = summed(now, np.concatenate([part.chosen(part.now) for part in parts])) * worth[1]
    known = chosen @ np.isfinite(sketch.residuals)
    trained = look.bundle.reference.roughness.moves
    bets = np.where(np.tile(known, 2) >= _FEWEST_ROWS, log_moved(history, next_, trained), 0.0)
    return float(logsumexp(bets, b=weights_of(parts)))


def _parted(look: Look) -> dict[str, Parted]:
    sketch = look.sketch
    return {
        name: Parted(sketch.coarse[name], codes, look.coarse_codes[name])
        for name, codes in sketch.coarse_codes.items()
    }


def _misses(answers: Floats, residuals: Floats, losses: Floats) -> Floats:
    if answers.shape[1] == 1:
        return residuals
    if answers.shape[1] == 2:
        # An answer that was quite sure, and right, is missed by nothing: that it came is told.
        return np.where(np.isnan(residuals), np.nan, np.sign(residuals + answers[:, 1] - 0.5))
    # Of several classes it counts whether the likeliest came true.
    is_likeliest = losses <= _SLACK - np.log(answers.max(axis=1))
    return np.where(np.isnan(losses), np.nan, np.where(is_likeliest, 1.0, -1.0))


def _worth(look: Look) -> tuple[float, float]:
    """Return how much a row of the past and of the window counts, where neighbours are alike."""
    stays = alike(look.sketch.residuals)
    # The past kept some of its rows only: neighbours of the window are as much closer.
    return 1 / stays, 1 / (1 + (stays - 1) / look.kept)
