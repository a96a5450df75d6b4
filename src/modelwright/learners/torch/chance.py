"""The chance of a module that draws from torch's own generator: layers such as Dropout do."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch

TURN = threading.RLock()
"""There is one such generator in a process, and following a `forward` changes all modules while it
lasts: fits that call modules take turns."""


class Chance:
    """A generator of a fit's own, put in the place of torch's while the fit computes.

    Parameters
    ----------
    seed
        Where it begins.
    device
        Where the fit computes.
    """

    def __init__(self, seed: int, device: torch.device) -> None:
        self._gpu = device if device.type == "cuda" else None
        with TURN:
            outer = self._state()
            torch.manual_seed(seed)
            self._own = self._state()
            self._set(outer)

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Draw from it."""
        with TURN:
            outer = self._state()
            self._set(self._own)
            try:
                yield
            finally:
                self._own = self._state()
                self._set(outer)

    def mark(self) -> Callable[[], None]:
        """Return what sets it back to where it is now."""
        return partial(setattr, self, "_own", self._own)

    def _state(self) -> tuple[Any, Any]:
        gpu = None if self._gpu is None else torch.cuda.get_rng_state(self._gpu)
        return torch.get_rng_state(), gpu

    def _set(self, state: tuple[Any, Any]) -> None:
        torch.set_rng_state(state[0])
        if self._gpu is not None:
            torch.cuda.set_rng_state(state[1], self._gpu)
