"""The watch of the server's log: what came since the last run, window by window."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from modelwright.compute.threads import one_thread_each
from modelwright.documents import Cause, Health, Release
from modelwright.maintain.health import (
    explain,
    judge_rows,
    metric_of,
    open_champion,
    read_history,
    read_ledger,
    told_of,
)
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.log.window import Window
from modelwright.maintain.look.past import usual_breaks
from modelwright.maintain.watch.flow import find_odd_flow
from modelwright.maintain.watch.known import Known
from modelwright.maintain.watch.state import NOTHING, News, Told, read_told, read_watch, write_watch
from modelwright.maintain.watch.watch import FEWEST_ROWS, Watch
from modelwright.report.words import listed
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
_VAGUE = ("wait for labels", "call a person")
"""What is said of drift that nobody knows the harm of."""


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
    watch = kept.accepting(accepted)
    report("Reading what was answered")
    now = clock()
    rows = read_ledger(workspace, bundle, window)
    report(told_of(rows))
    history = None if window.since is None else read_history(workspace, bundle, until=window.since)
    standing = _standing(workspace, watch, since, window)

    def told(news: Told, watch: Watch) -> Health:
        alone = judge_rows(
            bundle,
            rows,
            metric=metric,
            costs=costs,
            history=history,
            # What breaks a rule at the first look does so at the second too.
            usual=None if news.is_first else usual_breaks(kept.past),
            made_at=now,
        )
        health = _together(alone, news.news, watch, is_first=news.is_first)
        return explain(with_causes(health, flow), bundle, rows, _enough(history))

    with Ledger.open(ledger_of(workspace.path)) as ledger:
        # While nobody writes, all that was answered is there, however young.
        settled = now if ledger.is_at_rest else now - _SETTLES
        until = settled if window.until is None else min(settled, window.until)
        flow = find_odd_flow(ledger, since=since, until=until, checks=watch.checks)
        last = ledger.last_answer(until=microseconds(until))
    if last is not None and last.is_imported:
        # Tomorrow's log has rows of today: what was judged ends with the last one.
        until = min(until, _EPOCH + timedelta(microseconds=last.at + 1))

    # What people took for the new normal is kept, also where no row came.
    judged = None if watch.known == kept.known else since
    if since is not None and since >= until:
        return Watched(told(standing, watch), watch, judged, standing)
    fresh = read_ledger(workspace, bundle, Window(since=since, until=until))
    if len(fresh) < FEWEST_ROWS:
        return Watched(told(standing, watch), watch, judged, standing)
    news, is_first = list[News](), not watch.past
    for part in _windows(fresh):
        verdict, watch = watch.see(part)
        if verdict.news:
            news.append(News.of(verdict))
    found = Told(news=tuple(news), is_first=is_first)
    return Watched(told(found, watch), watch, until, found)


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


def _enough(history: LiveRows | None) -> LiveRows | None:
    return history if history is not None and len(history) >= _FEWEST_BEFORE else None


def _windows(rows: LiveRows) -> list[LiveRows]:
    parts = np.array_split(np.arange(len(rows)), max(1, len(rows) // _ROWS))
    return [rows.part(int(part[0]), int(part[-1]) + 1) for part in parts]


def _together(alone: Health, news: Sequence[News], watch: Watch, *, is_first: bool) -> Health:
    """Say what is new and what lasts, before what all rows together say."""
    lasting = [each for each in watch.known if not each.is_accepted]
    lasting.sort(key=lambda each: not each.is_broken)
    if is_first:
        # Nobody watched while it was so: how it stands today is what counts.
        over = [each for each in news if not any(_lasts(watch, cause) for cause in each.causes)]
        news = [each for each in news if each not in over]
        alone = _with_bygones(alone, over)
    causes = [cause for verdict in news for cause in verdict.causes]
    causes += [_cause(each) for each in lasting if not any(map(each.is_about, causes))]
    if causes:
        first = news[0] if news else None
        more = tuple(each for each in alone.causes if not any(_same(each, one) for one in causes))
        return msgspec.structs.replace(
            alone,
            healthy=False,
            action=first.action if first else lasting[0].action,
            sentence=first.sentence if first else causes[0].sentence,
            causes=(*causes, *more),
        )
    if not is_first and alone.action in _VAGUE:
        # How all rows lie beside training was told when it was new.
        calm = f"Nothing changed since the last run. {alone.sentence}"
        return msgspec.structs.replace(alone, healthy=True, action="keep", sentence=calm, causes=())
    return alone


def _with_bygones(health: Health, over: Sequence[News]) -> Health:
    """Return the health that says what came and went in its rows."""
    if not over:
        return health
    first = [each.causes[0] for each in over]
    named = dict.fromkeys(f"{each.kind} {', '.join(each.columns)}".rstrip() for each in first)
    said = listed(list(named), most=3)
    return msgspec.structs.replace(
        health, sentence=f"{health.sentence} In these rows came and went: {said}."
    )


def _lasts(watch: Watch, cause: Cause) -> bool:
    return any(known.is_about(cause) for known in watch.known)


def with_causes(health: Health, causes: Sequence[Cause]) -> Health:
    """Return a health that names more causes, after those that it has."""
    if not causes:
        return health
    if not health.healthy:
        return msgspec.structs.replace(health, causes=(*health.causes, *causes))
    return msgspec.structs.replace(
        health,
        healthy=False,
        action="fix input",
        sentence=causes[0].sentence,
        causes=(*health.causes, *causes),
    )


def _cause(known: Known) -> Cause:
    since = f" So since {_moment(known.since)}." if known.since else ""
    return Cause(kind=known.kind, columns=known.columns, sentence=f"{known.sentence}{since}")


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _same(one: Cause, other: Cause) -> bool:
    return (one.kind, one.columns) == (other.kind, other.columns)
