"""Steps down a slope that is only known from a few rows at a time."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Singles = NDArray[np.float32]

_FIRST, _SECOND = 0.9, 0.95
_LEAST = 1e-8


@dataclass
class Adam:
    """Adam with the decay of weights apart, and the mean of the weights of late.

    Kingma and Ba, "Adam: a method for stochastic optimization" (2015); Loshchilov and Hutter,
    "Decoupled weight decay regularization" (2019); the mean is Polyak's, over a window. Weights
    jump about where the slope is known from few rows only: their mean lies nearer to the bottom.

    Parameters
    ----------
    weights : ndarray of shape (k,)
        Changed in place.
    decay : ndarray of shape (k,)
        How fast each weight is drawn towards zero, per unit of rate.
    window
        Steps that the mean is over, about; all of them in the beginning.

    Examples
    --------
    >>> adam = Adam(np.zeros(1, np.float32), np.zeros(1, np.float32), window=10)
    >>> for _ in range(300):
    ...     adam.step(adam.weights - 2.0, rate=0.05)
    >>> adam.mean.round(2)
    array([2.], dtype=float32)
    """

    weights: Singles
    decay: Singles
    window: int
    steps: int = 0
    mean: Singles = field(init=False)
    _first: Singles = field(init=False)
    _second: Singles = field(init=False)

    def __post_init__(self) -> None:
        self.mean = self.weights.copy()
        self._first, self._second = np.zeros_like(self.weights), np.zeros_like(self.weights)

    def step(self, slope: Singles, *, rate: float) -> None:
        """Take one step.

        Parameters
        ----------
        slope : ndarray of shape (k,)
            The gradient; overwritten.
        rate
            About how far a weight moves.
        """
        self.steps += 1
        self._first *= np.float32(_FIRST)
        self._first += np.float32(1 - _FIRST) * slope
        self._second *= np.float32(_SECOND)
        slope *= slope
        slope *= np.float32(1 - _SECOND)
        self._second += slope
        np.sqrt(self._second, out=slope)
        slope *= np.float32((1 - _SECOND**self.steps) ** -0.5)
        slope += np.float32(_LEAST)
        np.divide(self._first, slope, out=slope)
        slope *= np.float32(1 / (1 - _FIRST**self.steps))
        slope += self.decay * self.weights
        slope *= np.float32(rate)
        self.weights -= slope
        self.mean += np.float32(1 / min(self.steps, self.window)) * (self.weights - self.mean)
