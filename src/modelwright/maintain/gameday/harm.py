"""Whether a fault makes the answers worse."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.predictor.operations.base import Floats

_STRETCHES = 20
_MATERIAL = 0.05
"""The part by which the loss must grow to be a harm."""
_SMALLEST = 1e-6
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Harm:
    """By which part of itself the loss grows: 0.2 is a fifth more.

    Parameters
    ----------
    growth
        On the rows at hand.
    low, high
        The ends of its 95 % interval.
    """

    growth: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether the loss grows with confidence, and by a twentieth or more."""
        return self.low > 0 and self.growth >= _MATERIAL


def measure_harm(untouched: LiveRows, faulty: LiveRows, *, paired: bool) -> Harm:
    """Compare the losses of the same rows, before and after a fault.

    The loss is the log-loss or the absolute error. Where labels are not known, what the model
    answered to the untouched rows stands for the truth.

    Parameters
    ----------
    untouched, faulty
        As many rows.
    paired
        Whether they are the same rows.
    """
    before, after = _losses(untouched, faulty)
    known = np.isfinite(before) & np.isfinite(after) if paired else None
    if known is not None:
        before, after = before[known], after[known]
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    usual = before.mean() if len(before) else 0.0
    if min(len(before), len(after)) < 2 * _STRETCHES or usual <= 0:
        return Harm(0.0, -np.inf, np.inf)
    old, new = _means(before), _means(after)
    spread = (new - old).var(ddof=1) if paired else new.var(ddof=1) + old.var(ddof=1)
    reach = stats.t.ppf((1 + _CONFIDENCE) / 2, _STRETCHES - 1) * (spread / _STRETCHES) ** 0.5
    growth = float(after.mean() - before.mean())
    return Harm(
        float(growth / usual), float((growth - reach) / usual), float((growth + reach) / usual)
    )


def _losses(untouched: LiveRows, faulty: LiveRows) -> tuple[Floats, Floats]:
    if untouched.labelled.mean() > 0.5 and faulty.labelled.mean() > 0.5:
        return _loss(untouched), _loss(faulty)
    answers = untouched.answers
    if answers.shape[1] == 1:
        usual = np.abs(answers[:, 0] - answers[:, 0].mean()) / 2
        return usual, usual + np.abs(faulty.answers[:, 0] - answers[:, 0])
    return _cross(answers, answers), _cross(answers, faulty.answers)


def _loss(rows: LiveRows) -> Floats:
    known = rows.labelled
    if rows.answers.shape[1] == 1:
        return np.where(known, np.abs(rows.truth - rows.answers[:, 0]), np.nan)
    truth = np.where(known, rows.truth, 0).astype(np.int64)
    likely = np.clip(rows.answers[np.arange(len(truth)), truth], _SMALLEST, 1.0)
    return np.where(known, -np.log(likely), np.nan)


def _cross(likely: Floats, answers: Floats) -> Floats:
    return np.asarray(-(likely * np.log(np.clip(answers, _SMALLEST, 1.0))).sum(axis=1))


def _means(losses: Floats) -> Floats:
    return np.array([part.mean() for part in np.array_split(losses, _STRETCHES)])
