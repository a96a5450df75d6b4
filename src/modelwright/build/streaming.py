"""What a blend learned from a sample is learned again from all rows, as a stream, where that pays.

The booster of the blend that the sample has chosen learns from every row; the blend is weighed
anew on rows that were set aside, and stays as it was unless it is better there with confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from modelwright.build.aim import Aim
from modelwright.build.aimed import aim_of, bare
from modelwright.build.engine import Built
from modelwright.build.fits import Report
from modelwright.build.frontier import allows, cost_of_program
from modelwright.build.further import BUCKETS, Stream, Survey
from modelwright.build.outcomes import Outcome
from modelwright.build.question import Question
from modelwright.build.weighing import STREAMED, Weighing
from modelwright.compute.budget import Budget
from modelwright.compute.memory import held_memory, release_memory
from modelwright.documents import Outlook, StreamedFit, Streaming
from modelwright.errors import BudgetError, ModelwrightError
from modelwright.learners.base import Rows
from modelwright.learners.classes import fit_on_known
from modelwright.learners.faults import faults_told
from modelwright.learners.lightgbm import LightGBM, binning_of
from modelwright.learners.lightgbm_stream import (
    Recorded,
    Streamed,
    bytes_of_row,
    lesson_for,
    stream_into_bins,
)
from modelwright.predictor.program import Program
from modelwright.tasks.answers import as_taken
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import paired_difference

_MOST_MEMBERS = 2
_READING_SHARE = 0.4
"""Of the time left, for putting rows into bins; the rest is for trees."""
_PACE_ROWS = 20_000
_KEPT_BYTES, _KEPT_SHARE = 300_000_000, 0.25
"""Of the memory, for pieces, trees and answers."""
_STOPPING_ROWS = 20_000
_LEAST_SHARE = 0.02
_RESAMPLES = 200
_ENDLESS_S = 1e9
_MORE_ROUNDS = 1.3
"""Many more rows bear more rounds."""


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
    """

    question: Question
    rows: Rows
    stream: Stream
    budget: Budget
    report: Report

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
        learned, _ = endless._learn(built, survey, check, share=recorded.share, done=recorded)
        return Weighing(self.question, built, learned, check).blend(recorded.weights)

    def _extended(self, built: Built) -> tuple[Built, Streaming]:
        _boosters(built)  # without one, nothing need be read
        self.report("Reading the rows beyond the sample")
        began = self.budget.clock()
        survey, check = self._survey()
        read_s = (self.budget.clock() - began) / survey.there
        told = Streaming(sentence="", there=survey.there, checked=len(check))
        grew = self._grew(built, check)
        told = msgspec.structs.replace(told, grew=grew)
        if grew.low <= 0:
            sentence = (
                f"The sample stays: its rows brought {_signed(grew)} over a quarter of them, "
                f"which is nothing for certain; {survey.there:,} more would bring less."
            )
            return built, msgspec.structs.replace(told, sentence=sentence)
        share = self._share(built, survey, read_s)
        told = msgspec.structs.replace(told, share=share, learned=survey.of(share))
        self.report(f"Learning from {told.learned:,} rows beyond the sample")
        learned, fits = self._learn(built, survey, check, share=share, done=None)
        weighing = Weighing(self.question, built, learned, check)
        weights = weighing.weights()
        better = weighing.blend(weights)
        gain = self._gain(better.program, built.program, weighing.unseen)
        told = msgspec.structs.replace(told, fits=fits, weights=weights, gain=gain)
        return self._decided(built, better, told)

    def _decided(self, built: Built, better: Built, told: Streaming) -> tuple[Built, Streaming]:
        assert told.gain is not None
        of = f"{told.learned:,} of {told.there:,} rows beyond the sample"
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

    def _survey(self) -> tuple[Survey, Rows]:
        survey = self.stream.survey()
        if survey.check is None or not survey.there:
            raise BudgetError(
                "None of the rows beyond it could be set aside for checks.",
                "The groups that keep rows together are all in the sample already.",
            )
        return survey, survey.check

    def _grew(self, built: Built, check: Rows) -> Interval:
        """Return what the sample is better than a quarter of it, asked on rows beyond both."""
        outcome = _boosters(built)[0]
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
            as_taken(metric, each.run(rows.columns), threshold=each.threshold)
            for each in (better, program)
        ]
        return paired_difference(
            metric, rows.target, *taken, resamples=_RESAMPLES, seed=self.question.seed
        )

    def _share(self, built: Built, survey: Survey, read_s: float) -> float:
        """Return which share of the rows memory and time allow, in steps."""
        self.rows.memo.clear()
        learner, aim = _parted(_boosters(built)[0])
        sample = _aimed(aim, self.rows)
        lesson = lesson_for(learner, sample, budget=self.budget, seed=self.question.seed)
        allowed = self.stream.further.memory_bytes
        release_memory()
        free = allowed - held_memory() - min(_KEPT_BYTES, _KEPT_SHARE * allowed)
        by_memory = free / bytes_of_row(lesson, learner.bins) - len(self.rows)
        began = self.budget.clock()
        some = self.rows.take(np.arange(min(len(self.rows), _PACE_ROWS)))
        lesson.encoding.matrix(some.columns)
        pace_s = (self.budget.clock() - began) / len(some)
        by_time = (_READING_SHARE * self.budget.remaining_s / survey.there - read_s) / pace_s
        share = min(1.0, by_memory / survey.there, by_time)
        if share < _LEAST_SHARE:
            scarce = "time" if by_time < _LEAST_SHARE else "memory"
            raise BudgetError(f"There was too little {scarce} for the {survey.there:,} rows.")
        return int(share * BUCKETS) / BUCKETS

    def _learn(
        self, built: Built, survey: Survey, check: Rows, *, share: float, done: Streaming | None
    ) -> tuple[dict[str, Program], tuple[StreamedFit, ...]]:
        """Let the boosters of the blend learn from the stream; one reading serves all of them."""
        boosters = [
            each
            for each in _boosters(built)
            if done is None or _recorded(done, each.learner.name) is not None
        ]
        learner, aim = _parted(boosters[0])
        seed = self.question.seed
        with faults_told(learner):
            sample = _aimed(aim, self.rows)
            streamed = stream_into_bins(
                lesson_for(learner, sample, budget=self.budget, seed=seed),
                binning_of(learner.bins, seed),
                (_aimed(aim, rows) for rows in self.stream.learned(share)),
                count=survey.of(share),
                sample=sample,
                check=_aimed(aim, check),
                budget=self.budget,
            )
            return self._grow(streamed, boosters, done=done)

    def _grow(
        self,
        streamed: Streamed,
        boosters: Sequence[Outcome],
        *,
        done: Streaming | None,
    ) -> tuple[dict[str, Program], tuple[StreamedFit, ...]]:
        programs: dict[str, Program] = {}
        fits: list[StreamedFit] = []
        for place, outcome in enumerate(boosters):
            learner, aim = _parted(outcome)
            name = outcome.learner.name
            fitted, recorded = streamed.fit(
                learner,
                usual_rounds=round(_MORE_ROUNDS * (outcome.rounds or 1)),
                recorded=_recorded(done, name),
                budget=self.budget.share(1 / (len(boosters) - place)),
                seed=self.question.seed,
            )
            program = fitted.program if aim is None else aim.restore(fitted.program, self.rows)
            programs[name + STREAMED] = program
            fits.append(StreamedFit(name=name, rounds=recorded.rounds, rate=recorded.rate))
        return programs, tuple(fits)


