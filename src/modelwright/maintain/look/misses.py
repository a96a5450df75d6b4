"""Misses: how far answers were from what came true, row by row."""

from dataclasses import dataclass

import numpy as np

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.row_losses import plain_losses


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
        known, losses = rows.labelled, plain_losses(rows.truth, rows.answers)
        if rows.answers.shape[1] == 1:
            return cls(losses, np.where(known, rows.truth - rows.answers[:, 0], np.nan))
        if rows.answers.shape[1] > 2:
            return cls(losses, losses)
        return cls(losses, np.where(known, rows.truth - rows.answers[:, 1], np.nan))
