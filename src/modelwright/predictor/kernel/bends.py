"""What units make of their sums, by the compiled kernel: one pass before the powers, one after."""

from typing import Literal

import numpy as np

from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.operations.base import Floats

_POWERS_OF = {"silu": 1.0, "tanh": 2.0}


def bend(kind: Literal["silu", "tanh"], numbers: Floats, library: Library) -> Floats:
    """Return what `Activation` makes of numbers, to the same bits.

    Parameters
    ----------
    kind
        As in `Activation`.
    numbers : ndarray of any shape
        Contiguous float64.
    library
        The compiled kernel.
    """
    powers, bent = np.empty_like(numbers), np.empty_like(numbers)
    functions = library.for_rows(len(numbers))
    read, between, written = (address_of(each) for each in (numbers, powers, bent))
    functions.modelwright_below_zero(read, _POWERS_OF[kind], between, numbers.size)
    # Into memory that is there already: new memory takes longer than the powers.
    np.exp(powers, out=powers)
    apply = functions.modelwright_silu if kind == "silu" else functions.modelwright_tanh
    apply(read, between, written, numbers.size)
    return bent
