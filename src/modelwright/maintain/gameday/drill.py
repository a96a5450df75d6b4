"""The drill: every fault injected into a copy of traffic, and every window judged."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from modelwright.compute.threads import one_thread_each
from modelwright.documents import Cause, Health
from modelwright.documents.gameday import FalseAlarm, Gameday, Outcome
from modelwright.maintain.gameday.faults.base import Fault, Injection, Scene
from modelwright.maintain.gameday.harm import Harm, measure_harm
from modelwright.maintain.gameday.mending import Scenes, mend_fault
from modelwright.maintain.gameday.traffic import Span, Traffic
from modelwright.maintain.gameday.weights import columns_by_weight
from modelwright.maintain.watch.watch import Watch


@dataclass(frozen=True, kw_only=True)
class Drill:
    """How a drill is done.

    Parameters
    ----------
    faults
        Those to inject.
    starts
        At how many places of the traffic each begins.
    columns
        How many columns each aims at.
    lasts
        Windows that each lasts.
    seed
        Of the randomness.
    mends
        Whether remedies are tried on what is found.
    """

    faults: Sequence[Fault]
    starts: int = 1
    columns: int = 2
    lasts: int = 3
    seed: int = 0
    mends: bool = False


@one_thread_each()
def run_drill(
    watch: Watch,
    traffic: Traffic,
    drill: Drill,
    *,
    source: str,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
) -> Gameday:
    """Judge every window untouched, then again with each fault.

    Parameters
    ----------
    watch
        The model, before the first window.
    traffic
        Rows in their order.
    drill
        What is injected.
    source
        Where the rows come from, for the outcome.
    clock
        Tells the time.
    report
        Told what happens, a sentence at a time.
    """
    began = time.monotonic()
    report(f"Judging {traffic.windows} windows of {traffic.window_rows} rows, untouched")
    untouched = _Untouched.of(watch, traffic, clock)
    outcomes = [
        outcome
        for start in _starts(traffic, drill)
        for outcome in _at(start, traffic, drill, untouched, report)
    ]
    return Gameday(
        bundle_hash=watch.bundle.hash,
        traffic=source,
        window_rows=traffic.window_rows,
        windows=traffic.windows,
        outcomes=tuple(outcomes),
        false_alarms=tuple(untouched.alarms()),
        seconds=time.monotonic() - began,
        made_at=clock().isoformat(),
    )


@dataclass(frozen=True)
class _Untouched:
    """Every window as it is, and the watch before each."""

    healths: tuple[Health, ...]
    watches: tuple[Watch, ...]
    clock: Callable[[], datetime]

    @classmethod
    def of(cls, watch: Watch, traffic: Traffic, clock: Callable[[], datetime]) -> "_Untouched":
        healths, watches = list[Health](), [watch]
        for span in traffic.cut(traffic.span(0, traffic.windows)):
            health, watch = watch.judge(span.answered(watch.bundle), made_at=clock())
            healths.append(health)
            watches.append(watch)
        return cls(tuple(healths), tuple(watches), clock)

    def alarms(self) -> Iterator[FalseAlarm]:
        for window, health in enumerate(self.healths):
            if not health.healthy:
                yield FalseAlarm(window=window, action=health.action, sentence=health.sentence)


def _starts(traffic: Traffic, drill: Drill) -> list[int]:
    """Spread the places over the traffic; each leaves windows before it, and twice its room."""
    first, last = 2, max(2, traffic.windows - 2 * drill.lasts)
    if drill.starts == 1:
        return [max(first, (first + last) // 2)]
    step = (last - first) / (drill.starts - 1)
    return sorted({round(first + step * number) for number in range(drill.starts)})


def _at(
    start: int,
    traffic: Traffic,
    drill: Drill,
    untouched: _Untouched,
    report: Callable[[str], None],
) -> Iterator[Outcome]:
    before, ahead = traffic.span(0, start), traffic.span(start, traffic.windows)
    bundle = untouched.watches[0].bundle
    scene = Scene(
        task=bundle.program.task,
        columns=columns_by_weight(bundle, before.table, seed=drill.seed),
        before=before,
        ahead=ahead,
        columns_aimed_at=drill.columns,
        seed=drill.seed + start,
    )
    plain = traffic.span(start, min(traffic.windows, start + drill.lasts))
    for fault in drill.faults:
        for injection in fault.aims(scene):
            report(f"Window {start}: {fault.name} {', '.join(injection.columns)}".rstrip())
            outcome = _inject(fault, injection, plain, traffic, untouched, start)
            if drill.mends and outcome.late is not None:
                scenes = Scenes(
                    before=before,
                    faulty=injection.change(plain),
                    plain=injection.beside(plain),
                    known=(outcome.late + 1) * traffic.window_rows,
                )
                outcome = _with_remedy(outcome, scenes, untouched.watches[0])
            yield outcome


def _with_remedy(outcome: Outcome, scenes: Scenes, watch: Watch) -> Outcome:
    mended = mend_fault(watch.bundle, scenes, metric=watch.metric)
    return msgspec.structs.replace(outcome, remedy=mended.remedy, mended=mended.share)


def _inject(
    fault: Fault,
    injection: Injection,
    plain: Span,
    traffic: Traffic,
    untouched: _Untouched,
    start: int,
) -> Outcome:
    changed, bundle = injection.change(plain), untouched.watches[start].bundle
    late, causes, sentence = _first_alarm(traffic.cut(changed), untouched, start)
    harm = None
    if injection.harm == "by score":
        beside = injection.beside(plain).answered(bundle)
        harm = measure_harm(beside, changed.answered(bundle), paired=injection.is_paired)
    return Outcome(
        fault=fault.name,
        columns=injection.columns,
        window=start,
        harm=_verdict(harm, injection),
        growth=None if harm is None else harm.growth,
        found=late is not None,
        late=late,
        causes=causes,
        is_right=_is_right(causes, injection),
        sentence=sentence,
    )


def _first_alarm(
    changed: Sequence[Span], untouched: _Untouched, start: int
) -> tuple[int | None, tuple[Cause, ...], str]:
    """Return in which changed window something is alarmed that was not anyway, and what."""
    watch = untouched.watches[start]
    for number, span in enumerate(changed):
        health, watch = watch.judge(span.answered(watch.bundle), made_at=untouched.clock())
        anyway = untouched.healths[start + number]
        causes = _new_causes(health, anyway)
        if causes:
            return number, causes, causes[0].sentence
        if anyway.healthy and not health.healthy:
            return number, (), health.sentence
    return None, (), ""


def _new_causes(health: Health, untouched: Health) -> tuple[Cause, ...]:
    """Return what is alarmed, the likeliest first, and was not alarmed anyway."""
    anyway = {(each.kind, each.columns) for each in untouched.causes}
    return tuple(each for each in health.causes if (each.kind, each.columns) not in anyway)


def _is_right(causes: Sequence[Cause], injection: Injection) -> bool:
    if not causes:
        return False
    first = causes[0]
    of_columns = not injection.columns or bool(set(first.columns) & set(injection.columns))
    return first.kind in injection.causes and of_columns


def _verdict(harm: Harm | None, injection: Injection) -> Literal["harmful", "broken", "harmless"]:
    if harm is None or harm.is_certain:
        return "harmful"
    return "broken" if injection.is_broken else "harmless"
