"""Ranges and sets beside the answers to a request."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import InputError
from modelwright.predictor.coverage import USUAL_LEVEL, Ranges
from modelwright.predictor.operations.base import Flags, Floats
from modelwright.predictor.program import Program


@dataclass(frozen=True)
class Covered:
    """What is stated beside the answers to a request.

    Parameters
    ----------
    level
        How often the truth is held.
    ends : ndarray of shape (rows, 2), optional
        Of the ranges of a regression.
    held : ndarray of shape (rows, classes), optional
        Which classes the set of each row holds.
    """

    level: float
    ends: Floats | None = None
    held: Flags | None = None


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
        self, values: Floats, chosen: NDArray[np.int64] | None, *, level: float | None
    ) -> Covered | None:
        """Return what is stated beside answers; None where nothing is.

        Parameters
        ----------
        values : ndarray of shape (rows, outputs)
            What the program answered.
        chosen : ndarray of shape (rows,), optional
            Indices of the classes that are answered; None in a regression.
        level
            As `level` returned it.
        """
        if self._stated is None or level is None:
            return None
        if isinstance(self._stated, Ranges):
            return Covered(level, ends=self._stated.ends(values, level))
        assert chosen is not None
        return Covered(level, held=self._stated.holding(values, chosen, level))

    def fields(self, covered: Covered | None) -> Iterator[dict[str, Any]]:
        """Return for each row the further fields of its answer, without end where none are."""
        if covered is None:
            return repeat({})
        if covered.ends is not None:
            rows = covered.ends.tolist()
            return ({"within": row, "coverage": covered.level} for row in rows)
        assert covered.held is not None
        return (
            {"among": list(compress(self._classes, row)), "coverage": covered.level}
            for row in covered.held.tolist()
        )
