"""Hiding: answers without a column, by the values of past rows, the donors, in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.maintain.truths.told_rows import ToldRows
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program

DONORS = 3
"""Past rows whose values stand for a column."""
_FEW, _SAME = 20, 1e-3
"""Rows that are answered again, and how far apart the same answers may be."""


@dataclass(frozen=True)
class Hiding:
    """A program, and past rows whose values stand for what it must not know.

    Parameters
    ----------
    program
        What answers.
    pool
        The columns of the past rows.
    """

    program: Program
    pool: Columns

    def answers_as(self, rows: ToldRows) -> bool:
        """Say whether it gives the answers that were given; what stands in for a log does not.

        Parameters
        ----------
        rows
            Of which the first are answered again.
        """
        some = slice(0, _FEW)
        found = self.program.run({name: values[some] for name, values in rows.columns.items()})
        return bool(np.allclose(found, rows.answers[some], rtol=_SAME, equal_nan=True))

    def each(
        self, columns: Columns, sets: Sequence[tuple[str, ...]], *, donors: int = DONORS
    ) -> dict[tuple[str, ...], Floats]:
        """Return what is answered to rows without the columns of each set, all in one run.

        Parameters
        ----------
        columns
            The rows: those of the pool, or others.
        sets
            The names of the columns that are hidden together.
        donors
            Over how many answers to a row the mean is taken.
        """
        rows = len(next(iter(columns.values())))
        copies = {name: np.tile(values, len(sets) * donors) for name, values in columns.items()}
        for number, names in enumerate(sets):
            for donor in range(donors):
                first = (number * donors + donor) * rows
                taken = self._donors(rows, donor / donors)
                for name in names:
                    copies[name][first : first + rows] = self.pool[name][taken]
        answers = self.program.run(copies).reshape(len(sets), donors, rows, -1)
        return dict(zip(sets, answers.mean(axis=1), strict=True))

    def _donors(self, rows: int, part: float) -> NDArray[np.int64]:
        """Return the past row that gives to each row, which never gives to itself.

        All past rows stand in a circle, drawn once; the one that gives stands further on by one and
        by a part of the circle.
        """
        circle, places = self._circle
        further = places[np.arange(rows) % len(circle)] + 1 + int(part * len(circle))
        return circle[further % len(circle)]

    @cached_property
    def _circle(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The past rows in the order of the circle, and the place of each."""
        circle = np.random.default_rng(0).permutation(len(next(iter(self.pool.values()))))
        return circle, np.argsort(circle)
