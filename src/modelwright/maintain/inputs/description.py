"""How a column changed, in everyday words: where live rows are more than before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.wording import percent
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.distribution import Binned, Distribution, Levels
from modelwright.tasks.figures import figure

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def describe_change(
    name: str, distribution: Distribution, counts: NDArray[Any], *, heard: bool = False
) -> str:
    """Say in one sentence where the share of rows grew most.

    Parameters
    ----------
    name
        What is described, in front of the sentence.
    distribution
        The training rows that were answered out of fold: of a table in time, its later part.
    counts : ndarray of shape (len(distribution.counts),)
        The live rows in the same bins.
    heard
        Whether levels that these training rows did not have were in earlier ones.

    Examples
    --------
    >>> trained = Binned(measure="value", edges=(3.0, 39.9), counts=(5, 5, 90, 0))
    >>> describe_change("'temp'", trained, np.array([10, 28, 62, 0]))
    "'temp': 38 % of rows at most 39.9, 10 % before."
    """
    before, now = shares_of(np.array(distribution.counts)), shares_of(counts)
    if isinstance(distribution, Binned):
        phrases, before, now = _phrases(distribution), _of_parts(before), _of_parts(now)
    else:
        phrases = _phrases_of_levels(distribution, heard)
    grown = int(np.argmax(now - before))
    return (
        f"{name}: {percent(now[grown])} of rows {phrases[grown]}, {percent(before[grown])} before."
    )


def shares_of(counts: NDArray[Any]) -> Floats:
    """Return counts as fractions of all rows."""
    return np.asarray(counts / max(1, counts.sum()), dtype=np.float64)


def _phrases_of_levels(distribution: Levels, heard: bool) -> list[str]:
    others = "rare" if heard or distribution.counts[-2] else "never seen"
    levels = [f"{level!r}" for level in distribution.levels]
    return [*levels, f"with a level {others} before", "missing"]


def _phrases(distribution: Binned) -> list[str]:
    low, high = {
        "value": ("at most", "above"),
        "moment": ("until", "after"),
        "length": ("of at most", "of more than"),
    }[distribution.measure]
    ends = [_end(edge, distribution) for edge in distribution.edges]
    return [*(f"{low} {end}" for end in ends), *(f"{high} {end}" for end in ends), "missing"]


def _of_parts(shares: Floats) -> Floats:
    """Return the shares of rows below and above each edge, and of the missing ones."""
    below = np.cumsum(shares[:-1])
    return np.concatenate([below[:-1], below[-1] - below[:-1], shares[-1:]])


def _end(edge: float, distribution: Binned) -> str:
    match distribution.measure:
        case "moment":
            return f"{_EPOCH + timedelta(microseconds=edge):%Y-%m-%d %H:%M}"
        case "length":
            return f"{figure(edge)} characters"
        case "value":
            return figure(edge)
