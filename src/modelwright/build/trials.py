"""Learners on folds, inside the budget."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.build.classes import fit_on_known
from modelwright.compute.budget import Budget, format_duration
from modelwright.compute.parallel import cores, map_threads
from modelwright.errors import ModelwrightError
from modelwright.learners.base import Fitted, Learner, Rows
from modelwright.predictor.operations.base import Floats

Fold = tuple[NDArray[Any], NDArray[Any]]
"""Indices of rows to learn from, and of rows to score."""
Report = Callable[[str], None]
_Fit = tuple[Fitted, Floats]

_SHARE_OF_ONE = 0.5
"""Of the time left, what one learner may take while others wait."""
_SHARE_OF_LAST = 0.85
_REFIT_FOLDS = 1.6
"""What learning from all rows costs, in folds, with a margin; refits share the cores."""
_MORE_ROUNDS = 1.05
"""All rows bear a little more rounds than a fold's (what AutoML systems publish)."""


@dataclass(frozen=True)
class Outcome:
    """What one learner did on the folds.

    Parameters
    ----------
    answers : ndarray of shape (scored rows, outputs)
        Out of fold, in the order of the scored rows; None where the learner failed.
    rounds
        What to fix when it learns from all rows; None where it has no rounds.
    refit_s
        Seconds that this is expected to take.
    cut_short
        Whether the budget ended a fold early.
    failure
        Why there are no answers.
    """

    learner: Learner
    answers: Floats | None
    seconds: float
    rounds: int | None = None
    refit_s: float = 0.0
    cut_short: bool = False
    failure: str = ""


def scored_rows(folds: Sequence[Fold]) -> NDArray[np.int64]:
    """Return the rows that the folds score, each once, in rising order."""
    return np.unique(np.concatenate([check for _, check in folds]))


def try_learners(
    learners: Sequence[Learner],
    rows: Rows,
    folds: Sequence[Fold],
    *,
    budget: Budget,
    seed: int,
    report: Report,
) -> tuple[tuple[Outcome, ...], tuple[Fold, ...]]:
    """Try learners in their order, as long as the budget lasts.

    Every learner is scored on the same folds, so that scores compare; one fold runs on each core.
    The first learner shows whether the time is enough for all folds: when it is not, as many folds
    as there are cores must do.

    Parameters
    ----------
    learners
        In the order in which they are tried.
    rows, folds
        What to learn from, and how.
    budget
        Ends before answers have to be ready: refits are paid from it too.
    seed
        For the learners.
    report
        Told what happens, a sentence at a time.

    Returns
    -------
    outcomes, folds
        One outcome per learner, and the folds that were scored.
    """
    used: tuple[Fold, ...] = ()
    outcomes: list[Outcome] = []
    for position, learner in enumerate(learners):
        waiting = position + 1 < len(learners)
        clock = Budget.start(_allowance(budget, outcomes, waiting=waiting))
        if _answered(outcomes):
            outcome = try_learner(learner, rows, used, clock=clock, seed=seed)
        else:
            outcome, used = _try_first(learner, rows, tuple(folds), clock=clock, seed=seed)
        outcomes.append(outcome)
        report(_sentence(outcome))
    return tuple(outcomes), used or tuple(folds)


def try_learner(
    learner: Learner, rows: Rows, folds: Sequence[Fold], *, clock: Budget, seed: int
) -> Outcome:
    """Try one learner on folds that are settled.

    Parameters
    ----------
    learner, rows, folds
        What learns, and from what.
    clock
        The time for the folds and for learning again from all rows.
    seed
        For the learner.
    """
    try:
        fits = _fit_folds(learner, rows, folds, seconds=_per_fold(clock, folds), seed=seed)
    except ModelwrightError as error:
        return Outcome(learner, None, clock.elapsed_s, failure=str(error))
    return _outcome(learner, folds, fits, clock)


def refit(outcome: Outcome, rows: Rows, *, budget: Budget, seed: int) -> Fitted:
    """Let a learner learn from all rows, with the rounds that its folds found best."""
    return fit_on_known(outcome.learner, rows, rounds=outcome.rounds, budget=budget, seed=seed)


