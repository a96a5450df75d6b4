"""Boosters of the blend learn again, from the sample and from the rows beyond it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.build.aims.aim import Aim
from modelwright.build.blending.able import Booster
from modelwright.build.blending.further import BUCKETS, Stream, Survey
from modelwright.build.blending.weighing import STREAMED
from modelwright.build.racing.fits import Report
from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.here import Here
from modelwright.compute.memory import held_memory, release_memory
from modelwright.documents import StreamedFit, Streaming
from modelwright.errors import BudgetError
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.faults import faults_told
from modelwright.learners.streams.growing import Pupil, Recorded
from modelwright.learners.streams.reading import bytes_of_row, lesson_for, stream_into_bins
from modelwright.learners.xgboost import XGBoost
from modelwright.predictor.program import Program

_READING_SHARE = 0.4
"""Of the time left, for putting rows into bins; the rest is for trees."""
_PACE_ROWS = 20_000
_KEPT_BYTES, _KEPT_SHARE = 500_000_000, 0.25
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
    parts
        Among how many workers they are divided; 1 to learn from all of them in this process.
    """

    boosters: tuple[Booster, ...]
    share: float
    parts: int = 1


@dataclass(frozen=True)
class Portion:
    """A share of the rows beyond the sample, as workers read it.

    Parameters
    ----------
    stream
        All of them.
    share
        Which part is learned from.
    aim
        Of who learns.
    """

    stream: Stream
    share: float
    aim: Aim | None

    def part(self, number: int, of: int) -> Iterator[Rows]:
        """Yield every so manieth piece."""
        for place, rows in enumerate(self.stream.learned(self.share)):
            if place % of == number:
                yield rows if self.aim is None else self.aim.apply(rows)


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
    crew
        Its workers may divide what this process cannot hold; None for nobody.
    report
        Told what is lost.
    """

    rows: Rows
    stream: Stream
    budget: Budget
    seed: int
    crew: Crew | None
    report: Report

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
        divided = None if by_memory >= 1 else self._divided(boosters, survey, read_s, by_memory)
        if divided is not None:
            return divided
        if len(first) < len(boosters) and by_memory > 1:
            both, _ = self._allowed(boosters, survey, read_s)
            first = [*boosters] if both >= 1 else first
        return Reading(tuple(first), _share(survey, by_memory, by_time))

    def _divided(
        self, boosters: Sequence[Booster], survey: Survey, read_s: float, alone: float
    ) -> Reading | None:
        """Return who learns from parts that workers hold; None where one process holds as much."""
        crew = self.crew
        able = [each for each in boosters if isinstance(each.learner, XGBoost)][:1]
        if not able or crew is None or not crew.memory_bytes:
            return None
        if crew.meeting is None or crew.workers == 1:
            return None
        one, by_time = self._allowed(able, survey, read_s, memory_bytes=crew.memory_bytes)
        together = crew.workers * one
        if together <= alone:
            return None
        return Reading(tuple(able), _share(survey, together, by_time), crew.workers)

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
            if reading.parts > 1:
                return self._learn_together(reading, first, check, done)
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

    def _learn_together(
        self, reading: Reading, booster: Booster, check: Rows, done: Streaming | None
    ) -> tuple[dict[str, Program], tuple[StreamedFit, ...]]:
        from modelwright.learners.streams.together import Shares, learn_together

        assert isinstance(booster.learner, XGBoost)
        shares = Shares(
            booster.learner,
            Portion(self.stream, reading.share, booster.aim),
            sample=booster.aimed(self.rows),
            check=booster.aimed(check),
            usual_rounds=round(_MORE_ROUNDS * booster.rounds),
            recorded=recorded_of(done, booster.name),
            seed=self.seed,
        )
        fitted, recorded = learn_together(
            self.crew or Here(),
            shares,
            parts=reading.parts,
            budget=self.budget,
            report=self.report,
        )
        return self._told([(booster, fitted, recorded)], parts=reading.parts)

    def _grow(
        self, pupils: list[Pupil], boosters: Sequence[Booster], done: Streaming | None
    ) -> tuple[dict[str, Program], tuple[StreamedFit, ...]]:
        learned = []
        for place, booster in enumerate(boosters):
            # Its rows are let go as soon as it has learned.
            fitted, recorded = pupils.pop(0).fit(
                usual_rounds=round(_MORE_ROUNDS * booster.rounds),
                recorded=recorded_of(done, booster.name),
                budget=self.budget.share(1 / (len(boosters) - place)),
            )
            learned.append((booster, fitted, recorded))
        return self._told(learned, parts=1)

    def _told(
        self, learned: Sequence[tuple[Booster, Fitted, Recorded]], *, parts: int
    ) -> tuple[dict[str, Program], tuple[StreamedFit, ...]]:
        programs: dict[str, Program] = {}
        fits: list[StreamedFit] = []
        for booster, fitted, recorded in learned:
            aim, program = booster.aim, fitted.program
            program = program if aim is None else aim.restore(program, self.rows)
            programs[booster.name + STREAMED] = program
            fits.append(
                StreamedFit(
                    name=booster.name, rounds=recorded.rounds, rate=recorded.rate, parts=parts
                )
            )
        return programs, tuple(fits)

    def _allowed(
        self,
        boosters: Sequence[Booster],
        survey: Survey,
        read_s: float,
        *,
        memory_bytes: int | None = None,
    ) -> tuple[float, float]:
        """Return how many times all rows memory holds, and how many times there is time to read."""
        sample = boosters[0].aimed(self.rows)
        some = self.rows.take(np.arange(min(len(self.rows), _PACE_ROWS)))
        learners = [each.learner for each in boosters]
        lesson = lesson_for(learners[0], sample, budget=self.budget, seed=self.seed)
        allowed = memory_bytes or self.stream.further.memory_bytes
        release_memory()
        free = allowed - held_memory() - min(_KEPT_BYTES, _KEPT_SHARE * allowed)
        by_memory = free / bytes_of_row(learners, lesson, some) - len(self.rows)
        began = self.budget.clock()
        lesson.encoding.matrix(some.columns)
        pace_s = (self.budget.clock() - began) / len(some)
        by_time = (_READING_SHARE * self.budget.remaining_s / survey.there - read_s) / pace_s
        return by_memory / survey.there, by_time


def _share(survey: Survey, by_memory: float, by_time: float) -> float:
    """Return the share of the rows that is learned from, in steps."""
    share = min(1.0, by_memory, by_time)
    if share < _LEAST_SHARE:
        scarce = "time" if by_time < _LEAST_SHARE else "memory"
        raise BudgetError(f"There was too little {scarce} for the {survey.there:,} rows.")
    return int(share * BUCKETS) / BUCKETS


def recorded_of(done: Streaming | None, name: str) -> Recorded | None:
    """Return what a configuration took before; None where it was not done."""
    fits = done.fits if done else ()
    return next((Recorded(fit.rounds, fit.rate) for fit in fits if fit.name == name), None)
