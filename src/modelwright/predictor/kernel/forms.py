"""Linear forms laid out for the compiled kernel.

Why no product leaves the tables: a `FormTiles` is made only of weights that `Linear.check` let
pass, and copies them; a matrix of another width is refused.
"""

import ctypes
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.kernel.tables import placed
from modelwright.predictor.operations.base import Floats

if TYPE_CHECKING:
    from modelwright.predictor.operations.linear import Linear

_GROUPS = (32, 8, 1)
"""As in `forms.h`."""


class _Form(ctypes.Structure):
    """As in `forms.h`."""

    _fields_ = (
        ("weights", ctypes.c_void_p),
        ("bias", ctypes.c_void_p),
        ("width", ctypes.c_int64),
        ("outputs", ctypes.c_int64),
        ("narrow", ctypes.c_int64),
        ("sparse", ctypes.c_int64),
    )


class FormTiles:
    """A linear form laid out for the kernel: the weights of some outputs side by side.

    They are kept as float32 where that loses nothing: half of the memory to read.

    Parameters
    ----------
    linear
        Weights that are sound. They are checked again here: nothing in the kernel looks at bounds.

    Raises
    ------
    BundleError
        When they are not sound.
    """

    def __init__(self, linear: "Linear") -> None:
        self.width = len(linear.weights)
        self._outputs = linear.check((self.width,))
        # Kept, because the kernel only has their addresses.
        weights = placed(_narrowed(_grouped(linear.weights)))
        self._kept = (weights, np.array(linear.bias, dtype=np.float64))
        addresses = (each.ctypes.data for each in self._kept)
        is_narrow = weights.dtype == np.float32
        self._form = _Form(*addresses, self.width, self._outputs, is_narrow, _sparse(linear.bias))
        self.address = ctypes.addressof(self._form)

    def multiply(self, matrix: Floats, library: Library) -> Floats:
        """Return bias + row * weights for each row, column after column.

        Parameters
        ----------
        matrix : ndarray of shape (rows, `width`)
        library
            The compiled kernel.

        Raises
        ------
        ValueError
            When the matrix has another width.
        """
        numbers = np.ascontiguousarray(matrix, dtype=np.float64)
        rows, width = numbers.shape
        if width != self.width:
            raise ValueError(f"Weights for {self.width} columns were given {width}.")
        answers = np.empty((rows, self._outputs))
        library.for_rows(rows).modelwright_multiply(
            self.address, address_of(numbers), rows, address_of(answers)
        )
        return answers


def _grouped(weights: Floats) -> Floats:
    """Return the weights group after group, each column by column."""
    width, outputs = weights.shape
    parts, begin = [np.empty(0)], 0
    for size in _GROUPS:
        end = outputs - outputs % size
        groups = weights[:, begin:end].reshape(width, (end - begin) // size, size)
        parts.append(groups.transpose(1, 0, 2).ravel())
        begin = end
    return np.concatenate(parts).astype(np.float64)


def _sparse(bias: Floats) -> bool:
    """Say whether nothing changes where zero times a weight is left out.

    Weights are finite, so that it is zero, of either sign; and a sum that does not begin with minus
    zero never is minus zero, the one number that zero changes.
    """
    return not bool((np.signbit(bias) & (bias == 0)).any())


def _narrowed(weights: Floats) -> NDArray[np.floating[Any]]:
    with np.errstate(over="ignore"):
        narrow = weights.astype(np.float32)
    return narrow if (narrow == weights).all() else weights
