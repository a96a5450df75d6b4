"""Probabilities that mean what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

from modelwright.predictor.operations.answers import Isotonic, ScaleLogits
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import Task

Calibrator = ScaleLogits | Isotonic

_PARTS = 5
_FEWEST_ROWS = 200
_ROWS_FOR_ISOTONIC = 5_000
_KNOTS = 200
_MOST_PROBABILITIES = 500_000
"""That a correction is chosen by: with many classes a part of the rows; it is fitted on all."""
_SMALLEST = 1e-15


@dataclass(frozen=True)
class Calibration:
    """How probabilities are corrected: not at all, or by a step of the program."""

    step: Calibrator | None
    reason: str

    def apply(self, answers: Floats) -> Floats:
        """Return corrected probabilities."""
        return answers if self.step is None else self.step.run(answers)


def choose_calibration(
    task: Task, truth: NDArray[Any], answers: Floats, *, seed: int
) -> Calibration:
    """Choose a correction of probabilities by cross-validated log-loss.

    A correction is taken only where it lowers the log-loss of rows that it was not fitted on by
    more than one standard error, so that noise is not fitted.

    Parameters
    ----------
    task
        Regression is left as it is.
    truth : ndarray of shape (rows,)
        Indices of classes.
    answers : ndarray of shape (rows, classes)
        Out of fold.
    seed
        For the parts of the cross-validation.
    """
    if not task.is_classification:
        return Calibration(None, "a number needs no calibration")
    if len(truth) < _FEWEST_ROWS:
        return Calibration(None, f"{len(truth)} rows are too few to correct probabilities")
    fitters: dict[str, Callable[[NDArray[Any], Floats], Calibrator]] = {
        "logit scaling": _fit_logits
    }
    if task.kind == "binary" and len(truth) >= _ROWS_FOR_ISOTONIC:
        fitters["isotonic regression"] = _fit_isotonic
    draw = np.random.default_rng(seed)
    seen = draw.permutation(len(truth))[: _MOST_PROBABILITIES // answers.shape[1] + _FEWEST_ROWS]
    some_truth, some = truth[seen], answers[seen]
    parts = np.arange(len(seen)) % _PARTS
    plain = _losses(some_truth, some)
    best, best_gain = "", 0.0
    for name, fitter in fitters.items():
        difference = plain - _losses(some_truth, _cross_fit(fitter, some_truth, some, parts=parts))
        gain = float(difference.mean())
        error = float(difference.std() / np.sqrt(len(difference)))
        if gain > max(best_gain, error):
            best, best_gain = name, gain
    if not best:
        return Calibration(None, "no correction lowered the log-loss of rows it had not seen")
    reason = f"{best} lowered the out-of-fold log-loss by {best_gain:.4f}"
    return Calibration(fitters[best](truth, answers), reason)


def _cross_fit(
    fitter: Callable[[NDArray[Any], Floats], Calibrator],
    truth: NDArray[Any],
    answers: Floats,
    *,
    parts: NDArray[np.int64],
) -> Floats:
    corrected = np.empty_like(answers)
    for part in range(_PARTS):
        held = parts == part
        corrected[held] = fitter(truth[~held], answers[~held]).run(answers[held])
    return corrected


def _fit_logits(truth: NDArray[Any], answers: Floats) -> ScaleLogits:
    logs = np.log(np.clip(answers, _SMALLEST, 1.0))
    classes = answers.shape[1]
    rows = np.arange(len(truth))

    def loss(parameters: Floats) -> tuple[float, Floats]:
        likely = parameters[0] * logs
        likely += np.append(0.0, parameters[1:])
        likely -= likely.max(axis=1, keepdims=True)
        np.exp(likely, out=likely)
        likely /= likely.sum(axis=1, keepdims=True)
        value = -np.log(np.clip(likely[rows, truth], _SMALLEST, 1.0)).mean()
        likely[rows, truth] -= 1.0
        slope = np.einsum("ij,ij->", likely, logs)
        return float(value), np.append(slope, likely.sum(axis=0)[1:]) / len(truth)

    found = minimize(loss, np.append(1.0, np.zeros(classes - 1)), jac=True, method="L-BFGS-B").x
    return ScaleLogits(
        inputs=("",), output="", slope=float(found[0]), bias=np.append(0.0, found[1:])
    )


def _fit_isotonic(truth: NDArray[Any], answers: Floats) -> Isotonic:
    line = IsotonicRegression(y_min=1e-4, y_max=1 - 1e-4, out_of_bounds="clip")
    line.fit(answers[:, 1], truth)
    # A bounded number of knots keeps the program small and the steps from being noise.
    kept = np.unique(np.linspace(0, len(line.X_thresholds_) - 1, _KNOTS).astype(int))
    x, first = np.unique(line.X_thresholds_[kept], return_index=True)
    return Isotonic(
        inputs=("",),
        output="",
        x=x.astype(np.float64),
        y=line.y_thresholds_[kept][first].astype(np.float64),
    )


def _losses(truth: NDArray[Any], answers: Floats) -> Floats:
    right = answers[np.arange(len(truth)), truth]
    return np.asarray(-np.log(np.clip(right, _SMALLEST, 1.0)))
