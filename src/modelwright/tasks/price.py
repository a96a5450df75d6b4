"""What a metric that is a person's own function costs, and how often it may be asked.

A build asks its metric thousands of times. modelwright's own take microseconds; a function that
goes through the rows one by one takes hundredths of a second, and all of the time that was given.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from math import ceil

import numpy as np

from modelwright.errors import BudgetError
from modelwright.tasks.function_name import FunctionName
from modelwright.tasks.metric import Array, Metric
from modelwright.tasks.metric_check import halfway
from modelwright.tasks.task import Task

FEWEST_RESAMPLES = 20
"""They tell a standard error to 16 %."""
_SHARE = 0.25
"""Of the time, for asking it."""
_PER_RESAMPLE = 60
"""Scores of all rows in a whole run, for each resample: of twenty learners beside the baseline and
the blend, of what is foreseen, of the holdout and of what disturbs the answers."""
_PLENTY = 4
"""Where so many times more could be drawn, the metric is not dear."""
_FEWEST_SCORES = 2_500
"""What a run takes with so few resamples, twice over: half of the time is for learning."""


def priced(metric: Metric, truth: Array, task: Task, *, budget_s: float) -> Metric:
    """Return a metric that is asked as often as the time allows; only a person's own is timed.

    Parameters
    ----------
    metric
        As the person gave it.
    truth
        (n,) class indices or numbers, none missing.
    task
        What is predicted.
    budget_s
        Of the whole run.

    Raises
    ------
    BudgetError
        When it takes too long for the time given.
    """
    if FunctionName.parse(metric.name) is None:
        return metric
    score_s = seconds_a_score(metric, truth, task)
    _refuse_dear(metric, score_s, budget_s=budget_s, rows=len(truth))
    return affordable(metric, score_s, budget_s=budget_s)


def seconds_a_score(
    metric: Metric, truth: Array, task: Task, *, clock: Callable[[], float] = time.monotonic
) -> float:
    """Return the seconds that one score of all rows takes.

    Parameters
    ----------
    metric
        As the person gave it.
    truth
        (n,) class indices or numbers, none missing.
    task
        What is predicted.
    clock
        Tells the time in seconds.
    """
    weighed = metric.prepare(truth, halfway(truth, metric=metric, task=task))
    alike = np.ones(len(truth))

    def score() -> float:
        began = clock()
        weighed(alike)
        return clock() - began

    # The first one may pay for an import.
    return min(score() for _ in range(2))


def affordable(metric: Metric, score_s: float, *, budget_s: float) -> Metric:
    """Return a metric that is asked less often where it is dear.

    Parameters
    ----------
    metric
        As the person gave it.
    score_s
        Seconds that one score of all rows takes.
    budget_s
        Of the whole run.

    Examples
    --------
    >>> from modelwright.tasks.metrics import METRICS
    >>> [affordable(METRICS["mae"], s, budget_s=60).most_resamples for s in (0.0, 0.001, 0.02)]
    [1000, 250, 20]
    """
    wanted = int(min(_SHARE * budget_s / (_PER_RESAMPLE * max(score_s, 1e-9)), 1e9))
    if wanted > _PLENTY * metric.most_resamples:
        return metric
    return replace(
        metric,
        score_s=score_s,
        most_resamples=min(metric.most_resamples, max(FEWEST_RESAMPLES, wanted)),
    )


def scores_s(metric: Metric, *, times: int) -> float:
    """Return the seconds of so many intervals; 0 for a metric that is not dear."""
    return metric.score_s * metric.most_resamples * times


def _refuse_dear(metric: Metric, score_s: float, *, budget_s: float, rows: int) -> None:
    needed_s = _FEWEST_SCORES * score_s
    if needed_s > budget_s:
        raise BudgetError(
            f"The metric '{metric.name}' takes {score_s:.2g} s to score {rows:,} rows, and a run "
            f"asks it more than a thousand times: {budget_s:.0f} s are too short.",
            f"Give {ceil(needed_s)} s, or write the function with NumPy, for all rows at once.",
        )
