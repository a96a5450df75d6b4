"""Those in the blend learn again, from all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from modelwright.build.blending.frontier import allows, cost_of_program
from modelwright.build.racing.course import behind_s
from modelwright.build.racing.fits import Ground, Report
from modelwright.build.racing.outcomes import Outcome
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.compute.limits import Limits
from modelwright.compute.memory import release_grown_memory
from modelwright.compute.parallel import map_threads
from modelwright.errors import BudgetError, ModelwrightError
from modelwright.learners.base import Learner, Rows
from modelwright.learners.classes import fit_on_known
from modelwright.learners.recipe import Recipe
from modelwright.predictor.compose import blend_programs
from modelwright.predictor.program import Program
from modelwright.predictor.speed import program_bytes

_ENOUGH_ROUNDS = 0.8
"""With fewer of its rounds, what a learner learned on a fold is better."""
_LEAST_SHARE = 0.4
"""Of what a fold took: with less, nobody who learned again had enough of its rounds."""
_TOO_SHORT = "The time was too short for all rows."
_TOO_LARGE = "From all rows it is beyond the limits of the host."


@dataclass(frozen=True)
class Refit:
    """A member's program.

    Parameters
    ----------
    program
        What ships.
    rounds
        That it took; None where it is a fold's program.
    seconds
        Wall time.
    recipe
        How to learn it without modelwright; None where nobody has written that down.
    by_chance
        Whether another seed would give another program.
    fold
        Which fold's program it is; None where it learned from all rows.
    """

    program: Program
    rounds: int | None
    seconds: float = 0.0
    recipe: Recipe | None = None
    by_chance: bool = False
    fold: int | None = None

    @classmethod
    def of_fold(cls, outcome: Outcome) -> Self | None:
        """Return what a learner learned on a fold; None where nothing was kept."""
        if outcome.program is None:
            return None
        return cls(outcome.program, None, recipe=outcome.recipe, fold=outcome.fold)


def refit_members(
    outcomes: Sequence[Outcome],
    members: Sequence[int],
    site: Site,
    *,
    budget: Budget,
    seed: int,
    report: Report,
) -> dict[int, Refit]:
    """Let members learn again from all rows, the slowest first.

    A member without the time for it ships what it learned on a fold, which is most of the rows.

    Parameters
    ----------
    outcomes
        Of all learners.
    members
        Places of those that are in the blend.
    site
        All training rows, and who learns from them.
    budget
        For all of them.
    seed
        For the learners.
    report
        Told what happens, a sentence at a time.
    """
    slowest_first = sorted(members, key=lambda place: -outcomes[place].fold_s)
    names = ", ".join(outcomes[place].learner.title for place in members)
    report(f"Learning again from all rows: {names}")
    folds_s = [outcomes[place].fold_s for place in slowest_first]
    after_s = dict(zip(slowest_first, behind_s(folds_s, workers=site.workers), strict=True))

    def learn_again(place: int) -> Refit | None:
        # Nobody may use up the time of those that wait behind it.
        left_s = max(1e-3, budget.remaining_s - after_s[place])
        if left_s < _LEAST_SHARE * outcomes[place].fold_s:
            return _of_fold(outcomes[place], _TOO_SHORT, report)
        return _refit(outcomes[place], site, budget=Budget.start(left_s), seed=seed, report=report)

    made = map_threads(learn_again, slowest_first, workers=site.workers)
    found = dict(zip(slowest_first, made, strict=True))
    return {place: refit for place in members if (refit := found[place]) is not None}


def within_limits(
    refits: Mapping[int, Refit],
    outcomes: Sequence[Outcome],
    rows: Rows,
    *,
    limits: Limits,
    report: Report,
) -> dict[int, Refit]:
    """Return refits; of a blend beyond the limits, a fold's smaller program instead of some.

    A program grows with its rows and rounds, and the limits were asked of what folds gave.

    Parameters
    ----------
    refits
        What members learned from all rows.
    outcomes
        Of all learners.
    rows
        The first ones are answered to see how long that takes.
    limits
        Of the host.
    report
        Told what happens, a sentence at a time.
    """
    kept = dict(refits)
    for place in sorted(kept, key=lambda place: -program_bytes(kept[place].program)):
        blend = blend_programs([each.program for each in kept.values()], [1.0] * len(kept))
        if allows(limits, cost_of_program(blend, rows)):
            break
        refit, fold = kept[place], outcomes[place].program
        if refit.fold is not None or fold is None:
            continue
        if program_bytes(fold) < program_bytes(refit.program):
            kept[place] = _of_fold(outcomes[place], _TOO_LARGE, report) or refit
    return kept


def learn_from_all(
    outcome: Outcome, site: Site, *, budget: Budget, seed: int
) -> tuple[Refit, bool]:
    """Let a learner learn from all rows; say also whether the clock ended it.

    Raises
    ------
    ModelwrightError
        When it cannot, or not in time.
    """
    order = _AllRows(outcome.learner, outcome.rounds, seed)
    return site.ask(_learn, order, budget=budget)


@dataclass(frozen=True)
class _AllRows:
    """What a worker is asked to learn from all rows."""

    learner: Learner
    rounds: int | None
    seed: int


def _learn(ground: Ground, order: _AllRows, budget: Budget) -> tuple[Refit, bool]:
    ground.forget_folds()  # a worker elsewhere may still hold them
    release_grown_memory()
    began = budget.clock()
    fitted = fit_on_known(
        order.learner, ground.rows, rounds=order.rounds, budget=budget, seed=order.seed
    )
    refit = Refit(
        program=fitted.program,
        rounds=fitted.rounds,
        seconds=budget.clock() - began,
        recipe=fitted.recipe,
        by_chance=fitted.by_chance,
    )
    return refit, fitted.cut_short


def _refit(
    outcome: Outcome, site: Site, *, budget: Budget, seed: int, report: Report
) -> Refit | None:
    try:
        refit, cut_short = learn_from_all(outcome, site, budget=budget, seed=seed)
    except BudgetError:
        return _of_fold(outcome, _TOO_SHORT, report)
    except ModelwrightError as error:
        return _of_fold(outcome, str(error), report)
    if cut_short and (refit.rounds or 0) < _ENOUGH_ROUNDS * (outcome.rounds or 1):
        return _of_fold(outcome, _TOO_SHORT, report)
    return refit


def _of_fold(outcome: Outcome, reason: str, report: Report) -> Refit | None:
    title = outcome.learner.title
    refit = Refit.of_fold(outcome)
    kept = "what it learned on a fold is used" if refit else "left out"
    report(f"{title}: {kept}. {reason}")
    return refit
