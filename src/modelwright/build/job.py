"""The work on a candidate: build a program, open the holdout, judge."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from numpy.typing import NDArray

from modelwright.build.blending.further import Stream
from modelwright.build.blending.streaming import Streamer, may_pay
from modelwright.build.engine import Built, build_program
from modelwright.build.judging.answered import judged_share
from modelwright.build.judging.evaluation import RESAMPLES, Holdout, evaluate
from modelwright.build.judging.leaderboard import list_frontier, list_trials
from modelwright.build.judging.periods import score_periods
from modelwright.build.judging.reserve import judging_s, letters_of
from modelwright.build.judging.rows import answered, learning_rows
from modelwright.build.judging.verdict import is_worth_it, say_verdict
from modelwright.build.material import Material
from modelwright.build.question import Question
from modelwright.build.racing.fits import Report
from modelwright.build.trend.proof import Proof, ask_for_trend
from modelwright.build.trend.trend import Trend
from modelwright.compute.budget import Budget, format_duration
from modelwright.compute.crews.base import Crew
from modelwright.compute.memory import release_memory
from modelwright.data.pieces.drawn import judging_bytes
from modelwright.data.splitting.splits import Split, dependent_groups, folds_of, units_of
from modelwright.documents import Candidate, Evaluation, Findings, Streaming
from modelwright.learners.base import Learner, Rows
from modelwright.learners.portfolio import portfolio_of
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import Metric
from modelwright.tasks.price import scores_s

_FEWEST_RESAMPLES, _ALL_RESAMPLES_S = 200, 60.0
"""With 200 a standard error is known to 5 %, which is enough where every second counts."""
_LOOKS_SHARE = 0.5
"""Of what the engine left, for what drives the answers and what disturbs them."""
_INTERVALS = 30
"""Of a candidate: of each learner beside the baseline and the blend, and of the holdout."""
_STREAMING_SHARE = 0.5
"""Of the time before judging, kept for rows that memory does not hold."""
_READINGS = 2.5
"""Of the rows that memory does not hold: to count them, and to learn from them."""
_NOTHING_FORESEEN = "The sample stays: its learning curve foresees nothing from more rows."
_ADOPTED = "The sample stays: a model that was trained elsewhere learns nothing more."


@dataclass(frozen=True)
class Job:
    """All that a candidate is made from, and the time for it.

    Parameters
    ----------
    findings, material, repeat, report
        As `build_candidate` takes them.
    metric
        The plan's.
    training, rows
        The answered training rows: as a table, and as learners read them.
    budget
        For all of it.
    whole_s
        What a person gave, with what is kept for later work.
    """

    findings: Findings
    material: Material
    metric: Metric
    training: pl.DataFrame
    rows: Rows
    budget: Budget
    repeat: Candidate | None
    report: Report
    whole_s: float

    @property
    def stream(self) -> Stream | None:
        """The rows that memory does not hold."""
        further = self.material.further
        return Stream(further, self.findings) if further else None

    def find_trend(self, adopted: Learner | None) -> Proof:
        """Ask for a trend, where learners are to be told of it: a replay has it from before."""
        split = self.findings.plan.split
        if adopted is not None or self.repeat is not None:
            return Proof(split.column)
        proof = ask_for_trend(self.rows, split, self.budget)
        if said := proof.sentence(self.rows, self.findings.plan.target):
            self.report(said)
        return proof

    def build(
        self, adopted: Learner | None, crew: Crew | None, *, trend: Trend | None = None
    ) -> tuple[Built, Streaming | None]:
        """Build a program, and let it learn from rows that memory does not hold where that pays."""
        question = replace(_question(self.findings, self.metric, adopted), trend=trend)
        # A model that learns nothing is answered and judged, however much of the time is gone.
        before = Budget.start(self.budget.seconds) if adopted else self._before_judging
        stream = self.stream
        idle = self._why_not_streamed(adopted, _STREAMING_SHARE * before.seconds)
        streams = stream is not None and not idle
        built = build_program(
            question,
            self.rows,
            folds_of(self.training, self.findings.plan.split, self.rows.target),
            budget=before.reserve(_STREAMING_SHARE * before.seconds) if streams else before,
            report=self.report,
            schedule=self.repeat.schedule if self.repeat else None,
            crew=crew,
        )
        if stream is None:
            return built, None
        if idle:
            return built, Streaming(sentence=idle)
        streamer = Streamer(question, self.rows, stream, before, self.report, crew)
        return _streamed(streamer, built, self.repeat)

    def open_holdout(self, built: Built, out_of_fold: Interval) -> Holdout:
        """Open the holdout, with what is known of the program without it."""
        # What learners made of the rows is not asked for again, and judging takes memory too.
        self.rows.memo.clear()
        release_memory()
        earlier = _earlier(
            built,
            self.metric,
            self.rows,
            training=self.training,
            split=self.findings.plan.split,
        )
        return _open(
            self.material,
            self.findings,
            self.stream,
            earlier=earlier,
            out_of_fold=(out_of_fold, len(built.scored)),
        )

    def judge(self, built: Built, holdout: Holdout) -> Evaluation:
        """Score the program on the holdout."""
        # A replay takes as long as it takes. What the bundle tells of columns is of those at which
        # the first build had the time to look.
        left = Budget.start(self.budget.seconds) if self.repeat else self.budget
        looked_at = self.repeat.evaluation.importances if self.repeat else None
        return evaluate(
            built,
            self.metric,
            holdout,
            budget=left.share(_LOOKS_SHARE),
            resamples=_resamples(self.whole_s),
            seed=self.findings.plan.seed,
            names=None if looked_at is None else tuple(each.column for each in looked_at),
        )

    def tell(self, built: Built, evaluation: Evaluation) -> dict[str, Any]:
        """Return what the document tells of the program and how it was found."""
        baseline = built.baseline_title
        return {
            "baseline": baseline,
            "trials": list_trials(
                built, self.metric, self.rows.target, seed=self.findings.plan.seed
            ),
            "calibration": built.calibration.reason,
            "threshold": built.decision.threshold,
            "threshold_reason": built.decision.reason,
            "class_weights": built.decision.weights,
            "worth_it": is_worth_it(evaluation),
            "verdict": say_verdict(
                self.findings,
                evaluation,
                metric=self.metric,
                baseline=baseline,
                too_short_s=self.budget.elapsed_s if built.is_baseline else None,
            ),
            "schedule": built.schedule,
            "frontier": self.repeat.frontier if self.repeat else list_frontier(built),
        }

    @property
    def _before_judging(self) -> Budget:
        judging = judging_s(
            self.budget,
            self.material.holdout_rows,
            cells=len(self.rows) * len(self.rows.schema),
            letters=letters_of(self.training, self.rows.schema),
            hindrance=self.budget.hindrance,
        )
        asked = scores_s(self.metric, times=_INTERVALS)
        return self.budget.reserve(judging + self._reading_s + asked)

    @property
    def _reading_s(self) -> float:
        return self.material.further.reading_s if self.material.further else 0.0

    def _why_not_streamed(self, adopted: Learner | None, time_s: float) -> str:
        if adopted is not None:
            return _ADOPTED
        if self.repeat is not None:
            return ""
        return _why_not_streamed(self.findings, self._reading_s, time_s)


def _why_not_streamed(findings: Findings, reading_s: float, time_s: float) -> str:
    """Return why rows beyond the sample are not learned from; empty where they may be."""
    if not may_pay(findings.outlook):
        return _NOTHING_FORESEEN
    needed_s = _READINGS * reading_s
    if needed_s <= time_s:
        return ""
    return (
        f"The sample stays: reading the rows beyond it takes about {format_duration(needed_s)}, "
        f"more than half of the time for building, {format_duration(time_s)}."
    )


def _streamed(
    streamer: Streamer, built: Built, repeat: Candidate | None
) -> tuple[Built, Streaming | None]:
    if repeat is None:
        return streamer.extend(built)
    done = repeat.streaming
    return (streamer.repeat(built, done) if done else built), done


def _resamples(budget_s: float) -> int:
    """Return how often scores are drawn again, the same for a replay."""
    share = min(1.0, budget_s / _ALL_RESAMPLES_S)
    return max(_FEWEST_RESAMPLES, round(RESAMPLES * share))


def _question(findings: Findings, metric: Metric, adopted: Learner | None) -> Question:
    plan = findings.plan
    usual = () if adopted else portfolio_of(plan.scheme.learners, plan.task)
    return Question(
        metric=metric,
        learners=(adopted,) if adopted else usual,
        is_finished=adopted is not None,
        costs=plan.costs,
        seed=plan.seed,
        limits=plan.limits,
    )


def _earlier(
    built: Built, metric: Metric, rows: Rows, *, training: pl.DataFrame, split: Split
) -> tuple[tuple[float, int], ...]:
    """Return scores and rows of the periods before the holdout, in a split by time."""
    if split.kind != "time":
        return ()
    moments = training[split.column].rank("dense").fill_null(0).to_numpy()
    return score_periods(built, metric, rows.target, moments=moments)


def _open(
    material: Material,
    findings: Findings,
    stream: Stream | None,
    *,
    earlier: tuple[tuple[float, int], ...],
    out_of_fold: tuple[Interval, int],
) -> Holdout:
    held, split = answered(material.holdout.open(), findings), findings.plan.split
    groups = dependent_groups(held, split)

    def more() -> Iterator[tuple[Rows, NDArray[Any] | None]]:
        for frame in stream.held() if stream else ():
            units = None if groups is None else units_of(frame, split)
            yield learning_rows(frame, findings), None if units is None else units.to_numpy()

    return Holdout(
        rows=learning_rows(held, findings),
        groups=groups,
        more=more,
        share=_judged_share(material, findings),
        openings=material.openings(),
        earlier=earlier,
        out_of_fold=out_of_fold,
    )


def _judged_share(material: Material, findings: Findings) -> float:
    """Return which share of the holdout's rows that memory does not hold can be judged."""
    if material.further is None:
        return 1.0
    training, held = material.training, len(material.holdout)
    drawn = training.estimated_size() * (1 + held / max(1, training.height))
    free = judging_bytes(material.further.memory_bytes, drawn)
    return judged_share(material.holdout_rows - held, findings.plan.task.n_outputs, free)
