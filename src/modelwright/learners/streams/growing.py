"""How long a booster grows on rows that came as a stream."""

import time
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from modelwright.compute.budget import Budget
from modelwright.compute.parallel import cores
from modelwright.errors import BudgetError, InputError
from modelwright.learners.base import THREADS, Fitted
from modelwright.learners.trees.boosting import USUAL_RATE, Lesson, hasten
from modelwright.learners.watch import Watch
from modelwright.predictor.program import Step

_PROBE_ROUNDS = 3
_PATIENCE = 20
_LOOK = 5
"""Rounds after which the rows that are set aside are asked."""
_SPENT = 0.8
"""Of the time, for rounds, as the first ones foresee them."""
_MOST_HASTE = 4.0

Value = TypeVar("Value")


class Growing(Protocol):
    """A booster, a round after another."""

    def grow(self) -> bool:
        """Grow the trees of a round, and say whether no more will."""

    def missed(self) -> float:
        """Return the loss on the rows that are set aside."""

    def steps(self, rounds: int) -> tuple[Step, ...]:
        """Return the steps to the raw score after some rounds."""


class InBins(Protocol):
    """Rows in the bins of a library."""

    @property
    def title(self) -> str:
        """Of the library."""

    @property
    def faults(self) -> type[Exception]:
        """What it raises when it refuses rows."""

    def begin(
        self, learner: Any, lesson: Lesson, *, rate: float, threads: int, seed: int
    ) -> Growing:
        """Return a booster without trees."""

    def agree(self, value: Value) -> Value:
        """Return what all go by who grow these trees together: each has a clock of its own."""


@dataclass(frozen=True)
class Recorded:
    """What a fit took, so that it can be done again.

    Parameters
    ----------
    rounds
        Of boosting.
    rate
        What each tree counts for.
    """

    rounds: int
    rate: float


@dataclass(frozen=True)
class Pupil:
    """A learner with rows in its bins.

    Parameters
    ----------
    learner
        LightGBM or XGBoost, with its parameters.
    lesson
        Encoding, unit, loss and the size of trees, learned from the rows of the sample.
    bins
        All rows.
    seed
        For the learner.
    """

    learner: Any
    lesson: Lesson
    bins: InBins
    seed: int

    def fit(
        self, *, usual_rounds: int, recorded: Recorded | None, budget: Budget
    ) -> tuple[Fitted, Recorded]:
        """Grow trees until the rows set aside gain nothing or the time is over.

        Parameters
        ----------
        usual_rounds
            That the sample took. Where the time allows fewer, each counts for more.
        recorded
            Do again what was done before, however long it takes; None to find it.
        budget
            The time for rounds.

        Raises
        ------
        BudgetError
            When the time ends before the first round.
        InputError
            When the library refuses the rows.
        """
        try:
            if recorded is None:
                growing, recorded = self._found(usual_rounds, budget)
            else:
                growing = self._begin(recorded.rate, THREADS)
                for _ in range(recorded.rounds):
                    growing.grow()
            steps = growing.steps(recorded.rounds)
        except self.bins.faults as error:
            raise InputError(
                f"{self.bins.title} could not learn from the stream: {error}."
            ) from error
        return Fitted(self.lesson.program(steps), recorded.rounds, by_chance=True), recorded

    def _found(self, usual_rounds: int, budget: Budget) -> tuple[Growing, Recorded]:
        rate = hasten(self.learner.rate, self.lesson.task)
        threads, pace_s = self._pace(rate)
        allowed = max(1.0, _SPENT * budget.remaining_s / pace_s)
        rate *= self.bins.agree(min(max(1.0, usual_rounds / allowed), _MOST_HASTE))
        growing = self._begin(rate, threads)
        return growing, Recorded(self._boost(growing, rate, budget), rate)

    def _begin(self, rate: float, threads: int) -> Growing:
        return self.bins.begin(
            self.learner, self.lesson, rate=rate, threads=threads, seed=self.seed
        )

    def _pace(self, rate: float) -> tuple[int, float]:
        """Return how many threads are quickest, and the seconds of a round.

        On a busy machine threads that meet after every node wait for each other longer than one
        takes alone. The trees are the same with any number.
        """
        paces = {}
        for threads in sorted({THREADS, cores()}):
            probe = self._begin(rate, threads)
            began = time.monotonic()
            for _ in range(_PROBE_ROUNDS):
                probe.grow()
            paces[threads] = (time.monotonic() - began) / _PROBE_ROUNDS
        return self.bins.agree(min(paces.items(), key=lambda each: each[1]))

    def _boost(self, growing: Growing, rate: float, budget: Budget) -> int:
        patience = round(_PATIENCE * max(1.0, USUAL_RATE / rate))
        watch = Watch(budget.reserve(0.1 * budget.remaining_s), patience)
        while watch.rounds < self.lesson.size.rounds:
            if growing.grow():
                break
            looks = (watch.rounds + 1) % _LOOK == 0
            if self.bins.agree(watch.stops(growing.missed() if looks else None)):
                break
        if not watch.best:
            raise BudgetError("There was no time for a single round.")
        return watch.best
