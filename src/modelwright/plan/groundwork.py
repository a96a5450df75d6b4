"""What a plan rests on, before any learner is tried: the table, the metric and the split."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import prepare
from modelwright.data.schema import Role
from modelwright.data.splitting.splits import Split, holdout_mask
from modelwright.documents import Brief, TableFacts
from modelwright.errors import BriefError
from modelwright.plan.agreement import Answers
from modelwright.plan.cases import cases_a_day
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
from modelwright.plan.probes import Ground
from modelwright.plan.splitting import Table, as_time, choose_split, with_roles
from modelwright.plan.years import read_years
from modelwright.tasks.goal import parse_goal
from modelwright.tasks.infer import infer_task
from modelwright.tasks.metric_check import refuse_one_sided, refuse_undefined
from modelwright.tasks.metrics import Metric, default_metric, metric_named
from modelwright.tasks.price import priced
from modelwright.tasks.savings import is_in_money, savings_goal
from modelwright.tasks.targets import encode_target
from modelwright.workspace.history import PastRun


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


@dataclass(frozen=True)
class Groundwork:
    """The question, read.

    Parameters
    ----------
    brief
        The question.
    table
        The columns as what they hold, and as what they serve.
    truth : ndarray of shape (rows,)
        The coded answers.
    metric, metric_reason
        What is judged by, and why.
    split
        How rows are divided.
    held : ndarray of bool, shape (rows,)
        The rows of the holdout.
    cases_a_day
        How many cases come; None where nobody can say.
    """

    brief: Brief
    table: Table
    truth: NDArray[Any]
    metric: Metric
    metric_reason: str
    split: Split
    held: NDArray[np.bool_]
    cases_a_day: float | None

    @property
    def answers(self) -> NDArray[Any]:
        """The answers that are known."""
        return self.truth[self.table.answers.known]

    @property
    def learnable(self) -> NDArray[np.bool_]:
        """Which rows may be learned from: those with an answer, outside the holdout."""
        return ~self.held & self.table.answers.known

    @property
    def ground(self) -> Ground:
        """What learners are tried on."""
        schema = self.table.schema
        excluded = [name for name in self.brief.exclude if schema[name].role == Role.FEATURE]
        return Ground(
            frame=self.table.frame.filter(pl.Series(self.learnable)),
            schema=schema.assign(Role.IGNORED, *excluded),
            split=self.split,
            target=self.brief.target,
            task=self.table.task,
            metric=self.metric,
        )


def lay_groundwork(
    brief: Brief, material: Material, *, budget_s: float, report: Callable[[str], None]
) -> Groundwork:
    """Read the table as the question needs it, and choose how its answer is judged.

    Parameters
    ----------
    brief
        The question.
    material
        The table.
    budget_s
        Of the whole run: a metric of the person's own may be too dear for it.
    report
        Told what happens, a sentence at a time.

    Raises
    ------
    SchemaError, TargetError, BriefError, SourceError, BudgetError
        As `make_plan` does.
    """
    check_brief(brief, material.table)
    report("Reading what the columns hold")
    table, truth = _read(brief, material.table, material.facts.key)
    metric, reason = _metric(brief, table, material.folder)
    if brief.metric or brief.goal:
        refuse_undefined(metric, truth[table.answers.known], table.task)
    metric = priced(metric, truth[table.answers.known], table.task, budget_s=budget_s)
    report("Choosing how rows are split")
    table, split = _split(brief, table)
    cases = _cases_a_day(brief, material.facts, table, split)
    held, known = holdout_mask(table.frame, split, truth), table.answers.known
    refuse_one_sided(metric, truth[known], held[known], table.task)
    return Groundwork(brief, table, truth, metric, reason, split, held, cases)


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
