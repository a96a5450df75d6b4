"""The crew: several workers that share one socket, and their parent, who replaces the dead."""

import gc
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from modelwright.errors import ModelwrightError, ServiceError
from modelwright.serving.metrics import Metrics
from modelwright.serving.trials.shadowing import Shadowing
from modelwright.serving.workers.signals import SIGNALS
from modelwright.serving.workers.supply import Supply
from modelwright.serving.workers.worker import Post, work

_LOOK_S = 1.0
_SHORT_LIFE_S = 5.0
_LONGEST_PAUSE_S = 8.0
_FAILED = 3
"""Exit code of a worker that could not begin."""


def work_together(post: Post, supply: Supply, *, ready: Callable[[], None]) -> None:
    """Answer with several workers until SIGTERM or Ctrl-C; then wait until all have finished.

    The bundle is read once, before the workers are forked, so that they share its memory.

    Parameters
    ----------
    post
        Where the workers stand; each gets a number of its own.
    supply
        Where the bundle comes from.
    ready
        Called when the first worker answers.

    Raises
    ------
    ServiceError
        When a worker cannot begin, or the system can fork none.
    """
    if not hasattr(os, "fork"):
        raise ServiceError("Several workers need Linux or macOS.", "Start one: --workers 1.")
    _Crew(post, supply, ready).run()


class _Crew:
    def __init__(self, post: Post, supply: Supply, ready: Callable[[], None]) -> None:
        self._post = post
        self._supply = supply
        self._ready = ready
        self._metrics = Metrics(post.memory)
        self._shadowing = Shadowing(post.settings.ledger_path, post.log)
        self._numbers: dict[int, int] = {}
        self._born: dict[int, float] = {}
        self._pauses = dict.fromkeys(range(post.settings.workers), 0.0)
        self._due: dict[int, float] = {}
        self._ending = False

    def run(self) -> None:
        self._news, self._tell = os.pipe()
        self._alive, self._held = os.pipe()
        for end in (self._news, self._tell):
            os.set_blocking(end, False)
        told = (*SIGNALS, signal.SIGCHLD)
        before = {number: signal.signal(number, _note) for number in told}
        signal.set_wakeup_fd(self._tell, warn_on_full_buffer=False)
        try:
            for number in self._pauses:
                self._hire(number)
            self._ready()
            while self._numbers or not self._ending:
                self._round()
        finally:
            self._send(signal.SIGKILL)
            self._shadowing.stop()
            signal.set_wakeup_fd(-1)
            for number, handler in before.items():
                signal.signal(number, handler)
            for end in (self._news, self._tell, self._alive, self._held):
                os.close(end)

    def _round(self) -> None:
        select.select([self._news], [], [], _LOOK_S)
        try:
            told = set(os.read(self._news, 1 << 12))
        except BlockingIOError:
            told = set()
        if told & {signal.SIGTERM, signal.SIGINT}:
            self._ending = True
            # Or clients were let in by the system when no worker takes them any more.
            self._post.listening.close()
            self._send(signal.SIGTERM)
        elif signal.SIGHUP in told or self._supply.names_another():
            self._renew()
        self._bury()
        if not self._ending:
            self._shadowing.tend(self._supply.rival)
        for number, due in list(self._due.items()):
            if due <= time.monotonic() and not self._ending:
                del self._due[number]
                self._metrics.count("worker_restarts")
                self._hire(number)

    def _hire(self, number: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        # What is there already is never looked at again by the collector, so it stays shared.
        gc.freeze()
        # Whatever is told to a worker that is just beginning waits until it can hear it.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if not pid:
            os._exit(self._be_worker(number))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._numbers[pid] = number
        self._born[pid] = time.monotonic()

    def _be_worker(self, number: int) -> int:
        signal.set_wakeup_fd(-1)
        for end in (self._news, self._tell, self._held):
            os.close(end)
        post = replace(self._post, number=number, parent_alive=self._alive)
        try:
            work(post, self._supply, ready=lambda: None)
        except ModelwrightError as error:
            post.log.tell("worker could not begin", worker=number, why=str(error))
            return _FAILED
        except BaseException as error:  # noqa: BLE001 - a fork must not go on as its parent
            post.log.tell_fault(error, worker=number)
            return 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
        return 0

    def _bury(self) -> None:
        for pid in list(self._numbers):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            number, lived = self._numbers.pop(pid), time.monotonic() - self._born.pop(pid)
            if self._ending:
                continue
            code = os.waitstatus_to_exitcode(status)
            if code == _FAILED:
                raise ServiceError("A worker could not begin.", "The log says why.")
            # Who dies young again and again shall not keep the machine busy.
            longer = min(_LONGEST_PAUSE_S, 2 * self._pauses[number] or 0.25)
            self._pauses[number] = longer if lived < _SHORT_LIFE_S else 0.0
            self._due[number] = time.monotonic() + self._pauses[number]
            self._post.log.tell("worker died", worker=number, pid=pid, code=code)

    def _renew(self) -> None:
        """Let all workers take another bundle, and whoever replaces one of them later."""
        self._send(signal.SIGHUP)
        try:
            self._supply.renew()
        except ModelwrightError as error:
            self._post.log.tell("bundle refused", why=str(error), kept=self._supply.bundle.hash)

    def _send(self, number: signal.Signals) -> None:
        for pid in self._numbers:
            os.kill(pid, number)


def _note(number: int, frame: object) -> None:
    """Do nothing: the number of the signal has been written into the pipe."""
