"""Texts as numbers: comparing the same texts again and again is what watching them would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Value


@dataclass(frozen=True)
class Texts:
    """A column of texts.

    Parameters
    ----------
    levels
        The different ones, in the order in which they first come.
    codes : ndarray of shape (rows,)
        The place of each row's text among them, -1 where it is missing.
    """

    levels: tuple[str, ...]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, values: Value) -> "Texts":
        """Number texts.

        Examples
        --------
        >>> texts = Texts.of(np.array(["b", None, "a", "b"], dtype=object))
        >>> texts.levels, texts.codes
        (('b', 'a'), array([ 0, -1,  1,  0]))
        """
        rows = values.tolist()
        levels = dict.fromkeys(rows)
        levels.pop(None, None)
        places = {None: -1} | {level: place for place, level in enumerate(levels)}
        return cls(tuple(levels), np.array([places[row] for row in rows], dtype=np.int64))

    @classmethod
    def together(cls, parts: "Sequence[Texts]") -> "Texts":
        """Put columns under each other.

        Examples
        --------
        >>> parts = [Texts.of(np.array(each, dtype=object)) for each in (["b", "a"], ["a", "c"])]
        >>> Texts.together(parts).codes
        array([0, 1, 1, 2])
        """
        levels = dict.fromkeys(level for part in parts for level in part.levels)
        places = {level: place for place, level in enumerate(levels)}
        codes = [
            np.array([*map(places.__getitem__, part.levels), -1], dtype=np.int64)[part.codes]
            for part in parts
        ]
        return cls(tuple(levels), np.concatenate(codes))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows each level has."""
        rows = np.bincount(self.codes + 1, minlength=len(self.levels) + 1)[1:]
        return dict(zip(self.levels, rows.tolist(), strict=True))
