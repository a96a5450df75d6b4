"""Rows that stand near each other, and what a model is worth where it has not been."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Risk
from modelwright.explore.problems.base import Subject
from modelwright.explore.problems.personal import words_of
from modelwright.explore.sample import numbers_of
from modelwright.tasks.figures import figure, ranged

_LATITUDE, _LONGITUDE = {"lat", "latitude"}, {"lon", "lng", "long", "longitude"}
_HIGHEST = {"latitude": 90.0, "longitude": 360.0}
_BLOCKS = 8
"""Blocks along each side: sixty-four in all, each with as many rows as its neighbours."""


def find_places(subject: Subject) -> Iterator[Risk]:
    """Tell by how much a model is worse at places that it has not seen."""
    found = _coordinates(subject)
    if found is None or subject.plan.split.kind in ("time", "group"):
        return
    north, east = (numbers_of(subject.rows[name]) for name in found)
    flattery = subject.flattery_of(_blocks(north, east))
    if flattery is None:
        return
    gain = flattery.gain
    yield Risk(
        name="places",
        sentence=f"Rows that stand near each other know each other: a quick model scores "
        f"{figure(flattery.mixed)} in {flattery.metric} at places that it has seen, as the "
        f"holdout has, and {figure(flattery.apart)} at others, a difference of "
        f"{ranged(gain, 3)}. If it will be used elsewhere, name the region as `group`.",
        columns=found,
        severity="warning",
    )


def _coordinates(subject: Subject) -> tuple[str, str] | None:
    """Return the columns of latitude and longitude, by their names and values."""
    names = [column.name for column in subject.schema if column.value_type == "number"]
    pair = []
    for what, words in (("latitude", _LATITUDE), ("longitude", _LONGITUDE)):
        for name in names:
            values = numbers_of(subject.rows[name])
            known = values[~np.isnan(values)]
            if set(words_of(name)) & words and len(np.unique(known)) > _BLOCKS**2:
                if np.abs(known).max() <= _HIGHEST[what]:
                    pair.append(name)
                break
    return (pair[0], pair[1]) if len(pair) == len(("latitude", "longitude")) else None


def _blocks(north: NDArray[np.float64], east: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number blocks of the map: bands of latitude cut by longitude, and one without places."""
    bands = _bins(north, np.zeros(len(north), dtype=np.int64), 1)
    blocks = np.where(np.isnan(north) | np.isnan(east), -1, _bins(east, bands, _BLOCKS))
    return np.unique(blocks, return_inverse=True)[1].astype(np.int64)


def _bins(values: NDArray[np.float64], within: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """Cut values into parts of equal rows within each group."""
    bins = np.zeros(len(values), dtype=np.int64)
    for group in range(groups):
        rows = np.flatnonzero((within == group) & ~np.isnan(values))
        order = np.argsort(np.argsort(values[rows], kind="stable"), kind="stable")
        bins[rows] = group * _BLOCKS + order * _BLOCKS // max(1, len(rows))
    return bins
