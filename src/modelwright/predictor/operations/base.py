"""What every operation has.

A program calls `run` once per step with the values named in `inputs`. An operation may assume
that they have the right type, because `check` refused the program otherwise. It must treat each
row alone: a row gets the same bits by itself as in a batch of any size. Hence no matrix products
(BLAS sums in an order that depends on the shape) and no reductions over rows.
"""

from typing import Any, ClassVar, NoReturn, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.errors import BundleError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]
Bytes: TypeAlias = NDArray[np.uint8]
Value: TypeAlias = NDArray[Any]
"""Numbers as (rows, width) float64; texts as (rows,) objects; moments as (rows,) int64."""

FEW_ROWS = 16
"""Up to here Python's own numbers are sooner than arrays; a server mostly gets one row."""


class Operation(msgspec.Struct, frozen=True, kw_only=True, tag_field="operation"):
    """One step of a program.

    Parameters
    ----------
    inputs
        Names of the values it reads.
    output
        Name of the value it writes.
    """

    n_inputs: ClassVar[int | None] = 1
    """How many values it reads; None for any number above zero."""

    inputs: tuple[str, ...]
    output: str

    def check(self, widths: tuple[int, ...]) -> int:
        """Refuse parameters that contradict each other or the widths of the inputs.

        Parameters
        ----------
        widths
            Columns of each input; 1 for texts and moments.

        Returns
        -------
        int
            Columns of the output.

        Raises
        ------
        BundleError
            When the operation cannot run.
        """
        raise NotImplementedError

    def run(self, *values: Value) -> Floats:
        """Compute the output.

        Parameters
        ----------
        values
            One array for each input.

        Returns
        -------
        ndarray of shape (rows, width)
        """
        raise NotImplementedError

    def refuse(self, fault: str) -> NoReturn:
        """Raise a BundleError that names this operation."""
        raise BundleError(f"The program's step {self.output!r} is invalid: {fault}.")

    def require(self, condition: object, fault: str) -> None:
        """Refuse unless the condition holds."""
        if not condition:
            self.refuse(fault)
