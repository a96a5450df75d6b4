"""How a model treats named subsets: whom it warns about, whom it finds, whom it troubles."""

from collections.abc import Iterator
from dataclasses import dataclass

from modelwright.documents import Evaluation, SliceScore
from modelwright.report.words import NONE, interval, scaled
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import wilson_interval
from modelwright.tasks.savings import Counts


@dataclass(frozen=True)
class Treated:
    """A slice with its rates, as so many of a hundred.

    Parameters
    ----------
    name
        Of the slice.
    warned, found, troubled
        Of all its rows, of those that were, and of those that were not.
    part
        The part of a document that it comes from.
    """

    name: str
    warned: str
    found: str
    troubled: str
    part: SliceScore


def fairness_rows(evaluation: Evaluation) -> tuple[Treated, ...]:
    """Return the slices whose answers were counted, those of a column together."""
    return tuple(sorted(_treated(evaluation), key=lambda row: (row.part.column, -row.part.rows)))


def _treated(evaluation: Evaluation) -> Iterator[Treated]:
    for each in evaluation.slices:
        if each.counts is not None:
            yield _row(each, each.counts)


def _row(each: SliceScore, counts: Counts) -> Treated:
    rates = each.rates
    return Treated(
        name=f"{each.column} = {each.level}",
        warned=_of_100(rates.warned if rates else None, counts.warned, counts.rows),
        found=_of_100(rates.found if rates else None, counts.warned_right, counts.positives),
        troubled=_of_100(
            rates.troubled if rates else None,
            counts.warned - counts.warned_right,
            counts.rows - counts.positives,
        ),
        part=each,
    )


def _of_100(rate: Interval | None, part: int, whole: int) -> str:
    """Write a rate; older documents have the counts alone, of rows taken to be independent."""
    if not whole:
        return NONE
    return interval(scaled(rate or wilson_interval(part, whole), 100))
