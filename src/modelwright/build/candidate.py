"""The room's function: findings become a candidate."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np

from modelwright.build.blending.frontier import cost_of_program
from modelwright.build.draft import DRAFT_FOLDER, write_draft
from modelwright.build.job import Job
from modelwright.build.judging.gates import (
    judge,
    judge_budget,
    judge_goal,
    judge_limits,
    judge_replay,
    judge_skew,
)
from modelwright.build.judging.leaderboard import out_of_fold_score
from modelwright.build.judging.rows import answered, learning_rows
from modelwright.build.material import Material
from modelwright.build.racing.fits import Report
from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.compute.environment import tell_environment
from modelwright.compute.memory import peak_memory
from modelwright.documents import Candidate, Findings
from modelwright.learners.base import Learner, Rows
from modelwright.predictor.bundle_folder import require_room
from modelwright.predictor.program import PROGRAM_VERSION
from modelwright.workspace.artifacts import fingerprint
from modelwright.workspace.folder import Workspace

_MOST_SEEN = 4_000
"""Rows of the holdout that tell how far answers lie from the truth."""


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
    BundleError
        When somebody works in the folder of the draft before it.
    """
    require_room(workspace.path / DRAFT_FOLDER)
    training = answered(material.training, findings)
    job = Job(
        findings=findings,
        material=material,
        metric=findings.plan.metric_in(workspace.path),
        training=training,
        rows=learning_rows(training, findings),
        budget=budget.reserve(reserve_s),
        repeat=repeat,
        report=report,
        whole_s=budget.seconds,
    )
    proof = job.find_trend(adopted)
    built, streaming = job.build(adopted, crew, trend=proof.trend)
    report("Opening the holdout")
    trained = out_of_fold_score(built, job.metric, job.rows.target, seed=findings.plan.seed)
    holdout = job.open_holdout(built, trained)
    evaluation = job.judge(built, holdout)
    made_at = repeat.made_at if repeat else clock().isoformat()
    draft = write_draft(
        built,
        findings,
        workspace,
        training=training,
        rows=job.rows,
        evaluation=evaluation,
        held=_some(holdout.rows),
        made_at=made_at,
        streaming=streaming,
    )
    cost = cost_of_program(built.program, job.rows)
    environment = tell_environment() | {"program format": str(PROGRAM_VERSION)}
    return Candidate(
        made_at=made_at,
        **_asked(findings),
        **job.tell(built, evaluation),
        schema=job.rows.schema,
        trend=repeat.trend if repeat else proof.sentence(job.rows, findings.plan.target),
        trend_until=repeat.trend_until if repeat else proof.until(job.rows),
        out_of_fold=trained,
        evaluation=evaluation,
        gates=(
            *judge(built, evaluation, rows=holdout.rows, draft=draft),
            judge_skew(built, job.rows, draft),
            *judge_goal(findings.plan, evaluation),
            *judge_limits(findings.plan.limits, cost),
            judge_budget(budget) if repeat is None else judge_replay(repeat, draft, environment),
        ),
        program_path=draft.relative_to(workspace.path).as_posix(),
        training_rows=len(job.rows) + (streaming.learned if streaming and streaming.used else 0),
        seconds=budget.elapsed_s,
        budget_s=budget.seconds,
        bundle_hash=fingerprint(draft),
        latency_s=cost.latency_s,
        size_bytes=cost.size_bytes,
        peak_bytes=peak_memory(),
        memory_bytes=cost.memory_bytes,
        streaming=streaming,
        environment=environment,
    )


def _some(rows: Rows) -> Rows:
    """Return enough of the holdout to see how far answers lie from the truth, in their order."""
    if len(rows) <= _MOST_SEEN:
        return rows
    return rows.take(np.linspace(0, len(rows) - 1, _MOST_SEEN).astype(np.int64))


def _asked(findings: Findings) -> dict[str, Any]:
    """Return what the document repeats of the plan."""
    plan = findings.plan
    return {
        "question": plan.question,
        "target": plan.target,
        "task": plan.task,
        "metric": plan.metric,
        "seed": plan.seed,
        "limits": plan.limits,
        "contract_path": findings.contract_path,
    }
