"""How surely the relation of rows to the target is another: a bet on losses, and one on truths."""

import numpy as np

from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.directions import log_turn
from modelwright.maintain.truths.losses import expected_growth
from modelwright.predictor.reference.surprise import log_rise


def log_other_relation(look: Look) -> float:
    """Return the logarithm of the e-value that answers are off otherwise than in the past.

    Half of it is bet on a mean loss that rises by more than other rows explain, and half on truths
    that have moved off the answers; 0 where few labels are known.
    """
    if look.level is None:
        return 0.0
    return float(np.logaddexp(_of_loss(look, *look.level), log_turn(look)) - np.log(2))


def _of_loss(look: Look, level: float, spread: float) -> float:
    levels = [window.level for window in look.sketch.past]
    known = np.array([each for each in levels if each is not None])
    if not len(known):
        return 0.0
    changed = [
        column.name for column in look.sketch.columns if look.surprise("values", column.name) > 0
    ]
    explained = np.log1p(max(0.0, expected_growth(look, changed) or 0.0))
    trained = look.bundle.reference.roughness.levels
    now = level - explained
    return log_rise(known[:, 0], known[:, 1], now=now, spread=spread, trained=trained)
