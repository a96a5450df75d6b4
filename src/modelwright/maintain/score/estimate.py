"""The score without labels: what the model believes, how far such belief was off, or why not.

Labels are drawn as the model believes them, and the answers are scored against them
(`modelwright.predictor.expectation`). That is right while the probabilities, or the usual errors,
are. How far it was off is known from windows with labels: of the training, out of fold, and of
live rows since. The interval holds both, chance and that spread, which counts the more, the more
the rows lie where training had few (the variance of a mean over bins whose errors are independent
grows with the sum of q²/p). Where that is no ground to stand on, it cannot be estimated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from modelwright.data.records import Columns
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.wording import percent, too_few
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.expectation.drawing import DRAWS, Believer, Foreseen, scorer_of
from modelwright.predictor.expectation.fitting import beyond_chance
from modelwright.predictor.expectation.seen import outside_of
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.distribution import counts_of
from modelwright.predictor.reference.reference import answer_values
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import Metric
from modelwright.tasks.scale import Scale

FEWEST_ROWS = 100
LEVEL = 0.95
_MOST_OUTSIDE = 0.1
"""The part of the rows that may have a value that training did not have."""
_MOVES = 0.5
"""A column that left its range in so many rows of training moves anyway."""
_OLD = 8
"""Windows of training that count beside live ones, at most."""
_RECENT = 3
_SURPRISING, _CONTRADICTING = 2.6, 4.0
"""Standard errors: of two of the last three windows, or of the last one."""
_DOUBT = 0.5
"""Rows added to each bin of the answers."""
_MOST_INFLATED = 9.0
_TINY = 1e-18


@dataclass(frozen=True)
class Agreement:
    """How far a realised score lay from what was foreseen, on the scale without bounds.

    Parameters
    ----------
    apart
        Realised less foreseen.
    error
        What chance makes of it.
    """

    apart: float
    error: float


@dataclass(frozen=True)
class Estimate:
    """A score without labels.

    Parameters
    ----------
    score
        None where it cannot be estimated.
    reason
        What it rests on, or why there is none: a sentence.
    reach
        How many times what chance makes of the rows the interval reaches to either side.
    """

    score: Interval | None
    reason: str
    reach: float = 0.0


@dataclass(frozen=True)
class Estimator:
    """A model, and the metric that is estimated.

    Parameters
    ----------
    bundle
        The model with what it keeps of its errors.
    metric
        By which it was chosen.
    """

    bundle: Bundle
    metric: Metric

    @property
    def believer(self) -> Believer:
        """What draws labels."""
        return Believer(self.bundle.program, self.bundle.reference, self.bundle.expectation)

    def foresee(self, rows: LiveRows, *, draws: int = DRAWS) -> Foreseen | None:
        """Return what is expected of the score; None where nothing can be drawn or scored."""
        if not self.believer.can_draw or len(rows) < FEWEST_ROWS:
            return None
        return self.believer.foresee(self.metric, rows.columns, rows.answers, draws=draws)

    def estimate(
        self,
        rows: LiveRows,
        foreseen: Foreseen | None,
        *,
        before: Sequence[Agreement] = (),
        fault: str = "",
    ) -> Estimate:
        """Estimate the score of rows without their labels.

        Parameters
        ----------
        rows
            Their labels are not looked at.
        foreseen
            As `foresee` returned it for these rows.
        before
            How earlier windows agreed, the oldest first.
        fault
            What is known to be broken in the rows; empty for nothing.
        """
        if why := fault or self._refusal(rows, before):
            return Estimate(None, f"Cannot be estimated here: {why}.")
        if foreseen is None:
            undefined = f"the {self.metric.title} is undefined on labels that may come"
            return Estimate(None, f"Cannot be estimated here: {undefined}.")
        return self._stated(foreseen, rows.answers, before)

    def agreement(self, known: LiveRows, foreseen: Foreseen | None) -> Agreement | None:
        """Return how far the realised score of labelled rows lies from what was foreseen of it."""
        if foreseen is None:
            return None
        realised = scorer_of(self.metric, self.bundle.program)(known.truth, known.answers)
        if not np.isfinite(realised):
            return None
        place = Scale.of(*self.metric.range).inside(realised, len(known))
        return Agreement(place - foreseen.place, foreseen.error)

    def _refusal(self, rows: LiveRows, before: Sequence[Agreement]) -> str:
        if len(rows) < FEWEST_ROWS:
            return f"{too_few(len(rows))}, {FEWEST_ROWS} are needed"
        if not self.believer.can_draw:
            return "this model keeps no errors of its training; one that is built anew does"
        if outside := self._outside(rows.columns):
            return outside
        if self._is_contradicted(before):
            return "labels of the last windows contradict what was estimated (concept drift)"
        return ""

    def _outside(self, columns: Columns) -> str:
        kept = self.bundle.expectation
        usual = {} if kept is None else kept.outside
        read = {each.name for each in self.bundle.program.inputs}
        found = outside_of(self.bundle.reference, {} if kept is None else kept.ranges, columns)
        shares = {
            name: share
            for name, share in found.items()
            if name in read
            and usual.get(name, 0.0) <= _MOVES
            and share > _MOST_OUTSIDE + 2 * usual.get(name, 0.0)
        }
        if not shares:
            return ""
        most = max(shares, key=shares.__getitem__)
        what = f"{percent(shares[most])} of rows have a {most!r}"
        return f"{what} that the model was not tested on"

    def _is_contradicted(self, before: Sequence[Agreement]) -> bool:
        recent, older = before[-_RECENT:], before[:-_RECENT]
        if not recent:
            return False
        spread, freedom = self._spread(FEWEST_ROWS, older)
        # Few windows say little about their spread: what surprises then is farther away.
        wider = float(stats.t.isf(0.025, freedom) / stats.norm.isf(0.025))
        variance = spread**2 + _TINY
        off = [abs(each.apart) / (each.error**2 + variance) ** 0.5 / wider for each in recent]
        return bool(off[-1] > _CONTRADICTING or sum(each > _SURPRISING for each in off) > 1)

    def _spread(self, rows: int, before: Sequence[Agreement]) -> tuple[float, int]:
        """Return how far belief is off beyond chance, and from how many windows that is known."""
        kept = self.bundle.expectation
        trained = kept.disagreement(rows) if kept and kept.metric == self.metric.name else None
        old = min(_OLD, trained.windows) if trained else _OLD
        spread = trained.spread if trained else self._promised_spread()
        if not before:
            return spread, old
        apart, errors = [each.apart for each in before], [each.error for each in before]
        variance = beyond_chance(apart, errors) ** 2
        both = (old * spread**2 + len(before) * variance) / (old + len(before))
        return both**0.5, old + len(before)

    def _promised_spread(self) -> float:
        """Return the spread of later scores by the interval that the holdout promised."""
        promised, scale = self.bundle.facts.holdout_score, Scale.of(*self.metric.range)
        if promised is None:
            return 0.0
        low, high = (scale.inside(end, FEWEST_ROWS) for end in (promised.low, promised.high))
        return (high - low) / 2 / float(stats.norm.isf((1 - promised.level) / 2))

    def _stated(self, foreseen: Foreseen, answers: Floats, before: Sequence[Agreement]) -> Estimate:
        spread, windows = self._spread(len(answers), before)
        variance = foreseen.error**2 + self._inflated(answers) * spread**2
        reach = float(stats.t.isf((1 - LEVEL) / 2, windows)) * variance**0.5
        scale = Scale.of(*self.metric.range)
        low, high = scale.spread(foreseen.place, reach)
        interval = Interval(
            value=foreseen.value,
            low=min(low, foreseen.value),
            high=max(high, foreseen.value),
            level=LEVEL,
            method="labels drawn as believed",
            bounds=scale.bounds,
        )
        many = "1 window" if len(before) == 1 else f"{len(before)} windows"
        live = f" and of {many} with labels since" if before else ""
        reason = f"From {self._ground}; its error is that of training{live}."
        return Estimate(interval, reason, reach / max(foreseen.error, 1e-12))

    @property
    def _ground(self) -> str:
        is_classes = self.bundle.program.task.is_classification
        return "its probabilities" if is_classes else "the errors of rows like these"

    def _inflated(self, answers: Floats) -> float:
        """Return by how much variance grows because answers lie where training had few."""
        trained = self.bundle.reference.answers
        watched = answer_values(self.bundle.program.task, answers)
        now = counts_of(trained, watched) + _DOUBT
        usual = np.array(trained.counts) + _DOUBT
        ratio = (now / now.sum()) ** 2 / (usual / usual.sum())
        return float(np.clip(ratio.sum(), 1.0, _MOST_INFLATED))
