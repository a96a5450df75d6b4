"""Where a build works: its ground, and the crew that works on it."""

from dataclasses import dataclass, replace

from modelwright.build.racing.fits import Fit, Ground
from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew, Made, Order, Shared, Work
from modelwright.compute.crews.here import Here
from modelwright.learners.base import Learner


@dataclass(frozen=True)
class FoldOrder:
    """What a worker is asked to learn from a fold.

    Parameters
    ----------
    learner, fold
        What learns, and from which fold.
    rounds
        As recorded; None to find them.
    """

    learner: Learner
    fold: int
    rounds: int | None


@dataclass(frozen=True)
class Site:
    """A ground and the crew that works on it, side by side.

    Parameters
    ----------
    ground
        Rows and folds, as this process has them.
    crew
        Who does the work.
    shared
        The ground, as the crew has it.
    """

    ground: Ground
    crew: Crew
    shared: Shared[Ground]

    @classmethod
    def open(cls, ground: Ground, crew: Crew | None = None) -> "Site":
        """Share the ground with a crew; None for the threads of this process."""
        crew = crew or Here()
        return cls(ground, crew, crew.share(ground))

    @property
    def workers(self) -> int:
        """How many fits run side by side."""
        return self.crew.workers

    def fit(self, learner: Learner, fold: int, *, budget: Budget, rounds: int | None = None) -> Fit:
        """Have a learner learn one fold, as `Ground.fit` does."""
        order = FoldOrder(learner, fold, rounds)
        done = self.crew.ask(_learn_fold, self.shared, order, budget=budget)
        return replace(done.made, place=done.place)

    def ask(self, work: Work[Ground, Order, Made], order: Order, *, budget: Budget) -> Made:
        """Have other work done on the ground."""
        return self.crew.ask(work, self.shared, order, budget=budget).made


def _learn_fold(ground: Ground, order: FoldOrder, budget: Budget) -> Fit:
    return ground.fit(order.learner, order.fold, budget=budget, rounds=order.rounds)
