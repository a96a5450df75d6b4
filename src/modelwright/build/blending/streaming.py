"""What a blend learned from a sample is learned again from all rows, as a stream, where that pays.

The boosters of the blend that the sample has chosen learn from every row; the blend is weighed
anew on rows that were set aside, and stays as it was unless it is better there with confidence.
"""

from dataclasses import dataclass, replace

import msgspec
import numpy as np

from modelwright.build.blending.able import Booster, boosters_of
from modelwright.build.blending.frontier import allows, cost_of_program
from modelwright.build.blending.further import Stream, Survey
from modelwright.build.blending.teaching import Reading, Teaching, recorded_of
from modelwright.build.blending.weighing import Weighing
from modelwright.build.engine import Built
from modelwright.build.question import Question
from modelwright.build.racing.fits import Report
from modelwright.build.racing.outcomes import Outcome
from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.documents import Outlook, Streaming
from modelwright.errors import BudgetError, ModelwrightError
from modelwright.learners.base import Rows
from modelwright.learners.classes import fit_on_known
from modelwright.predictor.program import Program
from modelwright.tasks.answers import as_taken
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import paired_difference

_STOPPING_ROWS = 20_000
_RESAMPLES = 200
_ENDLESS_S = 1e9


def may_pay(outlook: Outlook | None) -> bool:
    """Say whether more rows may pay, by the learning curve of the findings.

    Examples
    --------
    >>> may_pay(None)
    True
    """
    return outlook is None or not outlook.growth or outlook.growth[-1].gain.value > 0


@dataclass(frozen=True)
class Streamer:
    """Lets a blend learn from further rows.

    Parameters
    ----------
    question
        Metric, costs and limits.
    rows
        The sample's.
    stream
        The others.
    budget
        For all of it.
    report
        Told what happens, a sentence at a time.
    crew
        Its workers may divide rows that this process cannot hold; None for nobody.
    """

    question: Question
    rows: Rows
    stream: Stream
    budget: Budget
    report: Report
    crew: Crew | None = None

    def extend(self, built: Built) -> tuple[Built, Streaming]:
        """Return the better of what was built and what all rows teach, and what was done."""
        try:
            return self._extended(built)
        except ModelwrightError as error:
            self.report(f"The rows beyond the sample were not learned from. {error}")
            return built, Streaming(sentence=f"The sample stays: {error}")

    def repeat(self, built: Built, recorded: Streaming) -> Built:
        """Learn again what was learned from the stream, however long it takes."""
        if not recorded.used:
            return built
        endless = replace(self, budget=Budget.start(_ENDLESS_S))
        survey, check = endless._survey()
        boosters = (each for each in boosters_of(built) if recorded_of(recorded, each.name))
        parts = max((fit.parts for fit in recorded.fits), default=1)
        reading = Reading(tuple(boosters), recorded.share, parts)
        learned, _ = endless._teaching.learn(reading, survey, check, done=recorded)
        return Weighing(self.question, built, learned, check).blend(recorded.weights)

    def _extended(self, built: Built) -> tuple[Built, Streaming]:
        boosters = boosters_of(built)  # without one, nothing need be read
        self.report("Reading the rows beyond the sample")
        began = self.budget.clock()
        survey, check = self._survey()
        read_s = (self.budget.clock() - began) / survey.there
        told = Streaming(sentence="", there=survey.there, checked=len(check))
        grew = self._grew(built, boosters[0], check)
        told = msgspec.structs.replace(told, grew=grew)
        if grew.low <= 0:
            sentence = (
                f"The sample stays: its rows brought {_signed(grew)} over a quarter of them, "
                f"which is nothing for certain; {survey.there:,} more would bring less."
            )
            return built, msgspec.structs.replace(told, sentence=sentence)
        reading = self._teaching.reading(boosters, survey, read_s)
        learned_rows = survey.of(reading.share)
        told = msgspec.structs.replace(told, share=reading.share, learned=learned_rows)
        self.report(f"Learning from {told.learned:,} rows beyond the sample")
        learned, fits = self._teaching.learn(reading, survey, check, done=None)
        weighing = Weighing(self.question, built, learned, check)
        weights = weighing.weights()
        better = weighing.blend(weights)
        gain = self._gain(better.program, built.program, weighing.unseen)
        told = msgspec.structs.replace(told, fits=fits, weights=weights, gain=gain)
        return self._decided(built, better, told)

    def _decided(self, built: Built, better: Built, told: Streaming) -> tuple[Built, Streaming]:
        assert told.gain is not None
        of = f"{told.learned:,} of {told.there:,} rows beyond the sample"
        if (parts := max(fit.parts for fit in told.fits)) > 1:
            of = f"{of}, divided among {parts} workers"
        brought = f"{_signed(told.gain)} on {told.checked // 2:,} rows set aside"
        if told.gain.low <= 0 or not _may_ship(better.program, self.question, self.rows):
            why = (
                "is no better for certain" if told.gain.low <= 0 else "is beyond the host's limits"
            )
            return built, msgspec.structs.replace(
                told, sentence=f"The sample stays: what {of} taught {why} ({brought})."
            )
        return better, msgspec.structs.replace(
            told, used=True, sentence=f"The model learned from {of}: {brought}, better for certain."
        )

    @property
    def _teaching(self) -> Teaching:
        return Teaching(
            self.rows, self.stream, self.budget, self.question.seed, self.crew, self.report
        )

    def _survey(self) -> tuple[Survey, Rows]:
        survey = self.stream.survey()
        if survey.check is None or not survey.there:
            raise BudgetError(
                "None of the rows beyond it could be set aside for checks.",
                "The groups that keep rows together are all in the sample already.",
            )
        return survey, survey.check

    def _grew(self, built: Built, booster: Booster, check: Rows) -> Interval:
        """Return what the sample is better than a quarter of it, asked on rows beyond both."""
        outcome = booster.outcome
        quarter = np.random.default_rng(self.question.seed).permutation(len(self.rows))
        fitted = fit_on_known(
            outcome.learner,
            self.rows.take(np.sort(quarter[: len(quarter) // 4])),
            check_rows=check.take(np.arange(min(len(check), _STOPPING_ROWS))),
            budget=self.budget.share(0.25),
            seed=self.question.seed,
        )
        return self._gain(self._whole(built, outcome), fitted.program, check)

    def _whole(self, built: Built, outcome: Outcome) -> Program:
        place = built.outcomes.index(outcome)
        if place in built.refits:
            return built.refits[place][0].program
        return fit_on_known(
            outcome.learner,
            self.rows,
            rounds=outcome.rounds,
            budget=self.budget.share(0.25),
            seed=self.question.seed,
        ).program

    def _gain(self, better: Program, program: Program, rows: Rows) -> Interval:
        metric = self.question.metric
        taken = [
            as_taken(metric, each.run(rows.columns), rule=each.rule) for each in (better, program)
        ]
        return paired_difference(
            metric, rows.target, *taken, resamples=_RESAMPLES, seed=self.question.seed
        )


def _may_ship(program: Program, question: Question, rows: Rows) -> bool:
    return not question.limits.any or allows(
        question.limits.with_room, cost_of_program(program, rows)
    )


def _signed(gain: Interval) -> str:
    return f"{gain.value:+.4g} ({gain.low:+.4g} to {gain.high:+.4g})"
