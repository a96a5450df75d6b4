"""Truths drawn as the model believes them, and the score of its answers against them.

For classes the probabilities themselves say how often each is true (confidence-based performance
estimation; see Guillory et al., Predicting with confidence on unseen distributions, ICCV 2021). For
numbers the bundle keeps how far the truth lies from an answer like this one. Both give labels that
could have come; the score of the answers against many such sets of labels is what is expected of
the metric, whichever it is, and its spread is what chance makes of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.predictor.expectation.part import Expectation
from modelwright.predictor.expectation.spread import usual_losses
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.predictor.reference.reference import Reference
from modelwright.tasks.metrics import Metric
from modelwright.tasks.scale import Scale

DRAWS = 200
_MOST_ROWS = 4_000
"""Of more, so many that are spread evenly tell the same."""

Scored = Callable[[NDArray[Any], Floats], float]
"""From what is true, (rows,), and what was answered, (rows, outputs), to a figure."""


@dataclass(frozen=True)
class Foreseen:
    """What is expected of a score.

    Parameters
    ----------
    value
        The mean score.
    place
        Where it lies on the scale on which the metric has no bounds.
    error
        The standard deviation that chance makes, on that scale.
    """

    value: float
    place: float
    error: float


@dataclass(frozen=True)
class Believer:
    """A model with what it keeps of its errors.

    Parameters
    ----------
    program, reference, expectation
        Of a bundle; a regression needs an expectation.
    """

    program: Program
    reference: Reference
    expectation: Expectation | None

    @property
    def can_draw(self) -> bool:
        """Whether it is known what may be true."""
        if self.program.task.is_classification:
            return True
        return self.expectation is not None and self.expectation.spread is not None

    def truths(
        self, columns: Columns, answers: Floats, *, draws: int, seed: int = 0
    ) -> NDArray[Any]:
        """Draw what may be true of each row, (draws, rows)."""
        random = np.random.default_rng(seed)
        if self.program.task.is_classification:
            levels = np.cumsum(answers, axis=1)[:, :-1]
            drawn = random.random((draws, len(answers), 1)) * answers.sum(axis=1)[:, None]
            return np.asarray((drawn > levels).sum(axis=2))
        spread = self.expectation.spread if self.expectation else None
        assert spread is not None
        usual = usual_losses(spread, self.reference, columns, answers[:, 0])
        residuals = np.array(spread.residuals)
        chosen = residuals[random.integers(0, len(residuals), (draws, len(answers)))]
        truths = answers[:, 0] + usual * chosen
        return np.asarray(truths if spread.floor is None else np.maximum(truths, spread.floor))

    def foresee(
        self,
        metric: Metric,
        columns: Columns,
        answers: Floats,
        *,
        draws: int = DRAWS,
        seed: int = 0,
    ) -> Foreseen | None:
        """Return what is expected of a metric; None where it is defined on no drawn labels."""
        scale = Scale.of(*metric.range)
        draws = min(draws, metric.most_resamples)
        scores = self.figures(scorer_of(metric, self.program), columns, answers, draws, seed=seed)
        if len(scores) < 2:
            return None
        places = [scale.inside(score, len(answers)) for score in scores]
        part = min(1.0, (_MOST_ROWS / len(answers)) ** 0.5)
        return Foreseen(
            value=float(np.mean(scores)),
            place=float(np.mean(places)),
            error=float(np.std(places, ddof=1)) * part,
        )

    def figures(
        self, scored: Scored, columns: Columns, answers: Floats, draws: int, *, seed: int = 0
    ) -> Floats:
        """Return a figure for each draw of labels; those where it is not finite are left out."""
        taken = _spread_evenly(len(answers))
        if taken is not None:
            columns = {name: values[taken] for name, values in columns.items()}
            answers = answers[taken]
        truths = self.truths(columns, answers, draws=draws, seed=seed)
        figures = np.array([scored(truth, answers) for truth in truths])
        return np.asarray(figures[np.isfinite(figures)])


def scorer_of(metric: Metric, program: Program) -> Scored:
    """Return a metric as a function of labels and a program's answers."""

    def scored(truth: NDArray[Any], answers: Floats) -> float:
        return metric.score(truth, taken_by(metric, program, answers))

    return scored


def taken_by(metric: Metric, program: Program, answers: Floats) -> NDArray[Any]:
    """Return a program's answers as a metric takes them."""
    if metric.takes == "values":
        return np.asarray(answers[:, 0])
    return answers if metric.takes == "probabilities" else program.choose(answers)


def _spread_evenly(rows: int) -> NDArray[np.int64] | None:
    if rows <= _MOST_ROWS:
        return None
    return np.linspace(0, rows - 1, _MOST_ROWS).astype(np.int64)
