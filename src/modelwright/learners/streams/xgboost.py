"""XGBoost on rows that come as a stream.

XGBoost asks for the rows twice. So that they are read and encoded once, each piece is kept as the
bins of the sample, a byte a cell, and handed over as a number of each bin: its own bins of those
are the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import xgboost
from numpy.typing import NDArray
from xgboost.core import XGBoostError

from modelwright.learners.base import THREADS, Rows
from modelwright.learners.streams.labels import Encoded, Labels
from modelwright.learners.trees.boosting import Lesson
from modelwright.learners.trees.tables import in_float32
from modelwright.learners.xgboost import XGBoost, missed, read_steps
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Step

BINS = 255
"""Of a column; one code more is for missing."""
_BYTES, _BYTES_WITH_GAPS = 3, 6
"""Of a cell: the code until it is handed over, and XGBoost's own two copies, one of which is of
whole numbers where any cell is missing."""


def bytes_of_cell(*, gaps: bool) -> int:
    """Return what a cell takes in bins; more where any is missing."""
    return _BYTES_WITH_GAPS if gaps else _BYTES


Value = TypeVar("Value")


@dataclass(frozen=True)
class XGBoostBins:
    """Rows in XGBoost's bins.

    Parameters
    ----------
    train, check
        What is learned from, the sample first; what tells where to stop.
    """

    train: xgboost.QuantileDMatrix
    check: xgboost.QuantileDMatrix
    faults = XGBoostError
    title = "XGBoost"

    def begin(
        self, learner: XGBoost, lesson: Lesson, *, rate: float, threads: int, seed: int
    ) -> "XGBoostGrowing":
        """Return a booster without trees."""
        settings = learner.settings_for(lesson, seed)
        settings |= {"eta": rate, "nthread": threads, "max_bin": BINS}
        return XGBoostGrowing(lesson, settings, self.train, self.check)

    def agree(self, value: Value) -> Value:
        """Return the value: nobody else grows these trees."""
        return value


class XGBoostGrowing:
    """A booster that grows."""

    def __init__(
        self,
        lesson: Lesson,
        settings: dict[str, Any],
        train: xgboost.QuantileDMatrix,
        check: xgboost.QuantileDMatrix,
    ) -> None:
        self._lesson, self._train, self._check = lesson, train, check
        self._booster = xgboost.Booster(settings, [train, check])

    def grow(self) -> bool:
        """Grow the trees of a round, and say whether no more will: that it never knows."""
        self._booster.update(self._train, self._booster.num_boosted_rounds())
        return False

    def missed(self) -> float:
        """Return the loss on the rows that are set aside."""
        return missed(self._booster, self._check)

    def steps(self, rounds: int) -> tuple[Step, ...]:
        """Return the steps to the raw score after some rounds."""
        return read_steps(bytes(self._booster[:rounds].save_raw("json")), self._lesson)


@dataclass(frozen=True)
class Codes:
    """Rows as codes of bins.

    Parameters
    ----------
    cuts
        The lower edges of each column's bins, which are numbers of them too.
    pieces
        Codes of shape (n, width), with their labels.
    """

    cuts: tuple[NDArray[np.float32], ...]
    pieces: list[tuple[NDArray[np.uint8], Labels]] = field(default_factory=list)

    @classmethod
    def of(cls, known: xgboost.QuantileDMatrix) -> "Codes":
        """Return no rows yet, in the bins of others."""
        starts, edges = known.get_quantile_cut()
        # Later versions say that the first bin begins at minus infinity, but take no such number.
        numbers = in_float32(edges)
        # The last edge is the upper one of the last bin, whose rows may lie above it too.
        return cls(tuple(numbers[begin : end - 1] for begin, end in pairwise(starts)))

    def take(self, matrix: Floats, labels: Labels) -> None:
        """Keep rows."""
        codes = np.empty(matrix.shape, np.uint8)
        for column, (numbers, cuts) in enumerate(zip(in_float32(matrix).T, self.cuts, strict=True)):
            found = np.maximum(np.searchsorted(cuts, numbers, side="right") - 1, 0)
            codes[:, column] = np.where(np.isnan(numbers), BINS, found)
        self.pieces.append((codes, labels))

    def passed(self, pieces: Iterator[Encoded]) -> Iterator[Encoded]:
        """Keep pieces on their way to somebody else."""
        for piece in pieces:
            self.take(piece.matrix, piece.labels)
            yield piece

    def matrix(self, known: xgboost.QuantileDMatrix, *, weighted: bool) -> xgboost.QuantileDMatrix:
        """Return all rows in the bins of others."""
        pieces = _Pieces(self.pieces, self._numbers(), weighted=weighted)
        return xgboost.QuantileDMatrix(pieces, ref=known, max_bin=BINS, nthread=THREADS)

    def _numbers(self) -> NDArray[np.float32]:
        numbers = np.full((len(self.cuts), BINS + 1), np.nan, np.float32)
        for column, cuts in enumerate(self.cuts):
            numbers[column, : len(cuts)] = cuts
        return numbers


def known_bins(lesson: Lesson, labels: Labels) -> xgboost.QuantileDMatrix:
    """Return the rows of a sample, whose bins are those of all others."""
    matrix = in_float32(lesson.train.matrix)
    return xgboost.QuantileDMatrix(
        matrix, labels.target, weight=labels.weight, max_bin=BINS, nthread=THREADS
    )


def in_bins(
    codes: Codes, known: xgboost.QuantileDMatrix, lesson: Lesson, check: Rows
) -> XGBoostBins:
    """Hand codes over to XGBoost, with rows that nothing is learned from."""
    train = codes.matrix(known, weighted=lesson.train.weight is not None)
    codes.pieces.clear()
    held = xgboost.QuantileDMatrix(
        in_float32(lesson.encoding.matrix(check.columns)),
        lesson.unit.apply(check),
        weight=check.weight,
        ref=train,
        max_bin=BINS,
        nthread=THREADS,
    )
    return XGBoostBins(train, held)


class _Pieces(xgboost.DataIter):  # type: ignore[misc]  # the library tells no types
    """Hands pieces over, as often as XGBoost asks."""

    def __init__(
        self,
        pieces: Sequence[tuple[NDArray[np.uint8], Labels]],
        numbers: NDArray[np.float32],
        *,
        weighted: bool,
    ) -> None:
        self._all, self._numbers, self._weighted = pieces, numbers, weighted
        self._next = 0
        super().__init__()

    def reset(self) -> None:
        """Begin again."""
        self._next = 0

    def next(self, input_data: Callable[..., None]) -> bool:
        """Hand the next piece over, and say whether there was one."""
        if self._next == len(self._all):
            return False
        codes, labels = self._all[self._next]
        self._next += 1
        weight = {"weight": labels.weight} if self._weighted else {}
        matrix = self._numbers[np.arange(codes.shape[1]), codes]
        input_data(data=matrix, label=labels.target, **weight)
        return True
