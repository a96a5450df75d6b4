"""What a network is to keep small, and which way is down."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.base import Rows
from modelwright.learners.networks.adam import Singles
from modelwright.learners.trees.boosting import loss_of
from modelwright.predictor.operations.base import Floats

NetworkLossKind = Literal["binary", "multiclass", "squared", "absolute", "quantile", "poisson"]

_MOST_RAW = np.float32(30.0)
"""Where the raw score is a logarithm."""


@dataclass(frozen=True)
class NetworkLoss:
    """Log-loss for classes; for numbers what `Rows.loss` asks.

    Parameters
    ----------
    kind
        For ``"poisson"`` the raw score is the logarithm of the answer.
    outputs
        Of the network: 1, or the classes of a multiclass task.
    smoothing
        Of a multiclass task: the share of each row that is taken from its class and spread over
        all. A network that can tell all training rows apart would otherwise be ever surer of
        itself (Szegedy et al., "Rethinking the inception architecture for computer vision", 2016).
    level
        Of the quantile.
    """

    kind: NetworkLossKind
    outputs: int = 1
    smoothing: float = 0.0
    level: float = 0.5

    @classmethod
    def of(cls, rows: Rows, *, smoothing: float) -> "NetworkLoss":
        """Return the loss of rows."""
        if rows.task.kind == "multiclass":
            return cls("multiclass", rows.task.n_outputs, smoothing)
        if rows.task.kind == "binary":
            return cls("binary")
        asked = loss_of(rows)
        kind = "squared" if asked.kind == "proper" else asked.kind
        return cls(kind, level=asked.level)

    def wanted(self, target: Floats) -> Singles:
        """Return what the answers should be, of shape (n, outputs).

        Parameters
        ----------
        target : ndarray of shape (n,)
            Indices of classes, or numbers in their unit.
        """
        if self.kind != "multiclass":
            return target.astype(np.float32)[:, None]
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
        return np.asarray(self._slopes(raw, wanted) * share[:, None])

    def mean(self, raw: Singles, wanted: Singles, weight: Singles) -> float:
        """Return the weighted mean loss."""
        losses = self._losses(raw.astype(np.float64), wanted.astype(np.float64))
        total = float(weight.sum())
        return float(losses @ weight / total) if total > 0 else float(losses.mean())

    def start(self, target: Floats, weight: NDArray[np.floating]) -> Floats:
        """Return the raw scores with which a network begins, of shape (outputs,).

        Parameters
        ----------
        target : ndarray of shape (n,)
            As `wanted` takes it.
        weight : ndarray of shape (n,)
        """
        if self.kind in ("binary", "multiclass"):
            classes = max(2, self.outputs)
            shares = 1.0 + np.bincount(target.astype(np.intp), weight, minlength=classes)
            logs = np.log(shares / shares.sum())
            return np.asarray(logs[1:] - logs[:1] if self.outputs == 1 else logs - logs.mean())
        if self.kind in ("absolute", "quantile"):
            return np.quantile(target, [self.level])
        # The mean is 0, or 1 where the raw score is its logarithm.
        return np.zeros(1)

    def _slopes(self, raw: Singles, wanted: Singles) -> Singles:
        match self.kind:
            case "binary":
                return np.asarray(np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * raw)) - wanted)
            case "multiclass":
                powers = np.exp(raw - raw.max(axis=1, keepdims=True))
                return np.asarray(powers / powers.sum(axis=1, keepdims=True) - wanted)
            case "squared":
                return raw - wanted
            case "poisson":
                return np.asarray(np.exp(np.minimum(raw, _MOST_RAW)) - wanted)
        return ((raw > wanted) - self.level).astype(raw.dtype)

    def _losses(self, raw: Floats, wanted: Floats) -> Floats:
        """Return the loss of each row, of shape (n,)."""
        match self.kind:
            case "binary":
                losses = np.logaddexp(0.0, raw) - wanted * raw
            case "multiclass":
                shifted = raw - raw.max(axis=1, keepdims=True)
                logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
                losses = -wanted * logs
            case "squared":
                losses = 0.5 * (raw - wanted) ** 2
            case "poisson":
                losses = np.exp(np.minimum(raw, _MOST_RAW)) - wanted * raw
            case _:
                over = raw - wanted
                losses = np.maximum(over * (1 - self.level), -over * self.level)
        return np.asarray(losses.sum(axis=1))
