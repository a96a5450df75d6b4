"""The room's function: findings become a candidate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.build.draft import write_draft
from modelwright.build.engine import Built, build_program
from modelwright.build.evaluation import Holdout, evaluate
from modelwright.build.fits import Report
from modelwright.build.frontier import cost_of_program
from modelwright.build.further import Further, Stream
from modelwright.build.gates import (
    judge,
    judge_budget,
    judge_goal,
    judge_limits,
    judge_replay,
    judge_skew,
)
from modelwright.build.leaderboard import list_frontier, list_trials, out_of_fold_score
from modelwright.build.periods import score_periods
from modelwright.build.question import Question
from modelwright.build.rows import answered, learning_rows
from modelwright.build.streaming import Streamer, may_pay
from modelwright.build.verdict import is_worth_it, say_verdict
from modelwright.compute.budget import Budget, format_duration
from modelwright.compute.crews.base import Crew
from modelwright.compute.environment import tell_environment
from modelwright.compute.memory import peak_memory
from modelwright.data.splits import SealedRows, Split, dependent_groups, folds_of, units_of
from modelwright.documents import Candidate, Findings, Streaming
from modelwright.learners.base import Learner, Rows
from modelwright.learners.portfolio import portfolio_of
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import Metric, metric_named
from modelwright.workspace.artifacts import fingerprint
from modelwright.workspace.folder import Workspace

_JUDGING_SHARE = 0.06
"""Of the budget, for the holdout and the bundle, beside what each row of the holdout takes."""
_LEAST_JUDGING_S, _MOST_JUDGING_SHARE = 1.5, 0.3
_MOST_SEEN = 4_000
_ROW_S = 4e-5
"""Resampling scores of one row of the holdout a thousand times."""
_LOOKS_SHARE = 0.5
"""Of what the engine left, for what drives the answers and what disturbs them."""
_STREAMING_SHARE = 0.5
"""Of the time before judging, kept for rows that memory does not hold."""
_READINGS = 2.5
"""Of the rows that memory does not hold: to count them, and to learn from them."""
_NOTHING_FORESEEN = "The sample stays: its learning curve foresees nothing from more rows."
_ADOPTED = "The sample stays: a model that was trained elsewhere learns nothing more."


@dataclass(frozen=True)
class Material:
    """What a candidate is made from.

    Parameters
    ----------
    training
        Prepared training rows.
    holdout
        Prepared rows that stay sealed until the program stands.
    openings
        Says how often this holdout has been opened by now.
    further
        Rows that memory does not hold, those of the holdout among them; None where there are none.
    """

    training: pl.DataFrame
    holdout: SealedRows
    openings: Callable[[], int]
    further: Further | None = None

    @property
    def holdout_rows(self) -> int:
        """Rows of the holdout, about so many where memory does not hold all."""
        held = len(self.holdout)
        drawn = held + self.training.height
        return held + round(held / max(1, drawn) * (self.further.rows if self.further else 0))


def build_candidate(
    findings: Findings,
    material: Material,
    workspace: Workspace,
    *,
    budget: Budget,
    reserve_s: float = 0.0,
    repeat: Candidate | None = None,
    adopted: Learner | None = None,
    crew: Crew | None = None,
    clock: Callable[[], datetime],
    report: Report,
) -> Candidate:
    """Build a model from what was found, and judge it once on the holdout.

    Parameters
    ----------
    findings
        What may be used, and the plan.
    material
        Training rows and the sealed holdout.
    workspace
        Where the draft of the bundle is written.
    budget
        Everything is inside it.
    reserve_s
        Seconds of it that are kept for what comes after.
    repeat
        Do again what this candidate's schedule records, however long it takes; None to search.
    adopted
        A model that somebody else trained, as the only learner; None for those of the plan's
        scheme.
    crew
        Who fits; None for the threads of this process.
    clock
        Says when the document was made.
    report
        Told what happens, a sentence at a time.

    Raises
    ------
    BudgetError
        When not even a baseline could be made in time.
    """
    plan, own = findings.plan, budget.reserve(reserve_s)
    metric = metric_named(plan.metric, plan.task, folder=workspace.path)
    training = answered(material.training, findings)
    rows = learning_rows(training, findings)
    question = _question(findings, metric, adopted)
    reading_s = material.further.reading_s if material.further else 0.0
    before = own.reserve(_judging_s(own, material.holdout_rows) + reading_s)
    idle = "" if adopted is None else _ADOPTED
    if not idle and repeat is None:
        idle = _why_not_streamed(findings, reading_s, _STREAMING_SHARE * before.seconds)
    streams = material.further is not None and not idle
    built = build_program(
        question,
        rows,
        folds_of(training, plan.split, rows.target),
        budget=before.reserve(_STREAMING_SHARE * before.seconds) if streams else before,
        report=report,
        schedule=repeat.schedule if repeat else None,
        crew=crew,
    )
    stream = Stream(material.further, findings) if material.further else None
    streaming = None
    if stream and streams:
        streamer = Streamer(question, rows, stream, before, report, crew)
        built, streaming = _streamed(streamer, built, repeat)
    elif stream:
        streaming = Streaming(sentence=idle)
    report("Opening the holdout")
    earlier = _earlier(built, metric, rows, training=training, split=plan.split)
    trained = out_of_fold_score(built, metric, rows.target, seed=plan.seed)
    holdout = _open(
        material, findings, stream, earlier=earlier, out_of_fold=(trained, len(built.scored))
    )
    # A replay takes as long as it takes, and then looks at as much as the first build did.
    left = Budget.start(own.seconds) if repeat else own
    evaluation = evaluate(built, metric, holdout, budget=left.share(_LOOKS_SHARE), seed=plan.seed)
    made_at = repeat.made_at if repeat else clock().isoformat()
    draft = write_draft(
        built,
        findings,
        workspace,
        training=training,
        rows=rows,
        evaluation=evaluation,
        held=_some(holdout.rows),
        made_at=made_at,
        streaming=streaming,
    )
    cost = cost_of_program(built.program, rows)
    return Candidate(
        made_at=made_at,
        question=plan.question,
        target=plan.target,
        task=plan.task,
        metric=plan.metric,
        schema=rows.schema,
        baseline=built.baseline_title,
        trials=list_trials(built, metric, rows.target, seed=plan.seed),
        out_of_fold=trained,
        calibration=built.calibration.reason,
        threshold=built.decision.threshold,
        threshold_reason=built.decision.reason,
        evaluation=evaluation,
        worth_it=is_worth_it(evaluation),
        verdict=say_verdict(findings, evaluation, metric=metric, baseline=built.baseline_title),
        gates=(
            *judge(built, evaluation, rows=holdout.rows, draft=draft),
            judge_skew(built, rows, draft),
            *judge_goal(plan, evaluation),
            *judge_limits(plan.limits, cost),
            judge_budget(budget) if repeat is None else judge_replay(repeat, draft),
        ),
        program_path=draft.relative_to(workspace.path).as_posix(),
        contract_path=findings.contract_path,
        training_rows=len(rows) + (streaming.learned if streaming and streaming.used else 0),
        seconds=budget.elapsed_s,
        budget_s=budget.seconds,
        seed=plan.seed,
        schedule=built.schedule,
        bundle_hash=fingerprint(draft),
        frontier=repeat.frontier if repeat else list_frontier(built),
        latency_s=cost.latency_s,
        size_bytes=cost.size_bytes,
        peak_bytes=peak_memory(),
        memory_bytes=cost.memory_bytes,
        limits=plan.limits,
        streaming=streaming,
        environment=tell_environment(),
    )


def _why_not_streamed(findings: Findings, reading_s: float, time_s: float) -> str:
    """Return why rows beyond the sample are not learned from; empty where they may be."""
    if not may_pay(findings.outlook):
        return _NOTHING_FORESEEN
    needed_s = _READINGS * reading_s
    if needed_s <= time_s:
        return ""
    return (
        f"The sample stays: reading the rows beyond it takes about {format_duration(needed_s)}, "
        f"more than half of the time for building, {format_duration(time_s)}."
    )


def _streamed(
    streamer: Streamer, built: Built, repeat: Candidate | None
) -> tuple[Built, Streaming | None]:
    if repeat is None:
        return streamer.extend(built)
    done = repeat.streaming
    return (streamer.repeat(built, done) if done else built), done


def _some(rows: Rows) -> Rows:
    """Return enough of the holdout to see how far answers lie from the truth, in their order."""
    kept = np.linspace(0, len(rows) - 1, min(len(rows), _MOST_SEEN)).astype(np.int64)
    return rows.take(kept)


def _judging_s(budget: Budget, rows: int) -> float:
    wanted = max(_LEAST_JUDGING_S, _JUDGING_SHARE * budget.seconds) + rows * _ROW_S
    return min(wanted, _MOST_JUDGING_SHARE * budget.seconds)


def _question(findings: Findings, metric: Metric, adopted: Learner | None) -> Question:
    plan = findings.plan
    usual = () if adopted else portfolio_of(plan.scheme.learners, plan.task)
    return Question(
        metric=metric,
        learners=(adopted,) if adopted else usual,
        is_finished=adopted is not None,
        costs=plan.costs,
        seed=plan.seed,
        limits=plan.limits,
    )


def _earlier(
    built: Built, metric: Metric, rows: Rows, *, training: pl.DataFrame, split: Split
) -> tuple[tuple[float, int], ...]:
    """Return scores and rows of the periods before the holdout, in a split by time."""
    if split.kind != "time":
        return ()
    moments = training[split.column].rank("dense").fill_null(0).to_numpy()
    return score_periods(built, metric, rows.target, moments=moments)


def _open(
    material: Material,
    findings: Findings,
    stream: Stream | None,
    *,
    earlier: tuple[tuple[float, int], ...],
    out_of_fold: tuple[Interval, int],
) -> Holdout:
    held, split = answered(material.holdout.open(), findings), findings.plan.split
    groups = dependent_groups(held, split)

    def more() -> Iterator[tuple[Rows, NDArray[Any] | None]]:
        for frame in stream.held() if stream else ():
            units = None if groups is None else units_of(frame, split)
            yield learning_rows(frame, findings), None if units is None else units.to_numpy()

    return Holdout(
        rows=learning_rows(held, findings),
        groups=groups,
        more=more,
        openings=material.openings(),
        earlier=earlier,
        out_of_fold=out_of_fold,
    )
