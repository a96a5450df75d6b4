"""What a model is worth in the costs that its user stated."""

import math
from dataclasses import dataclass
from typing import Literal

from modelwright.documents import Evaluation
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval

_ANSWERS = 1_000
_NORMAL_95 = 1.96


@dataclass(frozen=True)
class Worth:
    """What so many answers save against always giving the same one.

    Parameters
    ----------
    saved
        By a thousand answers, in the unit of the costs.
    constant
        The cheaper of never and always warning, with which it is compared.
    """

    saved: Interval
    constant: Literal["never", "always"]


def measure_worth(evaluation: Evaluation, costs: Costs) -> Worth | None:
    """Return what a thousand answers save, from the counts of the holdout.

    The interval is the normal one of a mean: each case of the holdout saves one of three amounts.

    Parameters
    ----------
    evaluation
        Of a binary task.
    costs
        What each kind of answer costs.

    Returns
    -------
    Worth or None
        None where the holdout has no cases.

    Examples
    --------
    >>> half = Interval(value=0.5, low=0.5, high=0.5, method="")
    >>> seen = Evaluation(
    ...     rows=100, score=half, baseline_score=half, gain=half, others={}, openings=1,
    ...     warned=20, warned_right=15, positives=30,
    ... )
    >>> worth = measure_worth(seen, Costs(false_negative=2.0))
    >>> worth.constant, worth.saved.value
    ('never', 250.0)
    """
    rows, positives = evaluation.rows, evaluation.positives
    if not rows:
        return None
    found, alarms = evaluation.warned_right, evaluation.warned - evaluation.warned_right
    missed, quiet = positives - found, rows - positives - alarms
    never = positives * costs.false_negative + (rows - positives) * costs.true_negative
    always = positives * costs.true_positive + (rows - positives) * costs.false_positive
    miss = costs.false_negative - costs.true_positive
    alarm = costs.false_positive - costs.true_negative
    if never <= always:
        return Worth(_mean({miss: found, -alarm: alarms}, rows), "never")
    return Worth(_mean({-miss: missed, alarm: quiet}, rows), "always")


def _mean(amounts: dict[float, int], rows: int) -> Interval:
    mean = sum(amount * count for amount, count in amounts.items()) / rows
    square = sum(amount**2 * count for amount, count in amounts.items()) / rows
    half = _NORMAL_95 * math.sqrt(max(0.0, square - mean**2) / rows)
    return Interval(
        value=_ANSWERS * mean,
        low=_ANSWERS * (mean - half),
        high=_ANSWERS * (mean + half),
        method="normal",
    )
