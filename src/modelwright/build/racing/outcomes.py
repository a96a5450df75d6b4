"""What each learner did in the race, and what of it is compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.build.racing.entry import Entry
from modelwright.build.racing.fits import Fit, Fold, Ground, in_row_order
from modelwright.build.racing.race import Raced
from modelwright.learners.base import Learner
from modelwright.learners.recipe import Recipe
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program

_MORE_ROUNDS = 1.05
"""All rows bear a little more rounds than a fold's (what AutoML systems publish)."""


@dataclass(frozen=True)
class Outcome:
    """What one learner did on the folds.

    Parameters
    ----------
    answers : ndarray of shape (scored rows, outputs)
        Out of fold, in the order of the scored rows; None where there are none.
    rounds
        What to fix when it learns from all rows; None where it has no rounds.
    fold_s
        Seconds that a fold took.
    cut_short
        Whether the budget ended a fold early.
    failure
        Why there are no answers.
    program
        What it learned on one fold, for when there is no time to learn from all rows.
    recipe
        How to learn that without modelwright; None where nobody has written it down.
    fold
        Which fold that is.
    """

    learner: Learner
    answers: Floats | None
    seconds: float
    rounds: int | None = None
    fold_s: float = 0.0
    cut_short: bool = False
    failure: str = ""
    program: Program | None = None
    recipe: Recipe | None = None
    fold: int | None = None


def outcomes_of(raced: Raced, ground: Ground) -> tuple[Outcome, ...]:
    """Return one outcome per learner of a race, on the folds that compare them."""
    return tuple(_outcome(entry, raced.folds, ground) for entry in raced.entries)


def _outcome(entry: Entry, folds: Sequence[int], ground: Ground) -> Outcome:
    if not entry.failure and entry.has(folds):
        return _of_fits(entry.learner, [entry.fits[fold] for fold in folds], ground)
    seconds = sum((fit.seconds for fit in entry.fits.values()), start=0.0)
    return Outcome(entry.learner, None, seconds, failure=entry.failure or _why(entry))


def _why(entry: Entry) -> str:
    if not entry.begun:
        return "No time was left for it."
    return "Others were ahead, or the time was over."


def _of_fits(learner: Learner, fits: Sequence[Fit], ground: Ground) -> Outcome:
    seconds = sum(fit.seconds for fit in fits)
    folds = [ground.folds[fit.fold] for fit in fits]
    # A race keeps the program of the last fold only, a replay all of them.
    kept = next((fit for fit in reversed(fits) if fit.program is not None), None)
    return Outcome(
        learner=learner,
        answers=in_row_order(folds, [fit.answers for fit in fits]),
        seconds=seconds,
        rounds=_rounds(fits, folds),
        fold_s=seconds / len(fits),
        cut_short=any(fit.cut_short for fit in fits),
        program=kept.program if kept else None,
        recipe=kept.recipe if kept else None,
        fold=kept.fold if kept else None,
    )


def _rounds(fits: Sequence[Fit], folds: Sequence[Fold]) -> int | None:
    if not any(fit.rounds for fit in fits):
        return None
    # Folds that go forward in time grow: the later ones are nearer to all rows.
    sizes = [len(train) for train, _ in folds]
    mean = np.average([fit.rounds for fit in fits], weights=sizes)
    return max(1, round(float(mean) * _MORE_ROUNDS))
