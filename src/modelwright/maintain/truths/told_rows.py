"""Told rows: those of which truths are known, of the past and of the window beside it."""

from dataclasses import dataclass

import numpy as np

from modelwright.data.records import Columns
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.past import PastWindow
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.row_losses import plain_losses

_FEWEST_LABELS = 50
"""Labels of a past window with fewer of which its mean says little."""
_MOST_ROWS = 2000
"""Rows of a window that are answered again."""


@dataclass(frozen=True)
class ToldRows:
    """Rows with what was answered and what came true.

    Parameters
    ----------
    columns
        Their features.
    answers : ndarray of shape (rows, outputs)
        What was answered.
    truth : ndarray of shape (rows,)
        Classes or numbers; NaN where no label is known.
    starts
        Where each window but the first begins.
    """

    columns: Columns
    answers: Floats
    truth: Floats
    starts: tuple[int, ...] = ()

    @classmethod
    def of_past(cls, look: Look) -> "ToldRows":
        """Return the rows of the past windows that have labels, one at least."""
        windows = told_windows(look)
        return cls(
            {
                name: np.concatenate([window.columns[name] for window in windows])
                for name in windows[0].columns
            },
            np.concatenate([window.answers for window in windows]),
            np.concatenate([window.truth for window in windows]),
            tuple(np.cumsum([len(window.truth) for window in windows])[:-1].tolist()),
        )

    @classmethod
    def of_window(cls, look: Look) -> "ToldRows":
        """Return the rows of a window that have labels; of many, some that are evenly spread."""
        truth, rows = look.rows.known_truth, look.rows
        known = np.flatnonzero(np.isfinite(truth))
        at = np.linspace(0, len(known) - 1, min(len(known), _MOST_ROWS))
        taken = known[np.unique(at.astype(np.int64))]
        columns = {name: values[taken] for name, values in rows.columns.items()}
        return cls(columns, rows.answers[taken], truth[taken])

    def losses(self, answers: Floats) -> Floats:
        """Return what answers to these rows lose, row by row; NaN where no label is known.

        Parameters
        ----------
        answers
            Those that were given, or others.
        """
        if answers.shape[1] == 1:
            return plain_losses(self.truth, answers)
        return plain_losses(np.nan_to_num(self.truth, nan=-1.0).astype(np.int64), answers)


def told_windows(look: Look) -> tuple[PastWindow, ...]:
    """Return the past windows of which enough labels are known.

    Parameters
    ----------
    look
        The window beside the past.
    """
    windows = look.sketch.past
    return tuple(each for each in windows if np.isfinite(each.truth).sum() >= _FEWEST_LABELS)
