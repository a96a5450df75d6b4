"""A gameday: known faults in a copy of traffic, and what the maintenance finds."""

from typing import TYPE_CHECKING

from modelwright.documents import Gameday, Release, write_document
from modelwright.engineer.rooms import Rooms
from modelwright.predictor.bundle import Bundle
from modelwright.workspace.folder import Workspace

if TYPE_CHECKING:
    from modelwright.maintain.gameday.drill import Drill
    from modelwright.maintain.log.live_rows import LiveRows


def hold_gameday(
    rooms: Rooms,
    release: Release,
    given: object,
    drill: "Drill | None",
    *,
    window_rows: int,
    source: str,
) -> Gameday:
    """Drill the maintenance on rows, else on the ledger, else on the holdout.

    Parameters
    ----------
    rooms
        Of the workspace.
    release
        Whose champion is watched.
    given
        Rows, or their address; None for those that are there.
    drill
        What is injected; None for every fault once.
    window_rows
        Rows of a window.
    source
        What to call the rows that are given.
    """
    from modelwright.maintain.champion import metric_of, open_champion
    from modelwright.maintain.gameday.drill import Drill, run_drill
    from modelwright.maintain.gameday.faults.registry import faults_named
    from modelwright.maintain.gameday.traffic import Span, Traffic
    from modelwright.maintain.watch.watch import Watch

    bundle = open_champion(release, rooms.workspace)
    rows, named = _traffic(rooms, bundle, given, source)
    return run_drill(
        Watch(bundle, metric_of(bundle, release, rooms.workspace)),
        Traffic.of(Span.of(rows, bundle), window_rows=window_rows),
        drill or Drill(faults=faults_named(())),
        source=named,
        clock=rooms.clock,
        report=lambda sentence: rooms.report("gameday", sentence),
    )


def keep_gameday(held: Gameday, workspace: Workspace) -> Gameday:
    """Write a drill into the workspace, in the place of the one before, and return it."""
    write_document(held, workspace)
    return held


def _traffic(rooms: Rooms, bundle: Bundle, given: object, source: str) -> tuple["LiveRows", str]:
    from modelwright.maintain.log.live_rows import live_rows_of

    rows = rooms.live_rows(bundle, given)
    if given is not None:
        return rows, source
    if len(rows):
        return rows, "the ledger"
    return live_rows_of(rooms.holdout_rows(), bundle), "the holdout"
