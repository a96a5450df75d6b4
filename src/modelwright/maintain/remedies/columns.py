"""Which columns changed, and how: what input remedies look at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Column
from modelwright.maintain.remedies.base import Situation
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.distribution import Binned, Distribution, Levels, counts_of

_CHANGED = 0.25
"""Jensen-Shannon distance from which on a column has changed: a fault moves it much farther."""


@dataclass(frozen=True)
class Then:
    """A column as it was before something was wrong, and as it is.

    Parameters
    ----------
    column
        The column.
    trained
        The rows before, or those of the training.
    values : ndarray of shape (rows,)
        The recent rows.
    """

    column: Column
    trained: Distribution
    values: Value

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def distance(self) -> float:
        """Jensen-Shannon distance of the recent rows from those before, in bits."""
        return distance_between(self.trained, self.values)


def read_columns(situation: Situation) -> list[Then]:
    """Return the columns that the program reads, each then and now."""
    usual, rows = situation.usual, situation.recent
    read = {each.name for each in situation.program.inputs}
    return [
        Then(column, usual[column.name], rows.columns[column.name])
        for column in situation.bundle.schema
        if column.name in read and column.name in usual
    ]


def changed_columns(situation: Situation) -> list[Then]:
    """Return the columns that changed much, the farthest first; moments always do.

    Where some broke at once, only these: a season moves others by the way.
    """
    far = [
        (each.distance, each)
        for each in read_columns(situation)
        if each.column.value_type != "datetime"
        and (not situation.broken or each.name in situation.broken)
    ]
    return [each for distance, each in sorted(far, key=lambda one: -one[0]) if distance > _CHANGED]


def distance_between(trained: Distribution, values: Value) -> float:
    """Return how far rows lie from training: 0 the same, 1 disjoint.

    Examples
    --------
    >>> trained = Levels(levels=("a", "b"), counts=(5, 5, 0, 0))
    >>> distance_between(trained, np.array(["c", "c"], dtype=object))
    1.0
    """
    return distance_of_counts(np.array(trained.counts), counts_of(trained, values))


def distance_of_counts(before: NDArray[np.number], now: NDArray[np.number]) -> float:
    """Return how far rows lie from those before, both counted in the same bins."""
    one, other = _shares(before), _shares(now)
    middle = (one + other) / 2
    # Rounding may leave less than nothing of equal ones.
    return float(max(0.0, _entropy(middle) - (_entropy(one) + _entropy(other)) / 2) ** 0.5)


def usual_value(trained: Distribution) -> float | str | None:
    """Return the middle number, or the commonest level, of training; None where there was none."""
    counts = np.array(trained.counts[:-1])
    if isinstance(trained, Levels):
        return trained.levels[int(np.argmax(counts[:-1]))] if trained.levels else None
    if not len(trained.edges):
        return None
    place = int(np.searchsorted(np.cumsum(counts), counts.sum() / 2))
    return float(trained.edges[min(place, len(trained.edges) - 1)])


def is_binned(trained: Distribution) -> bool:
    """Say whether a column holds numbers, of which more than one was known."""
    return isinstance(trained, Binned) and trained.measure == "value" and len(trained.edges) > 0


def _shares(counts: NDArray[np.number]) -> Floats:
    return np.asarray(counts / max(1.0, counts.sum()))


def _entropy(shares: Floats) -> float:
    known = shares[shares > 0]
    return float(-(known * np.log2(known)).sum())
