"""What the units of a network make of their sums."""

from typing import Literal

import numpy as np

from modelwright.predictor.kernel.bends import bend
from modelwright.predictor.kernel.library import library
from modelwright.predictor.operations.answers import sigmoid
from modelwright.predictor.operations.base import Floats, Operation, Value

ActivationKind = Literal["relu", "silu", "tanh", "logarithm"]

LEAST_LOGGED = 1e-300
"""Of what is smaller, zero and below too, the logarithm of this is taken."""


class Activation(Operation, frozen=True, kw_only=True, tag="activation"):
    """Bend each number: a layer without it would be one more linear form.

    ``"relu"`` is max(x, 0); ``"silu"`` is x / (1 + exp(-x)) (Elfwing, Uchibe and Doya,
    "Sigmoid-weighted linear units", 2018); ``"tanh"`` is 2 / (1 + exp(-2 x)) - 1; ``"logarithm"``
    is the natural logarithm of max(x, 1e-300).
    The compiled kernel does what is not a power where there is one, to the same bits.
    """

    kind: ActivationKind

    def check(self, widths: tuple[int, ...]) -> int:
        return widths[0]

    def run(self, *values: Value) -> Floats:
        if self.kind == "relu":
            return np.maximum(values[0], 0.0)
        numbers = np.ascontiguousarray(values[0], dtype=np.float64)
        if self.kind == "logarithm":
            return np.asarray(np.log(np.maximum(numbers, LEAST_LOGGED)))
        kernel = library()
        if kernel is not None and kernel.bends:
            return bend(self.kind, numbers, kernel)
        if self.kind == "silu":
            return np.asarray(numbers * sigmoid(numbers))
        # Twice the largest numbers is infinite, whose sigmoid is the same.
        with np.errstate(over="ignore"):
            return np.asarray(2.0 * sigmoid(2.0 * numbers) - 1.0)
