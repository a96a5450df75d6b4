"""Linear forms laid out for the compiled kernel.

Why no product leaves the tables: a `FormTiles` is made only of weights that `Linear.check` let
pass, and copies them; a matrix of another width is refused.
"""

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.operations.base import Floats

if TYPE_CHECKING:
    from modelwright.predictor.operations.linear import Linear

_TILE = 8
"""As in `kernel.c`."""


class _Form(ctypes.Structure):
    """As in `kernel.c`."""

    _fields_ = (
        ("weights", ctypes.c_void_p),
        ("bias", ctypes.c_void_p),
        ("width", ctypes.c_int64),
        ("outputs", ctypes.c_int64),
    )


class FormTiles:
    """A linear form laid out for the kernel: the weights of eight outputs side by side.

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
        self._kept = (_tiled(linear.weights), np.array(linear.bias, dtype=np.float64))
        addresses = (each.ctypes.data for each in self._kept)
        self._form = _Form(*addresses, self.width, self._outputs)
        self._address = ctypes.addressof(self._form)

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
        library.for_rows(rows).modelwright_linear(
            self._address, address_of(numbers), rows, address_of(answers)
        )
        return answers


def _tiled(weights: Floats) -> Floats:
    """Return the weights tile after tile, each column by column; then those that fill no tile."""
    width, outputs = weights.shape
    end = outputs - outputs % _TILE
    tiles = weights[:, :end].reshape(width, end // _TILE, _TILE).transpose(1, 0, 2)
    rest = weights[:, end:].T
    return np.concatenate([tiles.ravel(), rest.ravel()]).astype(np.float64)
