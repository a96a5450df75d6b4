"""Memory for tables of the kernel."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_CACHE_LINE = 64


def aligned(rows: int, dtype: np.dtype[Any]) -> NDArray[np.void]:
    """Return zeros that begin with a line of the cache.

    Examples
    --------
    >>> aligned(3, np.dtype([("a", np.int32)])).ctypes.data % 64
    0
    """
    room = np.zeros(rows * dtype.itemsize + _CACHE_LINE, dtype=np.uint8)
    begin = -room.ctypes.data % _CACHE_LINE
    return room[begin : begin + rows * dtype.itemsize].view(dtype)
