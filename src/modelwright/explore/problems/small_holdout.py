"""Whether the holdout can show the gain that is asked for."""

from collections.abc import Iterator
from math import isfinite

from modelwright.documents import Plan, Risk
from modelwright.explore.problems.base import Subject
from modelwright.learners.baseline import Rule
from modelwright.tasks.figures import figure
from modelwright.tasks.goal import parse_goal
from modelwright.tasks.intervals import paired_difference
from modelwright.tasks.metrics import Metric
from modelwright.tasks.savings import is_in_money


def find_small_holdout(subject: Subject) -> Iterator[Risk]:
    """Tell that the holdout cannot tell the gain over a simple rule from chance.

    The gain is the one that a goal asks for; without one, that of a quick model.
    """
    rehearsal = subject.rehearsal
    if rehearsal is None:
        return
    asked, metric, units = rehearsal.asked, rehearsal.metric, rehearsal.units
    truth = rehearsal.truth[asked]
    simple = rehearsal.taken(rehearsal.answer(rehearsal.folds, learner=Rule()), asked)
    gain = paired_difference(
        metric,
        truth,
        rehearsal.taken(rehearsal.answers, asked),
        simple,
        groups=None if units is None else units[asked],
    )
    held = _holdout_rows(subject)
    # The error of a mean shrinks with the root of the rows.
    reach = (gain.high - gain.value) * (len(asked) / held) ** 0.5
    wanted = _asked_gain(subject.plan, metric, simple=metric.score(truth, simple))
    if wanted is None and gain.value < reach:
        told = f"a quick model gains {figure(gain.value, 3)} over a simple rule"
        yield _risk(metric, told, held=held, reach=reach, gain=gain.value)
    if wanted is not None and 0 < wanted < reach:
        told = f"the goal asks for {figure(wanted, 3)} more than a simple rule scores"
        yield _risk(metric, told, held=held, reach=reach, gain=wanted)


def _asked_gain(plan: Plan, metric: Metric, *, simple: float) -> float | None:
    """Return by how much the goal is better than a simple rule; None without one in this metric."""
    goal = parse_goal(plan.goal) if plan.goal else None
    if goal is None or is_in_money(goal) or not isfinite(simple):
        return None
    return goal.value - simple if metric.direction == "maximize" else simple - goal.value


def _risk(metric: Metric, told: str, *, held: int, reach: float, gain: float) -> Risk:
    return Risk(
        name="small holdout",
        sentence=f"The holdout of about {held:,} rows can tell a gain of {figure(reach, 3)} in "
        f"{metric.title} from chance; {told}{_needed(held, reach, gain)}.",
        severity="warning",
    )


def _holdout_rows(subject: Subject) -> int:
    fraction = subject.plan.split.holdout_fraction
    return max(1, round(len(subject.rows) * fraction / (1 - fraction)))


def _needed(held: int, reach: float, gain: float) -> str:
    if gain <= 0:
        return ", which is nothing"
    return f", to see which takes about {float(f'{held * (reach / gain) ** 2:.2g}'):,.0f} rows"
