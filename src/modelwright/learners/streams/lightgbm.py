"""LightGBM on rows that come as a stream."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import lightgbm
import numpy as np
from lightgbm.basic import LightGBMError

from modelwright.errors import InputError
from modelwright.learners.base import Rows
from modelwright.learners.lightgbm import LightGBM, binning_of
from modelwright.learners.streams.labels import Encoded, Labels
from modelwright.learners.trees.boosting import Lesson
from modelwright.learners.trees.lightgbm import read_trees
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Step

_AT_ONCE = 50_000
_BINS_OF_A_BYTE = 256

Value = TypeVar("Value")


def bytes_of_cell(learner: LightGBM) -> int:
    """Return what a cell takes in bins.

    Examples
    --------
    >>> bytes_of_cell(LightGBM(bins=255)), bytes_of_cell(LightGBM(bins=1023))
    (1, 2)
    """
    return 1 if learner.bins < _BINS_OF_A_BYTE else 2


@dataclass(frozen=True)
class LightGBMBins:
    """Rows in LightGBM's bins.

    Parameters
    ----------
    train, check
        What is learned from, the sample first; what tells where to stop.
    """

    train: lightgbm.Dataset
    check: lightgbm.Dataset
    faults = LightGBMError
    title = "LightGBM"

    def begin(
        self, learner: LightGBM, lesson: Lesson, *, rate: float, threads: int, seed: int
    ) -> "LightGBMGrowing":
        """Return a booster without trees."""
        settings = learner.settings_for(lesson, seed)
        settings |= {"learning_rate": rate, "num_threads": threads}
        return LightGBMGrowing(lesson, lightgbm.Booster(settings, self.train), self.check)

    def agree(self, value: Value) -> Value:
        """Return the value: nobody else grows these trees."""
        return value


class LightGBMGrowing:
    """A booster that grows."""

    def __init__(self, lesson: Lesson, booster: lightgbm.Booster, check: lightgbm.Dataset) -> None:
        self._lesson, self._booster, self._check = lesson, booster, check
        self._asks = False

    def grow(self) -> bool:
        """Grow the trees of a round, and say whether no more will."""
        return bool(self._booster.update())

    def missed(self) -> float:
        """Return the loss on the rows that are set aside."""
        if not self._asks:
            self._booster.add_valid(self._check, "check")
            self._asks = True
        return float(self._booster.eval_valid()[0][2])

    def steps(self, rounds: int) -> tuple[Step, ...]:
        """Return the steps to the raw score after some rounds."""
        return (read_trees(self._booster.model_to_string(num_iteration=rounds), self._lesson),)


def put_into_bins(
    learner: LightGBM,
    lesson: Lesson,
    pieces: Iterator[Encoded],
    *,
    count: int,
    sample: Rows,
    check: Rows,
    seed: int,
) -> LightGBMBins:
    """Put rows into the bins of a sample, a piece at a time.

    Parameters
    ----------
    learner
        Says how many bins.
    lesson
        Of the sample.
    pieces, count
        More rows to learn from, and how many there are.
    sample, check
        Rows in memory, and such that nothing is learned from.
    seed
        Of the bins.

    Raises
    ------
    InputError
        When LightGBM refuses the rows.
    """
    params = binning_of(learner.bins, seed)
    labels = [Labels.of(sample, lesson)]
    matrix = lesson.train.matrix
    known = lightgbm.Dataset(matrix, labels[0].target, params=dict(params)).construct()
    further = _noted(pieces, labels)
    spans = [_Spans(len(sample), iter([matrix])), _Spans(count, further)]
    del matrix
    try:
        train = _dataset(spans, len(sample) + count, known, params)
        # Labels are known when all rows have been read.
        train.set_label(np.concatenate([each.target for each in labels]))
        if sample.weight is not None:
            train.set_weight(np.concatenate([each.weight for each in labels]))
    except LightGBMError as error:
        raise InputError(f"LightGBM could not read the stream: {error}.") from error
    held = lightgbm.Dataset(
        lesson.encoding.matrix(check.columns),
        lesson.unit.apply(check),
        weight=check.weight,
        reference=train,
        params=dict(params),
    )
    return LightGBMBins(train, held.construct())


def _dataset(
    spans: Sequence["_Spans"], rows: int, known: lightgbm.Dataset, params: Mapping[str, Any]
) -> lightgbm.Dataset:
    unknown = np.zeros(rows, np.float32)
    made = lightgbm.Dataset(list(spans), unknown, reference=known, params=dict(params))
    return made.construct()


def _noted(pieces: Iterator[Encoded], labels: list[Labels]) -> Iterator[Floats]:
    for piece in pieces:
        labels.append(piece.labels)
        yield piece.matrix


class _Spans(lightgbm.Sequence):  # type: ignore[misc]  # the library tells no types
    """Matrices of any height as spans of one; LightGBM asks for each span once, in order."""

    batch_size = _AT_ONCE

    def __init__(self, count: int, matrices: Iterator[Floats]) -> None:
        self._count = count
        self._matrices = matrices
        self._rest: Floats | None = None

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, wanted: Any) -> Any:
        """Return the next rows, as many as a slice has."""
        kept = [] if self._rest is None else [self._rest]
        missing = wanted.stop - wanted.start - sum(map(len, kept))
        while missing > 0:
            matrix = next(self._matrices, None)
            if matrix is None:
                raise InputError("The stream ended before all rows had come.")
            kept.append(matrix)
            missing -= len(matrix)
        whole = np.ascontiguousarray(np.concatenate(kept) if len(kept) > 1 else kept[0])
        end = wanted.stop - wanted.start
        self._rest = whole[end:] if len(whole) > end else None
        return np.ascontiguousarray(whole[:end])
