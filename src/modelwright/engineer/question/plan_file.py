"""`plan.json` after a person edited it: what it says must still be possible."""

from pathlib import Path

from modelwright.documents import Plan
from modelwright.errors import InputError, nearest
from modelwright.tasks.goal import parse_goal
from modelwright.tasks.metrics import metric_named
from modelwright.tasks.savings import is_in_money, savings_goal


def check_plan(plan: Plan, *, folder: Path = Path()) -> Plan:
    """Return a plan once it is sure that it can be carried out.

    Parameters
    ----------
    plan
        As a person may have edited it.
    folder
        The workspace: where the path of a metric of the person's own begins.

    Raises
    ------
    InputError
        When it does not choose one scheme, or names a column or a metric that is not there.
    """
    chosen = [scheme.name for scheme in plan.schemes if scheme.chosen]
    if len(chosen) != 1:
        raise InputError(
            f"plan.json chooses {len(chosen)} of {len(plan.schemes)} schemes, expected one.",
            "Set `chosen` to true in exactly one of them.",
        )
    for name in (plan.target, *filter(None, [plan.split.column, plan.moment])):
        if name not in plan.schema:
            raise InputError(
                f"plan.json names a column {name!r}, which its schema does not have.",
                nearest(name, plan.schema.names),
            )
    metric = metric_named(plan.metric, plan.task, folder=folder)
    goal = parse_goal(plan.goal) if plan.goal else None
    if goal is not None and is_in_money(goal):
        savings_goal(goal, task=plan.task, costs=plan.costs, cases_a_day=plan.cases_a_day)
    elif goal is not None and goal.metric_for(plan.task).name != metric.name:
        raise InputError(
            f"plan.json has the goal {plan.goal!r}, but its metric is {metric.name!r}.",
            "Set the goal in the metric.",
        )
    return plan
