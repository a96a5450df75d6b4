"""What every learner has.

`build` calls `fit` once per fold, with the fold's other rows as `check_rows`, and once more on all
training rows with the number of rounds that the folds found best. A learner may assume that
numbers are float64 with NaN for missing, that the target has no missing value and that every class
of the task occurs at least once in `rows` (not in `check_rows`). It returns a program that reads
raw columns; it must respect the budget: stop early and return what it has, or raise BudgetError
when there is nothing to return.

Learners of one family share what they make of rows (a matrix, its bins) through `Rows.memo`; the
rows held back are always the same for the same rows to learn from. What depends on the loss, on
the seed or on a parameter has it in its key.

A fit uses `THREADS` threads and must be safe beside other fits: `build` runs one per core.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.learners.loss import SQUARED, Loss
from modelwright.learners.memo import Memo
from modelwright.learners.recipe import Recipe
from modelwright.predictor.operations.base import Value
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
        How much each row counts; None for 1 each, and so where no row has any: there is no mean
        of what counts nothing.
    loss
        What a learner of numbers is to keep small; classes are always learned by log-loss.
    forward
        Whether the rows that will be asked about come later than these, as in a split by time.
    memo
        What learners made of these rows, so that the next one need not make it again.
    """

    schema: Schema
    columns: Columns
    target: NDArray[np.int64] | NDArray[np.float64]
    task: Task
    weight: NDArray[np.float64] | None = None
    loss: Loss = SQUARED
    forward: bool = False
    memo: Memo = field(default_factory=Memo, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.weight is not None and not self.weight.any():
            object.__setattr__(self, "weight", None)

    def __len__(self) -> int:
        return len(self.target)

    @property
    def origin(self) -> "tuple[Rows, NDArray[np.intp]] | None":
        """The rows that these were taken from, and which ones; None where these are all there are.

        What is made of each row by itself need be made only once for all folds.
        """
        taken = self.columns
        return (taken.rows, taken.indices) if isinstance(taken, _Taken) else None

    def take(self, indices: NDArray[np.intp]) -> Self:
        """Return some of the rows; their columns are copied only when they are read."""
        return replace(
            self,
            columns=_Taken(self, indices),
            target=self.target[indices],
            weight=None if self.weight is None else self.weight[indices],
            memo=Memo(),
        )


@dataclass(frozen=True)
class _Taken(Mapping[str, Value]):
    """Some rows of columns. Folds that each copied the table would need it many times over."""

    rows: Rows
    indices: NDArray[np.intp]

    def __getitem__(self, name: str) -> Value:
        return self.rows.columns[name][self.indices]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows.columns)

    def __len__(self) -> int:
        return len(self.rows.columns)


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
        Whether the budget ended it early. What it has then is what a fit with that number of
        rounds gives, bit for bit: a build is replayed from the rounds.
    recipe
        How to learn it again without modelwright; None where nobody has written that down.
    by_chance
        Whether another seed would give another program.
    """

    program: Program
    rounds: int = 0
    cut_short: bool = False
    recipe: Recipe | None = None
    by_chance: bool = False


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
