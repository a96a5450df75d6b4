"""The runs of a sequence: words that follow each other in a text, or characters in a word."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
"""Of 32 bits: texts of which counts are kept have 40 million characters at most."""


@dataclass(frozen=True)
class Runs:
    """The runs of a sequence that is divided among owners.

    Parameters
    ----------
    owner, number
        Of each occurrence of a run: whose it is, and which of the distinct runs.
    first, length
        Of each distinct run: where it first begins, and how long it is.
    """

    owner: Numbers
    number: Numbers
    first: Numbers
    length: Numbers

    @classmethod
    def of(cls, units: NDArray[Any], owner: Numbers, lengths: tuple[int, int]) -> "Runs":
        """Find all runs of some lengths that do not cross from one owner to the next."""
        first, unit = _numbered(units)
        start, run, distinct = np.arange(len(unit), dtype=np.int32), unit, len(first)
        found = []
        known = 0
        for length in range(1, lengths[1] + 1):
            if length > 1:
                # Each run is the one before, which is numbered, and a unit more.
                inside = start <= len(unit) - length
                inside[inside] = owner[start[inside]] == owner[start[inside] + (length - 1)]
                start = start[inside]
                longer = run[inside].astype(np.int64)
                longer *= distinct
                longer += unit[start + (length - 1)]
                first, run = _numbered(longer)
            if length >= lengths[0]:
                sizes = np.full(len(first), length, dtype=np.int32)
                found.append((owner[start], run + np.int32(known), start[first], sizes))
                known += len(first)
        return cls(*(np.concatenate(each) for each in zip(*found, strict=True)))

    def every(self, shared: NDArray[np.bool_]) -> "Runs":
        """Return all runs."""
        return self

    def shared(self, shared: NDArray[np.bool_]) -> "Runs":
        """Return the runs of several owners, and those of an owner that is shared itself.

        Parameters
        ----------
        shared : ndarray of shape (owners,)
            Which owners several others share.
        """
        ends = Ends.of(self.number, self.owner, len(self.first))
        kept = ends.differ | shared[ends.last]
        here = kept[self.number]
        place = np.cumsum(kept, dtype=np.int32) - 1
        return Runs(self.owner[here], place[self.number[here]], self.first[kept], self.length[kept])

    def first_places(self) -> Iterator[slice]:
        """Yield where each distinct run first stands in the sequence."""
        for first, length in zip(self.first, self.length, strict=True):
            yield slice(int(first), int(first + length))


@dataclass(frozen=True)
class Ends:
    """The first and the last owner of each of some things.

    Parameters
    ----------
    first, last : ndarray of shape (things,)
        Numbers of owners.
    """

    first: Numbers
    last: Numbers

    @classmethod
    def of(cls, thing: Numbers, owner: Numbers, things: int) -> "Ends":
        """Find them among occurrences in the order in which they are met.

        Examples
        --------
        >>> Ends.of(np.array([0, 1, 0]), np.array([5, 5, 7]), 2).differ
        array([ True, False])
        """
        first, last = np.zeros(things, dtype=np.int32), np.zeros(things, dtype=np.int32)
        # Of a place that is written twice, the last stays.
        last[thing] = owner
        first[thing[::-1]] = owner[::-1]
        return cls(first, last)

    @property
    def differ(self) -> NDArray[np.bool_]:
        """Which things have several owners."""
        return np.asarray(self.first != self.last)


def _numbered(keys: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Return where each distinct key first stands, in the order of the keys, and each one's number.

    `numpy.unique` tells the same and holds twice as much meanwhile, which of long texts is much.
    """
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    begins = np.ones(len(keys), dtype=np.bool_)
    begins[1:] = sorted_keys[1:] != sorted_keys[:-1]
    del sorted_keys
    number = np.empty(len(keys), dtype=np.int32)
    number[order] = np.cumsum(begins, dtype=np.int32) - 1
    return order[begins].astype(np.int32), number
