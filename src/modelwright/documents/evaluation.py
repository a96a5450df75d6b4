"""What a program does on rows that it has never seen."""

import msgspec

from modelwright.documents.behaviour import Dependence, Disturbance, Movements
from modelwright.tasks.interval import Interval
from modelwright.tasks.rates import Rates
from modelwright.tasks.savings import Counts

_MIDDLE = 0.5


class SliceScore(msgspec.Struct, frozen=True, kw_only=True):
    """The holdout's score on a named subset; of two classes, how its rows were answered too."""

    column: str
    level: str
    rows: int
    score: Interval
    counts: Counts | None = None
    rates: Rates | None = None


class Importance(msgspec.Struct, frozen=True, kw_only=True):
    """How much the holdout's score loses when a column is shuffled, with the spread of repeats."""

    column: str
    loss: float
    low: float
    high: float


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a picture: its name is roc, precision_recall, calibration or residuals."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


class MeasuredQuantile(msgspec.Struct, frozen=True, kw_only=True):
    """How often the truth was at most the answer, where a quantile is asked for.

    Parameters
    ----------
    level
        How often it should be.
    share
        How often it was, with the range for as many other rows.
    """

    level: float
    share: Interval


class MeasuredCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """How often ranges of numbers or sets of classes held the truth on the holdout.

    Parameters
    ----------
    level
        How often they should, as stated.
    share
        How often they did.
    size
        The mean width of the ranges, or the mean number of classes in the sets.
    """

    level: float
    share: Interval
    size: float


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What the program does on rows that it has never seen.

    Parameters
    ----------
    rows
        That were scored.
    score, baseline_score
        The plan's metric with its interval.
    gain
        Paired gain over the baseline.
    others
        Further metrics.
    openings
        How often this holdout has been opened, this time included.
    warned, warned_right
        Binary tasks: rows at or above the threshold, and how many of them are positive.
    positives
        Binary tasks: positive rows.
    coverage
        Whether ranges or sets held the truth, by rising level; empty where none are stated.
    robustness
        What the score becomes when the main columns come otherwise than they did.
    dependences
        What the program answers as one of the main columns changes.
    movements
        What each column adds to single answers; None where that was not measured.
    rates
        Binary tasks: how often it warns, is right, finds and troubles, with ranges for as many
        other rows.
    there
        Rows of the holdout: more than were scored where memory does not hold the answers to all,
        and those that were are drawn at random. 0 where that is not known.
    below
        Where the metric asks for a quantile: how often the truth was at most the answer.
    """

    rows: int
    score: Interval
    baseline_score: Interval
    gain: Interval
    others: dict[str, Interval]
    openings: int
    slices: tuple[SliceScore, ...] = ()
    importances: tuple[Importance, ...] = ()
    curves: tuple[Curve, ...] = ()
    warned: int = 0
    warned_right: int = 0
    positives: int = 0
    coverage: tuple[MeasuredCoverage, ...] = ()
    robustness: tuple[Disturbance, ...] = ()
    dependences: tuple[Dependence, ...] = ()
    movements: Movements | None = None
    rates: Rates | None = None
    there: int = 0
    below: MeasuredQuantile | None = None

    @property
    def asks_for_an_end(self) -> bool:
        """Whether answers are to lie above or below most of the truth, not in its middle."""
        return self.below is not None and self.below.level != _MIDDLE

    @property
    def is_of_part(self) -> bool:
        """Whether a part of the holdout was scored."""
        return self.there > self.rows

    @property
    def counts(self) -> Counts:
        """Binary tasks: how the rows were answered."""
        return Counts(
            rows=self.rows,
            positives=self.positives,
            warned=self.warned,
            warned_right=self.warned_right,
        )
