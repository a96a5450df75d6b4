"""What a bundle keeps of the errors of its model: data, and small."""

import msgspec

from modelwright.errors import BundleError
from modelwright.predictor.reference.reference import Reference

_MOST_FIGURES = 100_000


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How far the truth lies from the answers of a regression.

    The usual error of a row is ``usual`` times a factor for the bin of its answer, times one for
    the bin of each of some columns; the bins are those of the bundle's reference.

    Parameters
    ----------
    usual
        The mean absolute error.
    answers
        A factor for each bin of the answers.
    columns
        A factor for each bin of some columns.
    residuals
        What errors are as multiples of the usual error of their row, rising, equally likely.
    floor
        No truth lies below it; None where there is no such end.
    """

    usual: float
    answers: tuple[float, ...]
    columns: dict[str, tuple[float, ...]] = {}
    residuals: tuple[float, ...] = (0.0,)
    floor: float | None = None


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """By how much scores of successive windows lay beside what was expected of them.

    Parameters
    ----------
    rows
        Of a window.
    windows
        How many there were.
    spread
        The standard deviation beyond that of drawn labels, on the scale on which the metric has no
        bounds.
    """

    rows: int
    windows: int
    spread: float


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """How far answers lie from the truth, on rows that nothing was learned from.

    Parameters
    ----------
    rows
        On which it rests.
    metric
        In which the disagreements are measured.
    spread
        Of a regression; None for classes, whose probabilities say it.
    ranges
        The lowest and the highest number of columns, but for a few rows.
    outside
        Which part of the last quarter of the rows lay outside of what the rows before them had, by
        column: columns that move with time anyway.
    disagreements
        By the rows of a window, rising.
    """

    rows: int
    metric: str = ""
    spread: Spread | None = None
    ranges: dict[str, tuple[float, float]] = {}
    outside: dict[str, float] = {}
    disagreements: tuple[Disagreement, ...] = ()

    def check(self, reference: Reference) -> None:
        """Refuse what does not fit the reference of its bundle.

        Raises
        ------
        BundleError
            With the fault.
        """
        if self.spread is None:
            return
        bins = {"": len(reference.answers.counts)}
        bins |= {name: len(each.counts) for name, each in reference.columns.items()}
        for name, factors in (("", self.spread.answers), *self.spread.columns.items()):
            if len(factors) != bins.get(name):
                raise BundleError(
                    f"The bundle's expectation has {len(factors)} factors for {name!r}; its "
                    f"reference has {bins.get(name, 0)} bins there."
                )
        if not 0 < len(self.spread.residuals) <= _MOST_FIGURES:
            raise BundleError("The bundle's expectation has no residuals, or too many.")

    def disagreement(self, rows: int) -> Disagreement | None:
        """Return what was measured on the largest windows of at most so many rows.

        Windows that are smaller than all that were measured take the smallest.
        """
        fitting = [each for each in self.disagreements if each.rows <= rows]
        return (fitting or self.disagreements)[-1 if fitting else 0] if self.disagreements else None
