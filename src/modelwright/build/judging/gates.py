"""What must hold before a release, each with its evidence."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np

from modelwright.build.blending.frontier import Cost, allows
from modelwright.build.draft import sampled_rows
from modelwright.build.engine import Built
from modelwright.build.judging.verdict import is_worth_it
from modelwright.compute.budget import Budget, format_duration
from modelwright.compute.limits import Limits, format_bytes, format_latency
from modelwright.documents import Candidate, Evaluation, Gate, Plan
from modelwright.learners.base import Rows
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.tasks.costs import Costs
from modelwright.tasks.figures import figure
from modelwright.tasks.goal import Goal, parse_goal
from modelwright.tasks.savings import is_in_money, saved_by, savings_goal
from modelwright.workspace.artifacts import fingerprint

_REPLAYED_ROWS = 1_000
_REACHED = "the goal is reached"
_LATE_SHARE = 0.1
"""Of the budget: other work on the machine may take the last measured step so much longer."""

_Number = TypeVar("_Number", int, float)


def judge(built: Built, evaluation: Evaluation, *, rows: Rows, draft: Path) -> tuple[Gate, ...]:
    """Judge a candidate.

    Parameters
    ----------
    built
        The program in memory.
    evaluation
        The holdout's scores.
    rows
        The holdout's rows, to replay.
    draft
        The folder of its bundle.
    """
    return (
        _gain(evaluation),
        _one_opening(evaluation),
        _same_from_disk(built, rows, draft),
    )


def judge_skew(built: Built, rows: Rows, draft: Path) -> Gate:
    """Judge whether training rows are answered as learned from when a client sends them as JSON.

    Parameters
    ----------
    built
        The program in memory.
    rows
        The training rows, as learners read them.
    draft
        The folder of the bundle, which recorded some of them as clients send them.
    """
    recorded = {case.name: case.expected for case in read_bundle(draft).cases}
    chosen = sampled_rows(len(rows))
    answers = built.program.run({name: values[chosen] for name, values in rows.columns.items()})
    compared = {
        f"row {number}": answer
        for number, answer in enumerate(answers.tolist(), 1)
        if f"row {number}" in recorded
    }
    faults = [name for name, answer in compared.items() if tuple(answer) != recorded[name]]
    first = f": {faults[0]} is first" if faults else ""
    return Gate(
        name="a row that is sent is read as the row that was learned from",
        passed=not faults,
        evidence=(
            f"{len(compared)} training rows as JSON, answers compared bit for bit, "
            f"{len(faults)} differ{first}"
        ),
    )


def judge_limits(limits: Limits, cost: Cost) -> tuple[Gate, ...]:
    """Judge whether the program keeps the limits of its host; no gate where there are none."""
    if not limits.any:
        return ()
    most_s, most_size, most_memory = limits.latency_s, limits.size_bytes, limits.memory_bytes
    evidence = (
        f"{format_latency(cost.latency_s)} a row{_at_most(most_s, format_latency)}, "
        f"{format_bytes(cost.size_bytes)} on disk{_at_most(most_size, format_bytes)}, "
        f"{format_bytes(cost.memory_bytes)} in memory{_at_most(most_memory, format_bytes)}"
    )
    name = "the limits of the host are kept"
    return (Gate(name=name, passed=allows(limits, cost), evidence=evidence),)


def _at_most(limit: _Number | None, written: Callable[[_Number], str]) -> str:
    return "" if limit is None else f" (at most {written(limit)})"


def judge_goal(plan: Plan, evaluation: Evaluation) -> tuple[Gate, ...]:
    """Judge whether the holdout says what was asked for; no gate without a goal."""
    if not plan.goal:
        return ()
    goal = parse_goal(plan.goal)
    if plan.costs is not None and is_in_money(goal):
        return (_saved(goal, plan, plan.costs, evaluation),)
    score = evaluation.score
    evidence = (
        f"{plan.goal}: the holdout's score is {figure(score.value)}, "
        f"95 % interval {figure(score.low)} to {figure(score.high)}"
    )
    return (Gate(name=_REACHED, passed=goal.is_reached(score.value), evidence=evidence),)


def _saved(goal: Goal, plan: Plan, costs: Costs, evaluation: Evaluation) -> Gate:
    asked = savings_goal(goal, task=plan.task, costs=costs, cases_a_day=plan.cases_a_day)
    saved = saved_by(costs, evaluation.counts)
    each, times = saved.each, asked.cases
    evidence = (
        f"{plan.goal}: by the holdout {figure(each.value * times)} {asked.period} against "
        f"{saved.constant} warning, 95 % interval {figure(each.low * times)} to "
        f"{figure(each.high * times)}, at {figure(times)} cases"
    )
    return Gate(name=_REACHED, passed=each.value >= asked.each, evidence=evidence)


def judge_budget(budget: Budget) -> Gate:
    """Judge whether the build kept its time; a little late is told, and throws no model away."""
    late_s = max(0.0, budget.elapsed_s - budget.seconds)
    most_s = _LATE_SHARE * budget.seconds
    told = f"{format_duration(budget.elapsed_s)} of {format_duration(budget.seconds)}"
    if late_s:
        told += f", {format_duration(late_s)} late; {format_duration(most_s)} shut no gate"
    return Gate(name="the budget is kept", passed=late_s <= most_s, evidence=told)


def judge_replay(recorded: Candidate, draft: Path, environment: Mapping[str, str]) -> Gate:
    """Judge whether a replay gave the bundle that the recorded candidate has.

    Parameters
    ----------
    recorded
        What was built then.
    draft
        What was built again.
    environment
        Of the replay, as `Candidate` has that of then.
    """
    found = fingerprint(draft)
    passed = found == recorded.bundle_hash
    told = f"recorded {recorded.bundle_hash[:12]}, replayed {found[:12]}"
    changed = "" if passed else f"; {_what_changed(recorded.environment, environment)}"
    return Gate(name="the replay gives the same bundle", passed=passed, evidence=told + changed)


def _what_changed(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    changed = [
        f"{name} {then.get(name, 'another or none')}, now {now.get(name, 'none')}"
        for name in dict.fromkeys((*now, *then))
        if then.get(name) != now.get(name)
    ]
    if not changed:
        return "what it was built with is the same: rows or files of the workspace have changed"
    return f"built with {'; '.join(changed)}: build anew, and replay from then on"


def _gain(evaluation: Evaluation) -> Gate:
    gain = evaluation.gain
    return Gate(
        name="better than the baseline",
        passed=is_worth_it(evaluation),
        evidence=f"paired gain {figure(gain.value)}, 95 % interval {figure(gain.low)} to "
        f"{figure(gain.high)}",
    )


def _one_opening(evaluation: Evaluation) -> Gate:
    return Gate(
        name="the holdout is fresh",
        # Each look at the same rows makes the next score a little flattering.
        passed=evaluation.openings <= 20,
        evidence=f"times that this workspace has opened these rows: {evaluation.openings}",
    )


def _same_from_disk(built: Built, rows: Rows, draft: Path) -> Gate:
    part = {name: values[:_REPLAYED_ROWS] for name, values in rows.columns.items()}
    here, stored = built.program.run(part), read_bundle(draft).program.run(part)
    return Gate(
        name="the stored program answers the same",
        passed=bool(np.array_equal(here, stored)),
        evidence=f"{len(here):,} holdout rows compared bit for bit",
    )
