"""Where torch computes, how precisely, and what happens when memory ends."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from modelwright.errors import LearnerError
from modelwright.learners.base import THREADS


def device_named(name: str) -> torch.device:
    """Return a device; ``"auto"`` is a GPU of CUDA where there is one.

    Raises
    ------
    LearnerError
        When there is no such device here.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise LearnerError(f"There is no {name!r} here.", "Say device='cpu' or 'auto'.")
    return torch.device(name)


@contextmanager
def alike_each_time(device: torch.device) -> Iterator[None]:
    """Compute so that the same seed gives the same bits on the same machine."""
    torch.set_num_threads(THREADS)
    if device.type == "cpu":
        yield
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


def half_precision(device: torch.device) -> Any:
    """Return a context in which a GPU multiplies in bfloat16; processors keep float32."""
    able = device.type == "cuda" and torch.cuda.is_bf16_supported()
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=able)


class Portions:
    """How many rows are computed at once: half as many each time that memory ends.

    Parameters
    ----------
    rows
        At first.

    Examples
    --------
    >>> portions, seen = Portions(8), []
    >>> def work(part: slice) -> None:
    ...     if part.stop - part.start > 2:
    ...         raise torch.OutOfMemoryError
    ...     seen.append((part.start, part.stop))
    >>> portions.run(5, work, again=seen.clear)
    >>> seen
    [(0, 2), (2, 4), (4, 5)]
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows

    def run(self, count: int, work: Callable[[slice], None], *, again: Callable[[], None]) -> None:
        """Do work on rows, a part at a time.

        Parameters
        ----------
        count
            The rows.
        work
            Told which rows.
        again
            Called before all parts are begun again, smaller.

        Raises
        ------
        LearnerError
            When there is no memory even for one row.
        """
        while True:
            try:
                for begin in range(0, count, self.rows):
                    work(slice(begin, min(count, begin + self.rows)))
            except RuntimeError as error:
                if not _is_memory(error):
                    raise
                self._halve(error)
                again()
            else:
                return

    def _halve(self, error: RuntimeError) -> None:
        if self.rows == 1:
            raise LearnerError(
                "There is no memory for a network of this size, even a row at a time.",
                "Choose fewer units, or device='cpu'.",
            ) from error
        self.rows = max(1, self.rows // 2)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _is_memory(error: RuntimeError) -> bool:
    # What a processor's memory ends in has no class of its own.
    return isinstance(error, torch.OutOfMemoryError) or "DefaultCPUAllocator" in str(error)