def _allowance(budget: Budget, outcomes: Sequence[Outcome], *, waiting: bool) -> float:
    promised = sum(outcome.refit_s for outcome in _answered(outcomes)) / cores()
    share = _SHARE_OF_ONE if waiting else _SHARE_OF_LAST
    return max(1e-3, (budget.remaining_s - promised) * share)


def _answered(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.answers is not None]


def _try_first(
    learner: Learner, rows: Rows, folds: tuple[Fold, ...], *, clock: Budget, seed: int
) -> tuple[Outcome, tuple[Fold, ...]]:
    """Try the first learner on the last folds, and on the others if what these took allows it."""
    last, others = folds[-cores() :], folds[: -cores()]
    try:
        fits = _fit_folds(learner, rows, last, seconds=_per_fold(clock, last), seed=seed)
        needed = clock.elapsed_s * (_turns(others) + _REFIT_FOLDS)
        if _any_cut_short(fits) or not clock.has(needed):
            return _outcome(learner, last, fits, clock), last
        more = _fit_folds(learner, rows, others, seconds=_per_fold(clock, others), seed=seed)
    except ModelwrightError as error:
        return Outcome(learner, None, clock.elapsed_s, failure=str(error)), folds
    return _outcome(learner, folds, [*more, *fits], clock), folds


def _outcome(
    learner: Learner, folds: Sequence[Fold], fits: Sequence[_Fit], clock: Budget
) -> Outcome:
    return Outcome(
        learner=learner,
        answers=_in_row_order(folds, [answers for _, answers in fits]),
        seconds=clock.elapsed_s,
        rounds=_rounds([fitted for fitted, _ in fits], folds),
        refit_s=clock.elapsed_s / _turns(folds) * _REFIT_FOLDS,
        cut_short=_any_cut_short(fits),
    )


def _turns(folds: Sequence[Fold]) -> int:
    return ceil(len(folds) / cores())


def _per_fold(clock: Budget, folds: Sequence[Fold]) -> float:
    """Return the seconds that a fold may take, so that there is time to learn from all rows too."""
    return clock.remaining_s / (_turns(folds) + _REFIT_FOLDS / cores())


def _any_cut_short(fits: Sequence[_Fit]) -> bool:
    return any(fitted.cut_short for fitted, _ in fits)


def _fit_folds(
    learner: Learner, rows: Rows, folds: Sequence[Fold], *, seconds: float, seed: int
) -> list[_Fit]:
    return map_threads(
        lambda fold: _fit_fold(learner, rows, fold, seconds=seconds, seed=seed),
        folds,
        workers=cores(),
    )


def _fit_fold(learner: Learner, rows: Rows, fold: Fold, *, seconds: float, seed: int) -> _Fit:
    check_rows = rows.take(fold[1])
    fitted = fit_on_known(
        learner,
        rows.take(fold[0]),
        check_rows=check_rows,
        budget=Budget.start(seconds),
        seed=seed,
    )
    return fitted, fitted.program.run(check_rows.columns)


def _in_row_order(folds: Sequence[Fold], answers: Sequence[Floats]) -> Floats:
    checked = np.concatenate([check for _, check in folds])
    return np.concatenate(answers)[np.argsort(checked, kind="stable")]


def _rounds(fits: Sequence[Fitted], folds: Sequence[Fold]) -> int | None:
    if not any(fitted.rounds for fitted in fits):
        return None
    # Folds that go forward in time grow: the later ones are nearer to all rows.
    sizes = [len(train) for train, _ in folds]
    mean = np.average([fitted.rounds for fitted in fits], weights=sizes)
    return max(1, round(float(mean) * _MORE_ROUNDS))


def _sentence(outcome: Outcome) -> str:
    took = format_duration(outcome.seconds)
    if outcome.answers is None:
        return f"{outcome.learner.title}: skipped after {took}. {outcome.failure}"
    return (
        f"{outcome.learner.title}: {took}{', cut short by the budget' if outcome.cut_short else ''}"
    )
