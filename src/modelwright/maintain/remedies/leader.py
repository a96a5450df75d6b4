"""The remedy that leads: of all remedies, the one with the best mark by then.

To follow the leader is one rule, whatever it follows. It is lived through the past windows as it
would have been: in each that remedy answers that had the best mark before, and none where no mark
was above zero. So one interval judges it, without a correction for the number of remedies (the
prequential principle: Dawid, JRSS A 147 (1984) 278-292). Where several remedies help, each alone
may show too little in the few rows since the trouble began.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from modelwright.maintain.remedies.marks import Marks
from modelwright.maintain.remedies.replay import Replayed
from modelwright.predictor.operations.base import Floats


@dataclass(frozen=True)
class Leader:
    """Who leads, and what it spared to follow whoever led.

    Parameters
    ----------
    remedy
        The name of the one that leads now.
    saved : ndarray of shape (rows,)
        By how much the loss of each row was smaller.
    """

    remedy: str
    saved: Floats


def find_leader(tested: Mapping[str, Replayed]) -> Leader | None:
    """Return the remedy that leads now; None where none has spared anything.

    Parameters
    ----------
    tested
        Remedies by name, replayed on the same windows.
    """
    marks, saved = Marks[tuple[str, str]](), list[Floats]()
    lengths = next((np.bincount(each.windows) for each in tested.values()), np.zeros(0, dtype=int))
    for number, rows in enumerate(lengths.tolist()):
        done = {
            (name, option): spared
            for name, replayed in tested.items()
            for option, spared in replayed.tries[number].items()
        }
        first = _first(marks, tested, number)
        saved.append(np.zeros(rows) if first is None else done[first])
        marks.learn({key: float(spared.mean()) for key, spared in done.items()})
    now = _first(marks, tested, len(lengths))
    return None if now is None else Leader(now[0], np.concatenate([np.zeros(0), *saved]))


def _first(
    marks: Marks[tuple[str, str]], tested: Mapping[str, Replayed], number: int
) -> tuple[str, str] | None:
    """Return whoever leads before a window; None where no mark is above zero."""
    offered = {
        (name, option): elsewhere
        for name, replayed in tested.items()
        for option, elsewhere in replayed.offered[number].items()
    }
    first = marks.best(offered)
    if first is None or not marks.of(first, elsewhere=offered[first]) > 0:
        return None
    return first
