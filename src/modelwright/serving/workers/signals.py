"""What a process that answers is told by the system, on every system."""

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
)
"""What a worker listens to; its parent has blocked them until then. Windows has no SIGHUP."""


@contextmanager
def heeding(calls: Mapping[int, Callable[[], Any]]) -> Iterator[None]:
    """Let the running loop heed signals for the length of the block, in the first thread only.

    Parameters
    ----------
    calls
        What each signal does.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    former = {number: signal.getsignal(number) for number in calls}
    for number, call in calls.items():
        try:
            loop.add_signal_handler(number, call)
        except NotImplementedError:  # as on Windows
            signal.signal(number, lambda *_, call=call: loop.call_soon_threadsafe(call))
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    try:
        yield
    finally:
        for number, handler in former.items():
            try:
                loop.remove_signal_handler(number)
            except NotImplementedError:
                signal.signal(number, handler)
