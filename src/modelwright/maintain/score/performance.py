"""How good the answers were, where it is known what was true."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.score.recalibration import recalibrate
from modelwright.maintain.wording import percent
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.figures import figure
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval, paired_difference
from modelwright.tasks.metrics import METRICS, Metric

FEWEST_LABELS = 100
"""Fewer labels say too little about a score."""
_MATERIAL = 0.05
"""The part of the log-loss that a correction of the probabilities must save to be worth it."""


@dataclass(frozen=True, kw_only=True)
class Performance:
    """The realised score beside the expected one.

    Parameters
    ----------
    realised
        None where it is not known.
    expected
        What the holdout promised for new rows.
    is_worse
        Whether the score is worse than promised, with confidence.
    is_off
        Whether correcting the probabilities alone would mend the model.
    sentence
        The outcome for a person.
    """

    realised: Interval | None
    expected: Interval | None
    is_worse: bool = False
    is_off: bool = False
    sentence: str

    @property
    def is_judged(self) -> bool:
        """Whether there is a score and a promise to compare it with."""
        return self.realised is not None and self.expected is not None


def measure_performance(
    bundle: Bundle,
    rows: LiveRows,
    blocks: NDArray[np.int64],
    *,
    metric: Metric,
    fewest: int = FEWEST_LABELS,
) -> Performance:
    """Score the labelled rows, and compare with what the holdout promised.

    The score is worse when its whole interval lies beyond the worse end of the promised one: of
    rows of the same kind, fewer than 2.5 % of all windows are called worse.

    Parameters
    ----------
    bundle
        Its facts hold the promise.
    rows
        The live rows.
    blocks : ndarray of shape (rows,)
        The independent block of each row.
    metric
        By which the promise was made.
    fewest
        With fewer labels there is no score.
    """
    expected = bundle.facts.holdout_score
    judged = _Judged.of(bundle, rows, blocks, metric)
    if fault := judged.fault(fewest):
        return Performance(realised=None, expected=expected, sentence=fault)
    realised = judged.interval(judged.answers)
    return Performance(
        realised=realised,
        expected=expected,
        is_worse=judged.is_worse(realised, expected),
        is_off=_is_off(judged, expected),
        sentence=_say(judged, realised, expected),
    )


@dataclass(frozen=True)
class _Judged:
    """The labelled rows and how they are judged."""

    bundle: Bundle
    metric: Metric
    truth: NDArray[Any]
    answers: Floats
    blocks: NDArray[np.int64]

    @classmethod
    def of(
        cls, bundle: Bundle, rows: LiveRows, blocks: NDArray[np.int64], metric: Metric
    ) -> "_Judged":
        known = rows.labelled
        return cls(bundle, metric, rows.truth[known], rows.answers[known], blocks[known])

    def fault(self, fewest: int) -> str:
        """Why there can be no score; empty when there can."""
        found = len(self.truth)
        if found < fewest:
            have = "answer has" if found == 1 else "answers have"
            return f"{found or 'No'} {have} a label yet; a score needs {fewest}."
        if not np.isfinite(self.metric.score(self.truth, self.taken(self.answers))):
            labels = f"these {found:,} labels"
            return f"The {self.metric.title} is undefined on {labels}, perhaps all are the same."
        return ""

    def taken(self, answers: Floats) -> NDArray[Any]:
        """Return answers as the metric takes them."""
        if self.metric.takes == "values":
            return np.asarray(answers[:, 0])
        if self.metric.takes == "probabilities":
            return answers
        return self.bundle.program.choose(answers)

    def interval(self, answers: Floats) -> Interval:
        return bootstrap_interval(
            self.metric,
            self.truth,
            self.taken(answers),
            groups=self.blocks,
            seed=self.bundle.facts.seed,
        )

    def is_worse(self, realised: Interval, expected: Interval | None) -> bool:
        if expected is None:
            return False
        if self.metric.direction == "maximize":
            return realised.high < expected.low
        return realised.low > expected.high


def _is_off(judged: _Judged, expected: Interval | None) -> bool:
    """Say whether corrected probabilities are clearly better and then as good as promised."""
    if judged.bundle.program.task.kind != "binary" or len(np.unique(judged.truth)) < 2:
        return False
    corrected = recalibrate(judged.truth, judged.answers, judged.blocks)
    log_loss = METRICS["log_loss"]
    gain = paired_difference(
        log_loss,
        judged.truth,
        corrected,
        judged.answers,
        groups=judged.blocks,
        seed=judged.bundle.facts.seed,
    )
    saved = gain.value / log_loss.score(judged.truth, judged.answers)
    if gain.low <= 0 or saved < _MATERIAL:
        return False
    return not judged.is_worse(judged.interval(corrected), expected)


def _say(judged: _Judged, realised: Interval, expected: Interval | None) -> str:
    title, found = judged.metric.title, len(judged.truth)
    said = f"The {title} is {_range(realised)} on {found:,} labelled answers"
    promised = "" if expected is None else f"; {_range(expected)} was expected"
    if judged.bundle.program.task.kind != "binary":
        return f"{said}{promised}."
    foreseen, came = percent(judged.answers[:, 1].mean()), percent(judged.truth.mean())
    return f"{said}{promised}. It foresaw {foreseen} on average, and {came} came true."


def _range(interval: Interval) -> str:
    return f"{figure(interval.value)} ({figure(interval.low)} to {figure(interval.high)})"
