"""What every learner has.

`build` calls `fit` once per fold, with the fold's other rows as `check_rows`, and once more on all
training rows with the number of rounds that the folds found best. A learner may assume that
numbers are float64 with NaN for missing, that the target has no missing value and that every class
of the task occurs at least once in `rows` (not in `check_rows`). It returns a program that reads
raw columns; it must respect the budget: stop early and return what it has, or raise BudgetError
when there is nothing to return.

A fit uses `THREADS` threads and must be safe beside other fits: `build` runs one per core.
"""

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task

THREADS = 1
"""Threads of a fit. Threads that meet after every node wait for each other, on a busy machine eight
times as long as one thread takes for the whole (measured: LightGBM, 100,000 rows, two cores); folds
side by side need no meeting, and one thread gives the same bits on any number of cores."""


@dataclass(frozen=True)
class Rows:
    """Training rows as a learner reads them.

    Parameters
    ----------
    schema
        The features only, in order.
    columns
        One array of length n per feature.
    target : ndarray of shape (n,)
        Indices of classes (int64) or numbers (float64), none missing.
    task
        What is predicted.
    weight : ndarray of shape (n,), optional
        How much each row counts; None for 1 each.
    """

    schema: Schema
    columns: Columns
    target: NDArray[np.int64] | NDArray[np.float64]
    task: Task
    weight: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.target)

    def take(self, indices: NDArray[np.intp]) -> Self:
        """Return some of the rows."""
        return replace(
            self,
            columns={name: values[indices] for name, values in self.columns.items()},
            target=self.target[indices],
            weight=None if self.weight is None else self.weight[indices],
        )


@dataclass(frozen=True)
class Fitted:
    """What a fit returns.

    Parameters
    ----------
    program
        Raw columns in; probabilities of shape (n, classes) or numbers of shape (n, 1) out.
    rounds
        Boosting rounds, trees or iterations that it used; 0 where there are none.
    cut_short
        Whether the budget ended it early.
    """

    program: Program
    rounds: int = 0
    cut_short: bool = False


class Learner(Protocol):
    """An unfitted recipe."""

    @property
    def name(self) -> str:
        """Identifier, for example ``"lightgbm"``."""

    @property
    def title(self) -> str:
        """What people read."""

    def suits(self, task: Task) -> bool:
        """Say whether it can learn such a task."""

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Learn from rows.

        Parameters
        ----------
        rows
            What to learn from.
        check_rows
            Rows for early stopping; never learned from.
        rounds
            Fix the number of rounds, as found before; None to choose it.
        budget
            The time there is.
        seed
            The same seed gives the same program.
        """
