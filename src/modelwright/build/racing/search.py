"""Work that is done for the first time: the clock decides how far it goes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import aim_at, bare
from modelwright.build.aims.aims import aims_for
from modelwright.build.blending.blend import worth_blending
from modelwright.build.blending.frontier import (
    Members,
    Point,
    cost_of_program,
    draw_frontier,
)
from modelwright.build.blending.refits import Refit, refit_members, within_limits
from modelwright.build.blending.repeats import repeat_members
from modelwright.build.racing.entry import Entry
from modelwright.build.racing.fits import Report
from modelwright.build.racing.outcomes import Outcome
from modelwright.build.racing.race import Race, Raced
from modelwright.build.racing.supply import Supply, most_configurations
from modelwright.build.site import Site
from modelwright.build.trend.trend import Trend
from modelwright.compute.budget import Budget
from modelwright.compute.limits import NO_LIMITS, Limits
from modelwright.learners.base import Learner, Rows
from modelwright.learners.portfolio import can_vary, family_of
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import METRICS, Metric

_WEIGHING_SHARE = 0.03
"""Of the time, for choosing the blend, so that enough is left to learn again from all rows."""


@dataclass(frozen=True)
class Search:
    """Learners race, the best are weighed and learn again, while the budget lasts.

    Parameters
    ----------
    metric
        What is improved.
    learners
        Configurations, in the order in which they are tried.
    budget
        For all of it.
    seed
        For learners and samples.
    report
        Told what happens, a sentence at a time.
    limits
        Of the host.
    trend
        That the target follows; None for none.
    """

    metric: Metric
    learners: tuple[Learner, ...]
    budget: Budget
    seed: int
    report: Report
    limits: Limits = NO_LIMITS
    trend: Trend | None = None

    def race(self, site: Site) -> Raced:
        """Let the learners race on folds."""
        rows = site.ground.rows
        learners = [each for each in self.learners if each.suits(rows.task)]
        # The usual aim shows best what a fold costs.
        aims = sorted(self._aims(rows), key=lambda aim: bool(aim.title))
        if not rows.task.is_classification and learners:
            first, *others = learners
            learners = [
                *(aim_at(first, aim) for aim in aims),
                *(aim_at(each, aims[0]) for each in others),
            ]
        race = Race(
            site=site,
            metric=proper(self.metric),
            entries=[Entry(each) for each in learners],
            budget=self.budget.reserve(_WEIGHING_SHARE * self.budget.seconds),
            report=self.report,
            pilots=len(aims),
            supply=_supply(learners, rows=len(rows), seed=self.seed),
        )
        return race.run()

    def _aims(self, rows: Rows) -> tuple[Aim, ...]:
        return tuple(replace(aim, trend=self.trend) for aim in aims_for(self.metric, rows))

    def weigh(
        self, truth: NDArray[Any], outcomes: Sequence[Outcome], rows: Rows
    ) -> tuple[Point, ...]:
        """Return the frontier of blends, one of them chosen; none where nothing has answers."""
        metric = proper(self.metric)
        able = _able(outcomes)
        if self.limits == NO_LIMITS:
            able = _worth_blending(able, metric, truth)
        if not able:
            return ()
        members = Members(
            tuple(each.answers for each in able),
            tuple(cost_of_program(each.program, rows) for each in able),
        )
        frontier = draw_frontier(metric, truth, members, limits=self.limits, seed=self.seed)
        places = [each.place for each in able]
        return tuple(
            replace(point, weights=_spread(point, places, len(outcomes))) for point in frontier
        )

    def refit(
        self, outcomes: Sequence[Outcome], weights: Sequence[float], site: Site
    ) -> dict[int, tuple[Refit, ...]]:
        """Let the members of the blend learn again from all rows, some with several seeds."""
        members = [place for place, weight in enumerate(weights) if weight]
        refits = refit_members(
            outcomes, members, site, budget=self.budget, seed=self.seed, report=self.report
        )
        if self.limits != NO_LIMITS:
            kept = within_limits(
                refits, outcomes, site.ground.rows, limits=self.limits, report=self.report
            )
            return {place: (refit,) for place, refit in kept.items()}
        return repeat_members(
            outcomes,
            refits,
            site,
            weights=weights,
            budget=self.budget,
            seed=self.seed,
            report=self.report,
        )


def _supply(learners: Sequence[Learner], *, rows: int, seed: int) -> Supply | None:
    """Return where more learners come from, if so many rows can tell more of them apart."""
    most = most_configurations(rows)
    if most <= len(learners) or not can_vary(learners):
        return None
    # Its library takes a third of a second to import.
    from modelwright.build.racing.proposals import Proposals

    return Supply(
        Proposals([bare(each) for each in learners], seed), most=most, began_with=len(learners)
    )


@dataclass(frozen=True)
class _Able:
    """An outcome that can be a member of a blend."""

    place: int
    family: str
    answers: Floats
    program: Program


def _able(outcomes: Sequence[Outcome]) -> list[_Able]:
    return [
        _Able(place, family_of(outcome.learner), outcome.answers, outcome.program)
        for place, outcome in enumerate(outcomes)
        if outcome.answers is not None and outcome.program is not None
    ]


def _worth_blending(able: Sequence[_Able], metric: Metric, truth: NDArray[Any]) -> list[_Able]:
    sign = -1.0 if metric.direction == "maximize" else 1.0
    losses = [sign * score_answers(metric, truth, each.answers) for each in able]
    return [able[place] for place in worth_blending(losses, [each.family for each in able])]


def _spread(point: Point, able: Sequence[int], outcomes: int) -> tuple[float, ...]:
    """Return weights with a 0 for each outcome that has no answers."""
    weights = np.zeros(outcomes)
    weights[list(able)] = point.weights
    return tuple(float(weight) for weight in weights)


def proper(metric: Metric) -> Metric:
    """Return what a blend is chosen by: probabilities where classes are too coarse."""
    return METRICS["log_loss"] if metric.takes == "classes" else metric
