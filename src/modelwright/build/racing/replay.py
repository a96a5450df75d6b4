"""Work that is done again as it was recorded: no clock decides anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from modelwright.build.blending.frontier import Cost, Point
from modelwright.build.blending.refits import Refit, learn_from_all
from modelwright.build.racing.entry import Entry
from modelwright.build.racing.fits import Fit, Report
from modelwright.build.racing.outcomes import Outcome
from modelwright.build.racing.race import Raced
from modelwright.build.racing.schedule import learner_of
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.compute.parallel import map_threads
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

    def race(self, site: Site) -> Raced:
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
            return site.fit(
                entries[fit.name].learner,
                fit.fold or 0,
                budget=Budget.start(_ENDLESS_S),
                rounds=fit.rounds or None,
            )

        fits = map_threads(learn, recorded, workers=site.workers)
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
        self, outcomes: Sequence[Outcome], weights: Sequence[float], site: Site
    ) -> dict[int, tuple[Refit, ...]]:
        """Let those learn again from all rows that did so; of the others a fold's program ships."""
        members = [place for place, weight in enumerate(weights) if weight]
        recorded = [fit for fit in self.schedule.fits if fit.fold is None]
        places = {outcomes[place].learner.name: place for place in members}

        def learn(fit: ScheduledFit) -> Refit:
            again = replace(outcomes[places[fit.name]], rounds=fit.rounds or None)
            endless = Budget.start(_ENDLESS_S)
            refit, _ = learn_from_all(again, site, budget=endless, seed=self.seed + fit.repeat)
            return refit

        made = map_threads(learn, recorded, workers=site.workers)
        found: dict[int, tuple[Refit, ...]] = {}
        for place in members:
            outcome = outcomes[place]
            pairs = zip(recorded, made, strict=True)
            learned = tuple(refit for fit, refit in pairs if fit.name == outcome.learner.name)
            if not learned and (of_fold := Refit.of_fold(outcome)):
                learned = (of_fold,)
            if learned:
                found[place] = learned
        return found
