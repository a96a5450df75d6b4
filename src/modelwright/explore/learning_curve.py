"""How the score grows with the rows, and what more of them would bring.

A quick model learns from parts of the rows, each twice as large as the one before, and is asked on
the same folds. The error is taken to fall as a + b n^-c (Cortes et al., "Learning curves:
asymptotic values and rate of convergence", NIPS 1993). Few points do not say what a and c are, so
all of a grid are kept, each as likely as its fit is good; what they foresee together is the
interval. Real curves bend more than the law does: how much was measured on public tables, and
widens the interval with every doubling.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelwright.data.splitting.partitions import Folds
from modelwright.explore.lead import Lead
from modelwright.learners.attempts import Attempt
from modelwright.learners.baseline import Constant
from modelwright.learners.rehearsal import QUICK, Rehearsal
from modelwright.tasks.answers import as_taken
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import Metric

Floats = NDArray[np.float64]

LEVEL = 0.9
_PARTS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
_FEWEST_ROWS = 60
_FEWEST_POINTS = 3
_TREES, _AT_ROWS = 60, 2_000
_MOST_TREES = 300
_SHARES = np.append(np.arange(0.0, 0.95, 0.05), (0.95, 0.98, 1.0))
"""Which part of the last error stays however many rows there are."""
_RATES = np.arange(0.1, 1.25, 0.1)
_DRAWS = 4_000
_LEAST_NOISE = 0.005
"""Of the logarithm of an error: no few folds agree better than that but by chance."""
_BENDS = 0.03
"""By how much the logarithm of an error strays from the law for each doubling down from the last
size, so that near points say more than far ones."""
_SURPRISE, _SURPRISE_OF_SLOPE = 0.02, 0.5
"""By how much it strays for each doubling beyond the last size, in itself and as a part of the last
slope. Set with the above so that of 23 tables, four quarters of each, 98 % of the 90 % intervals
held the score on all rows (`python -m bench.curves`)."""
_METHOD = "power laws through a learning curve"
_STEPS = 60
_TINY = 1e-12


@dataclass(frozen=True)
class LearningCurve:
    """Errors by the rows that were learned from.

    Parameters
    ----------
    sizes : ndarray of shape (k,)
        Rows, ascending.
    errors : ndarray of shape (k, folds)
        The distance of the score from the best that there is.
    metric
        Whose scores they are.
    lead
        How far a build is ahead of the model that learned.
    """

    sizes: Floats
    errors: Floats
    metric: Metric
    lead: Lead = field(default_factory=Lead)

    @classmethod
    def measure(cls, rehearsal: Rehearsal) -> "LearningCurve | None":
        """Learn from ever larger parts; None where there are too few rows for three of them.

        Parameters
        ----------
        rehearsal
            Rows and their folds.

        Raises
        ------
        SchemaError
            When the rows cannot be divided.
        """
        metric = rehearsal.metric
        if not np.isfinite(_best(metric)):
            return None
        parts = _parts(rehearsal.folds)
        if len(parts) < _FEWEST_POINTS:
            return None
        attempts = [_attempt(rehearsal, *pair, part) for part in parts for pair in rehearsal.folds]
        # The largest first: the last to begin is then done soon.
        answers = rehearsal.practice.answers(attempts[::-1])[::-1]
        scored = [_score(rehearsal, *each) for each in zip(attempts, answers, strict=True)]
        scores = np.array(scored).reshape(len(parts), -1)
        used = np.isfinite(scores).all(axis=0)
        if not used.any():
            return None
        rows = np.mean([len(learned) for learned, _ in rehearsal.folds])
        errors = np.maximum(np.abs(_best(metric) - scores[:, used]), _TINY)
        return cls(np.array(parts) * rows, errors, metric, _lead(rehearsal, errors[-1]))

    @property
    def points(self) -> tuple[tuple[int, float], ...]:
        """The rows and the score of each size."""
        return tuple((round(size), self.measured(place)) for place, size in enumerate(self.sizes))

    def measured(self, place: int) -> float:
        """Return the score that was measured at one of the sizes, the mean of the folds."""
        return float(self._scores(self._logs[place].mean()))

    def at(self, rows: float, *, level: float = LEVEL) -> Interval:
        """Return the score of the quick model that is foreseen after learning from so many rows.

        Parameters
        ----------
        rows
            To learn from.
        level
            How often the score lies inside.
        """
        return _interval(self._scores(self._drawn(rows)), level)

    def built_at(self, rows: float, *, level: float = LEVEL) -> Interval:
        """Return the score that a build of a minute is foreseen to have with so many rows."""
        return _interval(self._scores(self._drawn(rows) + self._ahead), level)

    def growth(self, rows: float, more: float, *, level: float = LEVEL) -> Interval:
        """Return by how much more rows are foreseen to better the score of a build."""
        before, after = (self._scores(self._drawn(each) + self._ahead) for each in (rows, more))
        gain = after - before if self.metric.direction == "maximize" else before - after
        return _interval(gain, level)

    def rows_for(self, score: float, *, most: float) -> float | None:
        """Return the rows with which a build as likely as not has a score; None beyond `most`."""
        first = float(self.sizes[-1])
        for size in np.geomspace(first, max(most, first), _STEPS):
            if not self.metric.better(score, self.built_at(float(size)).value):
                return float(size)
        return None

    @cached_property
    def _ahead(self) -> Floats:
        return self.lead.drawn(_DRAWS)

    @cached_property
    def _fits(self) -> tuple[Floats, Floats, Floats]:
        """Draws of the part that stays, of the rate, and of the last error's logarithm."""
        level, folds = self._logs.mean(axis=1), self._logs.shape[1]
        share, rate = (each.ravel() for each in np.meshgrid(_SHARES, _RATES))
        shape = _fall(share[:, None], rate[:, None], self.sizes / self.sizes[-1])
        doublings = np.log2(self.sizes[-1] / self.sizes + 1)
        weight = 1 / (self._noise**2 / folds + (_BENDS * doublings) ** 2)
        last = ((level - shape) * weight).sum(axis=1) / weight.sum()
        miss = (((level - shape - last[:, None]) ** 2) * weight).sum(axis=1)
        likely = np.exp(-(miss - miss.min()) / 2)
        rng = np.random.default_rng(0)
        drawn = rng.choice(len(share), _DRAWS, p=likely / likely.sum())
        wobble = np.hypot(self._spread, self._noise) / folds**0.5 * rng.normal(size=_DRAWS)
        return share[drawn], rate[drawn], last[drawn] + wobble

    @cached_property
    def _logs(self) -> Floats:
        return np.asarray(np.log(self.errors))

    @property
    def _noise(self) -> float:
        """By how much one point of one fold wanders, folds being easier and harder apart."""
        logs = self._logs
        rest = logs - logs.mean(axis=0) - logs.mean(axis=1, keepdims=True) + logs.mean()
        freedom = max(1, (logs.shape[0] - 1) * (logs.shape[1] - 1))
        return max(float(((rest**2).sum() / freedom) ** 0.5), _LEAST_NOISE)

    @property
    def _spread(self) -> float:
        """By how much folds are easier and harder."""
        folds = self._logs.mean(axis=0)
        return float(max(folds.std(ddof=1), self._noise)) if len(folds) > 1 else self._noise

    def _drawn(self, rows: float) -> Floats:
        """Draw what may come: the fits, and what no law of growth has said of real tables."""
        share, rate, last = self._fits
        slope = abs(self._logs[-1].mean() - self._logs[-2].mean())
        beyond = max(0.0, float(np.log2(rows / self.sizes[-1])))
        unforeseen = beyond * np.hypot(_SURPRISE, _SURPRISE_OF_SLOPE * slope)
        wobble = unforeseen * np.random.default_rng(1).normal(size=_DRAWS)
        return np.asarray(last + _fall(share, rate, np.array(rows / self.sizes[-1])) + wobble)

    def _scores(self, logs: Floats) -> Floats:
        errors, best = np.exp(logs), _best(self.metric)
        return np.asarray(best - errors if self.metric.direction == "maximize" else best + errors)


