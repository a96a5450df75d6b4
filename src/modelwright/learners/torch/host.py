"""Rows that stay on the host, of which a device sees those that it computes."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


class HostRows:
    """Arrays of the same rows; a GPU needs room for a part of a batch, never for all of them.

    Parameters
    ----------
    device
        Where parts are computed.
    arrays
        Whose first axis is the rows.

    Examples
    --------
    >>> rows = HostRows(torch.device("cpu"), np.eye(3), np.arange(3))
    >>> [each.tolist() for each in rows.take(slice(1, 2))]
    [[[0.0, 1.0, 0.0]], [1]]
    """

    def __init__(self, device: torch.device, *arrays: NDArray[np.generic]) -> None:
        self._device = device
        self._arrays = [torch.from_numpy(np.ascontiguousarray(each)) for each in arrays]

    def __len__(self) -> int:
        return len(self._arrays[0])

    def take(self, some: Tensor | slice) -> list[Tensor]:
        """Return some of the rows of each array, on the device."""
        return [each[some].to(self._device) for each in self._arrays]
