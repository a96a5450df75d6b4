"""The watch of the server's log: what came since the last run, window by window."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from modelwright.compute.threads import one_thread_each
from modelwright.documents import Cause, Health, Release
from modelwright.maintain.champion import metric_of, open_champion, read_history, read_ledger
from modelwright.maintain.health import explain, judge_rows, told_of
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.log.window import Window
from modelwright.maintain.look.past import usual_breaks
from modelwright.maintain.watch.flow import find_odd_flow
from modelwright.maintain.watch.state import NOTHING, News, Told, read_told, read_watch, write_watch
from modelwright.maintain.watch.together import told_together, with_causes
from modelwright.maintain.watch.watch import FEWEST_ROWS, Watch
from modelwright.tasks.costs import Costs
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger, microseconds

_ROWS = 500
"""Of a window, at least, where that many came."""
_SETTLES = timedelta(seconds=10)
"""What was answered later than that may not be on disk yet."""
_FEWEST_BEFORE = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVERYTHING = Window()


@dataclass(frozen=True)
class Watched:
    """A judgement, and the watch that has made it.

    Parameters
    ----------
    health
        For people.
    watch
        To be kept once people know of the judgement.
    until
        Up to when it has judged; None where too few rows came.
    told
        What its windows were alarmed for.
    """

    health: Health
    watch: Watch
    until: datetime | None
    told: Told = NOTHING

    def keep(self, workspace: Workspace) -> None:
        """Write the watch: a run that is killed before is done again, and no alarm is lost."""
        if self.until is not None:
            write_watch(workspace, self.watch, until=self.until, told=self.told)


@one_thread_each()
def watch_ledger(
    release: Release,
    workspace: Workspace,
    *,
    window: Window = _EVERYTHING,
    costs: Costs | None = None,
    accepted: Collection[tuple[str, tuple[str, ...]]] = (),
    clock: Callable[[], datetime],
    report: Callable[[str], None],
) -> Watched:
    """Judge all that the champion answered, and what is new of it beside the accepted past.

    Parameters
    ----------
    release, workspace, costs, clock, report
        As for `maintain`.
    window
        The rows that are judged together; the watch itself goes on where it stopped.
    accepted
        Alarms that people have acknowledged, by kind and columns: another world among them is the
        new normal.

    Raises
    ------
    WorkspaceError, BundleError, TargetError
        As `maintain` does.
    """
    bundle = open_champion(release, workspace, version=window.version)
    metric = metric_of(bundle, release, workspace)
    kept, since = read_watch(workspace, bundle, metric)
    report("Reading what was answered")
    now = clock()
    rows = read_ledger(workspace, bundle, window)
    report(told_of(rows))
    history = None if window.since is None else read_history(workspace, bundle, until=window.since)
    until, flow = _flow(workspace, window, since=since, now=now, checks=kept.checks)
    sight = _look(workspace, window, kept.accepting(accepted), since=since, until=until)
    alone = judge_rows(
        bundle,
        rows,
        metric=metric,
        costs=costs,
        history=history,
        # What breaks a rule at the first look does so at the second too.
        usual=None if sight.told.is_first else usual_breaks(kept.past),
        made_at=now,
    )
    health = with_causes(told_together(alone, sight.told, sight.watch), flow)
    # What people took for the new normal is kept, also where no row came.
    judged = since if sight.until is None and sight.watch.known != kept.known else sight.until
    explained = explain(health, bundle, rows, _enough(history))
    return Watched(explained, sight.watch, judged, sight.told)


def _flow(
    workspace: Workspace, window: Window, *, since: datetime | None, now: datetime, checks: int
) -> tuple[datetime, tuple[Cause, ...]]:
    """Return up to when all that was answered is there, and what is odd of its flow."""
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        # While nobody writes, all that was answered is there, however young.
        settled = now if ledger.is_at_rest else now - _SETTLES
        until = settled if window.until is None else min(settled, window.until)
        flow = find_odd_flow(ledger, since=since, until=until, checks=checks)
        last = ledger.last_answer(until=microseconds(until))
    if last is not None and last.is_imported:
        # Tomorrow's log has rows of today: what was judged ends with the last one.
        until = min(until, _EPOCH + timedelta(microseconds=last.at + 1))
    return until, flow


@dataclass(frozen=True)
class _Sight:
    """What the watch told, the watch after it, and up to when it saw rows, where enough came."""

    told: Told
    watch: Watch
    until: datetime | None = None


def _look(
    workspace: Workspace, window: Window, watch: Watch, *, since: datetime | None, until: datetime
) -> _Sight:
    """Let the watch see what came since; where that is too little, what it told before stands."""
    if since is not None and since >= until:
        return _Sight(_standing(workspace, watch, since, window), watch)
    fresh = read_ledger(workspace, watch.bundle, Window(since=since, until=until))
    if len(fresh) < FEWEST_ROWS:
        return _Sight(_standing(workspace, watch, since, window), watch)
    news, is_first = list[News](), not watch.past
    for part in _windows(fresh):
        verdict, watch = watch.see(part)
        if verdict.news:
            news.append(News.of(verdict))
    return _Sight(Told(news=tuple(news), is_first=is_first), watch, until)


def _standing(workspace: Workspace, watch: Watch, since: datetime | None, window: Window) -> Told:
    """Return what the last windows said, which stands where no other came.

    What is broken and lasts is told by the watch; of a window that ended before nothing is known.
    """
    if since is None:
        return Told(is_first=True)
    if window.until is not None and window.until < since:
        return Told()
    told = read_told(workspace, watch.bundle)
    broken = [each for each in watch.known if each.is_broken]
    news = tuple(
        each.again
        for each in told.news
        if not any(known.is_about(cause) for known in broken for cause in each.causes)
    )
    return msgspec.structs.replace(told, news=news)


def _windows(rows: LiveRows) -> list[LiveRows]:
    parts = np.array_split(np.arange(len(rows)), max(1, len(rows) // _ROWS))
    return [rows.part(int(part[0]), int(part[-1]) + 1) for part in parts]


def _enough(history: LiveRows | None) -> LiveRows | None:
    return history if history is not None and len(history) >= _FEWEST_BEFORE else None
