"""Boosters of the blend learn again, from the sample and from the rows beyond it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.build.able import Booster
from modelwright.build.further import BUCKETS, Stream, Survey
from modelwright.build.weighing import STREAMED
from modelwright.compute.budget import Budget
from modelwright.compute.memory import held_memory, release_memory
from modelwright.documents import StreamedFit, Streaming
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.faults import faults_told
from modelwright.learners.streams.growing import Pupil, Recorded
from modelwright.learners.streams.reading import bytes_of_row, lesson_for, stream_into_bins
from modelwright.predictor.program import Program

_READING_SHARE = 0.4
"""Of the time left, for putting rows into bins; the rest is for trees."""
_PACE_ROWS = 20_000
_KEPT_BYTES, _KEPT_SHARE = 300_000_000, 0.25
"""Of the memory, for pieces, trees and answers."""
_LEAST_SHARE = 0.02
_MORE_ROUNDS = 1.3
"""Many more rows bear more rounds."""


@dataclass(frozen=True)
class Reading:
    """Who learns from how many rows.

    Parameters
    ----------
    boosters
        They share one reading.
    share
        Of the rows beyond the sample.
    """

    boosters: tuple[Booster, ...]
    share: float


@dataclass(frozen=True)
class Teaching:
    """The rows of a sample, and those beyond it.

    Parameters
    ----------
    rows
        The sample's.
    stream
        The others.
    budget
        For all of it.
    seed
        Of the question.
    """

    rows: Rows
    stream: Stream
    budget: Budget
    seed: int

    def reading(self, boosters: Sequence[Booster], survey: Survey, read_s: float) -> Reading:
        """Return which boosters may learn, and from which share of the rows, in steps.

        Two libraries each hold the rows in bins: the second one learns too where memory lets it,
        without one row less for the first.

        Parameters
        ----------
        boosters
            The weightiest first.
        survey
            What there is.
        read_s
            What reading a row takes.

        Raises
        ------
        BudgetError
            When there is too little time or memory to learn from a share worth it.
        """
        self.rows.memo.clear()
        first = [each for each in boosters if type(each.learner) is type(boosters[0].learner)]
        by_memory, by_time = self._allowed(first, survey, read_s)
        if len(first) < len(boosters) and by_memory > 1:
            both, _ = self._allowed(boosters, survey, read_s)
            first = [*boosters] if both >= 1 else first
        share = min(1.0, by_memory, by_time)
        if share < _LEAST_SHARE:
            scarce = "time" if by_time < _LEAST_SHARE else "memory"
            raise BudgetError(f"There was too little {scarce} for the {survey.there:,} rows.")
        return Reading(tuple(first), int(share * BUCKETS) / BUCKETS)

    def learn(
        self, reading: Reading, survey: Survey, check: Rows, *, done: Streaming | None
    ) -> tuple[dict[str, Program], tuple[StreamedFit, ...]]:
        """Let boosters learn from the stream; one reading serves all of them.

        Parameters
        ----------
        reading
            Who, and from how many rows.
        survey
            What there is.
        check
            Tells where to stop.
        done
            Do again what was done before; None to find it.
        """
        boosters, first = reading.boosters, reading.boosters[0]
        with faults_told(first.learner):
            pupils = stream_into_bins(
                [each.learner for each in boosters],
                (first.aimed(rows) for rows in self.stream.learned(reading.share)),
                count=survey.of(reading.share),
                sample=first.aimed(self.rows),
                check=first.aimed(check),
                budget=self.budget,
                seed=self.seed,
            )
            return self._grow(pupils, boosters, done)

    def _grow(
        self, pupils: list[Pupil], boosters: Sequence[Booster], done: Streaming | None
    ) -> tuple[dict[str, Program], tuple[StreamedFit, ...]]:
        programs: dict[str, Program] = {}
        fits: list[StreamedFit] = []
        for place, booster in enumerate(boosters):
            # Its rows are let go as soon as it has learned.
            fitted, recorded = pupils.pop(0).fit(
                usual_rounds=round(_MORE_ROUNDS * booster.rounds),
                recorded=recorded_of(done, booster.name),
                budget=self.budget.share(1 / (len(boosters) - place)),
            )
            aim, program = booster.aim, fitted.program
            program = program if aim is None else aim.restore(program, self.rows)
            programs[booster.name + STREAMED] = program
            fits.append(StreamedFit(name=booster.name, rounds=recorded.rounds, rate=recorded.rate))
        return programs, tuple(fits)

    def _allowed(
        self, boosters: Sequence[Booster], survey: Survey, read_s: float
    ) -> tuple[float, float]:
        """Return how many times all rows memory holds, and how many times there is time to read."""
        sample = boosters[0].aimed(self.rows)
        some = self.rows.take(np.arange(min(len(self.rows), _PACE_ROWS)))
        learners = [each.learner for each in boosters]
        lesson = lesson_for(learners[0], sample, budget=self.budget, seed=self.seed)
        allowed = self.stream.further.memory_bytes
        release_memory()
        free = allowed - held_memory() - min(_KEPT_BYTES, _KEPT_SHARE * allowed)
        by_memory = free / bytes_of_row(learners, lesson, some) - len(self.rows)
        began = self.budget.clock()
        lesson.encoding.matrix(some.columns)
        pace_s = (self.budget.clock() - began) / len(some)
        by_time = (_READING_SHARE * self.budget.remaining_s / survey.there - read_s) / pace_s
        return by_memory / survey.there, by_time


def recorded_of(done: Streaming | None, name: str) -> Recorded | None:
    """Return what a configuration took before; None where it was not done."""
    fits = done.fits if done else ()
    return next((Recorded(fit.rounds, fit.rate) for fit in fits if fit.name == name), None)
