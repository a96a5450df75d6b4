"""A path of penalties from strong to weak: each step begins where the one before it ended."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.learners.lines.descent import Descent, Problem
from modelwright.predictor.operations.base import Floats

PATIENCE = 2
"""Steps of the path without gain before it ends."""


class Descend(Protocol):
    """Minimises a penalised loss, as `descent.descend` does."""

    def __call__(
        self,
        problem: Problem,
        start: Floats,
        *,
        penalty: float,
        out_of_time: Callable[[], bool],
    ) -> Descent:
        """Return where the descent ended."""


@dataclass(frozen=True)
class Found:
    """Where a walk ended.

    Parameters
    ----------
    coefficients : ndarray of shape (width, outputs)
    rounds
        Steps of the path.
    cut_short
        Whether the clock ended it.
    """

    coefficients: Floats
    rounds: int
    cut_short: bool


@dataclass(frozen=True)
class Path:
    """A way from a strong penalty to a weak one.

    Parameters
    ----------
    problem
        The rows to learn from.
    penalties
        One for each step.
    descend
        Minimises the loss with one of them.
    start : ndarray of shape (width, outputs)
        Where the first step begins.
    """

    problem: Problem
    penalties: tuple[float, ...]
    descend: Descend
    start: Floats

    def walk_to(self, rounds: int, budget: Budget) -> Found:
        """Walk the same way as the search did."""
        at = Found(self.start, 0, False)
        for _ in range(min(rounds, len(self.penalties))):
            after = self._step(at, budget)
            if after.cut_short and at.rounds:
                return replace(at, cut_short=True)
            at = after
        return at

    def walk_while_better(self, check: Problem, budget: Budget) -> Found:
        """Walk until rows held back gain no more; return the best step."""
        at = Found(self.start, 0, False)
        best, least = at, np.inf
        for rounds in range(1, len(self.penalties) + 1):
            after = self._step(at, budget)
            if after.cut_short and at.rounds:
                # A step that the clock has ended cannot be done again bit for bit.
                return replace(best, cut_short=True)
            at = after
            loss = check.loss(at.coefficients)
            if loss < least:
                best, least = at, loss
            if at.cut_short or rounds - best.rounds >= PATIENCE:
                break
        return replace(best, cut_short=at.cut_short)

    def _step(self, at: Found, budget: Budget) -> Found:
        # The first step has the strongest penalty and is short: it is not ended by the clock.
        end = self.descend(
            self.problem,
            at.coefficients,
            penalty=self.penalties[at.rounds],
            out_of_time=lambda: bool(at.rounds) and budget.remaining_s <= 0,
        )
        return Found(end.coefficients, at.rounds + 1, end.cut_short)
