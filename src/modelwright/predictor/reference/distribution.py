"""A distribution: how the values of one column, or the answers, are spread over bins or levels."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.counting import (
    Measure,
    bin_numbers,
    count_bins,
    count_levels,
    edges_of,
    measured,
)

MAX_LEVELS = 100
MAX_RARE = 5_000
"""Levels beyond the commonest that are known by name, so that they are not taken for new ones."""


class Binned(msgspec.Struct, frozen=True, kw_only=True, tag="binned"):
    """Numbers in bins that hold about as many training rows each.

    Parameters
    ----------
    measure
        What is binned.
    edges
        Rising upper ends, inclusive, of all bins but the last, which has no end. None of the bins
        is empty in training, unless there was no value at all.
    counts
        Training rows per bin, then the missing ones.
    """

    measure: Measure
    edges: tuple[float, ...]
    counts: tuple[int, ...]


class Levels(msgspec.Struct, frozen=True, kw_only=True, tag="levels"):
    """Categories.

    Parameters
    ----------
    levels
        The commonest levels, at most a hundred, the commonest first.
    counts
        Training rows per level, then those of all other levels, then the missing ones.
    """

    levels: tuple[str, ...]
    counts: tuple[int, ...]


Distribution: TypeAlias = Binned | Levels


def distribution_of(values: Value, measure: Measure | None) -> Distribution:
    """Count values as they are spread themselves.

    Parameters
    ----------
    values : ndarray of shape (rows,)
        Of a column, as `columns_from_records` gives it.
    measure
        What of them is binned; None for levels.

    Examples
    --------
    >>> distribution_of(np.array([30.0, 30.0, 41.0, np.nan]), "value").counts
    (2, 1, 1)
    >>> distribution_of(np.array(["a", "b", "a", None], dtype=object), None).levels
    ('a', 'b')
    """
    if measure is None:
        levels = tuple(_commonest(values)[:MAX_LEVELS])
        return Levels(levels=levels, counts=_ints(count_levels(levels, values)))
    numbers = measured(values, measure)
    edges = edges_of(numbers[np.isfinite(numbers)])
    return Binned(measure=measure, edges=edges, counts=_ints(count_bins(edges, numbers)))


def rare_levels(values: Value) -> tuple[str, ...]:
    """Return the next commonest levels after those that a distribution names, ordered by name."""
    return tuple(sorted(_commonest(values)[MAX_LEVELS : MAX_LEVELS + MAX_RARE]))


def counts_of(distribution: Distribution, values: Value) -> NDArray[np.int64]:
    """Count new rows as the training rows were counted.

    Parameters
    ----------
    distribution
        Of one column, or of the answers.
    values : ndarray of shape (rows,)
        The column as `columns_from_records` gives it, or what `answer_values` returned.

    Returns
    -------
    ndarray of shape (len(distribution.counts),)
        In the order of ``distribution.counts``; a level never seen counts among the others.

    Examples
    --------
    >>> trained = Levels(levels=("a", "b"), counts=(5, 2, 0, 1))
    >>> counts_of(trained, np.array(["b", "z", None, "b"], dtype=object))
    array([0, 2, 1, 1])
    """
    if isinstance(distribution, Levels):
        return count_levels(distribution.levels, values)
    return count_bins(distribution.edges, measured(values, distribution.measure))


def bins_of(distribution: Distribution, values: Value) -> NDArray[np.int64]:
    """Return the bin of each row, (rows,), in the order of ``distribution.counts``.

    Examples
    --------
    >>> trained = Levels(levels=("a", "b"), counts=(5, 2, 0, 1))
    >>> bins_of(trained, np.array(["b", "z", None], dtype=object))
    array([1, 2, 3])
    """
    if isinstance(distribution, Binned):
        return bin_numbers(distribution.edges, measured(values, distribution.measure))
    places: dict[str | None, int] = {level: at for at, level in enumerate(distribution.levels)}
    others = len(places)
    places[None] = others + 1
    return np.array([places.get(value, others) for value in values.tolist()], dtype=np.int64)


def _commonest(values: Value) -> list[str]:
    counter = Counter(value for value in values if value is not None)
    return sorted(counter, key=lambda level: (-counter[level], level))


def _ints(counts: Iterable[Any]) -> tuple[int, ...]:
    return tuple(int(count) for count in counts)
