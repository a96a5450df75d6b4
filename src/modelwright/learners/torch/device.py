"""Where torch computes, how precisely, and what happens when memory ends."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
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
    with nullcontext() if device.type == "cpu" else _DETERMINISTIC:
        yield


class _Deterministic:
    """A switch of the whole process, on while any of the fits that run side by side needs it."""

    def __init__(self) -> None:
        self._lock, self._inside, self._before = threading.Lock(), 0, False

    def __enter__(self) -> None:
        # Before the first product on the GPU.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        with self._lock:
            if not self._inside:
                self._before = torch.are_deterministic_algorithms_enabled()
                torch.use_deterministic_algorithms(True)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                torch.use_deterministic_algorithms(self._before)


_DETERMINISTIC = _Deterministic()


def half_precision(device: torch.device) -> Any:
    """Return a context in which a GPU multiplies in bfloat16, which needs no scaling of gradients.

    Processors keep float32, and so do GPUs that only emulate it, more slowly.
    """
    able = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=able)


class Portions:
    """How many rows are computed at once: half as many each time that memory ends.

    Parameters
    ----------
    rows
        At first.
    fewest
        That can be computed at once.

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

    def __init__(self, rows: int, *, fewest: int = 1) -> None:
        self.rows, self._fewest = rows, fewest

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
            When there is no memory even for the fewest rows.
        """
        while (ended := self._attempt(count, work)) is not None:
            # Out here, where no traceback holds what was being computed: its memory is free.
            self._halve(ended, count)
            again()

    def _attempt(self, count: int, work: Callable[[slice], None]) -> str | None:
        """Return what was said when memory ended; None when all is done."""
        try:
            for begin in range(0, count, self.rows):
                work(slice(begin, min(count, begin + self.rows)))
        except RuntimeError as error:
            if not _is_memory(error):
                raise
            return str(error)
        return None

    def _halve(self, said: str, count: int) -> None:
        most = min(self.rows, count)
        if most <= self._fewest:
            raise LearnerError(
                f"There is no memory for this network, even where rows are taken {most} at a time.",
                f"Choose fewer units, or device='cpu'. {said}".strip(),
            )
        self.rows = max(self._fewest, most // 2)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


_ENDS = ("DefaultCPUAllocator", "CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED")
"""What is said where the end of memory has no class of its own."""


def _is_memory(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or any(each in str(error) for each in _ENDS)
