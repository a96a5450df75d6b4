"""What a worker in another process does: it keeps what was shared, and works on it."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Made, Material, Order, Work
from modelwright.compute.limits import format_bytes
from modelwright.errors import ServiceError

_LEAST_S = 1e-3
_POLL_S = 1.0

_kept: dict[str, Any] = {}


def keep(key: str, fetch: Callable[[], Any]) -> Any:
    """Return what was shared under a key; only the last one is kept.

    Parameters
    ----------
    key
        Its name.
    fetch
        Called where this worker does not have it.
    """
    if key not in _kept:
        _kept.clear()
        _kept[key] = fetch()
    return _kept[key]


def work_on(
    work: Work[Material, Order, Made],
    material: Material,
    order: Order,
    *,
    seconds: float,
    memory_bytes: int | None,
) -> Made:
    """Do a piece of work as it is done in a thread of the first process: BLAS has one thread.

    Parameters
    ----------
    work, material, order
        What is done.
    seconds
        The time that is left for it.
    memory_bytes
        That this process may hold meanwhile; None for all that there is.

    Raises
    ------
    ServiceError
        When it needs more memory, and the work itself does not say so.
    """
    with threadpool_limits(limits=1, user_api="blas"), limited_memory(memory_bytes):
        try:
            return work(material, order, Budget.start(max(_LEAST_S, seconds)))
        except MemoryError as error:
            least = format_bytes(memory_bytes) if memory_bytes else "what there is"
            raise ServiceError(
                f"A piece of work needs more memory than {least}.",
                "Give each more, as in: --compute 'ray?memory=4GB'",
            ) from error


@contextmanager
def limited_memory(most_bytes: int | None) -> Iterator[None]:
    """Let the system refuse this process more memory than so much, for the length of the block.

    Parameters
    ----------
    most_bytes
        None for no limit; without effect where the system has none for processes.
    """
    try:
        import resource
    except ImportError:  # not on Windows
        yield
        return
    if most_bytes is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def follow(parent: int) -> None:
    """Leave Ctrl-C to the first process, and end when that has ended in whatever way.

    Parameters
    ----------
    parent
        Its number.
    """
    # Ctrl-C reaches every process of a terminal; the first one says what becomes of the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """Leave when the first process was killed, which can tell nobody."""
    while os.getppid() == parent:
        time.sleep(_POLL_S)
    os._exit(1)
