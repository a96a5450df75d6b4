"""What learners aim at when a number is predicted: a loss, and a scale of the target.

A metric rewards one answer to a row whose truth is uncertain: the mean, the median, a quantile, or
what lies nearest in relative terms. An aim is a loss that asks for that answer, perhaps on a
logarithmic scale, where skewed numbers are easier to learn, and the way back from there.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.build.trend.trend import Line, Trend
from modelwright.learners.base import Rows
from modelwright.learners.loss import SQUARED, Loss
from modelwright.learners.memo import Memo
from modelwright.predictor.compose import add_answer, append_step
from modelwright.predictor.operations.answers import Clip, Link
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Program, Step

_ROWS = 10_000
"""Rows whose residuals tell what is lost on the way back."""
_E = float(np.e)
"""An answer that is an exponential may lie so many times beyond the largest target."""
_MOST_MISSED = 20.0
_MOST_SHIFT = 2.0
"""Logarithms: a single absurd residual must not rule the way back."""
_LEAST_TRUTH = 1e-9
"""In units: the error of a smaller truth as its fraction says nothing."""
_NEAR_THE_POLE = -0.999
"""Of log(1 + x): what has an x below, in rows that were not looked at before, counts as that."""
_LEAST_SHARE = 0.01
"""Of the mean target: the least answer where an answer must be above zero."""
_LEAST_SMALL = 0.01
"""The lowest centile of the sizes: smaller targets do not count more than that."""
_OPEN: dict[str, Any] = {"inputs": ("",), "output": ""}
"""`append_step` fills these in."""


@dataclass(frozen=True)
class Aim:
    """A loss, the scale on which it is made small, and the way back.

    Parameters
    ----------
    loss
        On that scale.
    scale
        ``"log1p"`` learns log(1 + target / unit).
    unit
        Of the logarithm; 1 or smaller, for targets that are small themselves.
    center
        What an answer on the logarithmic scale becomes: the ``"median"``, its plain
        exponential; the ``"mean"``, by Duan's smearing factor (Journal of the American
        Statistical Association 78, 1983, 605-610); or the ``"relative"`` one, whose error as a
        fraction of the truth is least. Both factors are taken from the residuals of the rows that
        were learned from.
    favours_small
        Whether each row counts by 1 / sqrt(|target|), none whose target is 0.
    above_zero
        Whether an answer must be above zero, as Poisson's deviance wants.
    trend
        Taken off the target on that scale, and added to answers again; None for none.

    Examples
    --------
    >>> Aim().title, Aim(Loss("poisson")).title, Aim(scale="log1p").title
    ('', 'Poisson loss', 'log scale')
    """

    loss: Loss = SQUARED
    scale: Literal["identity", "log1p"] = "identity"
    unit: float = 1.0
    center: Literal["mean", "median", "relative"] = "mean"
    favours_small: bool = False
    above_zero: bool = False
    trend: Trend | None = None

    @property
    def name(self) -> str:
        """A word for each thing that is not usual; empty for squares of the target as it is."""
        kind = "" if self.loss.kind in ("squared", "proper") else self.loss.kind
        level = f"{self.loss.level:g}" if kind == "quantile" else ""
        log = "log" if self.scale == "log1p" else ""
        return "-".join(filter(None, (kind + level, log, "small" if self.favours_small else "")))

    @property
    def title(self) -> str:
        """What people read."""
        losses = {
            "absolute": "absolute loss",
            "poisson": "Poisson loss",
            "quantile": f"{self.loss.level:g} quantile",
        }
        log = "log scale" if self.scale == "log1p" else ""
        small = "small targets first" if self.favours_small else ""
        return ", ".join(filter(None, (losses.get(self.loss.kind, ""), log, small)))

    def apply(self, rows: Rows, *, line: Line | None = None) -> Rows:
        """Return rows as a learner is to see them.

        What learners make of them is kept with the rows given, once for each scale and weighting.

        Parameters
        ----------
        rows
            To learn from, or to check.
        line
            What `line_of` returned for the rows to learn from.
        """
        if self.scale == "identity" and not self.favours_small and line is None:
            return replace(rows, loss=self.loss)
        key = ("aim", self.scale, self.unit, self.favours_small, line)

        def see() -> Rows:
            target = self._scaled(rows.target)
            if line is not None:
                target = target - line.rises(rows)
            return replace(rows, target=target, weight=self._weight(rows), memo=Memo())

        return replace(rows.memo.of(key, see), loss=self.loss)

    def line_of(self, rows: Rows) -> Line | None:
        """Return the line that rows to learn from follow on the scale; None without a trend."""
        if self.trend is None:
            return None
        return self.trend.line_of(self._on_scale(rows))

    def _on_scale(self, rows: Rows) -> Rows:
        """Return rows with their target on the scale, the same at every call."""
        if self.scale == "identity":
            return rows
        key = ("scale", self.scale, self.unit)
        return rows.memo.of(
            key, lambda: replace(rows, target=self._scaled(rows.target), memo=Memo())
        )

    def restore(self, program: Program, rows: Rows) -> Program:
        """Return the program that answers on the scale of the target.

        Answers stay in a sane range: not below zero when no target is, and, where they are
        exponentials, at most e times the largest target.

        Parameters
        ----------
        program
            What a learner made of `apply(rows)`.
        rows
            As they were before.
        """
        if rows.task.is_classification:
            return program
        if (line := self.line_of(rows)) is not None:
            program = add_answer(program, line.program(rows.schema))
        for step in self._steps(program, rows):
            program = append_step(program, step)
        return program

    def _steps(self, program: Program, rows: Rows) -> tuple[Step, ...]:
        low = self._least(rows)
        if self.scale == "identity":
            high = _E * float(rows.target.max()) if self.loss.kind == "poisson" else None
            return (Clip(**_OPEN, low=low, high=high),) if (low, high) != (None, None) else ()
        least, most = self._scaled(np.array([_or_least(low, rows), rows.target.max()])).tolist()
        shift = 0.0 if self.center == "median" else self._shift(program, rows)
        return (
            *((_line(1.0, shift),) if shift else ()),
            Clip(**_OPEN, low=least, high=most + 1.0),
            Link(**_OPEN, kind="exponential"),
            _line(self.unit, -self.unit),
        )

    def _least(self, rows: Rows) -> float | None:
        """Return what no answer may be less than; None where targets are negative too."""
        if self.above_zero:
            return _LEAST_SHARE * float(rows.target.mean())
        return 0.0 if rows.target.min() >= 0 else None

    def _scaled(self, target: NDArray[Any]) -> Floats:
        if self.scale == "identity":
            return target
        return np.asarray(np.log1p(np.maximum(target / self.unit, _NEAR_THE_POLE)))

    def _weight(self, rows: Rows) -> Floats | None:
        sizes = np.abs(rows.target)
        some = sizes > 0
        if not self.favours_small or not some.any():
            return rows.weight
        least = np.quantile(sizes[some], _LEAST_SMALL)
        weight = some / np.sqrt(np.maximum(sizes, least))
        return np.asarray(weight / weight.mean() * (1.0 if rows.weight is None else rows.weight))

    def _shift(self, program: Program, rows: Rows) -> float:
        """Return the logarithm of the factor that turns medians into what is wanted."""
        some = np.linspace(0, len(rows) - 1, min(_ROWS, len(rows))).astype(np.intp)
        sample = rows.take(some)
        weight = np.ones(len(some)) if sample.weight is None else sample.weight
        missed = self._scaled(sample.target) - program.run(sample.columns)[:, 0]
        ratio = np.exp(np.clip(missed, -_MOST_MISSED, _MOST_MISSED))
        if self.center == "mean":
            factor = float(np.average(ratio, weights=weight))
        else:
            # The error as a fraction of the truth is this weight times |factor - ratio|.
            told = sample.target > 0
            truth = np.maximum(sample.target[told] / self.unit, _LEAST_TRUTH)
            per_truth = (1 + 1 / truth) / ratio[told]
            factor = _weighted_median(ratio[told], weight[told] * per_truth)
        return float(np.clip(np.log(factor), -_MOST_SHIFT, _MOST_SHIFT))


def _or_least(low: float | None, rows: Rows) -> float:
    return float(rows.target.min()) if low is None else low


def _line(slope: float, bias: float) -> Linear:
    return Linear(**_OPEN, weights=np.array([[slope]]), bias=np.array([bias]))


def _weighted_median(values: Floats, weight: Floats) -> float:
    if not weight.sum() > 0:
        return 1.0
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(below, below[-1] / 2)])
