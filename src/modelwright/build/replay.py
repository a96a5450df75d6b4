"""Work that is done again as it was recorded: no clock decides anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from modelwright.build.classes import fit_on_known
from modelwright.build.fits import Fit, Ground, Report
from modelwright.build.frontier import Cost, Point
from modelwright.build.outcomes import Outcome
from modelwright.build.race import Entry, Raced
from modelwright.build.refits import Refit
from modelwright.build.schedule import learner_of
from modelwright.compute.budget import Budget
from modelwright.compute.parallel import cores, map_threads
from modelwright.documents import Schedule, ScheduledFit
from modelwright.learners.base import Rows

_ENDLESS_S = 1e9


@dataclass(frozen=True)
class Replay:
    """Every fit of a schedule with its recorded rounds, and the recorded blend.

    Parameters
    ----------
    schedule
        What was done.
    seed
        Of the build that was recorded.
    report
        Told what happens, a sentence at a time.
    """

    schedule: Schedule
    seed: int
    report: Report

    def race(self, ground: Ground) -> Raced:
        """Learn what was learned from folds."""
        recorded = [fit for fit in self.schedule.fits if fit.fold is not None]
        tried = {fit.name for fit in recorded}
        entries = {
            each.name: Entry(learner_of(each))
            for each in self.schedule.configurations
            if each.name in tried
        }
        self.report(f"Learning again what was recorded: {len(recorded)} fits")

        def learn(fit: ScheduledFit) -> Fit:
            return ground.fit(
                entries[fit.name].learner,
                fit.fold or 0,
                budget=Budget.start(_ENDLESS_S),
                rounds=fit.rounds or None,
            )

        fits = map_threads(learn, recorded, workers=cores())
        for record, fit in zip(recorded, fits, strict=True):
            entries[record.name].fits[fit.fold] = fit
        named = tuple((each.name, fit) for each, fit in zip(recorded, fits, strict=True))
        return Raced(tuple(entries.values()), self.schedule.folds, named)

    def weigh(
        self, truth: NDArray[Any], outcomes: Sequence[Outcome], rows: Rows
    ) -> tuple[Point, ...]:
        """Return the recorded blend."""
        found = (self.schedule.weights.get(each.learner.name, 0.0) for each in outcomes)
        weights = tuple(found)
        return (Point(weights, float("nan"), Cost(0.0, 0, 0), chosen=True),) if any(weights) else ()

    def refit(
        self, outcomes: Sequence[Outcome], members: Sequence[int], rows: Rows
    ) -> dict[int, Refit]:
        """Let those learn again from all rows that did so; of the others a fold's program ships."""
        rounds = {fit.name: fit.rounds for fit in self.schedule.fits if fit.fold is None}

        def learn(place: int) -> Refit | None:
            outcome = outcomes[place]
            if outcome.learner.name not in rounds:
                return None if outcome.program is None else Refit(outcome.program, None)
            wanted = rounds[outcome.learner.name]
            fitted = fit_on_known(
                outcome.learner,
                rows,
                rounds=wanted or None,
                budget=Budget.start(_ENDLESS_S),
                seed=self.seed,
            )
            return Refit(fitted.program, fitted.rounds, recipe=fitted.recipe)

        made = map_threads(learn, members, workers=cores())
        return {
            place: refit for place, refit in zip(members, made, strict=True) if refit is not None
        }
