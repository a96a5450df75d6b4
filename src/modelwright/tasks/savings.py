"""What answers save in money, and a goal that is stated in it."""

import math
import re
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.errors import BriefError, InputError
from modelwright.tasks.costs import Costs, best_threshold
from modelwright.tasks.goal import Goal
from modelwright.tasks.interval import Interval
from modelwright.tasks.metric import Metric
from modelwright.tasks.scores import Weighed
from modelwright.tasks.task import Task

Array = NDArray[Any]

_WORDS = ("saves", "save", "saved", "saving", "savings")
_PERIOD = re.compile(
    r"(?P<unit>.*?)\s*(?:\b(?:an?|per|each|every)\b|/)\s*(?P<many>\d[\d,]*)?\s*"
    r"(?P<what>day|week|month|quarter|year|case|row|answer)s?"
)
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}
_FORM = "Write it so: 'saves >= 5000 a month', or 'saves >= 50 per 1000 cases'."
_NORMAL_95 = 1.96


class SavingsGoal(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be saved, for each answer.

    Parameters
    ----------
    each
        Per answer, in the unit of the costs.
    cases
        Answers in the period that the person named.
    period
        In the person's words.
    """

    each: float
    cases: float
    period: str


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How rows of two classes were answered.

    Parameters
    ----------
    rows, positives
        Judged, and how many of them are positive.
    warned, warned_right
        Answered yes, and how many of them rightly.
    """

    rows: int
    positives: int
    warned: int
    warned_right: int


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What answers save against always giving the same one.

    Parameters
    ----------
    each
        Per answer, in the unit of the costs.
    constant
        The cheaper of never and always warning, with which it is compared.
    """

    each: Interval
    constant: Literal["never", "always"]


def is_in_money(goal: Goal) -> bool:
    """Say whether a goal is about what is saved, not about a score.

    Examples
    --------
    >>> from modelwright.tasks.goal import parse_goal
    >>> is_in_money(parse_goal("saves >= 5,000 a month")), is_in_money(parse_goal("auc >= 0.8"))
    (True, False)
    """
    return goal.metric.casefold() in _WORDS


def savings_goal(
    goal: Goal, *, task: Task, costs: Costs | None, cases_a_day: float | None
) -> SavingsGoal:
    """Return what a goal in money asks of one answer.

    Parameters
    ----------
    goal
        As `parse_goal` read it.
    task
        With two classes.
    costs
        What each kind of answer costs.
    cases_a_day
        How many come; None where no column says when.

    Raises
    ------
    BriefError
        When the period is missing, costs are, or nothing tells how many cases come in it.

    Examples
    --------
    >>> from modelwright.tasks.goal import parse_goal
    >>> task = Task(kind="binary", classes=("no", "yes"))
    >>> asked = parse_goal("saves >= 50 EUR per 1,000 cases")
    >>> savings_goal(asked, task=task, costs=Costs(), cases_a_day=None).each
    0.05
    """
    period = _PERIOD.fullmatch(goal.unit)
    if period is None or not goal.is_floor:
        raise BriefError(f"The goal {goal.in_words()!r} says no time.", _FORM)
    if task.kind != "binary":
        raise BriefError(
            f"The goal is in money, and the task is {task.kind}.",
            "Costs are for tasks with two classes: set the goal in a metric.",
        )
    if costs is None:
        raise BriefError(
            "The goal is in money, and the brief does not say what mistakes cost.",
            "Write [costs] into modelwright.toml: false_positive and false_negative.",
        )
    many = float((period["many"] or "1").replace(",", ""))
    days = _DAYS.get(period["what"])
    if days is not None and cases_a_day is None:
        raise BriefError(
            "How many cases come in that time is not known: no column says when they happened, or "
            "the rows are a sample.",
            f"Name the column as `time`, or set the goal by cases. {_FORM}",
        )
    cases = many if days is None or cases_a_day is None else many * days * cases_a_day
    words = goal.unit.removeprefix(period["unit"]).strip()
    return SavingsGoal(each=goal.value / cases, cases=cases, period=words)


def saved_by(costs: Costs, counts: Counts) -> Saved:
    """Return what an answer saves, from the counts of rows that were judged.

    The interval is the normal one of a mean: each case saves one of three amounts.

    Parameters
    ----------
    costs
        What each kind of answer costs.
    counts
        How the rows were answered.

    Raises
    ------
    InputError
        Without rows.

    Examples
    --------
    >>> double = Costs(false_negative=2.0)
    >>> saved = saved_by(double, Counts(rows=100, positives=30, warned=20, warned_right=15))
    >>> saved.constant, saved.each.value
    ('never', 0.25)
    """
    rows = counts.rows
    if not rows:
        raise InputError("Without rows nobody knows what an answer saves.")
    alarms, missed = counts.warned - counts.warned_right, counts.positives - counts.warned_right
    quiet = rows - counts.positives - alarms
    miss = costs.false_negative - costs.true_positive
    alarm = costs.false_positive - costs.true_negative
    if constant_answer(costs, counts.positives / rows) == "never":
        return Saved(
            each=_mean({miss: counts.warned_right, -alarm: alarms}, rows), constant="never"
        )
    return Saved(each=_mean({-miss: missed, alarm: quiet}, rows), constant="always")


def constant_answer(costs: Costs, share: float) -> Literal["never", "always"]:
    """Return the cheaper of two answers that never change, where a share of cases is positive."""
    never, always = _constant_costs(costs, share)
    return "never" if never <= always else "always"


def most_saved(costs: Costs, share: float) -> float:
    """Return what an answer without any mistake saves, where a share of cases is positive.

    Examples
    --------
    >>> most_saved(Costs(false_negative=4.0), 0.1)
    0.4
    """
    right = share * costs.true_positive + (1 - share) * costs.true_negative
    return min(_constant_costs(costs, share)) - right


def cost_of_mistakes(costs: Costs) -> Metric:
    """Return the metric of what mistakes cost a case, at the threshold that is best for the rows.

    Parameters
    ----------
    costs
        What each kind of answer costs.

    Examples
    --------
    >>> truth, answers = np.array([0, 1]), np.array([[0.9, 0.1], [0.8, 0.2]])
    >>> cost_of_mistakes(Costs()).score(truth, answers)
    0.0
    """

    def prepare(truth: Array, answers: Array) -> Weighed:
        def weighed(weight: Array) -> float:
            rows = np.repeat(np.arange(len(truth)), weight.astype(np.int64))
            if not len(rows):
                return math.nan
            paid = best_threshold(truth[rows], answers[rows, 1], costs).achieved
            positive = float((truth[rows] == 1).mean())
            right = positive * costs.true_positive + (1 - positive) * costs.true_negative
            return paid - right

        return weighed

    return Metric(
        name="cost of mistakes",
        title="cost of mistakes a case",
        direction="minimize",
        takes="probabilities",
        range=(0.0, math.inf),
        suits=("binary",),
        prepare=prepare,
    )


def _constant_costs(costs: Costs, share: float) -> tuple[float, float]:
    """Return the cost of a case where the answer is always no, and where it is always yes."""
    never = share * costs.false_negative + (1 - share) * costs.true_negative
    always = share * costs.true_positive + (1 - share) * costs.false_positive
    return never, always


def _mean(amounts: dict[float, int], rows: int) -> Interval:
    mean = sum(amount * count for amount, count in amounts.items()) / rows
    square = sum(amount**2 * count for amount, count in amounts.items()) / rows
    half = _NORMAL_95 * math.sqrt(max(0.0, square - mean**2) / rows)
    return Interval(value=mean, low=mean - half, high=mean + half, method="normal")
