"""Whether a goal can be reached, told before a model is built."""

from dataclasses import replace

from modelwright.documents import Feasibility, Feasible, Plan
from modelwright.explore.learning_curve import LearningCurve
from modelwright.learners.rehearsal import Rehearsal
from modelwright.tasks.costs import Costs
from modelwright.tasks.figures import figure, ranged
from modelwright.tasks.goal import Goal
from modelwright.tasks.savings import SavingsGoal, cost_of_mistakes, most_saved, savings_goal

_MOST = 100
"""Times the rows, beyond which nobody will get them."""


def judge_score(goal: Goal, curve: LearningCurve, rows: int) -> Feasibility:
    """Say whether a build will reach a score, or with how many rows one would.

    Parameters
    ----------
    goal
        The score.
    curve
        Of its metric.
    rows
        That a build will learn from.
    """
    built = curve.built_at(rows)
    worst, best = (built.low, built.high) if goal.is_floor else (built.high, built.low)
    told = f"A build is expected to reach {ranged(built)}"
    if goal.is_reached(worst):
        return _feasible(goal, "expected", f"{told}, and so the goal.")
    if goal.is_reached(best):
        return _feasible(goal, "possible", f"{told}: the goal may be reached or missed.")
    return _with_more_rows(goal, told, curve.rows_for(goal.value, most=_MOST * rows), rows)


def judge_savings(
    goal: Goal, rehearsal: Rehearsal, plan: Plan, *, costs: Costs, rows: int
) -> Feasibility | None:
    """Say whether a build will save what is asked; None where there are too few rows to tell.

    What no model can save is known from the share of positive cases alone; what mistakes will cost
    is foreseen as every score is, by a learning curve.

    Parameters
    ----------
    goal
        In money.
    rehearsal
        Rows and their folds.
    plan
        Says how many cases come.
    costs
        What each kind of answer costs.
    rows
        That a build will learn from.
    """
    asked = savings_goal(goal, task=plan.task, costs=costs, cases_a_day=plan.cases_a_day)
    most = most_saved(costs, float((rehearsal.truth == 1).mean()))
    if asked.each > most:
        told = f"Even answers without a mistake would save {_amount(most, asked, costs)}"
        sentence = f"{told}: it takes more cases, dearer mistakes, or another goal."
        return _feasible(goal, "not with these columns", sentence)
    curve = LearningCurve.measure(replace(rehearsal, metric=cost_of_mistakes(costs)))
    if curve is None:
        return None
    mistakes = curve.built_at(rows)
    value, low, high = (most - each for each in (mistakes.value, mistakes.high, mistakes.low))
    told = (
        f"A build is expected to save {_amount(value, asked, costs)} "
        f"({figure(low * asked.cases)} to {figure(high * asked.cases)})"
    )
    if low >= asked.each:
        return _feasible(goal, "expected", f"{told}, and so the goal.")
    if high >= asked.each:
        return _feasible(goal, "possible", f"{told}: the goal may be reached or missed.")
    return _with_more_rows(goal, told, curve.rows_for(most - asked.each, most=_MOST * rows), rows)


def _with_more_rows(goal: Goal, told: str, needed: float | None, rows: int) -> Feasibility:
    if needed is None:
        sentence = (
            f"{told}, and {_MOST} times as many rows would not reach the goal: it takes columns "
            "that know more, or another goal."
        )
        return _feasible(goal, "not with these columns", sentence)
    few = float(f"{needed:.2g}")
    sentence = f"{told}; with about {few:,.0f} rows in place of {rows:,} it may reach the goal."
    return _feasible(goal, "with more rows", sentence)


def _amount(each: float, asked: SavingsGoal, costs: Costs) -> str:
    return f"{figure(each * asked.cases)} {costs.unit}".rstrip() + f" {asked.period}"


def _feasible(goal: Goal, verdict: Feasible, sentence: str) -> Feasibility:
    return Feasibility(goal=goal.in_words(), verdict=verdict, sentence=sentence)
