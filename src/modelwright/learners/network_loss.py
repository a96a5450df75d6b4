"""What a network is to keep small, and which way is down."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.adam import Singles
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import Task, TaskKind


@dataclass(frozen=True)
class NetworkLoss:
    """Log-loss for classes, half the square for numbers.

    Parameters
    ----------
    kind
        Of the task.
    outputs
        Of the network: 1, or the classes of a multiclass task.
    smoothing
        Share of each row that is taken from its class and spread over all: a network that can
        tell all training rows apart would otherwise be ever surer of itself (Szegedy et al.,
        "Rethinking the inception architecture for computer vision", 2016).
    """

    kind: TaskKind
    outputs: int
    smoothing: float = 0.0

    @classmethod
    def of(cls, task: Task, *, smoothing: float) -> "NetworkLoss":
        """Return the loss of a task."""
        outputs = task.n_outputs if task.kind == "multiclass" else 1
        return cls(task.kind, outputs, smoothing if task.is_classification else 0.0)

    def wanted(self, target: Floats) -> Singles:
        """Return what the answers should be, of shape (n, outputs).

        Parameters
        ----------
        target : ndarray of shape (n,)
            Indices of classes, or numbers in their unit.
        """
        if self.kind == "regression":
            return target.astype(np.float32)[:, None]
        if self.kind == "binary":
            sure = target[:, None]
            return (sure + self.smoothing * (0.5 - sure)).astype(np.float32)
        sure = np.eye(self.outputs)[target.astype(np.intp)]
        return (sure + self.smoothing * (1 / self.outputs - sure)).astype(np.float32)

    def slope(self, raw: Singles, wanted: Singles, weight: Singles) -> Singles:
        """Return the gradient of the weighted mean loss by the raw scores, (n, outputs).

        Parameters
        ----------
        raw, wanted : ndarray of shape (n, outputs)
        weight : ndarray of shape (n,)
        """
        share = weight / np.maximum(weight.sum(), np.float32(1e-30))
        return np.asarray((self._answers(raw) - wanted) * share[:, None])

    def mean(self, raw: Singles, wanted: Singles, weight: Singles) -> float:
        """Return the weighted mean loss."""
        numbers, hoped = raw.astype(np.float64), wanted.astype(np.float64)
        if self.kind == "regression":
            losses = 0.5 * ((numbers - hoped) ** 2)[:, 0]
        elif self.kind == "binary":
            losses = (np.logaddexp(0.0, numbers) - hoped * numbers)[:, 0]
        else:
            shifted = numbers - numbers.max(axis=1, keepdims=True)
            logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            losses = -(hoped * logs).sum(axis=1)
        total = float(weight.sum())
        return float(losses @ weight / total) if total > 0 else float(losses.mean())

    def start(self, target: Floats, weight: NDArray[np.floating]) -> Floats:
        """Return the raw scores with which a network begins, of shape (outputs,)."""
        if self.kind == "regression":
            return np.zeros(1)
        classes = max(2, self.outputs)
        shares = 1.0 + np.bincount(target.astype(np.intp), weight, minlength=classes)
        logs = np.log(shares / shares.sum())
        return np.asarray(logs[1:] - logs[:1] if self.kind == "binary" else logs - logs.mean())

    def _answers(self, raw: Singles) -> Singles:
        if self.kind == "regression":
            return raw
        if self.kind == "binary":
            return np.asarray(np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * raw)))
        powers = np.exp(raw - raw.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
