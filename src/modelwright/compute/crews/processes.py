"""Processes of this machine, each with its own copy of what is shared."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import count
from multiprocessing import get_context
from queue import LifoQueue
from typing import Any

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Done, Made, Material, Order, Shared, Work
from modelwright.compute.crews.losses import Losses, Report
from modelwright.compute.crews.worker import follow, keep, work_on
from modelwright.compute.process import safe_path
from modelwright.errors import ServiceError

_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has only the second


class Processes:
    """Processes of this machine: one that crashes costs what it was doing, and is replaced.

    Parameters
    ----------
    workers
        How many.
    memory_bytes
        That each may hold; None for no limit.
    report
        Told when a process was lost.

    Examples
    --------
    >>> crew = Processes(workers=2)
    >>> crew.title
    '2 processes of this machine'
    >>> crew.close()
    """

    def __init__(
        self, *, workers: int, memory_bytes: int | None = None, report: Report = print
    ) -> None:
        self.workers = workers
        self.memory_bytes = memory_bytes
        self._report = report
        self._keys = count(1)
        self._closed = False
        self._all = [_Process() for _ in range(workers)]
        self._free: LifoQueue[_Process] = LifoQueue()
        for process in self._all:
            self._free.put(process)

    @property
    def title(self) -> str:
        """What people read."""
        return f"{self.workers} process{'es' * (self.workers > 1)} of this machine"

    @property
    def meeting(self) -> str:
        """This machine."""
        return "127.0.0.1"

    def share(self, material: Material) -> Shared[Material]:
        """Name it; a process is sent a copy when it needs one."""
        return Shared(material, key=str(next(self._keys)))

    def ask(
        self,
        work: Work[Material, Order, Made],
        shared: Shared[Material],
        order: Order,
        *,
        budget: Budget,
    ) -> Done[Made]:
        """Have a free process do the work, begun again where that process is lost."""
        losses = Losses(budget, self._report)
        process = self._free.get()
        try:
            while True:
                how = (work, shared.key, order, budget.remaining_s, self.memory_bytes)
                try:
                    return Done(process.do(shared, *how))
                except BrokenProcessPool:
                    if self._closed:
                        raise ServiceError("The processes were let go.") from None
                    process.replace()
                    losses.count("Its process ended.")
        finally:
            self._free.put(process)

    def close(self) -> None:
        """End all processes, also those at work."""
        self._closed = True
        for process in self._all:
            process.end()


class _Process:
    """One process; a pool of one says when it is lost."""

    def __init__(self) -> None:
        self.replace()

    def replace(self) -> None:
        """Begin anew; the process itself starts with its first work."""
        self._has, self._number = "", 0
        self._pool = ProcessPoolExecutor(
            1,
            # A fork would take threads of libraries along, which hang in it.
            mp_context=get_context("spawn"),
            initializer=follow,
            initargs=(os.getpid(),),
        )

    def do(self, shared: Shared[Material], *how: Any) -> Any:
        """Have it do work, after it was sent what it works on."""
        if self._has != shared.key:
            with safe_path():  # the process starts with the first of these
                taken = self._pool.submit(_take, shared.key, shared.material)
            self._number = taken.result()
            self._has = shared.key
        return self._pool.submit(_do, *how).result()

    def end(self) -> None:
        """Kill it."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._number:
            with suppress(OSError):  # it has ended by itself
                os.kill(self._number, _KILL)


def _take(key: str, material: Any) -> int:
    keep(key, lambda: material)
    return os.getpid()


def _do(
    work: Work[Material, Order, Made],
    key: str,
    order: Order,
    seconds: float,
    memory_bytes: int | None,
) -> Made:
    material = keep(key, _missing)
    return work_on(work, material, order, seconds=seconds, memory_bytes=memory_bytes)


def _missing() -> Any:
    raise AssertionError("Work came before what it works on.")
