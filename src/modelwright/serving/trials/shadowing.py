"""Keeps the process of a challenger in the shadow."""

import subprocess
import sys
import time
from collections.abc import Callable

from modelwright.serving.log import Log
from modelwright.serving.trials.lineup import Rival
from modelwright.workspace.ledger.address import LedgerAddress

_PAUSE_S = 10.0
"""So long after its end, a process that should be there is started again."""


class Shadowing:
    """Starts, watches and ends the process that answers for a challenger in the shadow.

    Parameters
    ----------
    ledger_path
        Where answers are logged; without one nothing can be compared, and nothing is started.
    log
        Where it is told.
    timer
        Tells the time in seconds; it never goes back.
    """

    def __init__(
        self,
        ledger_path: LedgerAddress | None,
        log: Log,
        *,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger_path = ledger_path
        self._log = log
        self._timer = timer
        self._rival: Rival | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._due = 0.0

    def tend(self, rival: Rival | None) -> None:
        """Let a challenger be in the shadow, and nobody else; call it again and again."""
        wanted = None if rival is None or not rival.needs_shadow else rival
        if self._ledger_path is None:
            return
        if self._rival != wanted:
            self.stop()
            self._rival, self._due = wanted, 0.0
        if self._process is not None and self._process.poll() is not None:
            self._log.tell("shadow ended", code=self._process.returncode)
            self._process, self._due = None, self._timer() + _PAUSE_S
        if wanted is not None and self._process is None and self._timer() >= self._due:
            self._process = self._started(wanted, self._ledger_path)

    def stop(self) -> None:
        """End the process, and wait until it has."""
        process, self._process, self._rival = self._process, None, None
        if process is None:
            return
        # Nothing that it has logged is lost: it is whole whenever it is killed.
        process.kill()
        process.wait()

    def _started(self, rival: Rival, ledger_path: LedgerAddress) -> "subprocess.Popen[bytes]":
        self._log.tell("shadow begins", model=rival.bundle.hash)
        shadow = ["-m", "modelwright.serving.trials.shadow", str(rival.folder)]
        # -P: no module of the folder where it is started is taken.
        command = [sys.executable, "-P", *shadow]
        asked = ["--ledger", str(ledger_path), "--since", str(rival.trial.since)]
        # Its standard input ends with this process, however that ends.
        return subprocess.Popen(
            [*command, *asked],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
