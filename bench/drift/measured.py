"""What is measured of a world: the drill, untouched windows in many orders, a year of checks."""

import resource
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from bench.drift.worlds import World
from modelwright.compute.threads import one_thread_each
from modelwright.documents.gameday import Gameday
from modelwright.maintain.gameday.drill import Drill, run_drill
from modelwright.maintain.gameday.faults.registry import faults_named
from modelwright.maintain.log.live_rows import LiveRows, frame_of, live_rows_of

CHECKS_OF_A_YEAR = 8760


@dataclass(frozen=True)
class Year:
    """A year of hourly checks.

    Parameters
    ----------
    alarms
        In how many of them something new was alarmed, although no row was touched.
    seconds, memory_bytes
        What the checks took of one core, and the most that the process held. The rows are
        answered before, as those of a log are.
    """

    checks: int
    rows: int
    alarms: int
    seconds: float
    memory_bytes: int


def drill(world: World, *, starts: int, window_rows: int = 500) -> Gameday:
    """Inject every fault at several places of a world's traffic."""
    return run_drill(
        world.watch,
        world.cut(window_rows=window_rows),
        Drill(faults=faults_named(()), starts=starts),
        source=world.name,
        clock=lambda: datetime.now(UTC),
        report=lambda _: None,
    )


@one_thread_each()
def watch_year(world: World, *, rows: int, checks: int = CHECKS_OF_A_YEAR) -> Year:
    """Check rows that were drawn at random, and so do not change, each hour for a year.

    Parameters
    ----------
    world
        Its traffic is drawn from, again and again.
    rows
        Of all checks together.
    checks
        How many.
    """
    answered = _logged(world)
    draw, watch, alarms = np.random.default_rng(0), world.watch, 0
    each = rows // checks
    began = time.process_time()
    for _ in range(checks):
        verdict, watch = watch.see(_taken(answered, draw.integers(0, len(answered), each)))
        alarms += bool(verdict.news)
    seconds = time.process_time() - began
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Year(checks, each * checks, alarms, seconds, held)


def _logged(world: World) -> LiveRows:
    """Return the traffic as a log gives it back: its types known, each row with an id."""
    rows = live_rows_of(world.traffic, world.bundle)
    ids = tuple(map(str, range(len(rows))))
    return replace(rows, table=frame_of(rows.columns, world.bundle.schema), ids=ids)


def _taken(rows: LiveRows, chosen: NDArray[np.int64]) -> LiveRows:
    return LiveRows(
        table=rows.table[chosen],
        columns={name: values[chosen] for name, values in rows.columns.items()},
        answers=rows.answers[chosen],
        truth=rows.truth[chosen],
        times=None,
        ids=tuple(map((rows.ids or ()).__getitem__, chosen.tolist())),
    )