def _interval(drawn: Floats, level: float) -> Interval:
    ends = ((1 - level) / 2, 0.5, (1 + level) / 2)
    low, middle, high = np.quantile(drawn, ends).tolist()
    return Interval(value=middle, low=low, high=high, level=level, method=_METHOD)


def _fall(share: Floats, rate: Floats, growth: Floats) -> Floats:
    """Return the logarithm of the error after a growth of the rows, beside the last one's."""
    return np.asarray(np.log(share + (1 - share) * growth**-rate))


def _best(metric: Metric) -> float:
    return metric.range[1 if metric.direction == "maximize" else 0]


def _parts(folds: Folds) -> list[float]:
    fewest = min(len(learned) for learned, _ in folds)
    return [part for part in _PARTS if part * fewest >= _FEWEST_ROWS]


def _attempt(
    rehearsal: Rehearsal, learned: NDArray[np.intp], asked: NDArray[np.intp], part: float
) -> Attempt:
    rng = np.random.default_rng([rehearsal.seed, int(asked[0])])
    some = np.sort(rng.permutation(learned)[: round(part * len(learned))])
    rounds = _trees(len(some), rehearsal.rows.task.n_outputs)
    return Attempt(QUICK, some, asked, rounds, rehearsal.seed)


def _score(rehearsal: Rehearsal, attempt: Attempt, answers: Floats) -> float:
    metric = rehearsal.metric
    return metric.score(rehearsal.truth[attempt.asked], as_taken(metric, answers))


def _lead(rehearsal: Rehearsal, errors: Floats) -> Lead:
    metric, classes = rehearsal.metric, len(rehearsal.rows.task.classes)
    answers = rehearsal.answer(rehearsal.folds, learner=Constant())
    asked = rehearsal.asked
    constant = metric.score(rehearsal.truth[asked], rehearsal.taken(answers, asked))
    error = max(abs(_best(metric) - constant), _TINY)
    if not np.isfinite(error):  # one class says nothing of others, as some metrics ask
        return Lead(classes=classes)
    return Lead(told=float(np.log(error) - np.log(errors).mean()), classes=classes)


def _trees(rows: int, outputs: int) -> int:
    """Return how many trees suit so many rows: a fixed number would learn no more from more."""
    trees = np.clip(_TREES * (rows / _AT_ROWS) ** 0.5, _TREES / 2, _MOST_TREES)
    return max(10, int(trees / max(1, outputs - 1) ** 0.5))
