"""One learner on one fold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.compute.memory import release_grown_memory
from modelwright.learners.base import Learner, Rows
from modelwright.learners.classes import fit_on_known
from modelwright.learners.recipe import Recipe
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program

Fold = tuple[NDArray[Any], NDArray[Any]]
"""Indices of rows to learn from, and of rows to score."""
Report = Callable[[str], None]


@dataclass(frozen=True)
class Fit:
    """What a learner did on one fold.

    Parameters
    ----------
    fold
        Its number.
    answers : ndarray of shape (scored rows of the fold, outputs)
        To the rows that it did not learn from.
    rounds
        Boosting rounds, trees or epochs; 0 where there are none.
    seconds
        Wall time, answers included.
    cut_short
        Whether the clock ended it.
    program
        What it learned; None where nobody will ask for it.
    recipe
        How to learn it without modelwright; None where nobody has written that down.
    place
        Where it was done; empty for this machine.
    """

    fold: int
    answers: Floats
    rounds: int
    seconds: float
    cut_short: bool
    program: Program | None
    recipe: Recipe | None = None
    place: str = ""


@dataclass(frozen=True)
class Ground:
    """Training rows with their folds, each prepared once for all learners.

    Parameters
    ----------
    rows
        All training rows.
    folds
        Rows to learn from and rows to score, by index.
    seed
        For the learners.
    """

    rows: Rows
    folds: tuple[Fold, ...]
    seed: int

    def fold_rows(self, fold: int) -> tuple[Rows, Rows]:
        """Return the rows that a fold learns from and those it scores, the same at every call."""
        train, check = self.folds[fold]
        return self.rows.memo.of(
            ("fold", fold), lambda: (self.rows.take(train), self.rows.take(check))
        )

    def forget(self) -> None:
        """Give back the memory of what learners made of the folds."""
        self.rows.memo.clear()

    def forget_folds(self) -> None:
        """Give back the memory of the folds alone."""
        self.rows.memo.drop(("fold", fold) for fold in range(len(self.folds)))

    def fit(self, learner: Learner, fold: int, *, budget: Budget, rounds: int | None = None) -> Fit:
        """Let a learner learn one fold.

        Parameters
        ----------
        learner, fold
            What learns, and from which fold.
        budget
            Begins now.
        rounds
            As recorded when the same was done before; None to find them.

        Raises
        ------
        ModelwrightError
            When the learner cannot learn such rows, or not in time.
        """
        began = budget.clock()
        release_grown_memory()
        train, check = self.fold_rows(fold)
        fitted = fit_on_known(
            learner,
            train,
            check_rows=check if rounds is None else None,
            rounds=rounds,
            budget=budget,
            seed=self.seed,
        )
        answers = fitted.program.run(check.columns)
        return Fit(
            fold=fold,
            answers=answers,
            rounds=fitted.rounds,
            seconds=budget.clock() - began,
            cut_short=fitted.cut_short,
            program=fitted.program,
            recipe=fitted.recipe,
        )


def in_row_order(folds: Sequence[Fold], answers: Sequence[Floats]) -> Floats:
    """Return answers of folds, one after the other, in the order of the rows they belong to."""
    checked = np.concatenate([check for _, check in folds])
    return np.asarray(np.concatenate(answers)[np.argsort(checked, kind="stable")])


def scored_rows(folds: Sequence[Fold]) -> NDArray[np.int64]:
    """Return the rows that the folds score, each once, in rising order."""
    return np.unique(np.concatenate([check for _, check in folds]))
