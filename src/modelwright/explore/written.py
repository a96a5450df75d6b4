"""The training rows as the person wrote them, beside the prepared ones that rooms work with."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True)
class Written:
    """The training rows as the source returned them.

    Parameters
    ----------
    read
        Returns them in the order of the prepared ones; few ask for this copy.
    numbers : ndarray of shape (rows,), optional
        Which row of the person's table each is, from 1; None where rows were drawn, as nobody
        knows then.
    """

    read: Callable[[], pl.DataFrame]
    numbers: NDArray[np.intp] | None = None
