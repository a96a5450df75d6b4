"""What a contestant's program does: accept what is past, judge what comes.

It needs the standard library only.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from bench.maintain.drill import Drill, read_drill


@dataclass(frozen=True, kw_only=True)
class Signal:
    """What a contestant says of a window.

    Parameters
    ----------
    alarm
        Whether somebody would be called.
    columns
        Those it names, the strongest first.
    kind
        The kind of cause, where it names one.
    """

    alarm: bool
    columns: tuple[str, ...] = ()
    kind: str = ""


class Watcher(Protocol):
    """A contestant; what it says can be read in one way or in several, each with its name."""

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What it raises on windows that it cannot judge: they are counted, and are no alarm."""

    def read(self, path: Path) -> Any:
        """Return a window in the form that it likes best; this is not timed."""

    def accept(self, window: Any) -> None:
        """Take an untouched window for the past; this is not timed."""

    def judge(self) -> Callable[[Any], Mapping[str, Signal]]:
        """Get ready, and return what judges a window without a trace; only that is timed."""


def main(make: Callable[[Drill], list[Watcher]]) -> None:
    """Run ``python -m bench.maintain.peers.NAME DRILL ANSWERS``."""
    folder, out = sys.argv[1:]
    drill = read_drill(Path(folder))
    told = [_watch(watcher, drill) for watcher in make(drill)]
    Path(out).write_text(json.dumps(told), encoding="utf-8")


def _watch(watcher: Watcher, drill: Drill) -> dict[str, Any]:
    """Return signals by reading and window, seconds by window, and what failed."""
    told: dict[str, Any] = {"untouched": {}, "faults": {}, "seconds": [], "failed": []}
    for number in range(drill.windows):
        window = watcher.read(drill.untouched(number))
        if number >= drill.reference:
            _ask(watcher, window, told, ("untouched", number))
            for case in [at for at, past in enumerate(drill.cases) if past == number]:
                _ask(watcher, watcher.read(drill.faulty(case)), told, ("faults", case))
        watcher.accept(window)
    return told


def _ask(watcher: Watcher, window: Any, told: dict[str, Any], place: tuple[str, int]) -> None:
    part, number = place
    try:
        judge = watcher.judge()
        began = time.process_time()
        signals = judge(window)
    except watcher.failures as error:
        told["failed"].append(f"{part} {number}: {type(error).__name__}: {str(error)[:200]}")
        return
    told["seconds"].append(time.process_time() - began)
    told[part][number] = {name: asdict(signal) for name, signal in signals.items()}
