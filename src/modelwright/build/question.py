"""What is built, for whom, and what is improved."""

from dataclasses import dataclass

from modelwright.build.trend.trend import Trend
from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.learners.base import Learner
from modelwright.tasks.costs import Costs
from modelwright.tasks.metrics import Metric


@dataclass(frozen=True)
class Question:
    """What the engine is asked.

    Parameters
    ----------
    metric
        What is improved.
    learners
        Configurations, in the order in which they are tried.
    costs
        Of mistakes, for the threshold.
    seed
        The same seed and rows give the same program, if the budget cut nothing short.
    limits
        Of the host in which the program is to answer.
    trend
        That the target follows; None for none.
    is_finished
        Whether answers stay as the learners give them: a model that somebody else trained.
    """

    metric: Metric
    learners: tuple[Learner, ...]
    costs: Costs | None = None
    seed: int = 0
    limits: Limits = NO_LIMITS
    trend: Trend | None = None
    is_finished: bool = False
