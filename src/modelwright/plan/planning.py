"""The room's function: a brief becomes a plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.compute.limits import limits_of
from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import prepare
from modelwright.data.schema import Role
from modelwright.data.splitting.splits import Split, holdout_mask
from modelwright.documents import Brief, Cost, Plan, TableFacts
from modelwright.errors import BriefError
from modelwright.learners.base import Learner
from modelwright.learners.registry import LEARNERS
from modelwright.plan.agreement import Answers
from modelwright.plan.cases import cases_a_day
from modelwright.plan.cost import as_past_runs, foresee_cost
from modelwright.plan.gates import list_gates
from modelwright.plan.growth import find_growing, leave_out
from modelwright.plan.named_columns import (
    check_brief,
    check_features,
    check_parts,
    check_readings,
    named_whole,
    parts_of,
    reading_kinds,
    with_key,
)
from modelwright.plan.pace import Work
from modelwright.plan.probes import Ground, Probe, probe_learners
from modelwright.plan.risks import list_risks, ruled_by_few, suspicious_score
from modelwright.plan.schemes import USUAL_SCHEMES, list_schemes, probed_learners
from modelwright.plan.splitting import Table, as_time, choose_split, with_roles
from modelwright.plan.years import read_years
from modelwright.tasks.goal import parse_goal
from modelwright.tasks.infer import infer_task
from modelwright.tasks.metric_check import refuse_one_sided, refuse_undefined
from modelwright.tasks.metrics import Metric, default_metric, metric_named
from modelwright.tasks.savings import is_in_money, savings_goal
from modelwright.tasks.targets import encode_target
from modelwright.workspace.history import PastRun

_PROBE_SHARE = 0.06
"""Of the budget, for the probes."""
_LONGEST_PROBES_S = 15.0


@dataclass(frozen=True)
class Material:
    """What a plan is made from.

    Parameters
    ----------
    table
        As the source returned it.
    facts
        What is known of the source.
    folder
        Where a relative path in the brief begins.
    history
        What past runs of the person took.
    """

    table: pl.DataFrame
    facts: TableFacts
    folder: Path = Path()
    history: tuple[PastRun, ...] = ()


def make_plan(
    brief: Brief,
    material: Material,
    *,
    budget: Budget,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
    schemes: Sequence[str] = USUAL_SCHEMES,
) -> Plan:
    """Plan how a question will be answered and how the answer will be judged.

    Parameters
    ----------
    brief
        The question.
    material
        The table.
    budget
        For the whole run; the probes take a small share.
    clock
        Says when the document was made.
    report
        Told what happens, a sentence at a time.
    schemes
        Those that are drawn up, by their names.

    Raises
    ------
    SourceError
        When the table has fewer than two rows.
    SchemaError
        When a column that the brief names is not there or does not serve its purpose, or no column
        is left to predict from.
    TargetError
        When the target cannot be learned.
    BriefError
        When what the brief says contradicts itself.
    """
    check_brief(brief, material.table)
    report("Reading what the columns hold")
    table, truth = _read(brief, material.table, material.facts.key)
    metric, metric_reason = _metric(brief, table, material.folder)
    if brief.metric or brief.goal:
        refuse_undefined(metric, truth[table.answers.known], table.task)
    report("Choosing how rows are split")
    table, split = _split(brief, table)
    cases = _cases_a_day(brief, material.facts, table, split)
    held = holdout_mask(table.frame, split, truth)
    known = table.answers.known
    refuse_one_sided(metric, truth[known], held[known], table.task)
    tried = [LEARNERS[name] for name in probed_learners(schemes)]
    if tried:
        report("Trying learners on a sample")
    ground = _ground(brief, table, split, metric=metric, usable=~held & known)
    probes = _probe(tried, ground, budget, seed=brief.seed)
    limits = limits_of(brief.max_latency, size=brief.max_size, memory=brief.max_memory)
    cost = _cost(table, held, budget, history=material.history, most_bytes=limits.size_bytes)
    work = _work(table, split, held, budget)
    drawn_up = as_past_runs(list_schemes(probes, work, metric, schemes=schemes), cost)
    risks = list_risks(table, split, held=held, truth=truth)
    return Plan(
        made_at=clock().isoformat(),
        question=brief.question or f"Predict {brief.target!r}.",
        target=brief.target,
        table=material.facts,
        schema=table.schema,
        task=table.task,
        metric=metric.name,
        metric_reason=metric_reason,
        split=split,
        schemes=drawn_up,
        risks=(
            *risks,
            *ruled_by_few(truth[known], metric, brief.target),
            *suspicious_score(drawn_up[-1].expected_score, metric),
        ),
        gates=list_gates(metric, goal=brief.goal),
        budget_s=budget.seconds,
        seed=brief.seed,
        moment=brief.moment,
        exclude=brief.exclude,
        keep=parts_of(brief.keep, table.schema),
        costs=brief.costs,
        goal=brief.goal,
        cases_a_day=cases,
        cost=cost,
        limits=limits,
    )


def _read(brief: Brief, raw: pl.DataFrame, key: tuple[str, ...]) -> tuple[Table, NDArray[Any]]:
    """Read the columns as what they hold; return the table and its coded answers."""
    roles = dict(brief.roles) | ({brief.weight: Role.WEIGHT.value} if brief.weight else {})
    whole = named_whole(brief)
    schema = infer_schema(raw, target=brief.target, kinds=brief.kinds, roles=roles, whole=whole)
    kinds = reading_kinds(brief, raw, schema)
    if kinds != brief.kinds:
        schema = infer_schema(raw, target=brief.target, kinds=kinds, roles=roles, whole=whole)
    schema = with_key(schema, key, brief, table=raw)
    check_parts(brief, schema)
    if not brief.related:
        check_features(schema, brief.exclude)
    frame = prepare(raw, schema)
    check_readings(brief, raw, frame)
    task = infer_task(frame[brief.target], kind=brief.task or None, positive=brief.positive)
    truth = encode_target(frame[brief.target], task)
    return Table(frame, schema, task, Answers.of(truth, task)), truth


def _split(brief: Brief, table: Table) -> tuple[Table, Split]:
    """Choose the split; give the columns that it rules out as features another role."""
    split = choose_split(brief, table)
    if split.column not in brief.kinds:
        table, split = read_years(table, split)
    schema = with_roles(table.schema, split, group=brief.group)
    frame = as_time(table.frame, split.column) if split.kind == "time" else table.frame
    kept = {*parts_of(brief.keep, schema), *brief.roles}
    growing = tuple(name for name in find_growing(frame, schema, split) if name not in kept)
    schema = leave_out(schema, growing, time=split.column)
    if not brief.related:
        check_features(schema, brief.exclude)
    return replace(table, frame=frame, schema=schema), split


def _ground(
    brief: Brief, table: Table, split: Split, *, metric: Metric, usable: NDArray[np.bool_]
) -> Ground:
    excluded = [name for name in brief.exclude if table.schema[name].role == Role.FEATURE]
    return Ground(
        frame=table.frame.filter(pl.Series(usable)),
        schema=table.schema.assign(Role.IGNORED, *excluded),
        split=split,
        target=brief.target,
        task=table.task,
        metric=metric,
    )


def _probe(
    learners: Sequence[Learner], ground: Ground, budget: Budget, *, seed: int
) -> tuple[Probe, ...]:
    left = budget.share(_PROBE_SHARE)
    return probe_learners(
        learners,
        ground,
        budget=left.reserve(max(0.0, left.seconds - _LONGEST_PROBES_S)),
        seed=seed,
    )


def _work(table: Table, split: Split, held: NDArray[np.bool_], budget: Budget) -> Work:
    """Return what one fold learns from: folds that go forward in time learn from half of it."""
    training = int((~held & table.answers.known).sum())
    part = 0.5 if split.kind == "time" else (split.folds - 1) / split.folds
    return Work(max(1, int(training * part)), split.folds, budget.remaining_s)


def _cost(
    table: Table,
    held: NDArray[np.bool_],
    budget: Budget,
    *,
    history: tuple[PastRun, ...],
    most_bytes: int | None,
) -> Cost:
    return foresee_cost(
        rows=int((~held & table.answers.known).sum()),
        features=len(table.schema.features),
        outputs=table.task.n_outputs,
        budget_s=budget.seconds,
        history=history,
        most_bytes=most_bytes,
    )


def _metric(brief: Brief, table: Table, folder: Path) -> tuple[Metric, str]:
    goal = _goal_metric(brief, table)
    if brief.metric:
        metric = metric_named(brief.metric, table.task, folder=folder)
        if goal is not None and goal.name != metric.name:
            raise BriefError(
                f"The goal is in {goal.title}, but the metric is {metric.title}.",
                "Leave out `metric`, or set the goal in it.",
            )
        return metric, "The brief asks for it."
    if goal is not None:
        return goal, "The goal is in it."
    return default_metric(table.task, table.frame[brief.target])


def _goal_metric(brief: Brief, table: Table) -> Metric | None:
    """Return the metric that the goal is in; None without one, or where it is in money."""
    goal = parse_goal(brief.goal) if brief.goal else None
    return None if goal is None or is_in_money(goal) else goal.metric_for(table.task)


def _cases_a_day(brief: Brief, facts: TableFacts, table: Table, split: Split) -> float | None:
    """Return how many cases come; a goal in money must be one that this can judge."""
    cases = cases_a_day(brief, facts, table.frame, split)
    goal = parse_goal(brief.goal) if brief.goal else None
    if goal is not None and is_in_money(goal):
        savings_goal(goal, task=table.task, costs=brief.costs, cases_a_day=cases)
    return cases
