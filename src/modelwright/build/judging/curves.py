"""Points of the report's pictures."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Curve
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import Task

_POINTS = 200
_BINS = 10


def draw_curves(task: Task, truth: NDArray[Any], answers: Floats) -> tuple[Curve, ...]:
    """Return what the holdout looks like in pictures.

    Parameters
    ----------
    task
        Binary tasks have ROC, precision-recall and calibration curves; multiclass tasks the
        calibration of the likeliest class; regression a scatter of truth against answers.
    truth : ndarray of shape (rows,)
    answers : ndarray of shape (rows, outputs)
    """
    if task.kind == "binary":
        hits = truth == 1
        return (
            *_ranking_curves(hits, answers[:, 1]),
            _calibration(hits, answers[:, 1]),
        )
    if task.kind == "multiclass":
        return (_calibration(truth == answers.argmax(axis=1), answers.max(axis=1)),)
    return (_scatter(truth, answers[:, 0]),)


def _ranking_curves(hits: NDArray[np.bool_], likely: Floats) -> tuple[Curve, ...]:
    positives = int(hits.sum())
    negatives = len(hits) - positives
    if not positives or not negatives:
        return ()
    order = np.argsort(-likely, kind="stable")
    ranked = likely[order]
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    del ranked
    found = np.cumsum(hits[order])
    # The ROC curve begins in its corner; only what is drawn is computed, of millions of rows too.
    drawn = _drawn(len(ends) + 1)[1:] - 1
    right, alarms = found[ends[drawn]], ends[drawn] + 1 - found[ends[drawn]]
    at = ends[_drawn(len(ends))]
    return (
        _curve("roc", np.append(0.0, alarms / negatives), np.append(0.0, right / positives)),
        _curve("precision_recall", found[at] / positives, found[at] / (at + 1)),
    )


def _calibration(hits: NDArray[np.bool_], likely: Floats) -> Curve:
    """Return mean probability against frequency, in bins of equal numbers of rows."""
    parts = np.array_split(np.argsort(likely, kind="stable"), min(_BINS, len(likely)))
    said = [float(likely[part].mean()) for part in parts]
    happened = [float(hits[part].mean()) for part in parts]
    return Curve(name="calibration", x=tuple(said), y=tuple(happened))


def _scatter(truth: Floats, answers: Floats) -> Curve:
    kept = np.linspace(0, len(truth) - 1, min(len(truth), 2 * _POINTS)).astype(int)
    return Curve(name="residuals", x=tuple(answers[kept].tolist()), y=tuple(truth[kept].tolist()))


def _drawn(points: int) -> NDArray[np.int64]:
    """Return which of so many points are drawn, the first and the last among them."""
    return np.unique(np.linspace(0, points - 1, _POINTS).astype(np.int64))


def _curve(name: str, x: Floats, y: Floats) -> Curve:
    return Curve(name=name, x=tuple(x.tolist()), y=tuple(y.tolist()))
