"""Misses: how far answers were from what came true, row by row."""

from dataclasses import dataclass

import numpy as np

from modelwright.maintain.live_rows import LiveRows
from modelwright.predictor.operations.base import Floats

_SMALLEST = 1e-6


@dataclass(frozen=True)
class Misses:
    """Of the rows of a window; NaN where no label is known.

    Parameters
    ----------
    losses : ndarray of shape (rows,)
        The log-loss, or the absolute error.
    residuals : ndarray of shape (rows,)
        The truth less the answer: of a number, or of the probability of the positive class; of
        several classes the loss.
    """

    losses: Floats
    residuals: Floats

    @classmethod
    def of(cls, rows: LiveRows) -> "Misses":
        """Measure the rows of a window."""
        known = rows.labelled
        if rows.answers.shape[1] == 1:
            residuals = np.where(known, rows.truth - rows.answers[:, 0], np.nan)
            return cls(np.abs(residuals), residuals)
        truth = np.where(known, rows.truth, 0).astype(np.int64)
        likely = np.clip(rows.answers[np.arange(len(truth)), truth], _SMALLEST, 1.0)
        losses = np.where(known, -np.log(likely), np.nan)
        if rows.answers.shape[1] > 2:
            return cls(losses, losses)
        return cls(losses, np.where(known, truth - rows.answers[:, 1], np.nan))
