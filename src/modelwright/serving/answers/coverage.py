"""Ranges and sets beside the answers to a request."""

from collections.abc import Iterator, Sequence
from itertools import compress, repeat
from typing import Any, TypeAlias

import msgspec
import numpy as np

from modelwright.errors import InputError
from modelwright.predictor.coverage import USUAL_LEVEL, Ranges, Sets
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.task import Label

Rows: TypeAlias = Sequence[list[float]]
"""The numbers of a few rows, as lists."""


class Covered(msgspec.Struct, frozen=True):
    """What is stated beside the answers to a request.

    Parameters
    ----------
    level
        How often the truth is held.
    ends
        Of the ranges of a regression, two for each row; None in a classification.
    held
        Which classes the set of each row holds; None in a regression.
    """

    level: float
    ends: list[list[float]] | None = None
    held: list[list[bool]] | None = None


class Coverer:
    """States ranges or sets, where a program has them.

    Parameters
    ----------
    program
        What answers.
    """

    def __init__(self, program: Program) -> None:
        self._stated = program.coverage
        self._classes = program.task.classes
        self._known: dict[float, list[float]] = {}
        self._usual = None if self._stated is None else self._stated.usual_level

    def level(self, asked: object) -> float | None:
        """Return the level that a request gets: the one it asks for, or the usual one for None.

        Raises
        ------
        InputError
            When it is no number, or not offered.
        """
        if asked is None:
            return self._usual
        if not isinstance(asked, float | int) or isinstance(asked, bool):
            raise InputError(
                f"'coverage' is {asked!r:.40}, no number.", f"Send a share such as {USUAL_LEVEL}."
            )
        if self._stated is None:
            raise InputError("The model states no coverage.", "Ask without it.")
        self._stated.place(asked)
        return asked

    def cover(
        self,
        values: Floats,
        chosen: Sequence[int] | None,
        *,
        level: float | None,
        few: Rows | None = None,
    ) -> Covered | None:
        """Return what is stated beside answers; None where nothing is.

        Parameters
        ----------
        values : ndarray of shape (rows, outputs)
            What the program answered.
        chosen
            Indices of the classes that are answered; None in a regression.
        level
            As `level` returned it.
        few
            The same values as lists, where rows are few.
        """
        if self._stated is None or level is None:
            return None
        if isinstance(self._stated, Ranges):
            return Covered(level, ends=self._stated.ends(values, level).tolist())
        assert chosen is not None
        if few is not None:
            return Covered(level, held=_held(few, chosen, self._thresholds(level)))
        held = self._stated.holding(values, np.array(chosen), level)
        return Covered(level, held=held.tolist())

    def among(
        self, row: Sequence[float], chosen: int, *, level: float | None
    ) -> list[Label] | None:
        """Return the classes that the set of one row holds; None where no set is stated.

        Parameters
        ----------
        row
            The probabilities of the classes.
        chosen
            The index of the class that is answered.
        level
            As `level` returned it.
        """
        if self._stated is None or level is None:
            return None
        least = self._thresholds(level)
        return [
            label
            for place, label in enumerate(self._classes)
            if place == chosen or row[place] >= least[place]
        ]

    def _thresholds(self, level: float) -> list[float]:
        known = self._known
        if level not in known:
            assert isinstance(self._stated, Sets)
            known[level] = self._stated.thresholds[self._stated.place(level)].tolist()
        return known[level]

    def fields(self, covered: Covered | None) -> Iterator[dict[str, Any]]:
        """Return for each row the further fields of its answer, without end where none are."""
        if covered is None:
            return repeat({})
        if covered.ends is not None:
            return ({"within": row, "coverage": covered.level} for row in covered.ends)
        assert covered.held is not None
        return (
            {"among": list(compress(self._classes, row)), "coverage": covered.level}
            for row in covered.held
        )


def _held(rows: Rows, chosen: Sequence[int], thresholds: Sequence[float]) -> list[list[bool]]:
    """Return what `Sets.holding` does, sooner for a few rows."""
    held = [
        [value >= threshold for value, threshold in zip(row, thresholds, strict=True)]
        for row in rows
    ]
    for row, place in zip(held, chosen, strict=True):
        row[place] = True
    return held
