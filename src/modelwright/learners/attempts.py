"""Quick fits that compare something, done by a crew: learn some rows, answer others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew, Shared, ask_all
from modelwright.compute.memory import release_grown_memory
from modelwright.learners.base import Learner, Rows
from modelwright.learners.classes import fit_on_known
from modelwright.predictor.operations.base import Floats

_LONG_S = 3600.0


@dataclass(frozen=True)
class Attempt:
    """What is asked of a worker.

    Parameters
    ----------
    learner
        What learns.
    learned, asked : ndarray of shape (k,)
        Which rows it learns from, and which it answers.
    rounds
        Of boosting; None for as many as the learner usually takes.
    seed
        Of the learner.
    """

    learner: Learner
    learned: NDArray[np.intp]
    asked: NDArray[np.intp]
    rounds: int | None
    seed: int


@dataclass(frozen=True)
class Practice:
    """Rows that a crew knows.

    Parameters
    ----------
    crew
        Who learns.
    shared
        The rows, as the crew has them.
    """

    crew: Crew
    shared: Shared[Rows]

    @classmethod
    def open(cls, rows: Rows, crew: Crew) -> "Practice":
        """Share rows with a crew."""
        return cls(crew, crew.share(rows))

    def answers(self, attempts: Sequence[Attempt]) -> list[Floats]:
        """Return what each attempt answers to the rows that it is asked, in the same order.

        Raises
        ------
        LearnerError
            When a learner refuses such rows.
        """
        budget = Budget.start(_LONG_S)
        return ask_all(self.crew, _answered, self.shared, attempts, budget=budget)


def _answered(rows: Rows, attempt: Attempt, budget: Budget) -> NDArray[Any]:
    release_grown_memory()  # what the fit before has freed is not held beside this one
    fitted = fit_on_known(
        attempt.learner,
        rows.take(attempt.learned),
        rounds=attempt.rounds,
        budget=budget,
        seed=attempt.seed,
    )
    return fitted.program.run(rows.take(attempt.asked).columns)
