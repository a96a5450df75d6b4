"""Pieces of a stream as a booster reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.trees.boosting import Lesson
from modelwright.predictor.operations.base import Floats


@dataclass(frozen=True)
class Labels:
    """What is learned of rows.

    Parameters
    ----------
    target : ndarray of shape (n,)
        In the unit of the lesson.
    weight : ndarray of shape (n,)
        1 where rows have none.
    """

    target: NDArray[np.float32]
    weight: NDArray[np.float32]

    @classmethod
    def of(cls, rows: Rows, lesson: Lesson) -> "Labels":
        """Return those of some rows."""
        weight = np.ones(len(rows)) if rows.weight is None else rows.weight
        return cls(lesson.unit.apply(rows).astype(np.float32), weight.astype(np.float32))


@dataclass(frozen=True)
class Encoded:
    """A piece of the stream.

    Parameters
    ----------
    matrix : ndarray of shape (n, width)
        NaN for missing.
    labels
        Of its rows.
    """

    matrix: Floats
    labels: Labels


def encoded(lesson: Lesson, pieces: Iterable[Rows], budget: Budget) -> Iterator[Encoded]:
    """Yield pieces as they come.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    for piece in pieces:
        if budget.remaining_s <= 0:
            raise BudgetError("The time was too short to read all rows.")
        yield Encoded(lesson.encoding.matrix(piece.columns), Labels.of(piece, lesson))
