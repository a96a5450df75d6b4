"""The room's function: a release and live rows become health."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import polars as pl

from modelwright.compute.threads import one_thread_each
from modelwright.documents import BrokenRule, Cause, Health, PeriodScore, Release, SliceScore
from modelwright.maintain.action import advise
from modelwright.maintain.causes import name_causes
from modelwright.maintain.champion import EVERYTHING, metric_of, open_champion, read_ledger
from modelwright.maintain.inputs.blameless import rules_to_blame
from modelwright.maintain.inputs.blocks import block_rows
from modelwright.maintain.inputs.costly_levels import find_costly_levels
from modelwright.maintain.inputs.drift import Change, measure_drift
from modelwright.maintain.inputs.rules import Breach, find_broken_rules
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.log.window import Window
from modelwright.maintain.look.past import Tally
from modelwright.maintain.remedies.past import labelled_part
from modelwright.maintain.score.costs import count_costs
from modelwright.maintain.score.estimate import Estimator
from modelwright.maintain.score.performance import FEWEST_LABELS, Performance, measure_performance
from modelwright.maintain.score.periods import Course, follow_score
from modelwright.maintain.shares.split import split_loss
from modelwright.maintain.unanswered import answered_part, tell_unanswered
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.slices import score_slices
from modelwright.tasks.costs import Costs
from modelwright.tasks.metrics import Metric, metric_named
from modelwright.workspace.folder import Workspace

FALSE_ALARM_RATE = 0.01
"""How often a checkup of rows that did not change may report one, over all columns together."""
_NOT_HERE = "the model itself is not here, and nobody knows how it errs"
_SLICES = 12
_ROUGH = 3.0
"""Nats from which on windows of training are said to have differed much."""


@one_thread_each()
def maintain(
    release: Release,
    workspace: Workspace,
    *,
    window: Window = EVERYTHING,
    costs: Costs | None = None,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
) -> Health:
    """Judge what the server answered in a window, and recommend one action.

    Parameters
    ----------
    release
        What was deployed; its bundle is judged where no champion was chosen since.
    workspace
        Holds the ledger and the bundles.
    window
        Which answers; by default all of the champion's.
    costs
        Of mistakes, for figures in money.
    clock
        Says when the document was made.
    report
        Told what happens, a sentence at a time.

    Raises
    ------
    WorkspaceError
        When the bundle is gone or the ledger is damaged.
    BundleError
        When the bundle is damaged.
    TargetError
        When a label in the ledger is none of the task's.
    """
    bundle = open_champion(release, workspace, version=window.version)
    report("Reading what was answered")
    rows = read_ledger(workspace, bundle, window)
    metric = metric_of(bundle, release, workspace)
    report(told_of(rows))
    health = judge_rows(bundle, rows, metric=metric, costs=costs, made_at=clock())
    return explain(health, bundle, rows)


@one_thread_each()
def maintain_rows(
    release: Release,
    table: pl.DataFrame,
    workspace: Workspace,
    *,
    costs: Costs | None = None,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
) -> Health:
    """Judge how the champion does on the rows of a table, and recommend one action.

    Parameters
    ----------
    release, workspace, costs, clock, report
        As for `maintain`.
    table
        It has the features; with a column of the target's name it has labels too.

    Raises
    ------
    SchemaError
        When a feature is missing.
    TargetError
        When a label is none of the task's.
    WorkspaceError, BundleError
        When the bundle is gone or damaged.
    """
    bundle = open_champion(release, workspace)
    given, metric = live_rows_of(table, bundle), metric_of(bundle, release, workspace)
    rows = answered_part(given, bundle.program)
    report(told_of(rows))
    health = judge_rows(bundle, rows, metric=metric, costs=costs, made_at=clock())
    return explain(tell_unanswered(health, given, bundle.program), bundle, rows)


def judge_rows(
    bundle: Bundle,
    rows: LiveRows,
    *,
    metric: Metric | None = None,
    costs: Costs | None = None,
    history: LiveRows | None = None,
    usual: Mapping[str, Tally] | None = None,
    made_at: datetime,
) -> Health:
    """Judge live rows, wherever they come from, and recommend one action.

    Parameters
    ----------
    bundle
        The model that answered them, or would.
    rows
        As `read_live_rows` or `live_rows_of` makes them.
    metric
        By which the bundle was chosen; None for the one that it names.
    costs
        Of mistakes, for figures in money.
    history
        Labelled rows before these: how estimates agreed with labels then, and what labels that came
        late say, where these rows have none yet.
    usual
        How many rows of the accepted past broke each rule of the contract; None where there is no
        such past, so that every rule that is broken and matters is an alarm.
    made_at
        When the document is made.
    """
    metric = metric or metric_named(bundle.facts.metric, bundle.program.task)
    inputs = _Inputs.of(bundle, rows, usual)
    performance = _realised(bundle, rows, history, metric)
    costly = _costly(bundle, rows, performance, metric)
    news = rules_to_blame(bundle, rows, inputs.breaches, performance, _measuring(bundle, metric))
    advice = advise(news, inputs.changes, performance, costly=costly, rows=len(rows))
    estimator = Estimator(bundle, metric)
    course, periods = _course(estimator, rows, history, inputs.changes)
    since, until = rows.span
    return Health(
        made_at=made_at.isoformat(),
        bundle_hash=bundle.hash,
        target=bundle.facts.target,
        metric=bundle.facts.metric,
        since=since,
        until=until,
        rows=len(rows),
        labelled=int(rows.labelled.sum()),
        contract_passed=not inputs.broken,
        broken_rules=inputs.broken,
        drift=tuple(change.drift for change in inputs.changes),
        false_alarm_rate=FALSE_ALARM_RATE,
        realised=performance.realised if rows.labelled.any() else None,
        expected=performance.expected,
        healthy=advice.action == "keep",
        action=advice.action,
        sentence=advice.sentence,
        causes=()
        if advice.action == "keep"
        else name_causes(news, inputs.changes, performance, costly=costly, rough=_rough(bundle)),
        estimated=course.estimate.score,
        estimate=course.estimate.reason,
        periods=periods,
        slices=_slices(bundle, rows, metric),
        costs=None if costs is None else count_costs(estimator, rows, course.estimate, costs),
    )


@dataclass(frozen=True)
class _Inputs:
    """What is wrong with the inputs: rules that are broken, and changes."""

    breaches: tuple[Breach, ...]
    changes: Sequence[Change]

    @classmethod
    def of(cls, bundle: Bundle, rows: LiveRows, usual: Mapping[str, Tally] | None) -> "_Inputs":
        rate = FALSE_ALARM_RATE
        breaches = find_broken_rules(bundle, rows, false_alarm_rate=rate, usual=usual)
        blocks = block_rows(rows.times, len(rows))
        return cls(
            breaches=breaches,
            changes=measure_drift(bundle, rows, blocks, false_alarm_rate=rate),
        )

    @property
    def broken(self) -> tuple[BrokenRule, ...]:
        return tuple(each.rule for each in self.breaches)


def _costly(
    bundle: Bundle, rows: LiveRows, performance: Performance, metric: Metric
) -> Cause | None:
    if not performance.is_worse or performance.is_off:
        return None
    measured = _measuring(bundle, metric)
    return find_costly_levels(bundle, rows, measured, false_alarm_rate=FALSE_ALARM_RATE)


def _measuring(bundle: Bundle, metric: Metric) -> Callable[[LiveRows], Performance]:
    def measured(some: LiveRows) -> Performance:
        # Of a window that has just enough labels, those that are left are fewer.
        blocks, fewest = block_rows(some.times, len(some)), FEWEST_LABELS // 2
        return measure_performance(bundle, some, blocks, metric=metric, fewest=fewest)

    return measured


def _rough(bundle: Bundle) -> frozenset[str]:
    """Return the columns of which windows of training differed much although nothing was wrong."""
    rough = bundle.reference.roughness.columns
    return frozenset(name for name, nats in rough.items() if nats >= _ROUGH)


def _course(
    estimator: Estimator,
    rows: LiveRows,
    history: LiveRows | None,
    changes: Sequence[Change],
) -> tuple[Course, tuple[PeriodScore, ...]]:
    """Follow the score over the rows, and over those before them too."""
    watched_only = estimator.bundle.facts.watched_only
    before = follow_score(estimator, history) if history and not watched_only else Course()
    fault = _NOT_HERE if watched_only else _fault(changes)
    course = follow_score(estimator, rows, earlier=before.agreements, fault=fault)
    return course, (*before.periods, *course.periods)


def _realised(
    bundle: Bundle, rows: LiveRows, history: LiveRows | None, metric: Metric
) -> Performance:
    """Score the rows, or those before them where labels come late."""
    here = measure_performance(bundle, rows, block_rows(rows.times, len(rows)), metric=metric)
    if here.is_judged or history is None or len(history) < FEWEST_LABELS:
        return here
    blocks = block_rows(history.times, len(history))
    late = measure_performance(bundle, history, blocks, metric=metric)
    sentence = f"Of rows before these, whose labels have come: {late.sentence}"
    return dataclasses.replace(late, sentence=sentence)


def explain(
    health: Health, bundle: Bundle, rows: LiveRows, history: LiveRows | None = None
) -> Health:
    """Return the health with the change of the loss split into causes, where something is wrong.

    Parameters
    ----------
    health
        What was found of the rows.
    bundle, rows, history
        As for `judge_rows`.
    """
    if health.healthy or len(rows) < FEWEST_LABELS or bundle.facts.watched_only:
        return health
    split = split_loss(bundle, rows, health.causes, history=history)
    return msgspec.structs.replace(health, split=split)


def _fault(changes: Sequence[Change]) -> str:
    faulty = next((each for each in changes if each.fault is not None), None)
    if faulty is None or faulty.fault is None:
        return ""
    return f"{faulty.drift.column!r} {faulty.fault.sentence}"


def _slices(bundle: Bundle, rows: LiveRows, metric: Metric) -> tuple[SliceScore, ...]:
    known = labelled_part(rows)
    if len(known) < FEWEST_LABELS:
        return ()
    return score_slices(
        metric,
        bundle.schema,
        known.columns,
        truth=known.truth,
        answers=known.answers,
        rule=bundle.program.rule,
        groups=block_rows(known.times, len(known)),
    )[:_SLICES]


def told_of(rows: LiveRows) -> str:
    """Return what is said before rows are judged."""
    return f"Judging {len(rows):,} rows, {int(rows.labelled.sum()):,} of them with a label"