def _boosters(built: Built) -> list[Outcome]:
    """Return the LightGBM configurations that are learned again, the weightiest first.

    They share the first one's encoding and bins. Where the blend has none, it is the one that did
    best alone.
    """
    able = [
        (weight, -place, outcome)
        for place, (outcome, weight) in enumerate(zip(built.outcomes, built.weights, strict=True))
        if outcome.answers is not None and isinstance(bare(outcome.learner), LightGBM)
    ]
    if not able:
        raise BudgetError("No learner that can learn from a stream has ended on the sample.")
    ranked = [outcome for _, _, outcome in sorted(able, key=lambda each: each[:2], reverse=True)]
    weighty = [each for each in ranked if built.weights[built.outcomes.index(each)]] or ranked[:1]
    return [each for each in weighty if _shared(each) == _shared(weighty[0])][:_MOST_MEMBERS]


def _shared(outcome: Outcome) -> tuple[object, ...]:
    learner, aim = _parted(outcome)
    return (learner.bins, learner.crosses, aim)


def _parted(outcome: Outcome) -> tuple[LightGBM, Aim | None]:
    learner = bare(outcome.learner)
    assert isinstance(learner, LightGBM)
    return learner, aim_of(outcome.learner)


def _aimed(aim: Aim | None, rows: Rows) -> Rows:
    return rows if aim is None else aim.apply(rows)


def _recorded(done: Streaming | None, name: str) -> Recorded | None:
    fits = done.fits if done else ()
    return next((Recorded(fit.rounds, fit.rate) for fit in fits if fit.name == name), None)


def _may_ship(program: Program, question: Question, rows: Rows) -> bool:
    return not question.limits.any or allows(question.limits, cost_of_program(program, rows))


def _signed(gain: Interval) -> str:
    return f"{gain.value:+.4g} ({gain.low:+.4g} to {gain.high:+.4g})"
